//! Random Django projects: valid, and full of what makes migrations hard.

use umlaut::account::Element;
use umlaut::django::constraint::{ConstraintKind, IndexKind, Range, TextFunction};
use umlaut::django::expr::Formula;
use umlaut::django::field::{Auto, Validator, Value};
use umlaut::django::model::StrMethod;
use umlaut::django::project::{Database, Member};
use umlaut::django::{
    App, Base, Choices, Constraint, Field, FieldKind, ForeignKey, Index, ManyToMany, Model, ModelKey, ModelKind,
    OnDelete, Origin, Project,
};
use umlaut::python::{Dotted, Expr, Identifier};

use super::random::Random;

const TEXTS: &[&str] = &[
    "plain",
    "it's",
    "say \"hi\"",
    "both ' and \"",
    "tab\tnew\nline",
    "C:\\dir",
    "café ☃ 😀 漢",
    "nb\u{a0}sp soft\u{ad}hyphen zwj\u{200d}",
    "100 % {sure}",
    "line\u{2028}separator",
];

/// The random project of `seed`.
pub fn project(seed: u64) -> Project {
    Generator { random: Random::new(seed), number: 0, databases: vec![Database::Postgresql] }.project()
}

/// The random project of `seed`, such that SQLite can hold it.
pub fn portable(seed: u64) -> Project {
    Generator { random: Random::new(seed), number: 0, databases: vec![Database::Sqlite] }.project()
}

/// Nothing known of the diagram.
pub fn origin() -> Origin {
    Origin { element: Element::new(0), reasons: Vec::new() }
}

/// A field with nothing but its class.
pub fn field(name: impl Into<String>, kind: FieldKind) -> Field {
    Field::new(name, kind, origin())
}

/// A model with nothing in it.
pub fn model(name: impl Into<String>, kind: ModelKind) -> Model {
    let str_method = (kind == ModelKind::Concrete).then_some(StrMethod::VerboseName);
    Model { str_method, ..Model::new(name, kind, origin()) }
}

/// A key to `to`.
pub fn key(to: &ModelKey, related_name: impl Into<String>) -> Box<ForeignKey> {
    Box::new(ForeignKey {
        to: to.clone(),
        on_delete: OnDelete::Cascade,
        related_name: Some(related_name.into()),
        parent_link: false,
        to_field: None,
        limit: None,
    })
}

/// A project of these apps, whose user model is `user`.
pub fn of(user: ModelKey, shared: Vec<Model>, apps: Vec<App>) -> Project {
    Project {
        name: "sample".to_owned(),
        title: "Sample".to_owned(),
        doc: None,
        source_name: "sample.xmi".to_owned(),
        django: super::django(),
        databases: vec![Database::Sqlite],
        user,
        core: "core".to_owned(),
        accounts: None,
        shared,
        apps,
        notes: Vec::new(),
    }
}

/// An app of these models.
pub fn app(label: impl Into<String>, models: Vec<Model>) -> App {
    App {
        label: label.into(),
        verbose_name: None,
        doc: None,
        choices: Vec::new(),
        protocols: Vec::new(),
        models,
        api_prefix: None,
        origin: None,
    }
}

/// Draws the parts of a project.
pub struct Generator {
    pub random: Random,
    /// The last number that was used in a name.
    pub number: usize,
    /// What must be able to hold it.
    pub databases: Vec<Database>,
}

/// What was decided about a concrete model before its fields are.
struct Plan {
    key: ModelKey,
    bases: Vec<Base>,
    /// Whether its key is an explicit one with a name of its own.
    explicit_key: bool,
    /// Whether it has a concrete parent.
    is_child: bool,
}

impl Generator {
    pub fn name(&mut self, stem: &str) -> String {
        self.number += 1;
        format!("{stem}{}", self.number)
    }

    fn word(&mut self) -> String {
        let stem = *self.random.choose(&["alpha", "beta", "gamma", "zeta", "kappa", "omega", "rho", "Upper"]);
        self.name(stem)
    }

    pub fn text(&mut self) -> String {
        (*self.random.choose(TEXTS)).to_owned()
    }

