//! A project made by hand that has one of everything: each kind of field, relation, key, constraint and inheritance.

use umlaut::account::{Element, ElementKind, Elements, Met};
use umlaut::django::constraint::{ConstraintKind, IndexKind, TextFunction};
use umlaut::django::expr::{Condition, Formula, Operand};
use umlaut::django::field::{Auto, Validator, Value};
use umlaut::django::model::StrMethod;
use umlaut::django::project::{Database, Member};
use umlaut::django::{
    App, Base, Choices, Constraint, DjangoVersion, Field, FieldKind, ForeignKey, Index, Lists, ManyToMany, Meta, Model,
    ModelKey, ModelKind, OnDelete, Origin, Project, Rule,
};
use umlaut::python::Expr;
use umlaut::source::{Sources, Span};

fn origin() -> Origin {
    let mut elements = Elements::default();
    let span = Span::new(Sources::default().add("every.xmi", ""), 0..0);
    let element: Element = elements.enter(Met::new(ElementKind::Class, span));
    Origin { element, reasons: vec![] }
}

pub fn field(name: &str, kind: FieldKind) -> Field {
    Field::new(name, kind, origin())
}

fn text(name: &str, max_length: u32) -> Field {
    field(name, FieldKind::Char { max_length })
}

fn optional(field: Field) -> Field {
    if field.is_text() && !field.unique {
        Field { blank: true, default: Some(Box::new(Value::Expr(Expr::str("")))), ..field }
    } else {
        Field { null: true, blank: true, ..field }
    }
}

fn unique(field: Field) -> Field {
    Field { unique: true, ..field }
}

fn defaulting(field: Field, value: Expr) -> Field {
    Field { default: Some(Box::new(Value::Expr(value))), ..field }
}

fn validated(field: Field, validators: Vec<Validator>) -> Field {
    Field { validators, ..field }
}

fn reference(to: &str, on_delete: OnDelete, related_name: &str) -> Box<ForeignKey> {
    let (app, name) = to.split_once('.').unwrap();
    let related_name = Some(related_name.to_owned());
    Box::new(ForeignKey {
        to: ModelKey::new(app, name),
        on_delete,
        related_name,
        parent_link: false,
        to_field: None,
        limit: None,
    })
}

fn key(name: &str, to: &str, on_delete: OnDelete, related_name: &str) -> Field {
    field(name, FieldKind::ForeignKey(reference(to, on_delete, related_name)))
}

fn many(name: &str, to: &str, through: Option<&str>, related_name: &str) -> Field {
    let model = |dotted: &str| dotted.split_once('.').map(|(app, name)| ModelKey::new(app, name)).unwrap();
    let relation = ManyToMany {
        to: model(to),
        through: through.map(model),
        through_fields: None,
        related_name: Some(related_name.to_owned()),
        symmetrical: None,
        db_table: None,
    };
    Field { blank: through.is_none(), ..field(name, FieldKind::ManyToMany(Box::new(relation))) }
}

fn model(name: &str, str_method: StrMethod, fields: Vec<Field>) -> Model {
    Model {
        fields,
        meta: Meta { ordering: vec!["pk".to_owned()], ..Meta::default() },
        str_method: Some(str_method),
        ..Model::new(name, ModelKind::Concrete, origin())
    }
}

fn named(name: &str, fields: Vec<Field>) -> Model {
    let fields = std::iter::once(text("name", 40)).chain(fields).collect();
    model(name, StrMethod::Text("name".to_owned()), fields)
}

fn lookup(field: &str, lookup: &'static str, value: Expr) -> Condition {
    Condition::Lookup { field: field.to_owned(), lookup, value: Operand::Literal(value) }
}

fn check(name: &str, condition: Condition) -> Constraint {
    Constraint {
        name: name.to_owned(),
        kind: ConstraintKind::Check(condition),
        message: None,
        code: None,
        reasons: vec![],
    }
}

fn together(name: &str, fields: &[&str], condition: Option<Condition>) -> Constraint {
    let fields = fields.iter().map(|field| (*field).to_owned()).collect();
    let kind = ConstraintKind::Unique { fields, functions: vec![], condition };
    Constraint { name: name.to_owned(), kind, message: None, code: None, reasons: vec![] }
}

