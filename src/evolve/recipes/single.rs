//! Hierarchies whose tables are joined and become one table with a column for the kind, or the other way round: rows keep their keys.
//!
//! Between the two, the classes below have tables of their own that only share their keys with the root: so they can have fields of
//! the same names, and what leads to them leads to the root, where their rows are before and after.

use std::collections::{BTreeMap, BTreeSet};

use super::generics::leading_to;
use super::keys::{Link, add, alter, owner_of};
use super::{Track, open, optional, primary};
use crate::django::built::{Changes, Kind};
use crate::django::operation::RowStep;
use crate::django::state::query::{Standing, with, without};
use crate::django::state::{BaseState, FieldState, ModelState, State};
use crate::django::{ModelKey, Operation};
use crate::python::Expr;

type Models = BTreeMap<ModelKey, ModelState>;

pub(super) fn tables(track: &mut Track<'_>, changes: &Changes) {
    for family in families(track) {
        if family.is_closed(track, changes)
            && let Some(plan) = Plan::of(track, changes, &family)
        {
            plan.make(track);
        }
    }
}

/// Classes that get into the table of a class above, or out of it.
struct Family {
    root: ModelKey,
    /// Those above come first.
    members: Vec<ModelKey>,
    /// Whether they get into it.
    is_merged: bool,
}

fn families(track: &Track<'_>) -> Vec<Family> {
    let (was, now) = (&track.state().models, &track.target.models);
    let change = |key: &ModelKey| match (was.get(key)?.standing(), now.get(key)?.standing()) {
        (Standing::Table, Standing::Proxy) => Some(true),
        (Standing::Proxy, Standing::Table) => Some(false),
        _ => None,
    };
    let mut found: BTreeMap<(ModelKey, bool), Vec<(usize, ModelKey)>> = BTreeMap::new();
    for key in now.keys() {
        let Some(is_merged) = change(key) else { continue };
        let above = |models: &Models| -> Option<(ModelKey, usize)> {
            let (mut at, mut depth) = (key, 0);
            while change(at) == Some(is_merged) && depth <= models.len() {
                at = base(models.get(at)?)?;
                depth += 1;
            }
            let is_table = |models: &Models| models.get(at).is_some_and(|it| it.standing() == Standing::Table);
            (is_table(was) && is_table(now)).then(|| (at.clone(), depth))
        };
        if let (Some((before, _)), Some((after, depth))) = (above(was), above(now))
            && before == after
        {
            found.entry((before, is_merged)).or_default().push((depth, key.clone()));
        }
    }
    let families = found.into_iter().map(|((root, is_merged), mut members)| {
        members.sort();
        Family { root, members: members.into_iter().map(|(_, key)| key).collect(), is_merged }
    });
    families.collect()
}

/// The only model that a model inherits from.
fn base(model: &ModelState) -> Option<&ModelKey> {
    let mut bases = model.bases.iter().filter_map(|base| match base {
        BaseState::Model(key) => Some(key),
        BaseState::Django => None,
    });
    bases.next().filter(|_| bases.next().is_none())
}

impl Family {
    /// Whether nothing beside its members inherits from them, and nothing leads to them that could not follow.
    fn is_closed(&self, track: &Track<'_>, changes: &Changes) -> bool {
        let is_below = |model: &ModelState| {
            let of_member = |base: &BaseState| matches!(base, BaseState::Model(key) if self.has(key));
            !self.has(&model.key) && model.bases.iter().any(of_member)
        };
        let (was, now) = (track.state(), track.target);
        let leads = |state: &State, key: &ModelKey| {
            state.models.get(key).is_some_and(|model| !leading_to(state, changes, model).is_empty())
        };
        !was.models.values().chain(now.models.values()).any(is_below)
            && !self.has(&was.user)
            && !self.members.iter().any(|key| leads(was, key) || leads(now, key))
    }

    fn has(&self, key: &ModelKey) -> bool {
        self.members.contains(key)
    }

    /// Keys outside the members that lead to one of them, where their own tables do not come or go.
    fn keys(&self, state: &State) -> Option<Vec<(ModelKey, FieldState)>> {
        let outside = state.models.values().filter(|model| !self.has(&model.key));
        let fields = outside.flat_map(|model| model.fields.iter().map(move |field| (&model.key, field)));
        let leads = fields.filter(|(_, field)| !field.is_many_to_many() && self.leads_into(field));
        leads.map(|(key, field)| field.argument("to_field").is_none().then(|| (key.clone(), field.clone()))).collect()
    }

