//! From classes to tables: what Django's metaclass makes of a class statement.
//!
//! Fields of abstract bases are copied into the class, a key to each concrete base is added, and a primary key if there is
//! none. Fields stand in the order in which Python created them, whichever class they were created for.

use std::collections::{BTreeMap, BTreeSet};

use super::{BaseState, FieldState, ModelState, Relation, user};
use crate::django::deconstruct;
use crate::django::field::{Field, FieldKind, Kept};
use crate::django::model::{Base, Meta, Model};
use crate::django::project::{ModelKey, Project};
use crate::python::Expr;

/// The models with a table, by their key in lower case.
pub(super) fn models(project: &Project) -> BTreeMap<ModelKey, ModelState> {
    let classes = classes(project);
    let mut built: BTreeMap<&ModelKey, Class<'_>> = BTreeMap::new();
    let mut states = BTreeMap::new();
    for index in parents_first(&classes) {
        let (key, model) = &classes[index];
        let class = Class::build(index, model, &built);
        if model.is_concrete() {
            let state = class.state(project, key, model);
            states.insert(state.key.clone(), state);
        }
        built.insert(key, class);
    }
    states
}

/// All classes, in an order in which Python may execute them as far as fields that meet in one table are concerned: the
/// shared abstract ones, then those of each app.
fn classes(project: &Project) -> Vec<(ModelKey, &Model)> {
    let shared = project.shared.iter().map(|model| (ModelKey::new(&project.core, &model.name), model));
    let own = project
        .apps
        .iter()
        .flat_map(|app| app.models.iter().map(|model| (ModelKey::new(&app.label, &model.name), model)));
    shared.chain(own).collect()
}

/// The classes so that each comes after its bases; those of a cycle, which the checks refuse, are left out.
fn parents_first(classes: &[(ModelKey, &Model)]) -> Vec<usize> {
    let places: BTreeMap<&ModelKey, usize> = classes.iter().enumerate().map(|(index, (key, _))| (key, index)).collect();
    let mut waiting = vec![0_usize; classes.len()];
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); classes.len()];
    for (index, (_, model)) in classes.iter().enumerate() {
        for base in &model.bases {
            if let Base::Model(base) = base
                && let Some(&place) = places.get(base)
            {
                waiting[index] += 1;
                children[place].push(index);
            }
        }
    }
    let mut order: Vec<usize> = (0..classes.len()).filter(|&index| waiting[index] == 0).collect();
    let mut next = 0;
    while let Some(&done) = order.get(next) {
        next += 1;
        for &child in &children[done] {
            waiting[child] -= 1;
            if waiting[child] == 0 {
                order.push(child);
            }
        }
    }
    order
}

/// A class as its children see it.
struct Class<'a> {
    is_abstract: bool,
    /// Of a proxy: the model whose table it uses.
    proxy_for: Option<ModelKey>,
    /// Its table's fields, in the order of the class statement's evaluation; sorted by `at` only in the state.
    fields: Vec<Placed<'a>>,
    /// Concrete ancestors with the name of the field that leads there; direct bases and those of abstract bases.
    parents: Vec<(ModelKey, String)>,
    /// What `Meta` its children find if they have none.
    meta: Option<MetaInForce<'a>>,
    /// What stands for it among the bases of a child.
    bases: Vec<BaseState>,
    /// Whether its objects are managed by `UserManager`.
    signs_in: bool,
    /// Whether its objects are only marked when they are deleted.
    is_marked: bool,
}

#[derive(Clone)]
struct Placed<'a> {
    at: Place,
    name: String,
    source: Source<'a>,
}

/// Where a field stands among the others of its table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    group: Group,
    /// When it was created: the class, then the place in the class. Counted backwards for automatic fields, because Django
    /// numbers them downwards.
    created: (isize, isize),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Automatic,
    Column,
    ManyToMany,
}

#[derive(Clone)]
enum Source<'a> {
    /// Written in a class of the project.
    Written(&'a Field),
    /// Written in `AbstractUser`.
    User(Box<FieldState>),
    /// The key to a concrete base.
    Pointer(ModelKey),
}

#[derive(Clone, Copy)]
enum MetaInForce<'a> {
    Written(&'a Meta),
    AbstractUser,
    /// That of a behavior, which says nothing.
    Behavior,
}

