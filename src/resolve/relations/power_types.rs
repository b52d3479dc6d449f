//! Power types: classes whose objects are the special classes of a generalization set.

use super::keys::{NewKey, plural_of, push_key};
use crate::decision::Because;
use crate::facts::{Facts, Role, Tables, Wish, reason};
use crate::policy::deletion::KeyNature;
use crate::policy::naming;
use crate::resolve::Context;
use crate::uml::model::Classifier;
use crate::util::arena::Id;

/// A key from the divided class to its power type, where no relation between the two was drawn.
pub(super) fn run(cx: &Context<'_>, facts: &Facts, tables: &mut Tables) {
    let mut done: Vec<(Id<Classifier>, Id<Classifier>)> = Vec::new();
    for set in &cx.model.generalization_sets {
        let Some(power_type) = set.power_type.filter(|class| facts.roles().get(*class) == Role::Entity) else {
            continue;
        };
        let pair = (set.general, power_type);
        let drawn = facts.connections().binary.values().any(|connection| {
            let classes = connection.ends.each_ref().map(|end| end.class);
            classes == [pair.0, pair.1] || classes == [pair.1, pair.0]
        });
        let (Some(&table), Some(&to)) = (tables.of_class.get(set.general), tables.of_class.get(power_type)) else {
            continue;
        };
        let is_possible = !tables.tables[table].is_proxy && !tables.tables[to].is_abstract && table != to;
        if drawn || !is_possible || done.contains(&pair) {
            continue;
        }
        done.push(pair);
        let because = Because::Rule { name: "an object of a power type is a kind of objects", at: Some(set.span) };
        let presence =
            if set.is_covering { "required: the set is {complete}" } else { "optional: the set is {incomplete}" };
        push_key(
            tables,
            NewKey {
                table,
                to,
                one_to_one: false,
                null: !set.is_covering,
                nature: KeyNature::Plain,
                connection: None,
                element: set.element,
                tagged: set.element,
                span: set.span,
                presence_at: set.span,
                wish: Wish::made(naming::snake(cx.model.classifier_name(power_type)), "the power type"),
                reverse: Some(Wish::made(
                    plural_of(cx, &naming::snake(cx.model.classifier_name(set.general))),
                    "what it is the kind of",
                )),
                reasons: vec![reason("ForeignKey to the power type", presence, because)],
            },
        );
    }
}