    fn leads_into(&self, field: &FieldState) -> bool {
        field.relation.as_ref().is_some_and(|relation| self.has(&relation.to))
    }

    /// The field as it is while it leads to the root in place of a member.
    fn to_root(&self, state: &State, field: &FieldState) -> FieldState {
        let mut field = field.clone();
        if self.leads_into(&field) {
            field.call = with(&field.call, "to", owner_of(state, &self.root));
            if let Some(relation) = &mut field.relation {
                relation.to = self.root.clone();
            }
        }
        field
    }
}

/// A class and its table.
struct Part {
    key: ModelKey,
    /// The kind of its rows.
    own: Option<String>,
    /// That, and those of classes below.
    kinds: Vec<String>,
    /// The model with a table.
    table: ModelState,
    /// The model without one.
    proxy: ModelState,
    /// Its columns, and those of the root that they become or were.
    fields: Vec<(FieldState, FieldState)>,
    /// Many-to-many relations likewise.
    many: Vec<(FieldState, FieldState)>,
}

/// A table of links on its way, as a model.
struct Opened {
    link: Link,
    /// What the relation is afterwards, where, and its keys and the name of its table then.
    owner: ModelKey,
    field: FieldState,
    ends: Vec<FieldState>,
    table: Option<Expr>,
}

struct Plan<'a> {
    family: &'a Family,
    /// The column for the kind, and what it says of rows that are of no class below.
    kind: FieldState,
    own: Expr,
    /// Whether the root has that column when it holds its own rows alone.
    keeps_kind: bool,
    parts: Vec<Part>,
    keys: Vec<(ModelKey, FieldState)>,
    links: Vec<Opened>,
}

impl<'a> Plan<'a> {
    /// What is to be done, if it can be done.
    fn of(track: &Track<'_>, changes: &Changes, family: &'a Family) -> Option<Self> {
        let (was, now) = (track.state(), track.target);
        let [before, after] = &changes.kinds;
        let kinds = if family.is_merged { after } else { before };
        // One has the tables, the other the one table.
        let (apart, one) = if family.is_merged { (was, now) } else { (now, was) };
        let (root_apart, root_one) = (apart.models.get(&family.root)?, one.models.get(&family.root)?);
        let kind_of = |key: &ModelKey| kinds.iter().find(|kind| kind.model == *key);
        let column = &kind_of(family.members.first()?)?.field;
        let kind = root_one.field(column)?.clone();
        let keeps_kind = root_apart.field(column).is_some();
        if keeps_kind && family.is_merged {
            return None;
        }
        let mut parts = Vec::new();
        for key in &family.members {
            let Kind { field, value, .. } = kind_of(key)?;
            let (table, proxy) = (apart.models.get(key)?.clone(), one.models.get(key)?.clone());
            primary(&table).filter(|key| key.relation.as_ref().is_some_and(|relation| relation.parent_link))?;
            let below = family.members.iter().filter(|it| is_below(&one.models, it, key));
            let kinds = below.filter_map(|it| kind_of(it)?.value.clone()).collect();
            let (mut fields, mut many) = (Vec::new(), Vec::new());
            for own in table.fields.iter().filter(|field| !field.primary_key && !field.is_generated()) {
                let of_root = counterpart(changes, family, key, own, root_one);
                match of_root {
                    Some(of_root) if own.is_many_to_many() => many.push((own.clone(), of_root.clone())),
                    Some(of_root) => fields.push((own.clone(), of_root.clone())),
                    // What comes at the same time can be empty, and what goes does so by itself.
                    None if !family.is_merged && own.can_be_added() => {}
                    None => return None,
                }
            }
            if *field != *column {
                return None;
            }
            parts.push(Part { key: key.clone(), own: value.clone(), kinds, table, proxy, fields, many });
        }
        let moved = |name: &str| parts.iter().flat_map(|part| &part.fields).any(|(_, of_root)| of_root.name == name);
        // A child cannot have a field of the name of one of its parent's.
        let clashes = parts.iter().flat_map(|part| &part.table.fields).any(|field| {
            let known = was.models.get(&family.root).and_then(|root| root.field(&field.name));
            let is_moved = parts.iter().flat_map(|part| &part.many).any(|(_, of_root)| of_root.name == field.name);
            known.is_some_and(|known| !moved(&known.name) && !is_moved) || root_apart.field(&field.name).is_some()
        });
        if clashes {
            return None;
        }
        // What the column says by itself, it says of the root, if rows of it alone are any.
        let is_other = |own: &&Expr| match own {
            Expr::Str(own) | Expr::Int(own) => parts.iter().all(|part| part.own.as_ref() != Some(own)),
            _ => false,
        };
        let own = kind.argument("default").filter(is_other).cloned().unwrap_or(Expr::None);
        let keys = family.keys(was)?;
        let mut plan = Self { family, kind, own, keeps_kind, parts, keys, links: Vec::new() };
        plan.links = plan.opened(was, now)?;
        Some(plan)
    }

