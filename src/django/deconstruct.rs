//! Fields, indexes, constraints and conditions as Django takes them apart for migrations: the class and every argument that
//! is not at its default.

use super::constraint::{Constraint, ConstraintKind, Index, IndexKind, TextFunction};
use super::expr::{Condition, Formula, Operand};
use super::field::{Auto, Field, FieldKind, OnDelete, Validator, Value};
use super::project::{ModelKey, Project};
use super::state::{FieldState, Relation};
use crate::python::{Dotted, Expr, Identifier};

/// Keyword arguments in no particular order.
type Kwargs = Vec<(&'static str, Expr)>;

/// A field of a model. `promoted` makes a primary key of a parent link that does not say it itself.
pub fn field(project: &Project, field: &Field, promoted: bool) -> FieldState {
    let mut kwargs = Kwargs::new();
    let class = class(&field.kind, project, &mut kwargs);
    let primary_key = promoted || field.primary_key || field.kind == FieldKind::BigAuto;
    // Dates that set themselves are neither editable nor required; saying it again is left out.
    let automatic = match field.kind {
        FieldKind::Date { auto } | FieldKind::DateTime { auto } | FieldKind::Time { auto } => auto != Auto::No,
        _ => false,
    };
    let flags = [
        ("primary_key", true, primary_key),
        ("serialize", false, primary_key),
        ("unique", true, field.unique && !matches!(field.kind, FieldKind::OneToOne(_))),
        ("null", true, field.null),
        ("blank", true, field.blank && !automatic && field.kind != FieldKind::BigAuto),
        // Binary fields are not editable unless they say so, and ours never do.
        ("editable", false, !field.editable && !automatic && field.kind != FieldKind::Binary),
    ];
    kwargs.extend(flags.into_iter().filter(|&(_, _, given)| given).map(|(key, value, _)| (key, Expr::Bool(value))));
    // Keys and slugs are indexed unless they say otherwise, everything else if it says so.
    let is_indexed = matches!(field.kind, FieldKind::ForeignKey(_) | FieldKind::OneToOne(_) | FieldKind::Slug { .. });
    kwargs.extend(field.db_index.filter(|&asked| asked != is_indexed).map(|asked| ("db_index", Expr::Bool(asked))));
    kwargs.extend(field.related_query_name.as_ref().map(|name| ("related_query_name", Expr::str(name))));
    if field.no_constraint {
        kwargs.push(("db_constraint", Expr::Bool(false)));
    }
    if let Some(default) = field.default.as_ref().and_then(|default| value(project, default)) {
        kwargs.push(("default", default));
    }
    if let Some(default) = field.db_default.as_ref().and_then(|default| value(project, default)) {
        kwargs.push(("db_default", default));
    }
    kwargs.extend(field.db_comment.as_ref().map(|text| ("db_comment", Expr::str(text))));
    kwargs.extend(field.db_collation.as_ref().map(|name| ("db_collation", Expr::str(name))));
    kwargs.extend(field.storage.iter().map(|path| ("storage", Expr::Dotted(path.clone()))));
    let own = field.choices.as_ref().filter(|_| !field.is_relation());
    if let Some(choices) = own.and_then(|key| choices(project, key)) {
        kwargs.push(("choices", choices));
    }
    for (key, text) in
        [("verbose_name", &field.verbose_name), ("help_text", &field.help_text), ("db_column", &field.db_column)]
    {
        kwargs.extend(text.as_ref().map(|text| (key, Expr::str(text))));
    }
    if !field.validators.is_empty() {
        kwargs.push(("validators", Expr::List(field.validators.iter().map(validator).collect())));
    }
    FieldState {
        name: field.name.clone(),
        call: match class {
            Class::Django(name) => django_models(name, kwargs),
            Class::Postgres(name) => {
                Expr::Call { module: "django.contrib.postgres.fields", name, args: Vec::new(), kwargs }
            }
            Class::Custom(class, own) => construct(class, own, kwargs),
        },
        primary_key,
        relation: relation(&field.kind),
    }
}

/// `models.<name>(..)`
pub fn django_models(name: &'static str, kwargs: Kwargs) -> Expr {
    Expr::Call { module: "django.db.models", name, args: Vec::new(), kwargs }
}

/// The target of a relation as a migration names it.
pub(super) fn target(project: &Project, to: &ModelKey) -> Expr {
    if *to == project.user {
        Expr::Ref { module: "django.conf", name: "settings.AUTH_USER_MODEL" }
    } else {
        Expr::Str(to.lower())
    }
}

fn on_delete(rule: &OnDelete) -> Expr {
    match rule {
        OnDelete::Set(value) => Expr::Call {
            module: "django.db.models",
            name: "SET",
            args: vec![Expr::Dotted(value.clone())],
            kwargs: Vec::new(),
        },
        rule => deletion(rule.name()),
    }
}

/// `django.db.models.deletion.<rule>`
pub fn deletion(rule: &'static str) -> Expr {
    Expr::Ref { module: "django.db.models.deletion", name: rule }
}

/// A field's class.
enum Class<'a> {
    /// `models.<name>`
    Django(&'static str),
    /// `django.contrib.postgres.fields.<name>`
    Postgres(&'static str),
    /// One that somebody else has made, with the arguments that only it has.
    Custom(&'a Dotted, &'a [(Identifier, Expr)]),
}

/// A field of a class that we do not know: all we know is how it is constructed.
fn construct(class: &Dotted, own: &[(Identifier, Expr)], kwargs: Kwargs) -> Expr {
    let mut all = own.to_vec();
    all.extend(kwargs.into_iter().filter_map(|(name, value)| Some((Identifier::new(name)?, value))));
    Expr::Construct { class: class.clone(), kwargs: all }
}

/// The class; adds the arguments that only this class has.
fn class<'a>(kind: &'a FieldKind, project: &Project, kwargs: &mut Kwargs) -> Class<'a> {
    Class::Django(match kind {
        FieldKind::Array(base) => {
            kwargs.push(("base_field", self::field(project, base, false).call));
            return Class::Postgres("ArrayField");
        }
        FieldKind::Custom { class, kwargs } => return Class::Custom(class, kwargs),
        FieldKind::Generated { formula, output } => {
            kwargs.push(("db_persist", Expr::Bool(true)));
            kwargs.push(("expression", self::formula(formula)));
            kwargs.push(("output_field", self::field(project, output, false).call));
            "GeneratedField"
        }
        kind => plain_class(kind, project, kwargs),
    })
}

