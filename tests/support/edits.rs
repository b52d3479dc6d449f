//! Random changes of a random Django project, and what they mean.

use umlaut::django::built::{Changes, FieldRename, ModelRename};
use umlaut::django::constraint::ConstraintKind;
use umlaut::django::expr::{Condition, Formula, Operand};
use umlaut::django::field::Auto;
use umlaut::django::project::Database;
use umlaut::django::{Base, Field, FieldKind, Model, ModelKey, ModelKind, Project};
use umlaut::python::Expr;

use super::projects::{self, Generator};
use super::random::Random;

/// The project of `seed` after some edits, and what is known about them.
pub fn edited(seed: u64) -> (Project, Changes) {
    let mut editor = Editor {
        project: projects::portable(seed),
        changes: Changes::default(),
        // Names of its own, so that nothing new is called like something old by chance.
        generator: Generator { random: Random::new(seed ^ 0x5eed), number: 1_000, databases: vec![Database::Sqlite] },
        parents: Vec::new(),
    };
    editor.parents = editor.tables().into_iter().filter(|key| editor.is_parent(key)).collect();
    for _ in 0..editor.generator.random.between(1, 6) {
        editor.edit();
    }
    (editor.project, editor.changes)
}

struct Editor {
    project: Project,
    /// What had children before.
    parents: Vec<ModelKey>,
    changes: Changes,
    generator: Generator,
}

impl Editor {
    fn edit(&mut self) {
        match self.generator.random.below(15) {
            0 => self.rename_model(),
            1 | 2 => self.rename_field(),
            3 => self.remove_field(),
            4 | 5 => self.add_field(),
            6 => self.add_relation(),
            7 | 8 => self.alter_field(),
            9 => self.add_model(),
            10 => self.remove_model(),
            11 => self.meta(),
            12 => self.rename_index(),
            13 => self.message(),
            _ => self.retarget(),
        }
    }

    /// Models with a table that are neither the user nor a link.
    fn tables(&self) -> Vec<ModelKey> {
        let models = self.project.apps.iter().flat_map(|app| app.models.iter().map(|model| (&app.label, model)));
        let tables = models.filter(|(label, model)| {
            let is_user = self.project.user == ModelKey::new(*label, &model.name);
            model.is_concrete() && !is_user && !model.name.starts_with("Link")
        });
        tables.map(|(label, model)| ModelKey::new(label, &model.name)).collect()
    }

    fn some_table(&mut self) -> Option<ModelKey> {
        let tables = self.tables();
        (!tables.is_empty()).then(|| self.generator.random.choose(&tables).clone())
    }

    fn model(&mut self, key: &ModelKey) -> &mut Model {
        let app = self.project.apps.iter_mut().find(|app| app.label == key.app).unwrap();
        app.models.iter_mut().find(|model| model.name == key.name).unwrap()
    }

    fn models(&mut self) -> impl Iterator<Item = &mut Model> {
        let shared = self.project.shared.iter_mut();
        shared.chain(self.project.apps.iter_mut().flat_map(|app| &mut app.models))
    }

    fn is_parent(&self, key: &ModelKey) -> bool {
        let models = self.project.apps.iter().flat_map(|app| &app.models);
        models.flat_map(|model| &model.bases).any(|base| *base == Base::Model(key.clone()))
    }

    fn rename_model(&mut self) {
        let Some(key) = self.some_table() else { return };
        // Django itself cannot rename a parent, nor what was one.
        let is_done = self.changes.models.iter().any(|rename| rename.new == key.name);
        let is_new = key.name.starts_with("New");
        if self.is_parent(&key) || self.parents.contains(&key) || is_done || is_new {
            return;
        }
        let new = self.generator.name("Renamed");
        self.model(&key).name.clone_from(&new);
        let renamed = ModelKey::new(&key.app, &new);
        for model in self.models() {
            for field in &mut model.fields {
                match &mut field.kind {
                    FieldKind::ForeignKey(relation) | FieldKind::OneToOne(relation) if relation.to == key => {
                        relation.to = renamed.clone();
                    }
                    FieldKind::ManyToMany(relation) => {
                        if relation.to == key {
                            relation.to = renamed.clone();
                        }
                        if relation.through.as_ref() == Some(&key) {
                            relation.through = Some(renamed.clone());
                        }
                    }
                    _ => {}
                }
            }
        }
        for rename in &mut self.changes.fields {
            if rename.model == key.lowered() {
                rename.model = renamed.lowered();
            }
        }
        let fillings = std::mem::take(&mut self.changes.fillings).into_iter();
        self.changes.fillings = fillings
            .map(|((model, field), value)| {
                let model = if model == key.lowered() { renamed.lowered() } else { model };
                ((model, field), value)
            })
            .collect();
        self.changes.models.push(ModelRename { app: key.app, old: key.name, new });
    }