    /// The tables of links with a key to or from a member.
    fn opened(&self, was: &State, now: &State) -> Option<Vec<Opened>> {
        let family = self.family;
        let mut links = Vec::new();
        for model in was.models.values() {
            for field in model.fields.iter().filter(|field| field.is_many_to_many()) {
                let is_plain = field.relation.as_ref().is_some_and(|relation| relation.through.is_none());
                let (owner, becomes) = self.successor(&model.key, field);
                let is_moved = owner != model.key;
                if !is_plain || !is_moved && !family.leads_into(field) {
                    continue;
                }
                let mut link = Link::of(was, model.key.clone(), field.clone())?;
                let then = if is_moved { Link::of(now, owner.clone(), becomes.clone())? } else { link.clone() };
                if !family.is_merged {
                    // As all other keys, where the proxies are no more and the tables not yet.
                    link.class.fields = link.class.fields.iter().map(|end| family.to_root(was, end)).collect();
                }
                links.push(Opened {
                    link,
                    owner,
                    field: becomes,
                    ends: then.class.fields.iter().skip(1).cloned().collect(),
                    table: then.class.option("db_table").cloned(),
                });
            }
        }
        Some(links)
    }

    /// The model and the field that a many-to-many relation of `model` becomes.
    fn successor(&self, model: &ModelKey, field: &FieldState) -> (ModelKey, FieldState) {
        for part in &self.parts {
            for (own, of_root) in &part.many {
                let (from, to) = if self.family.is_merged {
                    ((&part.key, own), (&self.family.root, of_root))
                } else {
                    ((&self.family.root, of_root), (&part.key, own))
                };
                if from.0 == model && from.1.name == field.name {
                    return (to.0.clone(), to.1.clone());
                }
            }
        }
        (model.clone(), field.clone())
    }

    fn make(&self, track: &mut Track<'_>) {
        let root = &self.family.root.name;
        let (expand, contract) = if self.family.is_merged {
            (self.expand_root(track), self.contract_parts())
        } else {
            (self.expand_parts(track), self.contract_root())
        };
        let verb = if self.family.is_merged { "merge" } else { "divide" };
        write(track, &format!("expand_{root}"), expand);
        let step = if self.family.is_merged { RowStep::MergeTables } else { RowStep::DivideTable };
        let rows = Operation::Rows { model: root.clone(), step, arguments: self.arguments() };
        track.write(&self.family.root.app, &format!("{verb}_{root}"), vec![rows]);
        write(track, &format!("{verb}d_{root}"), contract);
        if self.family.is_merged {
            track.prepared.filled.insert((self.family.root.clone(), self.kind.name.clone()));
        } else {
            let filled = self.parts.iter().flat_map(|part| {
                part.fields.iter().map(|(own, _)| (part.key.clone(), own.name.clone())).collect::<Vec<_>>()
            });
            track.prepared.filled.extend(filled);
        }
    }

    /// Makes room in the table of the root, and lets everything lead there.
    fn expand_root(&self, track: &Track<'_>) -> Vec<Step> {
        let (family, state) = (self.family, track.state());
        let mut steps: Vec<Step> = self.parts.iter().map(Self::detached).collect();
        steps.extend(self.open_links());
        let root = &family.root;
        let mut known = BTreeSet::new();
        steps.push(step(root, add(&root.name, open(&self.kind, &self.kind.name))));
        for (_, field) in self.parts.iter().flat_map(|part| &part.fields) {
            if known.insert(&field.name) {
                let is_unique = field.argument("unique").is_some() || field.class() == "OneToOneField";
                let is_fit = field.can_be_added() && !is_unique;
                let field = family.to_root(state, field);
                steps.push(step(root, add(&root.name, if is_fit { field } else { open(&field, &field.name) })));
            }
        }
        steps.extend(self.keys.iter().map(|(key, field)| step(key, alter(&key.name, family.to_root(state, field)))));
        steps.extend(self.lead_links(|field| family.to_root(state, field)));
        steps
    }