    fn project(mut self) -> Project {
        let count = self.random.between(2, 4);
        let mut labels = self.random.sample(&["assets", "billing", "corex", "depot", "zoo"], count);
        labels.sort_unstable();
        let choices: Vec<(ModelKey, Choices)> = (0..2)
            .map(|_| {
                let label = self.random_label(&labels);
                self.choices(label)
            })
            .collect();
        // Abstract models: shared ones, each maybe below another, and some of a single app.
        let mut shared: Vec<Model> = Vec::new();
        for _ in 0..self.random.below(4) {
            let mut parent = self.abstract_model(&labels, &choices);
            if let Some(base) = shared.last().filter(|_| self.random.chance(40)) {
                parent.bases.push(Base::Model(ModelKey::new("core", &base.name)));
            }
            shared.push(parent);
        }
        let mut own: Vec<(String, Model)> = Vec::new();
        for label in &labels {
            for _ in 0..[0, 0, 1, 2][self.random.below(4)] {
                let mut parent = self.abstract_model(&labels, &choices);
                if let Some(base) = shared.last().filter(|_| self.random.chance(40)) {
                    parent.bases.push(Base::Model(ModelKey::new("core", &base.name)));
                }
                own.push(((*label).to_owned(), parent));
            }
        }
        let count = self.random.between(3, 10);
        let plans = self.plans(&labels, count, &shared, &own);
        let keys: Vec<ModelKey> = plans.iter().map(|plan| plan.key.clone()).collect();
        let user = plans
            .iter()
            .find(|plan| plan.bases.contains(&Base::AbstractUser))
            .map_or_else(|| ModelKey::new("accounts", "User"), |plan| plan.key.clone());
        let mut models: Vec<(String, Model)> = own;
        for (index, plan) in plans.iter().enumerate() {
            let (model, link) = self.concrete(plan, &keys[..index], &keys, &user, &choices);
            models.push((plan.key.app.clone(), model));
            models.extend(link.map(|link| (plan.key.app.clone(), link)));
        }
        let accounts = (user.app == "accounts").then(|| {
            let mut model = model("User", ModelKind::Concrete);
            model.bases = vec![Base::AbstractUser];
            if self.random.chance(50) {
                let mut email = field("email", FieldKind::Email { max_length: 254 });
                email.unique = true;
                email.verbose_name = Some("email address".to_owned());
                model.fields.push(email);
            }
            ("accounts".to_owned(), model)
        });
        let mut apps: Vec<App> = Vec::new();
        for label in labels.iter().copied().chain(accounts.is_some().then_some("accounts")) {
            let mut app = app(label, Vec::new());
            app.choices =
                choices.iter().filter(|(key, _)| key.app == label).map(|(_, choices)| choices.clone()).collect();
            app.models = models
                .iter()
                .chain(&accounts)
                .filter(|(owner, _)| owner == label)
                .map(|(_, model)| model.clone())
                .collect();
            apps.push(app);
        }
        apps.sort_by(|left, right| left.label.cmp(&right.label));
        let mut project = of(user, shared, apps);
        project.accounts = accounts.map(|(label, _)| label);
        project
    }

    fn random_label(&mut self, labels: &[&str]) -> String {
        (*self.random.choose(labels)).to_owned()
    }

    fn choices(&mut self, app: String) -> (ModelKey, Choices) {
        let name = self.name("Kind");
        let is_integer = self.random.chance(30);
        let members = (0..self.random.between(1, 3))
            .map(|index| Member {
                name: format!("MEMBER_{index}"),
                value: if is_integer { (index * 3).to_string() } else { format!("member_{index}") },
                label: self.text(),
                origin: origin(),
            })
            .collect();
        (ModelKey::new(app, &name), Choices { name, doc: None, is_integer, members, origin: origin() })
    }

    fn abstract_model(&mut self, labels: &[&str], choices: &[(ModelKey, Choices)]) -> Model {
        let name = self.name("Mixin");
        let mut model = model(name, ModelKind::Abstract);
        for _ in 0..self.random.between(0, 2) {
            let field = self.scalar(choices);
            model.fields.push(field);
        }
        if self.random.chance(25) {
            // Every project has this one.
            let _ = labels;
            let name = self.word();
            let related = format!("%(app_label)s_%(class)s_{name}");
            let mut field = field(name, FieldKind::ForeignKey(key(&ModelKey::new("auth", "Group"), related)));
            field.null = true;
            model.fields.push(field);
        }
        model
    }

