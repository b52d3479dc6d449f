//! Models that get another primary key: rows get their new keys beside the old ones, what leads to them follows, and then the
//! columns change places.
//!
//! Django would alter the key alone, which PostgreSQL refuses, and SQLite does so that no row finds another one any more.

use super::generics::{can_hold, leading_to};
use super::{Track, open, optional, through};
use crate::django::built::{Changes, Generic};
use crate::django::operation::RowStep;
use crate::django::state::query::{with, without};
use crate::django::state::{BaseState, FieldState, ModelState, Relation, State};
use crate::django::{ModelKey, Operation, deconstruct};
use crate::python::Expr;

/// What the old keys are to others, and the new ones are not.
const LOST: &str = "the keys by which others know the rows";

pub(super) fn keys(track: &mut Track<'_>, changes: &Changes) {
    for (was, now) in track.models() {
        if let Some(change) = Change::of(track, changes, &was, &now) {
            change.make(track);
        }
    }
}

/// The primary key of a model.
pub(in crate::evolve) fn primary(model: &ModelState) -> Option<&FieldState> {
    model.fields.iter().find(|field| field.primary_key)
}

/// Whether a field leads to the row by its primary key `key`.
fn leads(field: &FieldState, to: &ModelKey, key: &FieldState) -> bool {
    let by_key = field.argument("to_field").is_none_or(|name| *name == Expr::str(&key.name));
    field.relation.as_ref().is_some_and(|relation| relation.to == *to) && by_key
}

fn is_automatic(field: &FieldState) -> bool {
    matches!(field.class(), "AutoField" | "BigAutoField" | "SmallAutoField")
}

/// Where the new keys come from.
enum Source {
    /// They stand in an attribute.
    Attribute,
    /// Something makes one for each row.
    Made(Expr),
    /// They are numbers, or the old keys as text.
    Derived,
}

/// Another primary key.
struct Change {
    model: ModelKey,
    old: FieldState,
    /// The old key as an attribute, if it is one now.
    stays: Option<FieldState>,
    new: FieldState,
    source: Source,
    /// What leads to the rows.
    keys: Vec<(ModelKey, FieldState)>,
    /// Many-to-many relations from and to them.
    many: Vec<(ModelKey, FieldState)>,
    /// What leads to the rows by content type.
    generics: Vec<Generic>,
}

impl Change {
    /// What happens to the key of a model, if it is anything that Django cannot do, and can be done.
    fn of(track: &Track<'_>, changes: &Changes, was: &ModelState, now: &ModelState) -> Option<Self> {
        let (old, new) = (primary(was)?, primary(now)?);
        let is_same = track.new_name(&now.key, &old.name) == Some(&new.name);
        let is_kind = old.class() == new.class() || is_automatic(old) && is_automatic(new);
        let is_link = |field: &FieldState| field.relation.as_ref().is_some_and(|relation| relation.parent_link);
        if is_same && is_kind || is_link(old) || new.relation.is_some() || track.state().user == now.key {
            return None;
        }
        let source = Self::source(track, was, (old, new), is_same)?;
        let of_state = |is_asked: &dyn Fn(&ModelState, &FieldState) -> bool| -> Vec<(ModelKey, FieldState)> {
            let models = track.state().models.values();
            let fields = models.flat_map(|model| model.fields.iter().map(move |field| (model, field)));
            let asked = fields.filter(|(model, field)| is_asked(model, field));
            asked.map(|(model, field)| (model.key.clone(), field.clone())).collect()
        };
        let keys = of_state(&|_, field| !field.is_many_to_many() && leads(field, &was.key, old));
        let many = of_state(&|model, field| {
            let is_end = model.key == was.key || field.relation.as_ref().is_some_and(|it| it.to == was.key);
            is_end && field.relation.as_ref().is_some_and(|it| it.many_to_many && it.through.is_none())
        });
        // What is a key itself would have to be followed as well, and so would children.
        let has_children = {
            let base = BaseState::Model(was.key.clone());
            let both = track.state().models.values().chain(track.target.models.values());
            both.flat_map(|model| &model.bases).any(|known| *known == base)
        };
        let generics = leading_to(track.state(), changes, was);
        let new_key = plain(new, &new.name);
        if generics.iter().any(|(generic, holds)| !can_hold(track.target, generic, holds, &new_key)) {
            return None;
        }
        let is_alone = keys.is_empty() && many.is_empty() && generics.is_empty();
        // Django does it as well where nobody looks.
        let is_plain = is_alone && !is_same && !matches!(source, Source::Made(_));
        if has_children || is_plain || keys.iter().any(|(_, field)| field.primary_key || is_link(field)) {
            return None;
        }
        let stays = was.fields.iter().find(|field| field.name == old.name && !is_same);
        let stays = stays.and_then(|field| now.field(track.new_name(&now.key, &field.name)?));
        if stays.is_some_and(|field| field.class() != old.class() || field.name != old.name) {
            return None;
        }
        Some(Self {
            model: was.key.clone(),
            old: old.clone(),
            stays: stays.cloned(),
            new: new.clone(),
            source,
            keys,
            many,
            generics: generics.into_iter().map(|(generic, _)| generic.clone()).collect(),
        })
    }