    /// Takes the other tables away, and lets everything lead to the classes again.
    fn contract_parts(&self) -> Vec<Step> {
        let family = self.family;
        let mut steps = Vec::new();
        for part in &self.parts {
            let keys = part.table.fields.iter().filter(|field| !field.primary_key && !field.is_many_to_many());
            steps.extend(keys.filter(|field| family.leads_into(field)).map(|field| {
                let (model, field) = (part.key.name.clone(), field.name.clone());
                step(&part.key, Operation::RemoveField { model, field })
            }));
        }
        let gone = self.parts.iter().rev();
        steps.extend(gone.map(|part| step(&part.key, Operation::DeleteModel { name: part.table.name.clone() })));
        steps.extend(self.parts.iter().map(|part| step(&part.key, Operation::CreateModel(part.proxy.clone()))));
        steps.extend(self.keys.iter().map(|(key, field)| in_state(key, alter(&key.name, field.clone()))));
        let mut known = BTreeSet::new();
        for (_, field) in self.parts.iter().flat_map(|part| &part.fields) {
            if family.leads_into(field) && known.insert(&field.name) {
                let root = &family.root;
                let is_open = field.class() == "OneToOneField";
                let field = if is_open { open(field, &field.name) } else { field.clone() };
                steps.push(in_state(root, alter(&root.name, field)));
            }
        }
        for part in &self.parts {
            // Relations through classes have no table of their own.
            for (_, of_root) in part.many.iter().filter(|(own, _)| is_through(own)) {
                steps.push(in_state(&family.root, add(&family.root.name, of_root.clone())));
            }
        }
        steps.extend(self.close_links());
        steps
    }

    /// Makes the tables.
    fn expand_parts(&self, track: &Track<'_>) -> Vec<Step> {
        let (family, state) = (self.family, track.state());
        let root = &family.root;
        let mut steps = self.open_links();
        steps
            .extend(self.keys.iter().map(|(key, field)| in_state(key, alter(&key.name, family.to_root(state, field)))));
        for part in &self.parts {
            for (_, of_root) in part.many.iter().filter(|(own, _)| is_through(own)) {
                let (model, field) = (root.name.clone(), of_root.name.clone());
                steps.push(in_state(root, Operation::RemoveField { model, field }));
            }
        }
        let proxies = self.parts.iter().rev();
        steps.extend(proxies.map(|part| step(&part.key, Operation::DeleteModel { name: part.proxy.name.clone() })));
        for part in &self.parts {
            let key = alone(&part.table);
            let is_own = |field: &&FieldState| {
                let is_moved = part.fields.iter().any(|(own, _)| own.name == field.name);
                let is_new = field.relation.is_none() && !field.is_generated() && !field.primary_key;
                (is_moved || is_new) && !family.leads_into(field)
            };
            let fields = key.into_iter().chain(part.table.fields.iter().filter(is_own).cloned()).collect();
            steps.push(step(
                &part.key,
                Operation::CreateModel(ModelState {
                    fields,
                    indexes: Vec::new(),
                    constraints: Vec::new(),
                    bases: Vec::new(),
                    ..part.table.clone()
                }),
            ));
        }
        for part in &self.parts {
            let keys = part.fields.iter().map(|(own, _)| own).filter(|own| family.leads_into(own));
            steps.extend(keys.map(|own| step(&part.key, add(&part.key.name, own.clone()))));
        }
        let mut gone = Vec::new();
        for field in self.moved() {
            for operation in track.without_indexes(root, &field.name) {
                if !gone.contains(&operation) {
                    gone.push(operation);
                }
            }
        }
        gone.extend(self.moved().filter_map(|field| {
            if field.name == self.kind.name {
                // On the way back rows are of no kind until they get theirs.
                return Some(alter(&root.name, open(field, &field.name)));
            }
            optional(root, &family.to_root(state, field))
        }));
        steps.extend(gone.into_iter().map(|operation| step(root, operation)));
        steps
    }