/// `CombinedExpression(F('a'), '*', F('b'))`
fn formula(formula: &Formula) -> Expr {
    let models = |name, value| Expr::Call { module: "django.db.models", name, args: vec![value], kwargs: Vec::new() };
    match formula {
        Formula::Field(name) => models("F", Expr::str(name)),
        Formula::Literal(value) => models("Value", value.clone()),
        Formula::Binary { left, operator, right } => Expr::Call {
            module: "django.db.models.expressions",
            name: "CombinedExpression",
            // The remainder is a `%` that SQL parameters would misread.
            args: vec![
                self::formula(left),
                Expr::str(if *operator == "%" { "%%" } else { operator }),
                self::formula(right),
            ],
            kwargs: Vec::new(),
        },
        Formula::Function { module, name: name @ "Round", args } => {
            let args = args.iter().map(|arg| match arg {
                Formula::Literal(places) => places.clone(),
                arg => self::formula(arg),
            });
            Expr::Call { module, name, args: args.collect(), kwargs: Vec::new() }
        }
        Formula::Words { fields, config } => Expr::Call {
            module: "django.contrib.postgres.search",
            name: "SearchVector",
            args: fields.iter().map(Expr::str).collect(),
            kwargs: vec![("config", Expr::str(config))],
        },
        Formula::Function { module, name, args } => {
            Expr::Call { module, name, args: args.iter().map(self::formula).collect(), kwargs: Vec::new() }
        }
    }
}