    fn source(
        track: &Track<'_>,
        was: &ModelState,
        (old, new): (&FieldState, &FieldState),
        is_same: bool,
    ) -> Option<Source> {
        let known = was.fields.iter().find(|field| track.new_name(&was.key, &field.name) == Some(&new.name));
        match known.filter(|_| !is_same) {
            Some(field) => {
                let is_fit = field.name == new.name && field.class() == new.class() && field.relation.is_none();
                is_fit.then_some(Source::Attribute)
            }
            None if is_automatic(new) => Some(Source::Derived),
            None if new.class() == "CharField" && (is_automatic(old) || old.class() == "UUIDField") => {
                Some(Source::Derived)
            }
            None => match new.argument("default") {
                Some(value @ (Expr::Ref { .. } | Expr::Dotted(_))) => Some(Source::Made(value.clone())),
                _ => None,
            },
        }
    }

    fn make(mut self, track: &mut Track<'_>) {
        let links = self.open_links(track);
        let key = match self.source {
            Source::Attribute => self.new.name.clone(),
            _ => free(track, &self.model, &format!("{}_new", self.new.name)),
        };
        let followers: Vec<String> =
            self.keys.iter().map(|(model, field)| free(track, model, &format!("{}_key", field.name))).collect();
        self.expand(track, &key, &followers);
        self.contract(track, &key, &followers);
        close_links(track, links);
        if !matches!(self.source, Source::Attribute) && self.stays.is_none() && !self.is_kept_as_text() {
            track.prepared.cut.push((self.model.clone(), self.new.name.clone(), LOST));
        }
    }

    /// Whether the new keys are the old ones in other letters.
    fn is_kept_as_text(&self) -> bool {
        matches!(self.source, Source::Derived) && !is_automatic(&self.new)
    }

    /// Makes room for the keys, and gives them to rows and to what leads there.
    fn expand(&self, track: &mut Track<'_>, key: &str, followers: &[String]) {
        let (app, table) = (self.model.app.as_str(), &self.model.name);
        if !matches!(self.source, Source::Attribute) {
            let added = add(table, plain(&self.new, key));
            track.write(app, &format!("expand_{table}_{key}"), vec![added]);
        }
        for ((model, field), follower) in self.keys.iter().zip(followers) {
            let mut operations = track.without_indexes(model, &field.name);
            operations.push(add(&model.name, plain(&self.new, follower)));
            operations.extend(optional(model, field));
            track.write(&model.app, &format!("expand_{}_{}", model.name, field.name), operations);
        }
        let rows = |model: &ModelKey, step, arguments| Operation::Rows { model: model.name.clone(), step, arguments };
        let name = ("name", Expr::str(key));
        let made = match &self.source {
            Source::Attribute => None,
            Source::Made(value) => Some(rows(&self.model, RowStep::FillField, vec![name, ("value", value.clone())])),
            Source::Derived => Some(rows(&self.model, RowStep::MakeKeys, vec![name])),
        };
        if let Some(made) = made {
            track.write(app, &format!("fill_{table}_{key}"), vec![made]);
        }
        for ((model, field), follower) in self.keys.iter().zip(followers) {
            let arguments =
                vec![("source", Expr::str(&field.name)), ("target", Expr::str(follower)), ("key", Expr::str(key))];
            let copy = rows(model, RowStep::CopyKeys, arguments);
            track.write(&model.app, &format!("copy_{}_{}", model.name, field.name), vec![copy]);
        }
        for generic in &self.generics {
            let arguments = vec![
                ("kind", Expr::str(&generic.kind)),
                ("object_id", Expr::str(&generic.key)),
                ("target", Expr::Str(self.model.lower())),
                ("key", Expr::str(key)),
            ];
            let copy = rows(&generic.holder, RowStep::CopyObjectIds, arguments);
            track.write(&generic.holder.app, &format!("copy_{}_{}", generic.holder.name, generic.key), vec![copy]);
        }
    }