    /// Takes from the root what its children have, and makes them its children.
    fn contract_root(&self) -> Vec<Step> {
        let root = &self.family.root;
        let mut steps: Vec<Step> = self
            .keys
            .iter()
            .filter(|(key, field)| !self.is_moved(key, field))
            .map(|(key, field)| step(key, alter(&key.name, field.clone())))
            .collect();
        steps.extend(self.lead_links(FieldState::clone));
        for field in self.moved() {
            let (model, field) = (root.name.clone(), field.name.clone());
            steps.push(step(root, Operation::RemoveField { model, field }));
        }
        for part in &self.parts {
            let Some(key) = primary(&part.table) else { continue };
            let (name, parent) = (part.table.name.clone(), base(&part.table).cloned());
            steps.push(in_state(&part.key, Operation::ChangeParent { name, parent, key: key.clone() }));
            for (own, _) in part.many.iter().filter(|(own, _)| is_through(own)) {
                steps.push(in_state(&part.key, add(&part.key.name, own.clone())));
            }
        }
        steps.extend(self.close_links());
        steps
    }

    /// The columns that only the one table has.
    fn moved(&self) -> impl Iterator<Item = &FieldState> {
        let mut known = BTreeSet::new();
        let fields = self.parts.iter().flat_map(|part| part.fields.iter().map(|(_, of_root)| of_root));
        let kind = (!self.keeps_kind).then_some(&self.kind);
        fields.chain(kind).filter(move |field| known.insert(&field.name))
    }

    fn is_moved(&self, key: &ModelKey, field: &FieldState) -> bool {
        *key == self.family.root && self.moved().any(|moved| moved.name == field.name)
    }

    /// Makes a model of its own of a child, in the state alone.
    fn detached(part: &Part) -> Step {
        let name = part.table.name.clone();
        let key = alone(&part.table);
        let operations = key.map(|key| Operation::ChangeParent { name, parent: None, key });
        let through = part
            .many
            .iter()
            .filter(|(own, _)| is_through(own))
            .map(|(own, _)| Operation::RemoveField { model: part.key.name.clone(), field: own.name.clone() });
        (part.key.app.clone(), Operation::StateOnly(operations.into_iter().chain(through).collect()))
    }

    /// Makes models of tables of links.
    fn open_links(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        for Opened { link, .. } in &self.links {
            let owner = &link.owner;
            let created = Operation::CreateModel(link.class.clone());
            let removed = Operation::RemoveField { model: owner.name.clone(), field: link.field.name.clone() };
            let class = link.class.key.name.clone();
            steps.push((owner.app.clone(), Operation::StateOnly(vec![created, removed])));
            steps.push(step(owner, Operation::AlterUniqueTogether { model: class, together: Vec::new() }));
        }
        steps
    }

    /// Gives tables of links the names that they have afterwards, and keys as `lead` makes them.
    fn lead_links(&self, lead: impl Fn(&FieldState) -> FieldState) -> Vec<Step> {
        let mut steps = Vec::new();
        for Opened { link, ends, table, .. } in &self.links {
            let (owner, class) = (&link.owner, &link.class.key.name);
            let mut names: Vec<(String, String)> =
                link.ends().into_iter().zip(ends.iter().map(|end| end.name.clone())).collect();
            // One may get the name that the other one has.
            if names.first().zip(names.get(1)).is_some_and(|(near, far)| near.1 == far.0) {
                names.reverse();
            }
            for (old, new) in names.into_iter().filter(|(old, new)| old != new) {
                let renamed = Operation::RenameField { model: class.clone(), old, new };
                steps.push(step(owner, renamed));
            }
            for end in ends.iter().filter(|end| self.leads_otherwise(end)) {
                steps.push(step(owner, alter(class, lead(end))));
            }
            if link.class.option("db_table") != table.as_ref() {
                let renamed = Operation::AlterModelTable { model: class.clone(), table: table.clone() };
                steps.push(step(owner, renamed));
            }
        }
        steps
    }

    /// Whether a key of a table of links leads into the family: to the root or to a member.
    fn leads_otherwise(&self, end: &FieldState) -> bool {
        let to = end.relation.as_ref().map(|relation| &relation.to);
        self.family.leads_into(end) || to == Some(&self.family.root)
    }