    /// Own fields that nothing but `Meta` knows by name.
    fn own_fields(&mut self, key: &ModelKey) -> Vec<String> {
        let model = self.model(key);
        let fields = model.fields.iter().filter(|field| {
            let is_link = field.foreign_key().is_some_and(|key| key.parent_link);
            !field.primary_key && !is_link && field.name != "left" && field.name != "right"
        });
        fields.map(|field| field.name.clone()).collect()
    }

    fn some_field(&mut self) -> Option<(ModelKey, String)> {
        let key = self.some_table()?;
        let fields = self.own_fields(&key);
        (!fields.is_empty()).then(|| (key, self.generator.random.choose(&fields).clone()))
    }

    fn rename_field(&mut self) {
        let Some((key, old)) = self.some_field() else { return };
        // What is new is not renamed, and nothing twice.
        let is_renamed = self.changes.fields.iter().any(|rename| rename.model == key.lowered() && rename.new == old);
        if is_renamed || old.starts_with("new") || key.name.starts_with("New") {
            return;
        }
        let new = self.generator.name("renamed");
        let model = self.model(&key);
        let is_computed_from = |field: &Field| match &field.kind {
            FieldKind::Generated { formula, .. } => format!("{formula:?}").contains(&format!("\"{old}\"")),
            _ => false,
        };
        if model.fields.iter().any(is_computed_from) {
            return;
        }
        model.fields.iter_mut().find(|field| field.name == old).unwrap().name.clone_from(&new);
        rename_in_meta(model, &old, &new);
        if let Some(value) = self.changes.fillings.remove(&(key.lowered(), old.clone())) {
            self.changes.fillings.insert((key.lowered(), new.clone()), value);
        }
        self.changes.fields.push(FieldRename { model: key.lowered(), old, new });
    }

    fn remove_field(&mut self) {
        let Some((key, name)) = self.some_field() else { return };
        self.drop_field(&key, &name);
    }

    fn drop_field(&mut self, key: &ModelKey, name: &str) {
        let lowered = key.lowered();
        let model = self.model(key);
        model.fields.retain(|field| field.name != name);
        forget_in_meta(model, name);
        self.changes.fields.retain(|rename| rename.model != lowered || rename.new != name);
    }

    fn fresh_field(&mut self) -> Field {
        let choices = self.project.apps.iter().flat_map(|app| {
            app.choices.iter().map(|choices| (ModelKey::new(&app.label, &choices.name), choices.clone()))
        });
        let choices: Vec<_> = choices.collect();
        let mut field = self.generator.scalar(&choices);
        field.name = self.generator.name("new");
        if field.kind == FieldKind::Binary {
            // Rows would need bytes, a value that is nobody's default.
            field.null = true;
        }
        field
    }

    fn add_field(&mut self) {
        let Some(key) = self.some_table() else { return };
        let field = self.fresh_field();
        self.fill(&key, &field);
        self.model(&key).fields.push(field);
    }