/// The name of one of Django's own classes.
fn plain_class(kind: &FieldKind, project: &Project, kwargs: &mut Kwargs) -> &'static str {
    let mut auto_flags = |auto: Auto| match auto {
        Auto::No => {}
        Auto::Now => kwargs.push(("auto_now", Expr::Bool(true))),
        Auto::NowAdd => kwargs.push(("auto_now_add", Expr::Bool(true))),
    };
    match kind {
        FieldKind::Boolean => "BooleanField",
        FieldKind::SmallInteger => "SmallIntegerField",
        FieldKind::Integer => "IntegerField",
        FieldKind::BigInteger => "BigIntegerField",
        FieldKind::PositiveSmallInteger => "PositiveSmallIntegerField",
        FieldKind::PositiveInteger => "PositiveIntegerField",
        FieldKind::PositiveBigInteger => "PositiveBigIntegerField",
        FieldKind::Float => "FloatField",
        FieldKind::Decimal { max_digits, decimal_places } => {
            kwargs.push(("max_digits", Expr::int(*max_digits)));
            kwargs.push(("decimal_places", Expr::int(*decimal_places)));
            "DecimalField"
        }
        FieldKind::Char { max_length } => {
            kwargs.push(("max_length", Expr::int(*max_length)));
            "CharField"
        }
        FieldKind::Text => "TextField",
        FieldKind::Email { max_length } => {
            kwargs.push(("max_length", Expr::int(*max_length)));
            "EmailField"
        }
        FieldKind::Url { max_length } => {
            if *max_length != 200 {
                kwargs.push(("max_length", Expr::int(*max_length)));
            }
            "URLField"
        }
        FieldKind::Slug { max_length } => {
            if *max_length != 50 {
                kwargs.push(("max_length", Expr::int(*max_length)));
            }
            "SlugField"
        }
        FieldKind::Date { auto } => {
            auto_flags(*auto);
            "DateField"
        }
        FieldKind::DateTime { auto } => {
            auto_flags(*auto);
            "DateTimeField"
        }
        FieldKind::Time { auto } => {
            auto_flags(*auto);
            "TimeField"
        }
        FieldKind::Duration => "DurationField",
        FieldKind::Uuid => "UUIDField",
        FieldKind::GenericIpAddress => "GenericIPAddressField",
        FieldKind::Json => "JSONField",
        FieldKind::Binary => "BinaryField",
        FieldKind::File { upload_to } => {
            kwargs.push(("upload_to", Expr::str(upload_to)));
            "FileField"
        }
        FieldKind::BigAuto => "BigAutoField",
        FieldKind::Generated { .. } => "GeneratedField",
        // They are no classes of `django.db.models`.
        FieldKind::Array(_) | FieldKind::Custom { .. } => "Field",
        FieldKind::ForeignKey(key) | FieldKind::OneToOne(key) => {
            kwargs.push(("to", target(project, &key.to)));
            kwargs.push(("on_delete", on_delete(&key.on_delete)));
            kwargs.extend(key.related_name.as_ref().map(|name| ("related_name", Expr::str(name))));
            if key.parent_link {
                kwargs.push(("parent_link", Expr::Bool(true)));
            }
            kwargs.extend(key.to_field.as_ref().map(|name| ("to_field", Expr::str(name))));
            kwargs.extend(key.limit.as_ref().map(|limit| ("limit_choices_to", condition(limit))));
            if matches!(kind, FieldKind::ForeignKey(_)) { "ForeignKey" } else { "OneToOneField" }
        }
        FieldKind::ManyToMany(relation) => {
            kwargs.push(("to", target(project, &relation.to)));
            kwargs.extend(relation.through.as_ref().map(|key| ("through", Expr::Str(key.dotted()))));
            kwargs.extend(
                relation.through_fields.as_ref().map(|(source, target)| {
                    ("through_fields", Expr::Tuple(vec![Expr::str(source), Expr::str(target)]))
                }),
            );
            kwargs.extend(relation.related_name.as_ref().map(|name| ("related_name", Expr::str(name))));
            kwargs.extend(relation.db_table.as_ref().map(|table| ("db_table", Expr::str(table))));
            "ManyToManyField"
        }
    }
}

fn relation(kind: &FieldKind) -> Option<Relation> {
    match kind {
        FieldKind::ForeignKey(key) | FieldKind::OneToOne(key) => Some(Relation {
            to: key.to.lowered(),
            through: None,
            through_fields: None,
            many_to_many: false,
            parent_link: key.parent_link,
        }),
        FieldKind::ManyToMany(relation) => Some(Relation {
            to: relation.to.lowered(),
            through: relation.through.as_ref().map(ModelKey::lowered),
            through_fields: relation.through_fields.clone(),
            many_to_many: true,
            parent_link: false,
        }),
        _ => None,
    }
}

