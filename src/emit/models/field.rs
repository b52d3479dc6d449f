//! Fields as they are constructed in `models.py`. What is written here must give the state that `django::deconstruct` says.

use super::condition::{condition, models};
use super::module::Scope;
use crate::django::field::{Auto, Validator, Value};
use crate::django::{Field, FieldKind, ForeignKey, ManyToMany, ModelKey, OnDelete};
use crate::python::{Assign, Code, Expr, translated};

/// `name = models.CharField(..)`
pub(super) fn assignment(field: &Field, scope: &mut Scope<'_>) -> Assign {
    let mut call = constructor(&field.kind, scope).call();
    let relation = matches!(field.kind, FieldKind::ForeignKey(_) | FieldKind::OneToOne(_) | FieldKind::ManyToMany(_));
    let verbose_name = field.verbose_name.as_ref().map(|text| translated(text, &mut scope.imports));
    let by_keyword =
        relation || matches!(field.kind, FieldKind::Array(_) | FieldKind::Generated { .. } | FieldKind::Custom { .. });
    if relation {
        call = target(call, &field.kind, scope);
    } else if let Some(name) = verbose_name.clone().filter(|_| !by_keyword) {
        call = call.arg(name);
    }
    call = arguments(call, field, scope);
    let automatic = match field.kind {
        FieldKind::Date { auto } | FieldKind::DateTime { auto } | FieldKind::Time { auto } => auto != Auto::No,
        _ => false,
    };
    let mut flag = |name: &str, value: bool, given: bool| {
        if given {
            call = call.clone().kwarg(name, Code::bool(value));
        }
    };
    flag("primary_key", true, field.primary_key || field.kind == FieldKind::BigAuto);
    flag("unique", true, field.unique && !matches!(field.kind, FieldKind::OneToOne(_)));
    flag("null", true, field.null);
    let generated = matches!(field.kind, FieldKind::Generated { .. });
    flag("blank", true, field.blank && !automatic && !generated && field.kind != FieldKind::BigAuto);
    let indexed = matches!(field.kind, FieldKind::ForeignKey(_) | FieldKind::OneToOne(_) | FieldKind::Slug { .. });
    flag("db_index", field.db_index == Some(true), field.db_index.is_some_and(|wanted| wanted != indexed));
    // Of a key, they are the codes of the rows that it may lead to.
    if let Some(key) = field.choices.as_ref().filter(|_| !relation) {
        call = call.kwarg("choices", scope.choices(key));
    }
    if let Some(default) = &field.default {
        call = call.kwarg("default", value(default, scope));
    }
    if let Some(default) = &field.db_default {
        call = call.kwarg("db_default", value(default, scope));
    }
    if !field.editable && !automatic && !generated && field.kind != FieldKind::Binary {
        call = call.kwarg("editable", Code::bool(false));
    }
    if let Some(column) = &field.db_column {
        call = call.kwarg("db_column", Code::str(column));
    }
    if let Some(text) = &field.db_comment {
        call = call.kwarg("db_comment", Code::str(text));
    }
    if let Some(name) = &field.db_collation {
        call = call.kwarg("db_collation", Code::str(name));
    }
    if let Some(name) = &field.related_query_name {
        call = call.kwarg("related_query_name", Code::str(name));
    }
    if field.no_constraint {
        call = call.kwarg("db_constraint", Code::bool(false));
    }
    if let Some(name) = verbose_name.filter(|_| by_keyword) {
        call = call.kwarg("verbose_name", name);
    }
    if let Some(text) = &field.help_text {
        call = call.kwarg("help_text", translated(text, &mut scope.imports));
    }
    if !field.validators.is_empty() {
        call = call.kwarg("validators", Code::list(field.validators.iter().map(|given| validator(given, scope))));
    }
    let nullable_text = field.null && !(field.blank && field.unique) && is_text_class(&field.kind);
    let allow = if nullable_text { vec!["DJ001"] } else { vec![] };
    Assign { target: field.name.clone(), annotation: None, value: Some(call), allow }
}

/// The class.
fn constructor(kind: &FieldKind, scope: &mut Scope<'_>) -> Code {
    match kind {
        FieldKind::Array(_) => Code::name(&scope.imports.from("django.contrib.postgres.fields", "ArrayField")),
        FieldKind::Custom { class, .. } => scope.imports.reference(class.module(), class.name()),
        kind => models(&mut scope.imports, class(kind)),
    }
}