    /// Names and bases of the concrete models. Parents come before their children, and no app inherits from a later one.
    fn plans(&mut self, labels: &[&str], count: usize, shared: &[Model], own: &[(String, Model)]) -> Vec<Plan> {
        let mut plans: Vec<Plan> = Vec::new();
        let mut has_user = false;
        for _ in 0..count {
            let app = self.random_label(labels);
            let stem = *self.random.choose(&["Apple", "Bolt", "Crate", "Zebra"]);
            let mut plan = Plan {
                key: ModelKey::new(&app, self.name(stem)),
                bases: Vec::new(),
                explicit_key: self.random.chance(15),
                is_child: false,
            };
            let reachable = |plan: &&Plan| plan.key.app <= app && !plan.is_child;
            let roots: Vec<ModelKey> =
                plans.iter().filter(reachable).filter(|plan| !plan.explicit_key).map(|plan| plan.key.clone()).collect();
            let others: Vec<ModelKey> =
                plans.iter().filter(reachable).filter(|plan| plan.explicit_key).map(|plan| plan.key.clone()).collect();
            if self.random.chance(30) && !roots.is_empty() {
                plan.bases.push(Base::Model(self.random.choose(&roots).clone()));
                if self.random.chance(40) && !others.is_empty() {
                    plan.bases.push(Base::Model(self.random.choose(&others).clone()));
                }
                plan.is_child = true;
                plan.explicit_key = false;
            } else if !has_user && self.random.chance(20) {
                if !shared.is_empty() && self.random.chance(50) {
                    plan.bases.push(Base::Model(ModelKey::new("core", &self.random.choose(shared).name)));
                }
                plan.bases.push(Base::AbstractUser);
                has_user = true;
            } else if self.random.chance(40) {
                let mut mixins: Vec<ModelKey> = shared.iter().map(|model| ModelKey::new("core", &model.name)).collect();
                mixins.extend(
                    own.iter()
                        .filter(|(label, _)| *label == app)
                        .map(|(label, model)| ModelKey::new(label, &model.name)),
                );
                // Of a chain only one: they would have to be named in the order of Python's resolution.
                let mut chosen = self.random.sample(&mixins, 2);
                let in_chain = |key: &ModelKey| {
                    let all = shared.iter().map(|model| ("core", model));
                    let mut all = all.chain(own.iter().map(|(label, model)| (label.as_str(), model)));
                    all.any(|(label, model)| label == key.app && model.name == key.name && !model.bases.is_empty())
                        || key.app == "core"
                };
                if chosen.iter().filter(|key| in_chain(key)).count() > 1 {
                    chosen.truncate(1);
                }
                plan.bases.extend(chosen.into_iter().map(Base::Model));
            }
            plan.explicit_key &= plan.bases.is_empty();
            plans.push(plan);
        }
        plans
    }