impl<'a> Class<'a> {
    fn build(index: usize, model: &'a Model, built: &BTreeMap<&ModelKey, Class<'a>>) -> Self {
        // Number 0 is `AbstractUser`: Django's modules are imported first.
        let number = isize::try_from(index).unwrap_or(isize::MAX - 1) + 1;
        let mut class = Self {
            is_abstract: !model.is_concrete(),
            proxy_for: None,
            fields: Vec::new(),
            parents: Vec::new(),
            meta: None,
            bases: Vec::new(),
            signs_in: false,
            is_marked: model.fields.iter().any(|field| field.kept == Some(Kept::Deletion)),
        };
        for (field, place) in model.fields.iter().zip(0..) {
            let group = if field.many_to_many().is_some() { Group::ManyToMany } else { Group::Column };
            class.fields.push(Placed {
                at: Place { group, created: (number, place) },
                name: field.name.clone(),
                source: Source::Written(field),
            });
        }
        let links = links(model, built);
        let mut taken: BTreeSet<String> = class.fields.iter().map(|field| field.name.clone()).collect();
        let mut pointers = 0;
        if model.behavior.as_ref().is_some_and(|behavior| behavior.there.base.is_some()) {
            // It stands before all others, is abstract and has no fields.
            class.meta = Some(MetaInForce::Behavior);
            class.bases.push(BaseState::Django);
        }
        for base in &model.bases {
            match base {
                // As a behavior, it has no fields, and a `Meta` that says nothing.
                Base::Core { .. } => {
                    class.meta = class.meta.or(Some(MetaInForce::Behavior));
                    class.bases.push(BaseState::Django);
                }
                Base::AbstractUser => {
                    class.signs_in = true;
                    class.meta = class.meta.or(Some(MetaInForce::AbstractUser));
                    class.bases.push(BaseState::Django);
                    class.take(user_fields(), &mut taken);
                }
                Base::Model(base_key) => {
                    let Some(base) = built.get(base_key) else { continue };
                    class.signs_in |= base.signs_in;
                    class.is_marked |= base.is_marked;
                    class.meta = class.meta.or(base.meta);
                    if base.is_abstract {
                        class.take(base.fields.iter().cloned(), &mut taken);
                        for (parent, field) in &base.parents {
                            class.parent(parent, field.clone());
                        }
                        class.bases.extend(base.bases.iter().cloned());
                        continue;
                    }
                    class.bases.push(BaseState::Model(base_key.lowered()));
                    // The row is that of the table, through whichever class.
                    let table = base.proxy_for.as_ref().unwrap_or(base_key);
                    if model.is_proxy() {
                        class.proxy_for = Some(table.clone());
                        class.parents.clone_from(&base.parents);
                        continue;
                    }
                    let base_key = table;
                    let Some(base) = built.get(base_key) else { continue };
                    let name =
                        links.get(base_key).cloned().unwrap_or_else(|| format!("{}_ptr", base_key.name.to_lowercase()));
                    if taken.insert(name.clone()) {
                        pointers += 1;
                        class.fields.push(Placed {
                            at: Place { group: Group::Automatic, created: (-number, -pointers) },
                            name: name.clone(),
                            source: Source::Pointer(base_key.clone()),
                        });
                    }
                    class.parent(base_key, name);
                    taken.extend(base.fields.iter().map(|field| field.name.clone()));
                }
            }
        }
        if class.bases.is_empty() {
            class.bases.push(BaseState::Django);
        }
        if class.is_abstract {
            class.meta = Some(MetaInForce::Written(&model.meta));
        }
        class
    }

    /// Copies the fields of an abstract base, unless the class has others of that name.
    fn take(&mut self, fields: impl IntoIterator<Item = Placed<'a>>, taken: &mut BTreeSet<String>) {
        for field in fields {
            if taken.insert(field.name.clone()) {
                self.fields.push(field);
            }
        }
    }

    fn parent(&mut self, parent: &ModelKey, field: String) {
        match self.parents.iter_mut().find(|(known, _)| known == parent) {
            Some(known) => known.1 = field,
            None => self.parents.push((parent.clone(), field)),
        }
    }

    fn state(&self, project: &Project, key: &ModelKey, model: &Model) -> ModelState {
        let mut placed: Vec<&Placed<'_>> = self.fields.iter().collect();
        placed.sort_by_key(|field| field.at);
        // Without a primary key of its own, the key to the first parent becomes it.
        let has_key = self.fields.iter().any(|field| match field.source {
            Source::Written(field) => field.primary_key || field.kind == FieldKind::BigAuto,
            Source::User(_) | Source::Pointer(_) => false,
        });
        let composite = (!model.composite_key.is_empty()).then(|| FieldState::composite_key(&model.composite_key));
        let has_key = has_key || model.is_proxy() || composite.is_some();
        let promoted = self.parents.first().filter(|_| !has_key).map(|(_, field)| field.as_str());
        let mut fields = Vec::with_capacity(placed.len() + 1);
        if !has_key && promoted.is_none() {
            fields.push(FieldState::automatic_key());
        }
        fields.extend(composite);
        fields.extend(placed.into_iter().map(|field| {
            let promoted = promoted == Some(field.name.as_str());
            match &field.source {
                Source::Written(written) => deconstruct::field(project, written, promoted),
                Source::User(state) => (**state).clone(),
                Source::Pointer(to) => pointer(project, &field.name, to, promoted),
            }
        }));
        ModelState {
            key: key.lowered(),
            name: key.name.clone(),
            fields,
            options: self.options(model),
            indexes: model.meta.indexes.iter().map(|index| deconstruct::index(index, &project.core)).collect(),
            constraints: model.meta.constraints.iter().map(deconstruct::constraint).collect(),
            bases: self.base_states(),
            // Of managers that are not Django's own, migrations know nothing.
            managers: if self.signs_in && !self.is_marked { user::managers() } else { Vec::new() },
        }
    }