fn constrained(model: Model, constraints: Vec<Constraint>) -> Model {
    Model { meta: Meta { constraints, ..model.meta.clone() }, ..model }
}

fn child(model: Model, parents: &[&str]) -> Model {
    let bases = parents.iter().map(|dotted| dotted.split_once('.').unwrap());
    let bases: Vec<Base> = bases.map(|(app, name)| Base::Model(ModelKey::new(app, name))).collect();
    Model { bases, ..model }
}

fn joined(model: Model, parent: &str) -> Model {
    let child = child(model, &[parent]);
    Model { meta: Meta { ordering: vec![], ..child.meta }, str_method: None, ..child }
}

fn choices(name: &str, is_integer: bool, members: &[(&str, &str)]) -> Choices {
    let members = members.iter().map(|(name, value)| Member {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
        label: name.to_lowercase().replace('_', " "),
        origin: origin(),
    });
    Choices { name: name.to_owned(), doc: None, is_integer, members: members.collect(), origin: origin() }
}

fn app(label: &str, choices: Vec<Choices>, models: Vec<Model>) -> App {
    App {
        label: label.to_owned(),
        verbose_name: None,
        doc: None,
        choices,
        protocols: Vec::new(),
        models,
        api_prefix: None,
        origin: None,
    }
}

fn decimal(text: &str) -> Expr {
    Expr::Call { module: "decimal", name: "Decimal", args: vec![Expr::str(text)], kwargs: vec![] }
}

pub fn project() -> Project {
    let timestamped = Model {
        kind: ModelKind::Abstract,
        meta: Meta::default(),
        str_method: None,
        ..model(
            "Timestamped",
            StrMethod::VerboseName,
            vec![
                field("created_at", FieldKind::DateTime { auto: Auto::NowAdd }),
                field("updated_at", FieldKind::DateTime { auto: Auto::Now }),
            ],
        )
    };
    let user = Model {
        bases: vec![Base::AbstractUser],
        str_method: None,
        meta: Meta::default(),
        ..model("User", StrMethod::VerboseName, vec![])
    };
    Project {
        name: "every".to_owned(),
        title: "Every".to_owned(),
        doc: Some("One of everything.".to_owned()),
        source_name: "every.xmi".to_owned(),
        django: DjangoVersion::default(),
        databases: vec![Database::Sqlite, Database::Postgresql],
        user: ModelKey::new("accounts", "User"),
        core: "core".to_owned(),
        accounts: Some("accounts".to_owned()),
        shared: vec![timestamped],
        apps: vec![app("accounts", vec![], vec![user]), fleet(), library(), shop()],
        notes: vec![],
    }
}