    /// Takes the old keys away, and lets the new ones be what those were.
    fn contract(&self, track: &mut Track<'_>, key: &str, followers: &[String]) {
        let (app, table) = (self.model.app.as_str(), &self.model.name);
        for (model, field) in &self.keys {
            let gone = Operation::RemoveField { model: model.name.clone(), field: field.name.clone() };
            track.write(&model.app, &format!("release_{}_{}", model.name, field.name), vec![gone]);
        }
        let mut operations = track.without_indexes(&self.model, &self.old.name);
        if key != self.new.name {
            // A step of its own, because on the way back PostgreSQL lets no key be NULL.
            let filled = plain(&self.new, key);
            operations.push(alter(table, FieldState { call: without(&filled.call, &["null"]), ..filled }));
        }
        operations.push(match &self.stays {
            Some(field) => alter(table, field.clone()),
            None => Operation::RemoveField { model: table.clone(), field: self.old.name.clone() },
        });
        operations.push(alter(table, FieldState { name: key.to_owned(), ..self.new.clone() }));
        if key != self.new.name {
            let (old, new) = (key.to_owned(), self.new.name.clone());
            operations.push(Operation::RenameField { model: table.clone(), old, new });
        }
        track.write(app, &format!("contract_{table}_{}", self.old.name), operations);
        if is_automatic(&self.new) {
            let rows = Operation::Rows { model: table.clone(), step: RowStep::ContinueNumbers, arguments: Vec::new() };
            track.write(app, &format!("continue_{table}_{}", self.new.name), vec![rows]);
        }
        track.prepared.renames.retain(|rename| rename.model != self.model || rename.old != self.old.name);
        for ((model, field), follower) in self.keys.iter().zip(followers) {
            let (old, new) = (follower.clone(), field.name.clone());
            let renamed = Operation::RenameField { model: model.name.clone(), old, new };
            // A key that names what it leads to cannot name the old key.
            let field = FieldState { call: without(&field.call, &["to_field"]), ..field.clone() };
            let words = format!("contract_{}_{}", model.name, field.name);
            track.write(&model.app, &words, vec![renamed, alter(&model.name, field)]);
        }
    }

    /// Makes models of tables of links, so that their columns can be altered.
    fn open_links(&mut self, track: &mut Track<'_>) -> Vec<Link> {
        let mut links = Vec::new();
        for (owner, field) in std::mem::take(&mut self.many) {
            let Some(link) = Link::of(track.state(), owner, field) else { continue };
            let created = Operation::CreateModel(link.class.clone());
            let altered = alter(&link.owner.name, link.through.clone());
            let released = Operation::AlterUniqueTogether { model: link.class.key.name.clone(), together: Vec::new() };
            let operations = vec![Operation::StateOnly(vec![created, altered]), released];
            track.write(&link.owner.app, &format!("open_{}_{}", link.owner.name, link.field.name), operations);
            let ends = link.class.fields.iter().filter(|field| leads(field, &self.model, &self.old));
            self.keys.extend(ends.map(|field| (link.class.key.clone(), field.clone())));
            links.push(link);
        }
        links
    }
}

/// Lets tables of links be Django's again.
fn close_links(track: &mut Track<'_>, links: Vec<Link>) {
    for link in links {
        let (owner, class) = (&link.owner, &link.class);
        let together = Operation::AlterUniqueTogether { model: class.key.name.clone(), together: vec![link.ends()] };
        let deleted = Operation::DeleteModel { name: class.name.clone() };
        let state = Operation::StateOnly(vec![alter(&owner.name, link.field.clone()), deleted]);
        track.write(&owner.app, &format!("close_{}_{}", owner.name, link.field.name), vec![together, state]);
    }
}