    fn options(&self, model: &Model) -> Vec<(&'static str, Expr)> {
        let mut options = Vec::new();
        if model.is_proxy() {
            options.extend(written(&model.meta));
            // Django writes what `Meta` says in an order of its own.
            let behind = |(key, _): &(&str, Expr)| *key == "default_permissions";
            let at = options.iter().position(behind).unwrap_or(options.len());
            options.insert(at, ("proxy", Expr::Bool(true)));
        } else if !model.meta.is_empty() {
            options.extend(written(&model.meta));
        } else if let Some(meta) = self.meta {
            options.extend(match meta {
                MetaInForce::Written(meta) => written(meta),
                MetaInForce::AbstractUser => user::options(),
                MetaInForce::Behavior => Vec::new(),
            });
            options.push(("abstract", Expr::Bool(false)));
        }
        options
    }

    /// Each base once; `models.Model`, which is everyone's ancestor, last; nothing if it is alone.
    fn base_states(&self) -> Vec<BaseState> {
        let mut seen = Vec::new();
        for base in self.bases.iter().filter(|base| **base != BaseState::Django) {
            if !seen.contains(base) {
                seen.push(base.clone());
            }
        }
        if !seen.is_empty() && self.bases.contains(&BaseState::Django) {
            seen.push(BaseState::Django);
        }
        seen
    }
}

/// The parent links that were written in the class or in its abstract bases, the class's own before those of its bases.
fn links(model: &Model, built: &BTreeMap<&ModelKey, Class<'_>>) -> BTreeMap<ModelKey, String> {
    let mut links = BTreeMap::new();
    let own = model.fields.iter();
    let inherited = model.bases.iter().filter_map(|base| match base {
        Base::Model(key) => built.get(key).filter(|base| base.is_abstract),
        Base::AbstractUser | Base::Core { .. } => None,
    });
    let inherited = inherited.flat_map(|base| &base.fields).filter_map(|field| match field.source {
        Source::Written(field) => Some(field),
        Source::User(_) | Source::Pointer(_) => None,
    });
    for field in own.chain(inherited) {
        if let FieldKind::OneToOne(key) = &field.kind
            && key.parent_link
        {
            links.entry(key.to.clone()).or_insert_with(|| field.name.clone());
        }
    }
    links
}

fn written(meta: &Meta) -> Vec<(&'static str, Expr)> {
    let mut options = Vec::new();
    for (key, text) in [
        ("verbose_name", &meta.verbose_name),
        ("verbose_name_plural", &meta.verbose_name_plural),
        ("db_table", &meta.db_table),
        ("db_table_comment", &meta.db_table_comment),
    ] {
        options.extend(text.as_ref().map(|text| (key, Expr::str(text))));
    }
    if !meta.ordering.is_empty() {
        options.push(("ordering", Expr::List(meta.ordering.iter().map(Expr::str).collect())));
    }
    if !meta.permissions.is_empty() {
        let pair = |(code, label): &(String, String)| Expr::Tuple(vec![Expr::str(code), Expr::str(label)]);
        options.push(("permissions", Expr::List(meta.permissions.iter().map(pair).collect())));
    }
    match meta.get_latest_by.as_slice() {
        [] => {}
        [only] => options.push(("get_latest_by", Expr::str(only))),
        several => options.push(("get_latest_by", Expr::List(several.iter().map(Expr::str).collect()))),
    }
    if meta.is_external {
        options.push(("managed", Expr::Bool(false)));
    }
    if let Some(names) = &meta.default_permissions {
        options.push(("default_permissions", Expr::Tuple(names.iter().map(Expr::str).collect())));
    }
    options
}

fn user_fields<'a>() -> impl Iterator<Item = Placed<'a>> {
    user::fields().into_iter().zip(0..).map(|(field, place)| {
        let many = field.relation.as_ref().is_some_and(|relation| relation.many_to_many);
        let group = if many { Group::ManyToMany } else { Group::Column };
        Placed {
            at: Place { group, created: (0, place) },
            name: field.name.clone(),
            source: Source::User(Box::new(field)),
        }
    })
}

/// `book_ptr`
fn pointer(project: &Project, name: &str, to: &ModelKey, primary_key: bool) -> FieldState {
    let mut kwargs = vec![
        ("auto_created", Expr::Bool(true)),
        ("on_delete", deconstruct::deletion("CASCADE")),
        ("parent_link", Expr::Bool(true)),
        ("to", deconstruct::target(project, to)),
    ];
    if primary_key {
        kwargs.push(("primary_key", Expr::Bool(true)));
        kwargs.push(("serialize", Expr::Bool(false)));
    }
    FieldState {
        name: name.to_owned(),
        call: deconstruct::django_models("OneToOneField", kwargs),
        primary_key,
        relation: Some(Relation {
            to: to.lowered(),
            through: None,
            through_fields: None,
            many_to_many: false,
            parent_link: true,
        }),
    }
}