/// Inheritance with rules: an abstract parent with a table, and children that shut each other out.
fn fleet() -> App {
    use FieldKind as K;
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    let covered = Rule::Covered { children: names(&["car", "truck"]) };
    let vehicle =
        named("Vehicle", vec![unique(text("plate", 12)), optional(text("note", 40)), field("seats", K::Integer)]);
    let vehicle = Model { rules: vec![covered], ..vehicle };
    let car = joined(model("Car", StrMethod::VerboseName, vec![field("doors", K::Integer)]), "fleet.Vehicle");
    let narrowed = |field: &str, validators: Vec<Validator>, required: bool| Rule::Narrowed {
        field: field.to_owned(),
        validators,
        required,
    };
    let car = Model {
        rules: vec![
            Rule::Disjoint { siblings: names(&["truck"]) },
            narrowed("seats", vec![Validator::MinValue(Expr::int(1)), Validator::MaxValue(Expr::int(9))], false),
            narrowed("note", vec![], true),
        ],
        ..car
    };
    let truck = joined(model("Truck", StrMethod::VerboseName, vec![field("load", K::Float)]), "fleet.Vehicle");
    let truck = Model { rules: vec![Rule::Disjoint { siblings: names(&["car"]) }], ..truck };
    let trip = model(
        "Trip",
        StrMethod::VerboseName,
        vec![
            key("vehicle", "fleet.Vehicle", OnDelete::Protect, "trips"),
            field("starts", K::Date { auto: Auto::No }),
            optional(field("ends", K::Date { auto: Auto::No })),
        ],
    );
    let overlap = Rule::NoOverlap { start: "starts".to_owned(), end: "ends".to_owned(), by: names(&["vehicle"]) };
    let trip = Model {
        rules: vec![overlap],
        lists: Lists { filter: names(&["vehicle", "starts"]), sort: names(&["starts"]), ..Lists::default() },
        ..trip
    };
    let index = |name: &str, kind: IndexKind, fields: &[&str]| Index {
        name: name.to_owned(),
        kind,
        ..Index::new(names(fields), vec![])
    };
    let manual = model(
        "Manual",
        StrMethod::Text("title".to_owned()),
        vec![
            text("title", 80),
            text("code", 20),
            field("printed", K::Boolean),
            field("published_at", K::DateTime { auto: Auto::No }),
            field("details", K::Json),
            text("language", 2),
        ],
    );
    let printed = Some(lookup("printed", "", Expr::Bool(true)));
    let lowered = names(&["code"]).into_iter().map(|name| (name, TextFunction::Lower)).collect::<Vec<_>>();
    let manual = Model {
        meta: Meta {
            indexes: vec![
                index("manual_title_gin", IndexKind::PortableTrigram, &["title"]),
                index("manual_published_at_brin", IndexKind::Brin, &["published_at"]),
                index("manual_details_gin", IndexKind::Document, &["details"]),
                Index { condition: printed, ..index("manual_printed_ix", IndexKind::Plain, &["-published_at", "id"]) },
                Index {
                    functions: lowered.clone(),
                    ..index("manual_code_language_ix", IndexKind::Plain, &["language", "-code", "title"])
                },
            ],
            constraints: vec![Constraint {
                name: "manual_code_uq".to_owned(),
                kind: ConstraintKind::Unique { fields: names(&["code"]), functions: lowered, condition: None },
                message: None,
                code: None,
                reasons: vec![],
            }],
            ..manual.meta.clone()
        },
        lists: Lists {
            search: names(&["title", "code"]),
            filter: names(&["printed", "published_at", "language", "details"]),
            sort: names(&["title"]),
        },
        ..manual
    };
    app("fleet", vec![], vec![vehicle, car, truck, trip, manual])
}

fn library() -> App {
    use FieldKind as K;
    let shelf_id = Field {
        primary_key: true,
        editable: false,
        ..defaulting(field("id", K::Uuid), Expr::Ref { module: "uuid", name: "uuid4" })
    };
    let shelf = named("Shelf", vec![shelf_id, unique(text("mark", 1))]);
    let tag = named("Tag", vec![]);
    let shelves = Field { blank: false, ..many("shelves", "library.Shelf", None, "books") };
    let mut sequels = many("sequels", "library.Book", None, "prequels");
    if let FieldKind::ManyToMany(relation) = &mut sequels.kind {
        relation.symmetrical = Some(false);
    }
    let book = child(named("Book", vec![shelves, sequels, text("build", 9)]), &["core.Timestamped"]);
    let person = constrained(
        model(
            "Person",
            StrMethod::Fields(vec!["first".to_owned(), "born".to_owned()]),
            vec![
                text("first", 30),
                text("last", 30),
                field("born", K::Date { auto: Auto::No }),
                optional(field("died", K::Date { auto: Auto::No })),
            ],
        ),
        vec![
            together("person_first_last_uq", &["first", "last"], None),
            check(
                "person_died_ck",
                Condition::Lookup { field: "died".to_owned(), lookup: "gt", value: Operand::Field("born".to_owned()) },
            ),
        ],
    );
    let passport = model(
        "Passport",
        StrMethod::VerboseName,
        vec![
            Field {
                primary_key: true,
                ..field("person", K::OneToOne(reference("library.Person", OnDelete::Cascade, "passport")))
            },
            unique(validated(
                text("number", 6),
                vec![Validator::Regex { pattern: r"\A[A-Z]{2}\d{4}\Z".to_owned(), message: "two letters".to_owned() }],
            )),
        ],
    );
    let visit = model(
        "Visit",
        StrMethod::VerboseName,
        vec![
            key("passport", "library.Passport", OnDelete::Restrict, "visits"),
            optional(key("user", "accounts.User", OnDelete::SetNull, "visits")),
            optional(key("shelf", "library.Shelf", OnDelete::Protect, "+")),
        ],
    );
    let slot = constrained(
        model(
            "Slot",
            StrMethod::VerboseName,
            vec![
                Field { choices: Some(ModelKey::new("library", "Day")), ..field("day", K::PositiveSmallInteger) },
                field("open", K::Boolean),
                computed(
                    "twice",
                    K::BigInteger,
                    Formula::Binary {
                        left: Box::new(Formula::Field("day".to_owned())),
                        operator: "*",
                        right: Box::new(Formula::Literal(Expr::int(2))),
                    },
                ),
            ],
        ),
        vec![together("slot_day_open_uq", &["day", "open"], None)],
    );
    let slot = Model { natural_key: vec!["day".to_owned(), "open".to_owned()], ..slot };
    let flag = model("Flag", StrMethod::VerboseName, vec![unique(field("up", K::Boolean))]);
    let days = choices("Day", true, &[("MONDAY", "1"), ("TUESDAY", "2"), ("SUNDAY", "7")]);
    app("library", vec![days], vec![shelf, tag, book, person, passport, visit, slot, flag])
}