/// A field within a field: `models.CharField(max_length=80)`.
fn inner(field: &Field, scope: &mut Scope<'_>) -> Code {
    let call = constructor(&field.kind, scope).call();
    let mut call = arguments(call, field, scope);
    if let Some(key) = &field.choices {
        call = call.kwarg("choices", scope.choices(key));
    }
    if !field.validators.is_empty() {
        call = call.kwarg("validators", Code::list(field.validators.iter().map(|given| validator(given, scope))));
    }
    call
}

/// The classes that ruff's DJ001 knows.
fn is_text_class(kind: &FieldKind) -> bool {
    let name = match kind {
        FieldKind::Custom { class, .. } => class.name(),
        kind => class(kind),
    };
    matches!(name, "CharField" | "TextField" | "SlugField" | "EmailField" | "URLField" | "FilePathField")
}

fn class(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Boolean => "BooleanField",
        FieldKind::SmallInteger => "SmallIntegerField",
        FieldKind::Integer => "IntegerField",
        FieldKind::BigInteger => "BigIntegerField",
        FieldKind::PositiveSmallInteger => "PositiveSmallIntegerField",
        FieldKind::PositiveInteger => "PositiveIntegerField",
        FieldKind::PositiveBigInteger => "PositiveBigIntegerField",
        FieldKind::Float => "FloatField",
        FieldKind::Decimal { .. } => "DecimalField",
        FieldKind::Char { .. } => "CharField",
        FieldKind::Text => "TextField",
        FieldKind::Email { .. } => "EmailField",
        FieldKind::Url { .. } => "URLField",
        FieldKind::Slug { .. } => "SlugField",
        FieldKind::Date { .. } => "DateField",
        FieldKind::DateTime { .. } => "DateTimeField",
        FieldKind::Time { .. } => "TimeField",
        FieldKind::Duration => "DurationField",
        FieldKind::Uuid => "UUIDField",
        FieldKind::GenericIpAddress => "GenericIPAddressField",
        FieldKind::Json => "JSONField",
        FieldKind::Binary => "BinaryField",
        FieldKind::File { .. } => "FileField",
        FieldKind::BigAuto => "BigAutoField",
        FieldKind::Array(_) => "ArrayField",
        FieldKind::Generated { .. } => "GeneratedField",
        FieldKind::Custom { .. } => "Field",
        FieldKind::ForeignKey(_) => "ForeignKey",
        FieldKind::OneToOne(_) => "OneToOneField",
        FieldKind::ManyToMany(_) => "ManyToManyField",
    }
}

/// The arguments that only this class has.
fn arguments(call: Code, field: &Field, scope: &mut Scope<'_>) -> Code {
    match &field.kind {
        FieldKind::Decimal { max_digits, decimal_places } => {
            call.kwarg("max_digits", Code::int(*max_digits)).kwarg("decimal_places", Code::int(*decimal_places))
        }
        FieldKind::Char { max_length }
        | FieldKind::Email { max_length }
        | FieldKind::Url { max_length }
        | FieldKind::Slug { max_length } => call.kwarg("max_length", Code::int(*max_length)),
        FieldKind::Date { auto } | FieldKind::DateTime { auto } | FieldKind::Time { auto } => match auto {
            Auto::No => call,
            Auto::Now => call.kwarg("auto_now", Code::bool(true)),
            Auto::NowAdd => call.kwarg("auto_now_add", Code::bool(true)),
        },
        FieldKind::Array(base) => {
            let base = inner(base, scope);
            call.arg(base)
        }
        FieldKind::Generated { formula, output } => {
            let call = call.kwarg("expression", super::condition::formula(formula, &mut scope.imports));
            call.kwarg("output_field", inner(output, scope)).kwarg("db_persist", Code::bool(true))
        }
        FieldKind::Custom { kwargs, .. } => kwargs
            .iter()
            .fold(call, |call, (name, value)| call.kwarg(name.as_str(), Code::of(value, &mut scope.imports))),
        FieldKind::File { upload_to } => {
            let call = call.kwarg("upload_to", Code::str(upload_to));
            match &field.storage {
                Some(path) => {
                    let reference = scope.imports.reference(path.module(), path.name());
                    call.kwarg("storage", reference)
                }
                None => call,
            }
        }
        FieldKind::ForeignKey(key) | FieldKind::OneToOne(key) => key_arguments(call, key, scope),
        FieldKind::ManyToMany(relation) => many_to_many_arguments(call, relation, scope),
        _ => call,
    }
}

