//! A project with a bit of everything: each kind of field, each kind of relation, inheritance of all sorts, long names, and
//! texts that try to break out of where they are put.

use umlaut::account::Element;
use umlaut::django::constraint::ConstraintKind;
use umlaut::django::expr::{Condition, Operand};
use umlaut::django::field::{Auto, Validator, Value};
use umlaut::django::model::{Constant, Embedded, StrMethod};
use umlaut::django::project::{Database, Member};
use umlaut::django::{
    App, Base, Choices, Constraint, DjangoVersion, Field, FieldKind, ForeignKey, Index, ManyToMany, Meta, Model,
    ModelKey, ModelKind, OnDelete, Origin, Project,
};
use umlaut::python::Expr;
use umlaut::util::arena::Id;

/// Texts that people or attackers write into diagrams.
pub const HOSTILE: [&str; 24] = [
    "plain",
    "ends with a backslash \\",
    "\"\"\" \nimport os; os.abort()\n\"\"\"",
    "''' + __import__('os').abort() + '''",
    "both ' and \" quotes",
    "\"quoted\"",
    "it's",
    "{braces} %(percent)s %s {0} {{ template }} {% block %}",
    "C:\\new\\table \\N{DASH} \\u0041 \\x41",
    "line one\nline two\r\nline three\ttab",
    "nul \0 bell \x07 escape \x1b delete \x7f",
    "bidi \u{202e}override\u{202c} zero\u{200b}width \u{feff}mark",
    "no-break\u{a0}space, line\u{2028}separator",
    "Stra\u{df}e \u{201e}\u{dc}bergr\u{f6}\u{df}e\u{201c} \u{2013} caf\u{e9}\u{2019}s",
    "\u{6771}\u{4eac}\u{90fd}\u{306e}\u{5730}\u{56f3}\u{3092}\u{898b}\u{3066}\u{304f}\u{3060}\u{3055}\u{3044}\u{3002}",
    "\u{1f680} rocket \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
    "<script>alert(1)</script> & <b>bold</b>",
    "# noqa",
    "Args:\n\nReturns:\n    something\n\nNotes\n-----\nRaises",
    "A sentence. Another one! A third?\n\n- first item\n- second item\n\n1. one\n2) two",
    "a very long sentence that goes on and on without any end in sight, far beyond what fits on a line of a hundred columns, and \
     then some more words to be sure that it has to be cut into three pieces at least, because two might be luck",
    "averyveryverylongwordwithoutanyblanksinitwhichcannotbebrokenanywherebecausethereisnoplacetobreakitatallandthatisthewholepoint",
    "0.0.0.0",
    "/tmp/secret",
];

pub fn origin() -> Origin {
    let element: Element = Id::new(0);
    Origin { element, reasons: vec![] }
}

/// Hostile texts, one after the other.
struct Texts(usize);

impl Texts {
    fn next(&mut self) -> String {
        self.0 += 1;
        HOSTILE[self.0 % HOSTILE.len()].to_owned()
    }
}

pub fn field(name: &str, kind: FieldKind) -> Field {
    Field::new(name, kind, origin())
}

pub fn model(name: &str, fields: Vec<Field>) -> Model {
    Model {
        fields,
        meta: Meta { ordering: vec!["pk".to_owned()], ..Meta::default() },
        str_method: Some(StrMethod::VerboseName),
        ..Model::new(name, ModelKind::Concrete, origin())
    }
}

fn abstract_model(name: &str, fields: Vec<Field>) -> Model {
    Model { kind: ModelKind::Abstract, meta: Meta::default(), str_method: None, ..model(name, fields) }
}

fn key(name: &str, to: (&str, &str), related_name: &str) -> Field {
    let key = ForeignKey {
        to: ModelKey::new(to.0, to.1),
        on_delete: OnDelete::Protect,
        related_name: Some(related_name.to_owned()),
        parent_link: false,
        to_field: None,
        limit: None,
    };
    field(name, FieldKind::ForeignKey(Box::new(key)))
}

fn one(mut key: Field) -> Field {
    if let FieldKind::ForeignKey(to) = key.kind {
        key.kind = FieldKind::OneToOne(to);
    }
    key
}