/// What the database computes.
fn computed(name: &str, kind: FieldKind, formula: Formula) -> Field {
    field(name, FieldKind::Generated { formula, output: Box::new(field("", kind)) })
}

/// What never changes.
fn once(field: Field) -> Field {
    Field { set_once: true, ..field }
}

fn shop() -> App {
    use FieldKind as K;
    let status = ModelKey::new("shop", "Status");
    let category = Model {
        meta: Meta {
            verbose_name_plural: Some("categories".to_owned()),
            ordering: vec!["name".to_owned(), "pk".to_owned()],
            ..Meta::default()
        },
        ..named(
            "Category",
            vec![
                unique(field("slug", K::Slug { max_length: 50 })),
                once(text("origin", 20)),
                once(defaulting(field("depth", K::Integer), Expr::int(1))),
                computed(
                    "sign",
                    K::Char { max_length: 20 },
                    Formula::Function {
                        module: "django.db.models.functions.text",
                        name: "Lower",
                        args: vec![Formula::Field("origin".to_owned())],
                    },
                ),
                Field {
                    validators: vec![Validator::MinCount(2), Validator::MaxCount(5)],
                    ..defaulting(field("aliases", K::Json), Expr::Ref { module: "builtins", name: "list" })
                },
                optional(key("parent", "shop.Category", OnDelete::SetNull, "children")),
            ],
        )
    };
    let category = constrained(
        category,
        vec![together("category_root_name_uq", &["name"], Some(lookup("parent", "isnull", Expr::Bool(true))))],
    );
    let tag = model("Tag", StrMethod::Text("code".to_owned()), vec![unique(text("code", 1))]);
    let tag = Model { natural_key: vec!["code".to_owned()], ..tag };
    let product = named(
        "Product",
        vec![
            validated(
                field("price", K::Decimal { max_digits: 10, decimal_places: 2 }),
                vec![Validator::MinValue(Expr::int(0))],
            ),
            unique(field("ratio", K::Decimal { max_digits: 3, decimal_places: 3 })),
            optional(unique(text("sku", 12))),
            defaulting(field("stock", K::PositiveInteger), Expr::int(0)),
            Field {
                default: Some(Box::new(Value::Member { choices: status.clone(), member: "DRAFT".to_owned() })),
                choices: Some(status.clone()),
                ..text("status", 16)
            },
            optional(Field { choices: Some(status), ..text("former_status", 16) }),
            optional(field("summary", K::Text)),
            field("website", K::Url { max_length: 200 }),
            unique(field("contact", K::Email { max_length: 254 })),
            defaulting(field("data", K::Json), Expr::Ref { module: "builtins", name: "dict" }),
            optional(field("extra", K::Json)),
            optional(field("manual", K::File { upload_to: "shop/product/".to_owned() })),
            field("checksum", K::Binary),
            defaulting(field("is_active", K::Boolean), Expr::Bool(true)),
            field("is_new", K::Boolean),
            optional(field("is_old", K::Boolean)),
            field("starts", K::DateTime { auto: Auto::No }),
            field("ends", K::DateTime { auto: Auto::No }),
            field("opens", K::Time { auto: Auto::No }),
            unique(field("takes", K::Duration)),
            Field {
                editable: false,
                ..defaulting(field("token", K::Uuid), Expr::Ref { module: "uuid", name: "uuid4" })
            },
            optional(field("address", K::GenericIpAddress)),
            unique(field("weight", K::Float)),
            unique(validated(
                field("rank", K::SmallInteger),
                vec![Validator::MinValue(Expr::int(-5)), Validator::MaxValue(Expr::int(500))],
            )),
            optional(field("views", K::PositiveBigInteger)),
            key("category", "shop.Category", OnDelete::Protect, "products"),
            many("tags", "shop.Tag", None, "products"),
        ],
    );
    let product = constrained(
        child(product, &["core.Timestamped"]),
        vec![
            check("product_price_ck", lookup("price", "gte", decimal("0.00"))),
            check(
                "product_ends_ck",
                Condition::Lookup {
                    field: "ends".to_owned(),
                    lookup: "gt",
                    value: Operand::Field("starts".to_owned()),
                },
            ),
        ],
    );
    let bundle = joined(
        model(
            "Bundle",
            StrMethod::VerboseName,
            vec![
                validated(field("discount", K::PositiveSmallInteger), vec![Validator::MaxValue(Expr::int(100))]),
                many("products", "shop.Product", Some("shop.BundleItem"), "bundles"),
            ],
        ),
        "shop.Product",
    );
    let item = constrained(
        model(
            "BundleItem",
            StrMethod::VerboseName,
            vec![
                key("bundle", "shop.Bundle", OnDelete::Cascade, "items"),
                key("product", "shop.Product", OnDelete::Cascade, "bundle_items"),
                validated(field("quantity", K::Integer), vec![Validator::MinValue(Expr::int(1))]),
            ],
        ),
        vec![
            together("bundleitem_uq", &["bundle", "product"], None),
            check("bundleitem_quantity_ck", lookup("quantity", "gte", Expr::int(1))),
        ],
    );
    let item = Model { part_of: Some("bundle".to_owned()), ..item };
    let order = model(
        "Order",
        StrMethod::Text("number".to_owned()),
        vec![
            Field { primary_key: true, ..text("number", 20) },
            key("customer", "accounts.User", OnDelete::Protect, "orders"),
            optional(field("note", K::Text)),
            Field { editable: false, ..defaulting(field("position", K::PositiveInteger), Expr::int(0)) },
        ],
    );
    let exactly_one = Condition::Xor(vec![
        lookup("order", "isnull", Expr::Bool(false)),
        lookup("product", "isnull", Expr::Bool(false)),
    ]);
    let note = constrained(
        model(
            "Note",
            StrMethod::VerboseName,
            vec![
                validated(text("text", 80), vec![Validator::MinLength(10)]),
                optional(key("order", "shop.Order", OnDelete::Cascade, "notes")),
                optional(key("product", "shop.Product", OnDelete::Cascade, "notes")),
            ],
        ),
        vec![check("note_one_ck", exactly_one)],
    );
    let money = constrained(
        model(
            "Account",
            StrMethod::VerboseName,
            vec![
                optional(field("limit_amount", K::Decimal { max_digits: 19, decimal_places: 4 })),
                optional(Field { null: true, default: None, ..text("limit_currency", 3) }),
            ],
        ),
        vec![check(
            "account_limit_ck",
            Condition::Or(vec![
                Condition::And(vec![
                    lookup("limit_amount", "isnull", Expr::Bool(true)),
                    lookup("limit_currency", "isnull", Expr::Bool(true)),
                ]),
                Condition::And(vec![
                    lookup("limit_amount", "isnull", Expr::Bool(false)),
                    lookup("limit_currency", "isnull", Expr::Bool(false)),
                ]),
            ]),
        )],
    );
    let long = named(
        &format!("Very{}Name", "Long".repeat(12)),
        vec![optional(key(&"very_long_".repeat(5), "shop.Order", OnDelete::SetNull, "very_longs"))],
    );
    let long = Model { fields: long.fields.into_iter().map(trimmed).collect(), ..long };
    let statuses = choices("Status", false, &[("DRAFT", "draft"), ("ON_SALE", "on_sale"), ("GONE", "gone")]);
    app("shop", vec![statuses], vec![category, tag, product, bundle, item, order, note, money, long])
}

fn trimmed(field: Field) -> Field {
    Field { name: field.name.trim_end_matches('_').to_owned(), ..field }
}