/// A default: members of enumerations become what they are stored as.
pub fn value(project: &Project, value: &Value) -> Option<Expr> {
    match value {
        Value::Expr(expr) => Some(expr.clone()),
        Value::Member { choices, member } => {
            let choices = project.choices(choices)?;
            let member = choices.members.iter().find(|candidate| candidate.name == *member)?;
            Some(stored(&member.value, choices.is_integer))
        }
    }
}

fn stored(value: &str, is_integer: bool) -> Expr {
    if is_integer { Expr::Int(value.to_owned()) } else { Expr::str(value) }
}

/// `[('draft', 'Draft'), ..]`
fn choices(project: &Project, key: &ModelKey) -> Option<Expr> {
    let choices = project.choices(key)?;
    let pairs = choices
        .members
        .iter()
        .map(|member| Expr::Tuple(vec![stored(&member.value, choices.is_integer), Expr::str(&member.label)]));
    Some(Expr::List(pairs.collect()))
}

fn validator(validator: &Validator) -> Expr {
    let array = |name, limit: u32| Expr::Call {
        module: "django.contrib.postgres.validators",
        name,
        args: vec![Expr::int(limit)],
        kwargs: Vec::new(),
    };
    let (name, args) = match validator {
        Validator::MinCount(limit) => return array("ArrayMinLengthValidator", *limit),
        Validator::MaxCount(limit) => return array("ArrayMaxLengthValidator", *limit),
        Validator::Custom(name) => return Expr::Dotted(name.clone()),
        Validator::MaxLength(limit) => ("MaxLengthValidator", vec![Expr::int(*limit)]),
        Validator::MinValue(limit) => ("MinValueValidator", vec![limit.clone()]),
        Validator::MaxValue(limit) => ("MaxValueValidator", vec![limit.clone()]),
        Validator::MinLength(limit) => ("MinLengthValidator", vec![Expr::int(*limit)]),
        Validator::Regex { pattern, message } => ("RegexValidator", vec![Expr::str(pattern), Expr::str(message)]),
    };
    Expr::Call { module: "django.core.validators", name, args, kwargs: Vec::new() }
}

/// An index; `core` is the label of our own app.
pub fn index(index: &Index, core: &str) -> Expr {
    let mut kwargs = vec![("name", Expr::str(&index.name))];
    kwargs.extend(index.condition.as_ref().map(|given| ("condition", condition(given))));
    if !index.include.is_empty() {
        kwargs.push(("include", Expr::Tuple(index.include.iter().map(Expr::str).collect())));
    }
    let mut args = Vec::new();
    if index.kind == IndexKind::Trigram {
        args.extend(index.fields.iter().map(|name| {
            let upper = text_function(TextFunction::Upper, name);
            Expr::Call {
                module: "django.contrib.postgres.indexes",
                name: "OpClass",
                args: vec![upper],
                kwargs: vec![("name", Expr::str("gin_trgm_ops"))],
            }
        }));
    } else if index.functions.is_empty() {
        kwargs.push(("fields", Expr::List(index.fields.iter().map(Expr::str).collect())));
    } else {
        args.extend(expressions(&index.fields, &index.functions));
    }
    let (module, name) = match index.kind {
        IndexKind::Plain => ("django.db.models", "Index"),
        IndexKind::Brin => ("django.contrib.postgres.indexes", "BrinIndex"),
        IndexKind::Document => {
            kwargs.push(("opclasses", Expr::List(vec![Expr::str("jsonb_path_ops")])));
            ("django.contrib.postgres.indexes", "GinIndex")
        }
        IndexKind::Trigram | IndexKind::Words => ("django.contrib.postgres.indexes", "GinIndex"),
        IndexKind::PortableTrigram if core == "core" => ("core.indexes", "TrigramIndex"),
        // The other name that our app may have.
        IndexKind::PortableTrigram => ("project_core.indexes", "TrigramIndex"),
    };
    Expr::Call { module, name, args, kwargs }
}

