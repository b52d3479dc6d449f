//! What `django.contrib.auth.models.AbstractUser` brings along, in Django 5.2 to 6.1.

use super::{FieldState, Relation};
use crate::django::deconstruct::django_models;
use crate::django::project::ModelKey;
use crate::python::Expr;

/// `objects`
pub(super) fn managers() -> Vec<(&'static str, Expr)> {
    vec![("objects", call("django.contrib.auth.models", "UserManager"))]
}

/// The options of its `Meta`.
pub(super) fn options() -> Vec<(&'static str, Expr)> {
    vec![("verbose_name", Expr::str("user")), ("verbose_name_plural", Expr::str("users"))]
}

/// Its fields, in the order in which Django's modules create them.
pub(super) fn fields() -> Vec<FieldState> {
    vec![
        column("password", "CharField", vec![("max_length", Expr::int(128)), verbose("password")]),
        column(
            "last_login",
            "DateTimeField",
            vec![("blank", Expr::Bool(true)), ("null", Expr::Bool(true)), verbose("last login")],
        ),
        column(
            "is_superuser",
            "BooleanField",
            vec![
                ("default", Expr::Bool(false)),
                help("Designates that this user has all permissions without explicitly assigning them."),
                verbose("superuser status"),
            ],
        ),
        many(
            "groups",
            "group",
            "The groups this user belongs to. A user will get all permissions granted to each of their groups.",
            "groups",
        ),
        many("user_permissions", "permission", "Specific permissions for this user.", "user permissions"),
        column(
            "username",
            "CharField",
            vec![
                (
                    "error_messages",
                    Expr::Dict(vec![(Expr::str("unique"), Expr::str("A user with that username already exists."))]),
                ),
                help("Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only."),
                ("max_length", Expr::int(150)),
                ("unique", Expr::Bool(true)),
                ("validators", Expr::List(vec![call("django.contrib.auth.validators", "UnicodeUsernameValidator")])),
                verbose("username"),
            ],
        ),
        column("first_name", "CharField", name("first name")),
        column("last_name", "CharField", name("last name")),
        column(
            "email",
            "EmailField",
            vec![("blank", Expr::Bool(true)), ("max_length", Expr::int(254)), verbose("email address")],
        ),
        column(
            "is_staff",
            "BooleanField",
            vec![
                ("default", Expr::Bool(false)),
                help("Designates whether the user can log into this admin site."),
                verbose("staff status"),
            ],
        ),
        column(
            "is_active",
            "BooleanField",
            vec![
                ("default", Expr::Bool(true)),
                help(
                    "Designates whether this user should be treated as active. Unselect this instead of deleting \
                     accounts.",
                ),
                verbose("active"),
            ],
        ),
        column(
            "date_joined",
            "DateTimeField",
            vec![("default", Expr::Ref { module: "django.utils.timezone", name: "now" }), verbose("date joined")],
        ),
    ]
}

fn call(module: &'static str, name: &'static str) -> Expr {
    Expr::Call { module, name, args: Vec::new(), kwargs: Vec::new() }
}

fn verbose(text: &str) -> (&'static str, Expr) {
    ("verbose_name", Expr::str(text))
}

fn help(text: &str) -> (&'static str, Expr) {
    ("help_text", Expr::str(text))
}

fn name(label: &str) -> Vec<(&'static str, Expr)> {
    vec![("blank", Expr::Bool(true)), ("max_length", Expr::int(150)), verbose(label)]
}

fn column(name: &str, class: &'static str, kwargs: Vec<(&'static str, Expr)>) -> FieldState {
    FieldState { name: name.to_owned(), call: django_models(class, kwargs), primary_key: false, relation: None }
}

fn many(name: &str, to: &str, help_text: &str, label: &str) -> FieldState {
    let to = ModelKey::new("auth", to);
    let kwargs = vec![
        ("blank", Expr::Bool(true)),
        help(help_text),
        ("related_name", Expr::str("user_set")),
        ("related_query_name", Expr::str("user")),
        ("to", Expr::Str(to.lower())),
        verbose(label),
    ];
    FieldState {
        relation: Some(Relation { to, through: None, through_fields: None, many_to_many: true, parent_link: false }),
        ..column(name, "ManyToManyField", kwargs)
    }
}