fn target(call: Code, kind: &FieldKind, scope: &mut Scope<'_>) -> Code {
    match kind {
        FieldKind::ForeignKey(key) | FieldKind::OneToOne(key) => call.arg(scope.target(&key.to)),
        FieldKind::ManyToMany(relation) => call.arg(scope.target(&relation.to)),
        _ => call,
    }
}

fn key_arguments(call: Code, key: &ForeignKey, scope: &mut Scope<'_>) -> Code {
    let mut rule = models(&mut scope.imports, key.on_delete.name());
    if let OnDelete::Set(value) = &key.on_delete {
        rule = rule.call().arg(Code::of(&Expr::Dotted(value.clone()), &mut scope.imports));
    }
    let mut call = call.kwarg("on_delete", rule);
    if let Some(name) = &key.related_name {
        call = call.kwarg("related_name", Code::str(name));
    }
    if let Some(name) = &key.to_field {
        call = call.kwarg("to_field", Code::str(name));
    }
    if let Some(limit) = &key.limit {
        call = call.kwarg("limit_choices_to", condition(limit, &mut scope.imports));
    }
    if key.parent_link {
        call = call.kwarg("parent_link", Code::bool(true));
    }
    call
}

fn many_to_many_arguments(mut call: Code, relation: &ManyToMany, scope: &mut Scope<'_>) -> Code {
    if let Some(through) = &relation.through {
        call = call.kwarg("through", scope.model(through));
    }
    if let Some((source, target)) = &relation.through_fields {
        call = call.kwarg("through_fields", Code::strings([source, target]));
    }
    if let Some(name) = &relation.related_name {
        call = call.kwarg("related_name", Code::str(name));
    }
    if let Some(symmetrical) = relation.symmetrical {
        call = call.kwarg("symmetrical", Code::bool(symmetrical));
    }
    if let Some(table) = &relation.db_table {
        call = call.kwarg("db_table", Code::str(table));
    }
    call
}

/// A default, or the value of a constant.
pub(super) fn value(value: &Value, scope: &mut Scope<'_>) -> Code {
    match value {
        Value::Expr(expr) => Code::of(expr, &mut scope.imports),
        Value::Member { choices, member } => member_of(choices, member, scope),
    }
}

fn member_of(choices: &ModelKey, member: &str, scope: &mut Scope<'_>) -> Code {
    scope.choices(choices).attr(member)
}

pub(super) fn validator(validator: &Validator, scope: &mut Scope<'_>) -> Code {
    let mut import = |name: &str| Code::name(&scope.imports.from("django.core.validators", name)).call();
    match validator {
        Validator::MinValue(limit) => import("MinValueValidator").arg(Code::of(limit, &mut scope.imports)),
        Validator::MaxValue(limit) => import("MaxValueValidator").arg(Code::of(limit, &mut scope.imports)),
        Validator::MaxLength(limit) => import("MaxLengthValidator").arg(Code::int(*limit)),
        Validator::MinCount(limit) => of_lists("ArrayMinLengthValidator", *limit, scope),
        Validator::MaxCount(limit) => of_lists("ArrayMaxLengthValidator", *limit, scope),
        Validator::Custom(name) => scope.imports.reference(name.module(), name.name()),
        Validator::MinLength(limit) => import("MinLengthValidator").arg(Code::int(*limit)),
        Validator::Regex { pattern, message } => {
            let message = translated(message, &mut scope.imports);
            let call = Code::name(&scope.imports.from("django.core.validators", "RegexValidator")).call();
            call.arg(Code::pattern(pattern)).arg(message)
        }
    }
}

/// Validators of lists stand beside the arrays of PostgreSQL, but serve all lists.
fn of_lists(name: &str, limit: u32, scope: &mut Scope<'_>) -> Code {
    Code::name(&scope.imports.from("django.contrib.postgres.validators", name)).call().arg(Code::int(limit))
}