    fn concrete(
        &mut self,
        plan: &Plan,
        before: &[ModelKey],
        keys: &[ModelKey],
        user: &ModelKey,
        choices: &[(ModelKey, Choices)],
    ) -> (Model, Option<Model>) {
        let mut model = model(&plan.key.name, ModelKind::Concrete);
        model.bases.clone_from(&plan.bases);
        let mut targets = keys.to_vec();
        targets.push(user.clone());
        let can_have_key = plan.bases.is_empty();
        if plan.explicit_key && can_have_key {
            let mut id = field(format!("{}_id", plan.key.name.to_lowercase()), FieldKind::BigAuto);
            id.primary_key = true;
            model.fields.push(id);
        } else if can_have_key && self.random.chance(12) {
            if let Some(candidates) = before_or_user(before, user) {
                let to = self.random.choose(&candidates).clone();
                let name = self.word();
                let mut link = field(name.clone(), FieldKind::OneToOne(key(&to, format!("rel_{name}"))));
                link.primary_key = true;
                model.fields.push(link);
            }
        } else if can_have_key && self.random.chance(8) {
            let mut id = field("id", FieldKind::Uuid);
            id.primary_key = true;
            id.editable = false;
            id.default = Some(Box::new(Value::Expr(Expr::Ref { module: "uuid", name: "uuid4" })));
            model.fields.push(id);
        } else if plan.is_child
            && self.random.chance(20)
            && let Some(Base::Model(parent)) = plan.bases.first()
        {
            let name = self.word();
            let mut link = key(parent, format!("rel_{name}"));
            link.parent_link = true;
            let mut link = field(name, FieldKind::OneToOne(link));
            link.primary_key = self.random.chance(50);
            model.fields.push(link);
        }
        for _ in 0..self.random.below(5) {
            let field = self.scalar(choices);
            model.fields.push(field);
        }
        if self.random.chance(25) {
            let generated = self.generated(&model);
            model.fields.push(generated);
        }
        // Users, and what is below them, have Django's manager of users.
        if self.random.chance(15) && !model.bases.contains(&Base::AbstractUser) && !plan.is_child {
            let of_text = model.fields.iter().find(|field| matches!(field.kind, FieldKind::Char { .. }) && !field.null);
            model.natural_key = of_text.map(|field| field.name.clone()).into_iter().collect();
        }
        let mut through = None;
        for _ in 0..self.random.below(4) {
            let to = self.random.choose(&targets).clone();
            if self.random.chance(30) {
                let name = self.word();
                let mut relation = ManyToMany {
                    to: to.clone(),
                    through: None,
                    through_fields: None,
                    related_name: Some(format!("rel_{name}")),
                    symmetrical: (to == plan.key).then_some(false),
                    db_table: None,
                };
                if through.is_none() && self.random.chance(50) {
                    let (link, fields) = self.link(&plan.key, &to);
                    relation.through = Some(ModelKey::new(&plan.key.app, &link.name));
                    relation.through_fields = (to == plan.key || self.random.chance(50)).then_some(fields);
                    through = Some(link);
                } else if self.random.chance(20) {
                    relation.db_table = Some(self.name("M2M_"));
                }
                let mut field = field(name, FieldKind::ManyToMany(Box::new(relation)));
                field.blank = self.random.chance(60);
                model.fields.push(field);
            } else {
                let field = self.reference(&to);
                model.fields.push(field);
            }
        }
        self.meta(&mut model, plan.is_child);
        (model, through)
    }

    /// A column that the database computes from others of the model.
    fn generated(&mut self, model: &Model) -> Field {
        let literal = |value: i32| Formula::Literal(Expr::int(value));
        let number = model.fields.iter().find(|field| field.kind == FieldKind::Integer);
        let number = number.map_or(literal(3), |field| Formula::Field(field.name.clone()));
        let text = model.fields.iter().find(|field| field.kind == FieldKind::Text);
        let has_text = text.is_some();
        let text = text.map_or(Formula::Literal(Expr::str("x")), |field| Formula::Field(field.name.clone()));
        let operator = *self.random.choose(&["+", "-", "*", "%"]);
        let sum = Formula::Binary { left: Box::new(number.clone()), operator, right: Box::new(literal(2)) };
        let function = |module, name, args| Formula::Function { module, name, args };
        let texts = "django.db.models.functions.text";
        let (formula, output) = match self.random.below(4) {
            0 => (sum, FieldKind::Integer),
            1 => {
                let right = Box::new(sum);
                (Formula::Binary { left: Box::new(number), operator: "*", right }, FieldKind::BigInteger)
            }
            // PostgreSQL has no order for a text that is in no column.
            2 if has_text => (function(texts, "Lower", vec![text]), FieldKind::Text),
            _ => (function(texts, "Concat", vec![text, Formula::Literal(Expr::str(" "))]), FieldKind::Text),
        };
        let name = self.word();
        let mut generated = field(name, FieldKind::Generated { formula, output: Box::new(field("", output)) });
        generated.null = self.random.chance(50);
        generated
    }

    pub fn reference(&mut self, to: &ModelKey) -> Field {
        let name = self.word();
        let mut target = key(to, if self.random.chance(20) { "+".to_owned() } else { format!("rel_{name}") });
        target.on_delete =
            self.random.choose(&[OnDelete::Cascade, OnDelete::Protect, OnDelete::Restrict, OnDelete::SetNull]).clone();
        let null = target.on_delete == OnDelete::SetNull || self.random.chance(20);
        let is_single = self.random.chance(25);
        let kind = if is_single { FieldKind::OneToOne(target) } else { FieldKind::ForeignKey(target) };
        let mut field = field(name, kind);
        field.null = null;
        field.blank = null;
        field.db_index = (!is_single && self.random.chance(10)).then_some(false);
        field.unique = false;
        if self.random.chance(10) {
            field.verbose_name = Some(self.text());
        }
        field
    }

