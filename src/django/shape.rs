//! Models with what they inherit: the columns that a row of them has.

use std::collections::BTreeSet;

use super::field::{Auto, Field, FieldKind, Kept};
use super::generic::Generic;
use super::model::{Base, Lists, Model, StrMethod};
use super::project::{ModelKey, Project};

/// A concrete model with everything that it inherits.
#[derive(Clone, Debug)]
pub struct Shape<'a> {
    /// Its name.
    pub key: ModelKey,
    /// The class itself.
    pub model: &'a Model,
    /// Its nearest concrete ancestors: each holds a part of the row.
    pub parents: Vec<ModelKey>,
    /// Its fields, inherited ones first; the keys that lead to parents are not among them.
    pub fields: Vec<Member<'a>>,
    /// Whether it inherits the fields of `AbstractUser`, directly or not.
    pub is_user: bool,
    /// The class and its ancestors, nearest first.
    pub line: Vec<&'a Model>,
    /// The primary key: its own, else that of the first parent; `None` for the `id` that Django adds.
    pub primary_key: Option<&'a Field>,
}

/// A field of a shape.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The field.
    pub field: &'a Field,
    /// Whether the model's own table has it, and not that of a parent.
    pub is_own: bool,
}

/// An ancestor, or the class itself.
struct Ancestor<'a> {
    key: ModelKey,
    model: &'a Model,
    /// Whether its fields are columns of the class's own table.
    is_own: bool,
    /// Whether it is the first concrete one on the way up.
    is_parent: bool,
}

impl<'a> Shape<'a> {
    /// The shape of the model that `key` names; `None` if there is no such model.
    pub fn of(project: &'a Project, key: &ModelKey) -> Option<Self> {
        let model = project.model(key)?;
        let nearest = ancestry(project, key, false);
        let mut fields: Vec<Member<'a>> = Vec::new();
        // The first to name a field gives it its place, the nearest its form.
        for holder in ancestry(project, key, true).iter().rev() {
            for Field { name, .. } in &holder.model.fields {
                let known = fields.iter().any(|member| member.field.name == *name);
                let form =
                    nearest.iter().find_map(|it| Some(Member { field: it.model.field(name)?, is_own: it.is_own }));
                fields.extend(form.filter(|form| {
                    let of = &form.field.only_for;
                    let is_known = known || !(of.is_empty() || of.contains(key));
                    let known = is_known;
                    let is_pointer = form.field.foreign_key().is_some_and(|key| key.parent_link);
                    !known && !is_pointer
                }));
            }
        }
        Some(Self {
            key: key.clone(),
            model,
            parents: nearest.iter().filter(|it| it.is_parent).map(|it| it.key.clone()).collect(),
            fields,
            is_user: nearest.iter().any(|it| it.model.bases.contains(&Base::AbstractUser)),
            line: nearest.iter().map(|it| it.model).collect(),
            primary_key: primary_key(project, key),
        })
    }

    /// Whether its rows count how often they were saved.
    pub fn is_versioned(&self) -> bool {
        self.fields.iter().any(|member| member.field.kept == Some(Kept::Version))
    }

    /// Whether its rows are only marked when they are deleted.
    pub fn is_marked(&self) -> bool {
        self.fields.iter().any(|member| member.field.kept == Some(Kept::Deletion))
    }