/// A table of links as a model.
#[derive(Clone)]
pub(in crate::evolve) struct Link {
    pub(super) owner: ModelKey,
    pub(super) field: FieldState,
    /// The relation through the model.
    through: FieldState,
    /// The model.
    pub(in crate::evolve) class: ModelState,
}

impl Link {
    /// The table of a relation without a through model of its own.
    pub(in crate::evolve) fn of(state: &State, owner: ModelKey, field: FieldState) -> Option<Self> {
        let relation = field.relation.as_ref().filter(|relation| relation.through.is_none())?;
        let source = state.models.get(&owner)?;
        let table = through::table(source, &field)?;
        let mut name = format!("{}_{}_link", source.name, field.name);
        while state.models.contains_key(&ModelKey::new(&owner.app, &name).lowered()) {
            name.push('s');
        }
        let key = ModelKey::new(&owner.app, &name).lowered();
        let (mut near, mut far) = (owner.name.clone(), relation.to.name.clone());
        if near == far {
            near.insert_str(0, "from_");
            far.insert_str(0, "to_");
        }
        let end = |name: &str, model: &ModelKey, to: Expr| FieldState {
            name: name.to_owned(),
            call: deconstruct::django_models(
                "ForeignKey",
                vec![("on_delete", deconstruct::deletion("CASCADE")), ("related_name", Expr::str("+")), ("to", to)],
            ),
            primary_key: false,
            relation: Some(Relation {
                to: model.clone(),
                through: None,
                through_fields: None,
                many_to_many: false,
                parent_link: false,
            }),
        };
        let near_end = end(&near, &owner, owner_of(state, &owner));
        let far_end = end(&far, &relation.to, field.argument("to")?.clone());
        let ends = Expr::Tuple(vec![Expr::str(&near), Expr::str(&far)]);
        let class = ModelState {
            key: key.clone(),
            name,
            fields: vec![FieldState::automatic_key(), near_end, far_end],
            options: vec![("db_table", table), ("unique_together", Expr::List(vec![ends.clone()]))],
            indexes: Vec::new(),
            constraints: Vec::new(),
            bases: Vec::new(),
            managers: Vec::new(),
        };
        let call = with(&without(&field.call, &["db_table"]), "through", Expr::Str(key.lower()));
        let relation = Relation { through: Some(key), through_fields: Some((near, far)), ..relation.clone() };
        let through =
            FieldState { call: with(&call, "through_fields", ends), relation: Some(relation), ..field.clone() };
        Some(Self { owner, field, through, class })
    }

    pub(super) fn ends(&self) -> Vec<String> {
        self.class.fields[1..].iter().map(|field| field.name.clone()).collect()
    }
}

/// A model as migrations name it.
pub(super) fn owner_of(state: &State, model: &ModelKey) -> Expr {
    if state.user == *model {
        Expr::Ref { module: "django.conf", name: "settings.AUTH_USER_MODEL" }
    } else {
        Expr::Str(model.lower())
    }
}

pub(super) fn add(table: &str, field: FieldState) -> Operation {
    Operation::AddField { model: table.to_owned(), field, preserve_default: true }
}

pub(super) fn alter(table: &str, field: FieldState) -> Operation {
    Operation::AlterField { model: table.to_owned(), field, preserve_default: true }
}

/// A name that no field of the model has.
fn free(track: &Track<'_>, model: &ModelKey, name: &str) -> String {
    let mut name = name.to_owned();
    while track.state().models.get(model).is_some_and(|model| model.field(&name).is_some()) {
        name.push('x');
    }
    name
}

/// A column that can hold the key, and may be NULL.
pub(in crate::evolve) fn plain(key: &FieldState, name: &str) -> FieldState {
    let mut field = open(key, name);
    field.call =
        without(&field.call, &["auto_created", "serialize", "db_column", "verbose_name", "help_text", "editable"]);
    if let Expr::Call { name: class, .. } = &mut field.call {
        *class = match *class {
            "AutoField" => "IntegerField",
            "BigAutoField" => "BigIntegerField",
            "SmallAutoField" => "SmallIntegerField",
            other => other,
        };
    }
    field
}