    /// Lets tables of links be Django's again.
    fn close_links(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        for Opened { link, owner, field, ends, .. } in &self.links {
            let (class, app) = (&link.class, &link.owner);
            let ends = ends.iter().map(|end| end.name.clone()).collect();
            let together = Operation::AlterUniqueTogether { model: class.key.name.clone(), together: vec![ends] };
            steps.push(step(app, together));
            steps.push(in_state(app, Operation::DeleteModel { name: class.name.clone() }));
            steps.push(in_state(owner, add(&owner.name, field.clone())));
        }
        steps
    }

    fn arguments(&self) -> Vec<(&'static str, Expr)> {
        let is_number = !matches!(self.kind.class(), "CharField" | "TextField");
        let value = |kind: &String| if is_number { Expr::Int(kind.clone()) } else { Expr::str(kind) };
        let maybe = |kind: &Option<String>| kind.as_ref().map_or(Expr::None, value);
        let parts = self.parts.iter().rev().map(|part| {
            let names = part.fields.iter().map(|(own, of_root)| (Expr::str(&own.name), Expr::str(&of_root.name)));
            Expr::Tuple(vec![
                Expr::Str(part.key.lower()),
                maybe(&part.own),
                Expr::List(part.kinds.iter().map(value).collect()),
                Expr::Dict(names.collect()),
            ])
        });
        vec![("kind", Expr::str(&self.kind.name)), ("own", self.own.clone()), ("parts", Expr::List(parts.collect()))]
    }
}

/// An operation and the app whose migration does it.
type Step = (String, Operation);

fn step(model: &ModelKey, operation: Operation) -> Step {
    (model.app.clone(), operation)
}

fn in_state(model: &ModelKey, operation: Operation) -> Step {
    step(model, Operation::StateOnly(vec![operation]))
}

/// Writes the steps in their order: a migration for those of one app that follow each other.
fn write(track: &mut Track<'_>, words: &str, steps: Vec<Step>) {
    let mut all: Vec<(String, Vec<Operation>)> = Vec::new();
    for (app, operation) in steps {
        match all.last_mut().filter(|(last, _)| *last == app) {
            Some((_, operations)) => match (operations.last_mut(), operation) {
                (Some(Operation::StateOnly(last)), Operation::StateOnly(more)) => last.extend(more),
                (_, operation) => operations.push(operation),
            },
            None => all.push((app, vec![operation])),
        }
    }
    for (app, operations) in all {
        track.write(&app, words, operations);
    }
}

/// Whether `key` is `above`, or a class below it.
fn is_below(models: &Models, key: &ModelKey, above: &ModelKey) -> bool {
    let mut at = Some(key);
    for _ in 0..=models.len() {
        if at == Some(above) {
            return true;
        }
        at = at.and_then(|key| base(models.get(key)?));
    }
    false
}

/// The key of a child that is a model of its own for the moment.
fn alone(child: &ModelState) -> Option<FieldState> {
    let mut key = primary(child)?.clone();
    key.call = with(&without(&key.call, &["parent_link", "auto_created"]), "related_name", Expr::str("+"));
    if let Some(relation) = &mut key.relation {
        relation.parent_link = false;
    }
    Some(key)
}

fn is_through(field: &FieldState) -> bool {
    field.relation.as_ref().is_some_and(|relation| relation.through.is_some())
}

/// The field of the root that holds the values of `own` where there is one table.
fn counterpart<'m>(
    changes: &Changes,
    family: &Family,
    model: &ModelKey,
    own: &FieldState,
    root: &'m ModelState,
) -> Option<&'m FieldState> {
    let carried = changes.carried.iter().find_map(|carried| {
        let (apart, name, one, of_root) = if family.is_merged {
            (&carried.from, &carried.old, &carried.to, &carried.new)
        } else {
            (&carried.to, &carried.new, &carried.from, &carried.old)
        };
        (apart == model && *name == own.name && *one == family.root).then_some(of_root)
    });
    // Attributes of one name and type share a column.
    let found = root.field(carried.map_or(&own.name, |name| name))?;
    let leads = |field: &FieldState| {
        field.relation.as_ref().map(|relation| (relation.to.clone(), relation.through.clone(), relation.many_to_many))
    };
    let is_same = found.class() == own.class() && leads(found) == leads(own);
    (is_same && !found.primary_key && !found.is_generated()).then_some(found)
}