    /// The field called `name`.
    pub fn field(&self, name: &str) -> Option<Member<'a>> {
        self.fields.iter().copied().find(|member| member.field.name == name)
    }

    /// The fields of its own table, with those that only rows of classes below have.
    pub fn stored(&self) -> impl Iterator<Item = &'a Field> {
        let own = self.fields.iter().filter(|member| member.is_own).map(|member| member.field);
        let is_hosted = |field: &&Field| !field.only_for.is_empty() && !field.only_for.contains(&self.key);
        own.chain(self.model.fields.iter().filter(is_hosted))
    }

    /// The reference by content type that a field is a part of.
    pub fn generic_with(&self, field: &str) -> Option<&'a Generic> {
        self.line.iter().find_map(|model| model.generic_with(field))
    }

    /// What `__str__` returns: the nearest definition.
    pub fn str_method(&self) -> Option<&'a StrMethod> {
        self.line.iter().find_map(|model| model.str_method.as_ref())
    }

    /// What its lists offer: what its ancestors' do, and its own.
    pub fn lists(&self) -> Lists {
        let mut all = Lists::default();
        for model in self.line.iter().rev() {
            let Lists { search, filter, sort } = &model.lists;
            for (all, own) in [(&mut all.search, search), (&mut all.filter, filter), (&mut all.sort, sort)] {
                let new: Vec<String> = own.iter().filter(|name| !all.contains(*name)).cloned().collect();
                all.extend(new);
            }
        }
        all
    }

    /// The default order of its rows: its own or that of its nearest ancestor.
    pub fn ordering(&self) -> &'a [String] {
        let orders = self.line.iter().map(|model| model.meta.ordering.as_slice());
        orders.into_iter().find(|order| !order.is_empty()).unwrap_or_default()
    }
}

/// The field that is the key of the model's rows; `None` for the `id` that Django adds.
fn primary_key<'a>(project: &'a Project, key: &ModelKey) -> Option<&'a Field> {
    let mut next = Some(key.clone());
    let mut seen = BTreeSet::new();
    while let Some(key) = next.filter(|key| seen.insert(key.clone())) {
        let line = ancestry(project, &key, false);
        let own = line.iter().filter(|it| it.is_own).flat_map(|it| &it.model.fields);
        let is_pointer = |field: &Field| field.foreign_key().is_some_and(|key| key.parent_link);
        if let Some(field) = own.into_iter().find(|field| field.primary_key && !is_pointer(field)) {
            return Some(field);
        }
        next = line.into_iter().find(|it| it.is_parent).map(|it| it.key);
    }
    None
}

/// The class and its ancestors, depth first. Of two bases the first comes first, or the second if `last_first`.
fn ancestry<'a>(project: &'a Project, key: &ModelKey, last_first: bool) -> Vec<Ancestor<'a>> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut stack = vec![(key.clone(), true)];
    while let Some((key, below_is_own)) = stack.pop() {
        let Some(model) = project.model(&key).filter(|_| seen.insert(key.clone())) else { continue };
        // The row of a proxy is that of its base, which is no part beside it.
        let is_itself = found.iter().all(|it: &Ancestor<'_>| it.model.is_proxy() || !it.model.is_concrete())
            && found.first().is_some_and(|it| it.model.is_proxy());
        let is_parent = below_is_own && model.is_concrete() && !model.is_proxy() && !found.is_empty() && !is_itself;
        let is_own = below_is_own && !is_parent;
        let bases = model.bases.iter().filter_map(|base| match base {
            Base::Model(base) => Some((base.clone(), is_own)),
            Base::AbstractUser | Base::Core { .. } => None,
        });
        if last_first {
            stack.extend(bases);
        } else {
            stack.extend(bases.rev());
        }
        found.push(Ancestor { key, model, is_own, is_parent });
    }
    found
}

/// The shapes of all concrete models: apps by label, models in their order.
pub fn shapes(project: &Project) -> Vec<Shape<'_>> {
    let concrete = project.apps.iter().flat_map(|app| {
        let models = app.models.iter().filter(|model| model.is_concrete());
        models.map(|model| ModelKey::new(&app.label, &model.name))
    });
    concrete.filter_map(|key| Shape::of(project, &key)).collect()
}

impl Field {
    /// Whether nobody writes it: automatic keys and dates, and what is not editable.
    pub fn is_automatic(&self) -> bool {
        let sets_itself = match self.kind {
            FieldKind::Date { auto } | FieldKind::DateTime { auto } | FieldKind::Time { auto } => auto != Auto::No,
            FieldKind::BigAuto | FieldKind::Generated { .. } => true,
            _ => false,
        };
        sets_itself || !self.editable
    }
}