    /// What rows get for a required field.
    fn fill(&mut self, key: &ModelKey, field: &Field) {
        let is_now = |auto: Auto| auto != Auto::No;
        let dates_itself = match field.kind {
            FieldKind::Date { auto } | FieldKind::DateTime { auto } | FieldKind::Time { auto } => is_now(auto),
            _ => false,
        };
        if dates_itself || matches!(field.kind, FieldKind::Generated { .. }) {
            return;
        }
        let call = |module, name, args| Expr::Call { module, name, args, kwargs: Vec::new() };
        let day = || vec![Expr::int(2020), Expr::int(1), Expr::int(2)];
        let value = match field.kind {
            FieldKind::Boolean => Expr::Bool(true),
            FieldKind::Float => Expr::Float(1.5),
            FieldKind::Decimal { .. } => call("decimal", "Decimal", vec![Expr::str("1.50")]),
            FieldKind::Date { .. } => call("datetime", "date", day()),
            FieldKind::DateTime { .. } => Expr::Ref { module: "django.utils.timezone", name: "now" },
            FieldKind::Time { .. } => call("datetime", "time", vec![Expr::int(12), Expr::int(30)]),
            FieldKind::Duration => call("datetime", "timedelta", vec![Expr::int(0)]),
            FieldKind::Uuid => Expr::Ref { module: "uuid", name: "uuid4" },
            FieldKind::GenericIpAddress => Expr::str("10.0.0.1"),
            FieldKind::Json => Expr::Ref { module: "builtins", name: "dict" },
            FieldKind::Char { .. }
            | FieldKind::Text
            | FieldKind::Email { .. }
            | FieldKind::Url { .. }
            | FieldKind::Slug { .. }
            | FieldKind::File { .. } => Expr::str("x"),
            // Nothing is asked for, or any number will do.
            _ => Expr::int(i32::try_from(self.generator.random.below(9)).unwrap()),
        };
        self.changes.fillings.insert((key.lowered(), field.name.clone()), value);
    }

    fn add_relation(&mut self) {
        let (Some(key), Some(to)) = (self.some_table(), self.some_table()) else { return };
        let name = self.generator.name("new");
        let field = if self.generator.random.chance(30) {
            let relation = umlaut::django::ManyToMany {
                to: to.clone(),
                through: None,
                through_fields: None,
                related_name: Some(format!("rel_{name}")),
                symmetrical: (to == key).then_some(false),
                db_table: None,
            };
            projects::field(name, FieldKind::ManyToMany(Box::new(relation)))
        } else {
            let mut field = self.generator.reference(&to);
            field.null = true;
            field.blank = true;
            Field { name, ..field }
        };
        self.model(&key).fields.push(field);
    }

    fn alter_field(&mut self) {
        let Some((key, name)) = self.some_field() else { return };
        let text = self.generator.text();
        let fresh = self.fresh_field();
        let what = self.generator.random.below(5);
        let field = self.model(&key).fields.iter_mut().find(|field| field.name == name).unwrap();
        let is_relation = field.foreign_key().is_some() || field.many_to_many().is_some();
        match what {
            0 => field.help_text = Some(text),
            1 => field.verbose_name = Some(text),
            // Nobody knows a row that a new key could lead to in all.
            2 if is_relation && field.name.starts_with("new") => {}
            2 if field.default.is_none() && field.many_to_many().is_none() && field.kind != FieldKind::Binary => {
                let can_be_null =
                    !matches!(field.foreign_key().map(|key| &key.on_delete), Some(umlaut::django::OnDelete::SetNull));
                field.null = !field.null || !can_be_null;
                let field = field.clone();
                self.fill(&key, &field);
            }
            3 if !is_relation && field.choices.is_none() => {
                field.default = None;
                field.kind = fresh.kind;
                field.validators = fresh.validators;
                field.db_index = None;
                field.unique = false;
                field.default = fresh.default;
                field.null = fresh.null;
                field.choices = fresh.choices;
                let altered = field.clone();
                // Conditions on it may not fit the new type.
                let old = altered.name.clone();
                forget_in_meta(self.model(&key), &old);
                self.fill(&key, &altered);
            }
            _ if !is_relation => {
                if let FieldKind::Char { max_length } = &mut field.kind {
                    *max_length += 5;
                }
            }
            _ => {}
        }
    }

    fn add_model(&mut self) {
        let labels: Vec<String> = self.project.apps.iter().map(|app| app.label.clone()).collect();
        let label = self.generator.random.choose(&labels).clone();
        let name = self.generator.name("New");
        let mut model = projects::model(&name, ModelKind::Concrete);
        for _ in 0..self.generator.random.below(3) {
            let field = self.fresh_field();
            model.fields.push(field);
        }
        for _ in 0..self.generator.random.below(3) {
            if let Some(to) = self.some_table() {
                let field = self.generator.reference(&to);
                model.fields.push(field);
            }
        }
        // Sometimes a child of what is there; no app inherits from a later one.
        let parents: Vec<ModelKey> = self
            .tables()
            .into_iter()
            .filter(|key| key.app <= label)
            .filter(|key| self.project.model(key).is_some_and(|model| model.bases.is_empty()))
            .filter(|key| self.project.model(key).is_some_and(|it| !it.fields.iter().any(|field| field.primary_key)))
            .collect();
        if !parents.is_empty() && self.generator.random.chance(30) {
            model.bases.push(Base::Model(self.generator.random.choose(&parents).clone()));
        } else {
            self.generator.meta(&mut model, false);
        }
        self.project.apps.iter_mut().find(|app| app.label == label).unwrap().models.push(model);
    }