    fn link(&mut self, left: &ModelKey, right: &ModelKey) -> (Model, (String, String)) {
        let name = self.name("Link");
        let mut link = model(name, ModelKind::Concrete);
        for (name, to) in [("left", left), ("right", right)] {
            link.fields.push(field(name, FieldKind::ForeignKey(key(to, "+"))));
        }
        let fields = vec!["left".to_owned(), "right".to_owned()];
        let name = self.name("once_");
        link.meta.constraints.push(Constraint {
            name,
            kind: ConstraintKind::Unique { fields: fields.clone(), functions: vec![], condition: None },
            message: self.random.chance(30).then(|| "Only once.".to_owned()),
            code: None,
            reasons: Vec::new(),
        });
        if self.random.chance(30) {
            let name = self.name("ix_");
            link.meta.indexes.push(Index { name, ..Index::new(fields, Vec::new()) });
        }
        (link, ("left".to_owned(), "right".to_owned()))
    }

    pub fn scalar(&mut self, choices: &[(ModelKey, Choices)]) -> Field {
        let name = self.word();
        let text = || Value::Expr(Expr::str("x"));
        let number = |value: i32| Value::Expr(Expr::int(value));
        let call = |module, name, args| Value::Expr(Expr::Call { module, name, args, kwargs: Vec::new() });
        let refer = |module, name| Value::Expr(Expr::Ref { module, name });
        let kinds = [
            (FieldKind::Boolean, Value::Expr(Expr::Bool(true))),
            (FieldKind::SmallInteger, number(-1)),
            (FieldKind::Integer, number(0)),
            (FieldKind::BigInteger, number(7)),
            (FieldKind::PositiveSmallInteger, number(1)),
            (FieldKind::PositiveInteger, number(2)),
            (FieldKind::PositiveBigInteger, number(3)),
            (FieldKind::Float, Value::Expr(Expr::Float(1e16))),
            (
                FieldKind::Decimal { max_digits: 9, decimal_places: 2 },
                call("decimal", "Decimal", vec![Expr::str("1.50")]),
            ),
            (FieldKind::Char { max_length: 20 }, text()),
            (FieldKind::Text, Value::Expr(Expr::str(self.text()))),
            (FieldKind::Email { max_length: *self.random.choose(&[254, 100]) }, text()),
            (FieldKind::Url { max_length: *self.random.choose(&[200, 2000]) }, text()),
            (FieldKind::Slug { max_length: *self.random.choose(&[50, 80]) }, text()),
            (
                FieldKind::Date { auto: Auto::No },
                call("datetime", "date", vec![Expr::int(2020), Expr::int(1), Expr::int(2)]),
            ),
            (FieldKind::DateTime { auto: Auto::No }, refer("django.utils.timezone", "now")),
            (FieldKind::Time { auto: Auto::No }, call("datetime", "time", vec![Expr::int(12), Expr::int(30)])),
            (FieldKind::Duration, call("datetime", "timedelta", vec![Expr::int(2)])),
            (FieldKind::Uuid, refer("uuid", "uuid4")),
            (FieldKind::GenericIpAddress, Value::Expr(Expr::str("10.0.0.1"))),
            (FieldKind::Json, refer("builtins", "dict")),
            (FieldKind::Binary, Value::Expr(Expr::None)),
            (FieldKind::Array(Box::new(self::field("", FieldKind::Char { max_length: 8 }))), refer("builtins", "list")),
            (
                FieldKind::Custom {
                    class: Dotted::new("django.db.models.FilePathField").unwrap(),
                    kwargs: vec![(Identifier::new("path").unwrap(), Expr::str("/srv"))],
                },
                text(),
            ),
            (
                FieldKind::Custom {
                    class: Dotted::new("django.contrib.postgres.fields.hstore.HStoreField").unwrap(),
                    kwargs: vec![],
                },
                refer("builtins", "dict"),
            ),
            (FieldKind::File { upload_to: "assets/apple/".to_owned() }, text()),
        ];
        let is_portable = |kind: &FieldKind| match kind {
            FieldKind::Array(_) => false,
            FieldKind::Custom { class, .. } => !class.module().starts_with("django.contrib.postgres"),
            _ => true,
        };
        let for_sqlite = self.databases.contains(&Database::Sqlite);
        let kinds: Vec<_> = kinds.into_iter().filter(|(kind, _)| !for_sqlite || is_portable(kind)).collect();
        let (kind, default) = self.random.choose(&kinds).clone();
        let mut field = field(name, kind);
        let has_default =
            self.random.chance(30) && default != Value::Expr(Expr::None) && field.kind != FieldKind::Duration;
        field.default = has_default.then(|| Box::new(default));
        field.null = !has_default && self.random.chance(30);
        field.blank = self.random.chance(25) && field.kind != FieldKind::GenericIpAddress;
        field.unique =
            self.random.chance(10) && !matches!(field.kind, FieldKind::Text | FieldKind::Json | FieldKind::Binary);
        field.set_once = self.random.chance(10);
        field.editable = field.kind == FieldKind::Binary || self.random.chance(90);
        if self.random.chance(15) {
            match &mut field.kind {
                FieldKind::Date { auto } | FieldKind::DateTime { auto } | FieldKind::Time { auto } => {
                    *auto = *self.random.choose(&[Auto::Now, Auto::NowAdd]);
                    field.default = None;
                }
                FieldKind::Char { .. } | FieldKind::Integer => field.db_index = Some(true),
                FieldKind::Slug { .. } => field.db_index = Some(false),
                _ => {}
            }
        }
        if matches!(field.kind, FieldKind::Char { .. } | FieldKind::PositiveSmallInteger) && self.random.chance(40) {
            let is_integer = field.kind == FieldKind::PositiveSmallInteger;
            if let Some((key, choices)) = choices.iter().find(|(_, choices)| choices.is_integer == is_integer) {
                field.choices = Some(key.clone());
                field.default = self
                    .random
                    .chance(50)
                    .then(|| Box::new(Value::Member { choices: key.clone(), member: choices.members[0].name.clone() }));
                field.null = false;
            }
        }
        match field.kind {
            FieldKind::Integer if self.random.chance(30) => {
                field.validators = vec![Validator::MinValue(Expr::int(-5)), Validator::MaxValue(Expr::int(100))];
            }
            FieldKind::Array(_) if self.random.chance(50) => {
                field.validators = vec![Validator::MinCount(2), Validator::MaxCount(5)];
            }
            FieldKind::Char { .. } if self.random.chance(20) => {
                field.validators = vec![
                    Validator::MinLength(1),
                    Validator::Regex { pattern: r"^\d+'$".to_owned(), message: self.text() },
                    Validator::MaxLength(19),
                    Validator::Custom(Dotted::new("django.core.validators.validate_ipv4_address").unwrap()),
                ];
            }
            _ => {}
        }
        if self.random.chance(20) {
            field.help_text = Some(self.text());
        }
        if self.random.chance(15) {
            field.verbose_name = Some(self.text());
        }
        if self.random.chance(10) {
            field.db_column = Some(self.name("Col_"));
        }
        field
    }