fn rule(mut key: Field, on_delete: OnDelete) -> Field {
    if let FieldKind::ForeignKey(to) | FieldKind::OneToOne(to) = &mut key.kind {
        to.on_delete = on_delete;
    }
    key
}

fn optional(field: Field) -> Field {
    Field { null: field.many_to_many().is_none(), blank: true, ..field }
}

fn many(name: &str, to: (&str, &str), related_name: &str) -> Field {
    let relation = ManyToMany {
        to: ModelKey::new(to.0, to.1),
        through: None,
        through_fields: None,
        related_name: Some(related_name.to_owned()),
        symmetrical: None,
        db_table: None,
    };
    field(name, FieldKind::ManyToMany(Box::new(relation)))
}

fn adjust(mut field: Field, change: impl FnOnce(&mut ManyToMany)) -> Field {
    if let FieldKind::ManyToMany(relation) = &mut field.kind {
        change(relation);
    }
    field
}

fn char(name: &str) -> Field {
    field(name, FieldKind::Char { max_length: 255 })
}

fn lookup(field: &str, lookup: &'static str, value: Expr) -> Condition {
    Condition::Lookup { field: field.to_owned(), lookup, value: Operand::Literal(value) }
}

fn call(module: &'static str, name: &'static str, args: Vec<Expr>) -> Expr {
    Expr::Call { module, name, args, kwargs: vec![] }
}