/// `django.db.models.functions.text.Upper('name')`
fn text_function(function: TextFunction, field: &str) -> Expr {
    Expr::Call {
        module: "django.db.models.functions.text",
        name: function.name(),
        args: vec![Expr::str(field)],
        kwargs: Vec::new(),
    }
}

/// Columns as expressions: what `Index` and `UniqueConstraint` make of their positional arguments.
fn expressions(fields: &[String], functions: &[(String, TextFunction)]) -> Vec<Expr> {
    let each = fields.iter().map(|field| {
        let name = field.trim_start_matches('-');
        let function = functions.iter().find(|(known, _)| known == name);
        let value = match function {
            Some((_, function)) => text_function(*function, name),
            None => django_call("F", vec![Expr::str(name)]),
        };
        if name.len() == field.len() {
            value
        } else {
            let kwargs = vec![("descending", Expr::Bool(true))];
            Expr::Call { module: "django.db.models", name: "OrderBy", args: vec![value], kwargs }
        }
    });
    each.collect()
}

/// `models.<name>(..)` with positional arguments.
fn django_call(name: &'static str, args: Vec<Expr>) -> Expr {
    Expr::Call { module: "django.db.models", name, args, kwargs: Vec::new() }
}

/// `models.UniqueConstraint(..)` or another constraint.
pub fn constraint(constraint: &Constraint) -> Expr {
    let mut kwargs = vec![("name", Expr::str(&constraint.name))];
    kwargs.extend(constraint.code.as_ref().map(|code| ("violation_error_code", Expr::str(code))));
    kwargs.extend(constraint.message.as_ref().map(|text| ("violation_error_message", Expr::str(text))));
    match &constraint.kind {
        ConstraintKind::Unique { fields, functions, condition: given } => {
            kwargs.extend(given.as_ref().map(|given| ("condition", condition(given))));
            if functions.is_empty() {
                kwargs.push(("fields", Expr::Tuple(fields.iter().map(Expr::str).collect())));
                return django_models("UniqueConstraint", kwargs);
            }
            let args = expressions(fields, functions);
            Expr::Call { module: "django.db.models", name: "UniqueConstraint", args, kwargs }
        }
        ConstraintKind::Check(given) => {
            kwargs.push(("condition", condition(given)));
            django_models("CheckConstraint", kwargs)
        }
        ConstraintKind::NoOverlap { start, end, by, range } => {
            let field = Expr::Call {
                module: "django.contrib.postgres.fields.ranges",
                name: range.field(),
                args: vec![],
                kwargs: vec![],
            };
            let range = Expr::Call {
                module: "django.db.models",
                name: "Func",
                args: vec![Expr::str(start), Expr::str(end)],
                kwargs: vec![("function", Expr::str(range.function())), ("output_field", field)],
            };
            let pair = |value: Expr, operator: &str| Expr::Tuple(vec![value, Expr::str(operator)]);
            let same = by.iter().map(|name| pair(Expr::str(name), "="));
            let expressions = std::iter::once(pair(range, "&&")).chain(same).collect();
            kwargs.push(("expressions", Expr::List(expressions)));
            Expr::Call {
                module: "django.contrib.postgres.constraints",
                name: "ExclusionConstraint",
                args: Vec::new(),
                kwargs,
            }
        }
    }
}

/// `models.Q(..)`, with the children that Django's `Q` has once the operators of `models.py` have been applied.
pub fn condition(condition: &Condition) -> Expr {
    q(condition).expr()
}

/// A `django.db.models.Q`.
struct Q {
    connector: &'static str,
    negated: bool,
    children: Vec<Expr>,
}

impl Q {
    fn expr(self) -> Expr {
        let mut kwargs = Kwargs::new();
        if self.connector != "AND" {
            kwargs.push(("_connector", Expr::str(self.connector)));
        }
        if self.negated {
            kwargs.push(("_negated", Expr::Bool(true)));
        }
        Expr::Call { module: "django.db.models", name: "Q", args: self.children, kwargs }
    }