    fn remove_model(&mut self) {
        let Some(key) = self.some_table() else { return };
        if self.is_parent(&key) {
            return;
        }
        let mut gone = vec![key];
        while let Some(key) = gone.pop() {
            let label = key.app.clone();
            self.changes.models.retain(|rename| rename.app != key.app || rename.new != key.name);
            self.changes.fields.retain(|rename| rename.model != key.lowered());
            let app = self.project.apps.iter_mut().find(|app| app.label == label).unwrap();
            app.models.retain(|model| model.name != key.name);
            let mut holders = Vec::new();
            let mut links = Vec::new();
            for app in &self.project.apps {
                for model in &app.models {
                    let owner = ModelKey::new(&app.label, &model.name);
                    for field in &model.fields {
                        let many = field.many_to_many();
                        let leads = field.foreign_key().is_some_and(|relation| relation.to == key)
                            || many.is_some_and(|it| it.to == key || it.through.as_ref() == Some(&key));
                        if leads && model.name.starts_with("Link") {
                            links.push(owner.clone());
                        } else if leads {
                            holders.push((owner.clone(), field.name.clone()));
                        }
                    }
                }
            }
            for (owner, field) in holders {
                // A model without its key is another model.
                let is_key = self.model(&owner).field(&field).is_some_and(|field| field.primary_key);
                if is_key && !gone.contains(&owner) && !self.is_parent(&owner) {
                    gone.push(owner.clone());
                }
                self.drop_field(&owner, &field);
            }
            links.dedup();
            gone.extend(links);
        }
    }

    fn meta(&mut self) {
        let Some(key) = self.some_table() else { return };
        let text = self.generator.text();
        let number = self.generator.name("T_");
        let fields = self.own_fields(&key);
        let what = self.generator.random.below(5);
        if what == 4 {
            let is_child = self.model(&key).bases.iter().any(|base| matches!(base, Base::Model(_)));
            let mut model = self.model(&key).clone();
            self.generator.meta(&mut model, is_child);
            *self.model(&key) = model;
            return;
        }
        let model = self.model(&key);
        match what {
            0 => model.meta.verbose_name = Some(text),
            1 => model.meta.verbose_name_plural = None,
            2 => model.meta.db_table = if model.meta.db_table.is_none() { Some(number) } else { None },
            _ => {
                model.meta.indexes.pop();
                model.meta.constraints.pop();
                let _ = fields;
            }
        }
    }

    fn rename_index(&mut self) {
        let Some(key) = self.some_table() else { return };
        let name = self.generator.name("ix_");
        if let Some(index) = self.model(&key).meta.indexes.first_mut() {
            index.name = name;
        }
    }

    fn message(&mut self) {
        let Some(key) = self.some_table() else { return };
        let text = self.generator.text();
        if let Some(constraint) = self.model(&key).meta.constraints.first_mut() {
            constraint.message = Some(text);
        }
    }

    /// Another target, or another kind of relation.
    fn retarget(&mut self) {
        let (Some((key, name)), Some(to)) = (self.some_field(), self.some_table()) else { return };
        let becomes_many = self.generator.random.chance(30);
        let fill = {
            let field = self.model(&key).fields.iter_mut().find(|field| field.name == name).unwrap();
            match &mut field.kind {
                FieldKind::ForeignKey(_) if becomes_many => {
                    field.null = false;
                    field.db_index = None;
                    field.kind = FieldKind::ManyToMany(Box::new(umlaut::django::ManyToMany {
                        to: to.clone(),
                        through: None,
                        through_fields: None,
                        related_name: Some(format!("rel_{name}")),
                        symmetrical: (to == key).then_some(false),
                        db_table: None,
                    }));
                    None
                }
                FieldKind::ForeignKey(relation) | FieldKind::OneToOne(relation) => {
                    relation.to = to;
                    Some(field.clone())
                }
                FieldKind::ManyToMany(relation) if relation.through.is_none() => {
                    relation.symmetrical = (to == key).then_some(false);
                    relation.to = to;
                    None
                }
                _ => None,
            }
        };
        match fill {
            Some(field) => self.fill(&key, &field),
            None if becomes_many => {
                let model = self.model(&key);
                if model.field(&name).is_some_and(|field| field.many_to_many().is_some()) {
                    forget_in_meta(model, &name);
                }
            }
            None => {}
        }
    }
}