fn choices(name: &str, is_integer: bool, values: &[(&str, &str, &str)]) -> Choices {
    let members = values.iter().map(|(name, value, label)| Member {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
        label: (*label).to_owned(),
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
        origin: Some(origin()),
    }
}

/// Each kind of field, plain, optional, with a default, with all options.
fn every_field(texts: &mut Texts) -> Model {
    let kinds: Vec<(&str, FieldKind, Option<Expr>)> = vec![
        ("flag", FieldKind::Boolean, Some(Expr::Bool(true))),
        ("small", FieldKind::SmallInteger, Some(Expr::int(-5))),
        ("number", FieldKind::Integer, Some(Expr::int(7))),
        ("big", FieldKind::BigInteger, Some(Expr::int(9_000_000_000_i64))),
        ("positive_small", FieldKind::PositiveSmallInteger, None),
        ("positive", FieldKind::PositiveInteger, None),
        ("positive_big", FieldKind::PositiveBigInteger, None),
        ("ratio", FieldKind::Float, Some(Expr::Float(1e16))),
        (
            "amount",
            FieldKind::Decimal { max_digits: 19, decimal_places: 4 },
            Some(call("decimal", "Decimal", vec![Expr::str("1.5000")])),
        ),
        ("title", FieldKind::Char { max_length: 255 }, Some(Expr::str(texts.next()))),
        ("text", FieldKind::Text, Some(Expr::str(HOSTILE[20]))),
        ("email", FieldKind::Email { max_length: 254 }, None),
        ("url", FieldKind::Url { max_length: 2000 }, None),
        ("slug", FieldKind::Slug { max_length: 50 }, None),
        (
            "date",
            FieldKind::Date { auto: Auto::No },
            Some(call("datetime", "date", vec![Expr::int(2024), Expr::int(2), Expr::int(29)])),
        ),
        ("made_on", FieldKind::Date { auto: Auto::NowAdd }, None),
        (
            "moment",
            FieldKind::DateTime { auto: Auto::No },
            Some(Expr::Ref { module: "django.utils.timezone", name: "now" }),
        ),
        ("changed_at", FieldKind::DateTime { auto: Auto::Now }, None),
        ("hour", FieldKind::Time { auto: Auto::No }, Some(call("datetime", "time", vec![Expr::int(9), Expr::int(30)]))),
        (
            "span",
            FieldKind::Duration,
            Some(Expr::Call {
                module: "datetime",
                name: "timedelta",
                args: vec![],
                kwargs: vec![("days", Expr::int(1)), ("seconds", Expr::int(30))],
            }),
        ),
        ("token", FieldKind::Uuid, Some(Expr::Ref { module: "uuid", name: "uuid4" })),
        ("address", FieldKind::GenericIpAddress, None),
        ("data", FieldKind::Json, Some(Expr::Ref { module: "builtins", name: "dict" })),
        ("blob", FieldKind::Binary, None),
        ("document", FieldKind::File { upload_to: "things/every_field/".to_owned() }, None),
    ];
    let mut fields = Vec::new();
    for (name, kind, default) in kinds {
        fields.push(field(name, kind.clone()));
        fields.push(optional(field(&format!("optional_{name}"), kind.clone())));
        fields.push(Field {
            default: default.map(|value| Box::new(Value::Expr(value))),
            ..field(&format!("default_{name}"), kind.clone())
        });
        if !matches!(kind, FieldKind::Binary | FieldKind::File { .. } | FieldKind::Boolean | FieldKind::Json) {
            let automatic = matches!(
                kind,
                FieldKind::Date { auto: Auto::Now | Auto::NowAdd }
                    | FieldKind::DateTime { auto: Auto::Now | Auto::NowAdd }
            );
            fields.push(Field {
                null: true,
                blank: true,
                unique: !automatic,
                db_index: Some(true),
                db_column: Some(format!("col_{name}")),
                verbose_name: Some(texts.next()),
                help_text: Some(texts.next()),
                ..field(&format!("full_{name}"), kind)
            });
        }
    }
    for field in &mut fields {
        if field.db_index == Some(true) && field.unique {
            field.db_index = None;
        }
    }
    fields.push(Field {
        validators: vec![
            Validator::MinValue(Expr::int(0)),
            Validator::MaxValue(call("decimal", "Decimal", vec![Expr::str("99.99")])),
        ],
        ..field("bounded", FieldKind::Decimal { max_digits: 5, decimal_places: 2 })
    });
    fields.push(Field {
        validators: vec![
            Validator::MinLength(2),
            Validator::Regex { pattern: "\\A(?:[a-z\"']+\\d{2,})\\Z".to_owned(), message: texts.next() },
        ],
        ..char("code")
    });
    fields.push(Field { default: Some(Box::new(Value::Expr(Expr::str("x")))), editable: false, ..char("hidden") });
    Model {
        doc: Some(texts.next()),
        str_method: Some(StrMethod::Text("title".to_owned())),
        ..model("EveryField", fields)
    }
}

fn things(texts: &mut Texts) -> App {
    let status = |app: &str| Field {
        choices: Some(ModelKey::new(app, "Status")),
        default: Some(Box::new(Value::Member { choices: ModelKey::new(app, "Status"), member: "OPEN".to_owned() })),
        ..field(&format!("{app}_status"), FieldKind::Char { max_length: 16 })
    };
    let level =
        Field { choices: Some(ModelKey::new("things", "Level")), ..optional(field("level", FieldKind::SmallInteger)) };
    let long = "a_rather_long_name_for_a_field_which_nobody_would_ever_typeset";
    let mut order = model(
        "Order",
        vec![
            status("things"),
            status("other"),
            level.clone(),
            char("name"),
            field("price", FieldKind::Decimal { max_digits: 10, decimal_places: 2 }),
            field("start", FieldKind::Date { auto: Auto::No }),
            optional(field("end", FieldKind::Date { auto: Auto::No })),
            field(&long[..60], FieldKind::PositiveSmallInteger),
            key("owner", ("accounts", "User"), "orders"),
            key("every", ("things", "EveryField"), "orders"),
            Field {
                verbose_name: Some(texts.next()),
                help_text: Some(HOSTILE[20].to_owned()),
                ..rule(optional(key("parent", ("things", "Order"), "children")), OnDelete::SetNull)
            },
            rule(optional(key("note", ("other", "Note"), "orders")), OnDelete::SetNull),
            many("tags", ("other", "Tag"), "orders"),
            adjust(optional(many("friends", ("things", "Order"), "friends_of")), |it| it.symmetrical = Some(false)),
            adjust(many("products", ("things", "Product"), "orders"), |it| {
                it.through = Some(ModelKey::new("things", "OrderLine"));
                it.through_fields = Some(("order".to_owned(), "product".to_owned()));
            }),
        ],
    );
    order.doc = Some(texts.next());
    order.constants = vec![
        Constant {
            name: "MAX_ITEMS".to_owned(),
            value: Some(Value::Expr(Expr::int(10))),
            annotation: "int".to_owned(),
            doc: Some(texts.next()),
            origin: origin(),
        },
        Constant {
            name: "GREETING".to_owned(),
            value: Some(Value::Expr(Expr::str(HOSTILE[20]))),
            annotation: "str".to_owned(),
            doc: None,
            origin: origin(),
        },
        Constant { name: "UNSAID".to_owned(), value: None, annotation: "str".to_owned(), doc: None, origin: origin() },
        Constant {
            name: "PASSWORD".to_owned(),
            value: Some(Value::Expr(Expr::str("hunter2"))),
            annotation: "str".to_owned(),
            doc: None,
            origin: origin(),
        },
    ];
    order.meta = Meta {
        is_external: false,
        verbose_name: Some("purchase \"order\"".to_owned()),
        verbose_name_plural: Some(texts.next()),
        db_table: Some("things_orders".to_owned()),
        db_table_comment: None,
        ordering: vec!["-start".to_owned(), "pk".to_owned()],
        permissions: vec![
            ("ship_order".to_owned(), texts.next()),
            ("cancel_order".to_owned(), "Can \"cancel\" orders".to_owned()),
        ],
        default_permissions: Some(vec!["add".to_owned()]),
        get_latest_by: vec!["-start".to_owned(), "name".to_owned()],
        indexes: vec![
            Index {
                name: "order_start_ix".to_owned(),
                ..Index::new(vec!["-start".to_owned(), "id".to_owned()], vec![])
            },
            Index {
                name: "order_open_ix".to_owned(),
                condition: Some(lookup("things_status", "", Expr::str("open"))),
                ..Index::new(vec!["owner".to_owned(), "things_status".to_owned(), "-start".to_owned()], vec![])
            },
        ],
        constraints: constraints(texts),
    };
    order.str_method = Some(StrMethod::Fields(vec![
        "name".to_owned(),
        "things_status".to_owned(),
        "owner".to_owned(),
        long[..60].to_owned(),
        "start".to_owned(),
    ]));
    let product = Model {
        embedded: vec![
            Embedded {
                name: "price".to_owned(),
                type_name: "Money".to_owned(),
                parts: vec![
                    ("amount".to_owned(), "price_amount".to_owned()),
                    ("currency".to_owned(), "price_currency".to_owned()),
                ],
                optional: false,
            },
            Embedded {
                name: "old_price".to_owned(),
                type_name: "Money".to_owned(),
                parts: vec![
                    ("amount".to_owned(), "old_price_amount".to_owned()),
                    ("currency".to_owned(), "old_price_currency".to_owned()),
                ],
                optional: true,
            },
        ],
        bases: vec![Base::Model(ModelKey::new("shared", "Audited")), Base::Model(ModelKey::new("things", "Named"))],
        str_method: None,
        ..model(
            "Product",
            vec![
                field("price_amount", FieldKind::Decimal { max_digits: 19, decimal_places: 4 }),
                field("price_currency", FieldKind::Char { max_length: 3 }),
                optional(field("old_price_amount", FieldKind::Decimal { max_digits: 19, decimal_places: 4 })),
                optional(field("old_price_currency", FieldKind::Char { max_length: 3 })),
            ],
        )
    };
    let named =
        Model { str_method: Some(StrMethod::Text("name".to_owned())), ..abstract_model("Named", vec![char("name")]) };
    let line = Model {
        part_of: Some("order".to_owned()),
        ..model(
            "OrderLine",
            vec![
                rule(key("order", ("things", "Order"), "lines"), OnDelete::Cascade),
                rule(key("product", ("things", "Product"), "lines"), OnDelete::Cascade),
                rule(optional(key("replaces", ("things", "Product"), "replaced_in")), OnDelete::SetNull),
                Field {
                    editable: false,
                    default: Some(Box::new(Value::Expr(Expr::int(0)))),
                    ..field("position", FieldKind::PositiveInteger)
                },
                field("quantity", FieldKind::PositiveInteger),
            ],
        )
    };
    let bundle = Model {
        bases: vec![Base::Model(ModelKey::new("things", "Product"))],
        meta: Meta::default(),
        str_method: None,
        ..model(
            "Bundle",
            vec![
                Field {
                    primary_key: true,
                    ..rule(one(parent_link("product_ptr", ("things", "Product"))), OnDelete::Cascade)
                },
                field("discount", FieldKind::Float),
            ],
        )
    };
    let long_class = format!("{}Class", "Very".repeat(21));
    let long_model = Model {
        doc: Some(texts.next()),
        ..model(
            &long_class,
            vec![Field {
                primary_key: true,
                default: Some(Box::new(Value::Expr(Expr::Ref { module: "uuid", name: "uuid4" }))),
                editable: false,
                ..field("id", FieldKind::Uuid)
            }],
        )
    };
    let long_child = Model {
        bases: vec![Base::Model(ModelKey::new("things", &long_class)), Base::Model(ModelKey::new("shared", "Audited"))],
        meta: Meta::default(),
        str_method: None,
        ..model(
            &format!("{}Child", "Very".repeat(20)),
            vec![
                one(parent_link("parent", ("things", &long_class))),
                key("other", ("things", &long_class), "children"),
            ],
        )
    };
    App {
        doc: Some(texts.next()),
        verbose_name: Some(texts.next()),
        ..app(
            "things",
            vec![
                choices(
                    "Status",
                    false,
                    &[
                        ("OPEN", "open", "Open"),
                        ("CLOSED", "closed", HOSTILE[20]),
                        ("QUOTED", "it's \"it\"", HOSTILE[4]),
                    ],
                ),
                Choices {
                    doc: Some(texts.next()),
                    ..choices("Level", true, &[("LOW", "-1", "low"), ("HIGH", "7", "high"), ("EMPTY", "0", "")])
                },
            ],
            vec![named, every_field(texts), product, order, line, bundle, long_model, long_child],
        )
    }
}

fn parent_link(name: &str, to: (&str, &str)) -> Field {
    let mut field = key(name, to, "+");
    if let FieldKind::ForeignKey(key) = &mut field.kind {
        key.parent_link = true;
        key.related_name = None;
        key.on_delete = OnDelete::Cascade;
    }
    field
}

fn constraints(texts: &mut Texts) -> Vec<Constraint> {
    let check = |name: &str, condition: Condition, message: Option<String>| Constraint {
        name: name.to_owned(),
        kind: ConstraintKind::Check(condition),
        message,
        code: None,
        reasons: vec![],
    };
    let price = || lookup("price", "gte", Expr::int(0));
    let names =
        Expr::List(HOSTILE[..12].iter().filter(|text| !text.contains('\0')).map(|text| Expr::str(*text)).collect());
    vec![
        Constraint {
            name: "order_name_owner_uq".to_owned(),
            kind: ConstraintKind::Unique {
                fields: vec!["name".to_owned(), "owner".to_owned()],
                functions: vec![],
                condition: None,
            },
            message: None,
            code: None,
            reasons: vec![],
        },
        Constraint {
            name: "order_name_open_uq".to_owned(),
            kind: ConstraintKind::Unique {
                functions: vec![],
                fields: vec!["name".to_owned()],
                condition: Some(Condition::Not(Box::new(lookup("things_status", "", Expr::str("closed"))))),
            },
            message: Some(texts.next()),
            code: Some("open".to_owned()),
            reasons: vec![],
        },
        check("order_price_ck", price(), Some(texts.next())),
        check(
            "order_end_ck",
            Condition::Or(vec![
                lookup("end", "isnull", Expr::Bool(true)),
                Condition::Lookup { field: "end".to_owned(), lookup: "gt", value: Operand::Field("start".to_owned()) },
            ]),
            Some(HOSTILE[20].to_owned()),
        ),
        check(
            "order_deep_ck",
            Condition::Or(vec![
                Condition::And(vec![
                    price(),
                    Condition::Not(Box::new(Condition::Or(vec![price(), lookup("name", "", Expr::str(HOSTILE[6]))]))),
                ]),
                Condition::Xor(vec![
                    price(),
                    lookup("name", "in", names),
                    lookup("level", "isnull", Expr::Bool(false)),
                ]),
                Condition::Not(Box::new(Condition::Not(Box::new(price())))),
            ]),
            None,
        ),
    ]
}

fn other(texts: &mut Texts) -> App {
    let note = Model {
        doc: Some(texts.next()),
        bases: vec![Base::Model(ModelKey::new("shared", "Audited"))],
        ..model("Note", vec![field("text", FieldKind::Text), key("product", ("things", "Product"), "notes")])
    };
    let json = || Some(Box::new(Value::Expr(Expr::Ref { module: "builtins", name: "dict" })));
    let shadows = Model {
        bases: vec![Base::Model(ModelKey::new("other", "Bare")), Base::Model(ModelKey::new("shared", "Titled"))],
        constants: vec![Constant {
            name: "LIMIT".to_owned(),
            value: Some(Value::Expr(Expr::int(3))),
            annotation: "int".to_owned(),
            doc: None,
            origin: origin(),
        }],
        str_method: None,
        ..model(
            "Shadows",
            vec![
                char("str"),
                char("type"),
                char("list"),
                char("format"),
                field("int", FieldKind::Integer),
                Field { default: json(), ..field("dict", FieldKind::Json) },
                Field { default: json(), ..field("later", FieldKind::Json) },
            ],
        )
    };
    let bare = abstract_model("Bare", vec![field("weight", FieldKind::Float)]);
    let tag = Model {
        str_method: Some(StrMethod::Fields(vec!["weight".to_owned()])),
        ..model(
            "Tag",
            vec![field("weight", FieldKind::Float), rule(key("note", ("other", "Note"), "tags"), OnDelete::Cascade)],
        )
    };
    let status = Model {
        bases: vec![Base::Model(ModelKey::new("things", "Product"))],
        meta: Meta::default(),
        str_method: None,
        ..model(
            "Status2",
            vec![
                Field { primary_key: true, ..one(parent_link("product_ptr", ("things", "Product"))) },
                Field {
                    choices: Some(ModelKey::new("other", "Status")),
                    ..field("status", FieldKind::Char { max_length: 16 })
                },
            ],
        )
    };
    let strings = model("Strings", vec![char("str")]);
    app(
        "other",
        vec![choices("Status", false, &[("OPEN", "open", "open"), ("TOKEN", "token", "token")])],
        vec![bare, note, tag, status, shadows, strings],
    )
}

fn accounts() -> App {
    let user = Model {
        bases: vec![Base::AbstractUser],
        str_method: None,
        ..model(
            "User",
            vec![
                char("nickname"),
                Field {
                    default: Some(Box::new(Value::Expr(Expr::int(0)))),
                    editable: false,
                    ..field("visits", FieldKind::Integer)
                },
                rule(optional(key("boss", ("accounts", "User"), "staff")), OnDelete::SetNull),
            ],
        )
    };
    let profile = model(
        "Profile",
        vec![
            rule(one(key("user", ("accounts", "User"), "profile")), OnDelete::Cascade),
            field("born", FieldKind::Date { auto: Auto::No }),
        ],
    );
    app("accounts", vec![], vec![user, profile])
}

/// The project.
pub fn project() -> Project {
    let mut texts = Texts(0);
    let audited = abstract_model(
        "Audited",
        vec![
            field("created_at", FieldKind::DateTime { auto: Auto::NowAdd }),
            Field {
                editable: false,
                ..rule(
                    optional(key("created_by", ("accounts", "User"), "%(app_label)s_%(class)s_created")),
                    OnDelete::SetNull,
                )
            },
        ],
    );
    Project {
        name: "rich".to_owned(),
        title: "Rich".to_owned(),
        doc: Some(texts.next()),
        source_name: "rich.xmi".to_owned(),
        django: DjangoVersion::default(),
        databases: vec![Database::Sqlite],
        user: ModelKey::new("accounts", "User"),
        core: "shared".to_owned(),
        accounts: None,
        shared: vec![
            audited,
            Model {
                str_method: Some(StrMethod::Text("title".to_owned())),
                ..abstract_model("Titled", vec![char("title")])
            },
        ],
        apps: vec![accounts(), other(&mut texts), things(&mut texts)],
        notes: vec![],
    }
}