    /// `self & other`, `self | other`, `self ^ other`: sides that say the same thing are spliced in.
    fn combine(sides: impl Iterator<Item = Q>, connector: &'static str) -> Self {
        let mut all = Self { connector, negated: false, children: Vec::new() };
        for side in sides {
            if !side.negated && (side.connector == connector || side.children.len() == 1) {
                all.children.extend(side.children);
            } else {
                all.children.push(side.expr());
            }
        }
        all
    }
}

fn q(condition: &Condition) -> Q {
    match condition {
        Condition::Lookup { field, lookup, value } => {
            let key = if lookup.is_empty() { field.clone() } else { format!("{field}__{lookup}") };
            let value = match value {
                Operand::Literal(expr) => expr.clone(),
                Operand::Field(name) => {
                    Expr::Call { module: "django.db.models", name: "F", args: vec![Expr::str(name)], kwargs: vec![] }
                }
            };
            Q { connector: "AND", negated: false, children: vec![Expr::Tuple(vec![Expr::Str(key), value])] }
        }
        Condition::Compare { left, lookup, right } => {
            let args = vec![formula(left), formula(right)];
            let child = Expr::Call { module: "django.db.models.lookups", name: lookup, args, kwargs: Vec::new() };
            Q { connector: "AND", negated: false, children: vec![child] }
        }
        Condition::And(sides) => Q::combine(sides.iter().map(q), "AND"),
        Condition::Or(sides) => Q::combine(sides.iter().map(q), "OR"),
        Condition::Xor(sides) => Q::combine(sides.iter().map(q), "XOR"),
        Condition::Not(inner) => {
            let inner = q(inner);
            Q { negated: !inner.negated, ..inner }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::repr::{Imports, repr};

    fn is(field: &str, value: i32) -> Condition {
        Condition::Lookup { field: field.to_owned(), lookup: "", value: Operand::Literal(Expr::int(value)) }
    }

    fn not(inner: Condition) -> Condition {
        Condition::Not(Box::new(inner))
    }

    #[test]
    fn conditions_have_the_shape_that_the_operators_of_q_give_them() {
        use Condition::{And, Or, Xor};
        let (a, b, c, d) = (|| is("a", 1), || is("b", 2), || is("c", 3), || is("d", 4));
        for (given, printed) in [
            (And(vec![a(), b()]), "models.Q(('a', 1), ('b', 2))"),
            (Or(vec![a(), b(), c()]), "models.Q(('a', 1), ('b', 2), ('c', 3), _connector='OR')"),
            (Or(vec![And(vec![a(), b()]), c()]), "models.Q(models.Q(('a', 1), ('b', 2)), ('c', 3), _connector='OR')"),
            (And(vec![a(), not(b())]), "models.Q(('a', 1), models.Q(('b', 2), _negated=True))"),
            (not(Or(vec![a(), b()])), "models.Q(('a', 1), ('b', 2), _connector='OR', _negated=True)"),
            (And(vec![not(not(a())), b()]), "models.Q(('a', 1), ('b', 2))"),
            (Or(vec![not(not(Or(vec![a(), b()]))), c()]), "models.Q(('a', 1), ('b', 2), ('c', 3), _connector='OR')"),
            (Xor(vec![Xor(vec![a(), b()]), c()]), "models.Q(('a', 1), ('b', 2), ('c', 3), _connector='XOR')"),
            (
                And(vec![Or(vec![a(), b()]), Or(vec![c(), d()])]),
                "models.Q(models.Q(('a', 1), ('b', 2), _connector='OR'), models.Q(('c', 3), ('d', 4), _connector='OR'))",
            ),
            (
                Or(vec![not(And(vec![a(), b()])), c()]),
                "models.Q(models.Q(('a', 1), ('b', 2), _negated=True), ('c', 3), _connector='OR')",
            ),
        ] {
            assert_eq!(repr(&condition(&given), &mut Imports::default()), printed);
        }
    }

    #[test]
    fn lookups_name_other_columns_by_f() {
        let given =
            Condition::Lookup { field: "start".to_owned(), lookup: "lte", value: Operand::Field("end".to_owned()) };
        assert_eq!(repr(&condition(&given), &mut Imports::default()), "models.Q(('start__lte', models.F('end')))");
    }
}