fn rename_in_meta(model: &mut Model, old: &str, new: &str) {
    let rename = |name: &mut String| {
        let (sign, plain) = name.strip_prefix('-').map_or(("", name.as_str()), |plain| ("-", plain));
        if plain == old {
            *name = format!("{sign}{new}");
        } else if plain.strip_suffix("_id") == Some(old) {
            *name = format!("{sign}{new}_id");
        }
    };
    model.meta.ordering.iter_mut().for_each(rename);
    model.natural_key.iter_mut().for_each(rename);
    for index in &mut model.meta.indexes {
        index.fields.iter_mut().for_each(rename);
        for (field, _) in &mut index.functions {
            rename(field);
        }
        index.condition.iter_mut().for_each(|condition| rename_in(condition, old, new));
    }
    for constraint in &mut model.meta.constraints {
        match &mut constraint.kind {
            ConstraintKind::Unique { fields, functions, condition } => {
                fields.iter_mut().for_each(rename);
                for (field, _) in functions {
                    rename(field);
                }
                for condition in condition.iter_mut() {
                    rename_in(condition, old, new);
                }
            }
            ConstraintKind::Check(condition) => rename_in(condition, old, new),
            ConstraintKind::NoOverlap { start, end, by, .. } => {
                [start, end].into_iter().chain(by).for_each(rename);
            }
        }
    }
}

fn rename_in(condition: &mut Condition, old: &str, new: &str) {
    match condition {
        Condition::And(parts) | Condition::Or(parts) | Condition::Xor(parts) => {
            for part in parts {
                rename_in(part, old, new);
            }
        }
        Condition::Not(part) => rename_in(part, old, new),
        Condition::Compare { left, right, .. } => {
            rename_in_formula(left, old, new);
            rename_in_formula(right, old, new);
        }
        Condition::Lookup { field, value, .. } => {
            if field == old {
                new.clone_into(field);
            }
            if let Operand::Field(name) = value
                && name == old
            {
                new.clone_into(name);
            }
        }
    }
}

fn rename_in_formula(formula: &mut Formula, old: &str, new: &str) {
    match formula {
        Formula::Field(name) if name == old => new.clone_into(name),
        Formula::Field(_) | Formula::Literal(_) => {}
        Formula::Binary { left, right, .. } => {
            rename_in_formula(left, old, new);
            rename_in_formula(right, old, new);
        }
        Formula::Function { args, .. } => args.iter_mut().for_each(|arg| rename_in_formula(arg, old, new)),
        Formula::Words { fields, .. } => {
            fields.iter_mut().filter(|field| *field == old).for_each(|field| new.clone_into(field));
        }
    }
}

fn names(condition: &Condition, name: &str) -> bool {
    condition.fields().contains(&name)
}

fn forget_in_meta(model: &mut Model, name: &str) {
    let is = |field: &String| {
        let plain = field.trim_start_matches('-');
        plain == name || plain.strip_suffix("_id") == Some(name)
    };
    let has = |condition: &Option<Condition>| condition.as_ref().is_some_and(|condition| names(condition, name));
    model.meta.ordering.retain(|field| !is(field));
    model.natural_key.retain(|field| !is(field));
    model.meta.indexes.retain(|index| !index.fields.iter().any(is) && !has(&index.condition));
    model.meta.constraints.retain(|constraint| match &constraint.kind {
        ConstraintKind::Unique { fields, condition, .. } => !fields.iter().any(is) && !has(condition),
        ConstraintKind::Check(condition) => !names(condition, name),
        ConstraintKind::NoOverlap { start, end, by, .. } => ![start, end].into_iter().chain(by).any(is),
    });
}