    pub fn meta(&mut self, model: &mut Model, is_child: bool) {
        let own: Vec<&Field> = model
            .fields
            .iter()
            .filter(|field| field.many_to_many().is_none() && !field.foreign_key().is_some_and(|key| key.parent_link))
            .filter(|field| {
                let unsuited = matches!(field.kind, FieldKind::Json | FieldKind::Text | FieldKind::Binary);
                let special =
                    matches!(field.kind, FieldKind::Array(_) | FieldKind::Custom { .. } | FieldKind::Generated { .. });
                !unsuited && !special
            })
            .collect();
        let names: Vec<String> = own.iter().map(|field| field.name.clone()).collect();
        let nullable: Vec<String> = own.iter().filter(|field| field.null).map(|field| field.name.clone()).collect();
        let numbers: Vec<String> = own
            .iter()
            .filter(|field| {
                matches!(field.kind, FieldKind::Integer | FieldKind::BigInteger | FieldKind::PositiveInteger)
            })
            .map(|field| field.name.clone())
            .collect();
        let texts: Vec<String> = own
            .iter()
            .filter(|field| matches!(field.kind, FieldKind::Char { .. } | FieldKind::Slug { .. }))
            .map(|field| field.name.clone())
            .collect();
        let is_document = |field: &&Field| field.kind == FieldKind::Json;
        let document = model.fields.iter().find(is_document).map(|field| field.name.clone());
        let for_sqlite = self.databases.contains(&Database::Sqlite);
        let meta = &mut model.meta;
        if self.random.chance(20) {
            meta.verbose_name = Some(self.text());
        }
        if self.random.chance(20) {
            meta.verbose_name_plural = Some(self.text());
        }
        if self.random.chance(10) {
            meta.db_table = Some(self.name("T_"));
        }
        if !is_child && self.random.chance(25) && !names.is_empty() {
            let sign = *self.random.choose(&["", "-"]);
            // Django goes round for ever where rows are ordered by such that are ordered by them.
            let name = self.random.choose(&names);
            let is_key = model.fields.iter().any(|it| it.name == *name && it.foreign_key().is_some());
            meta.ordering = vec![format!("{sign}{name}{}", if is_key { "_id" } else { "" })];
        }
        if self.random.chance(35) && !names.is_empty() {
            for _ in 0..self.random.between(1, 2) {
                let count = self.random.between(1, 2);
                let mut fields = self.random.sample(&names, count);
                if self.random.chance(20) {
                    fields[0] = format!("-{}", fields[0]);
                }
                let condition = self.random.chance(25).then(|| self.condition(&names, &nullable, &numbers));
                let name = self.name("ix_");
                let functions = self.functions(&fields, &texts);
                meta.indexes.push(Index { name, functions, condition, ..Index::new(fields, Vec::new()) });
            }
        }
        if self.random.chance(15) && !texts.is_empty() {
            let fields = self.random.sample(&texts, 1);
            let anywhere = if for_sqlite { IndexKind::PortableTrigram } else { IndexKind::Trigram };
            let kind = *self.random.choose(&[anywhere, IndexKind::PortableTrigram, IndexKind::Brin]);
            let name = self.name("gin_");
            meta.indexes.push(Index { name, kind, ..Index::new(fields, Vec::new()) });
        }
        if let Some(document) = document.filter(|_| self.random.chance(50)) {
            let (name, kind) = (self.name("doc_"), IndexKind::Document);
            meta.indexes.push(Index { name, kind, ..Index::new(vec![document], Vec::new()) });
        }
        if let [start, end, by @ ..] = numbers.as_slice()
            && !for_sqlite
            && self.random.chance(15)
        {
            let by = by.iter().take(1).cloned().collect();
            let kind = ConstraintKind::NoOverlap { start: start.clone(), end: end.clone(), by, range: Range::Integer };
            let name = self.name("ex_");
            meta.constraints.push(Constraint { name, kind, message: None, code: None, reasons: Vec::new() });
        }
        if self.random.chance(35) && !names.is_empty() {
            for _ in 0..self.random.between(1, 2) {
                let name = self.name("rule_");
                let kind = if self.random.chance(50) {
                    let count = self.random.between(1, 2);
                    let fields = self.random.sample(&names, count);
                    let condition = self.random.chance(25).then(|| self.condition(&names, &nullable, &numbers));
                    let functions = self.functions(&fields, &texts);
                    ConstraintKind::Unique { fields, functions, condition }
                } else {
                    ConstraintKind::Check(self.condition(&names, &nullable, &numbers))
                };
                let message = self.random.chance(30).then(|| self.text());
                let code = self.random.chance(20).then(|| "broken".to_owned());
                meta.constraints.push(Constraint { name, kind, message, code, reasons: Vec::new() });
            }
        }
    }

    /// A function for one of the fields, if it is a text.
    fn functions(&mut self, fields: &[String], texts: &[String]) -> Vec<(String, TextFunction)> {
        let plain = fields.iter().map(|field| field.trim_start_matches('-').to_owned());
        let texts: Vec<String> = plain.filter(|field| texts.contains(field)).take(1).collect();
        if !self.random.chance(25) {
            return vec![];
        }
        let function = *self.random.choose(&[TextFunction::Lower, TextFunction::Upper]);
        texts.into_iter().map(|field| (field, function)).collect()
    }
}

fn before_or_user(before: &[ModelKey], user: &ModelKey) -> Option<Vec<ModelKey>> {
    let mut candidates = before.to_vec();
    if user.app == "accounts" {
        candidates.push(user.clone());
    }
    (!candidates.is_empty()).then_some(candidates)
}
