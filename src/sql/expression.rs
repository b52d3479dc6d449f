//! Conditions and formulas in SQL (`django.db.models.sql.where`, `Query.build_filter`, `django.db.models.expressions`).

use super::Untold;
use super::column::{Call, Computed};
use super::literal;
use super::name::quoted;
use crate::django::state::{FieldState, ModelState};
use crate::python::Expr;
use crate::python::repr::{Imports, repr};

/// The fields that names in an expression mean.
pub(super) struct Fields<'a> {
    pub(super) model: &'a ModelState,
}

/// A `%` that Django halves where a statement has values, and leaves as two where it has none.
pub(super) const REMAINDER: &str = "\u{1}";

fn unknown(expr: &Expr) -> Untold {
    Untold(format!("the expression `{}`", repr(expr, &mut Imports::default())))
}

impl<'a> Fields<'a> {
    fn get(&self, name: &str) -> Result<&'a FieldState, Untold> {
        let is_key = |field: &&FieldState| field.relation.is_some() && name.strip_suffix("_id") == Some(&field.name);
        let found = self.model.field(name).or_else(|| self.model.fields.iter().find(is_key));
        found.ok_or_else(|| Untold(format!("the field `{}.{name}`", self.model.name)))
    }

    /// The column of a field, in quotes.
    pub(super) fn column(&self, name: &str) -> Result<String, Untold> {
        Ok(quoted(&column_name(self.get(name)?)))
    }
}

/// The name of a field's column, whatever its type is.
pub(super) fn column_name(field: &FieldState) -> String {
    field.column()
}

/// What values of a field are prepared as: keys as numbers.
fn internal(field: &FieldState) -> &'static str {
    let Some(call) = Call::of(&field.call) else { return "" };
    match call.name.as_str() {
        "CharField" | "EmailField" | "URLField" => "CharField",
        "TextField" => "TextField",
        "SlugField" => "SlugField",
        "BooleanField" => "BooleanField",
        "DecimalField" => "DecimalField",
        "FloatField" => "FloatField",
        "DateField" => "DateField",
        "DateTimeField" => "DateTimeField",
        "TimeField" => "TimeField",
        "DurationField" => "DurationField",
        "UUIDField" => "UUIDField",
        "GenericIPAddressField" => "GenericIPAddressField",
        "FileField" | "ImageField" => "FileField",
        "FilePathField" => "FilePathField",
        name if name.ends_with("IntegerField") || name.ends_with("AutoField") || field.relation.is_some() => {
            "IntegerField"
        }
        _ => "",
    }
}

/// A condition as a tree, as Django builds it before it prints it.
enum Where {
    Test(String),
    Node { connector: String, negated: bool, children: Vec<Where> },
}

/// The condition that `Q` objects say.
pub(super) fn condition(fields: &Fields<'_>, q: &Expr) -> Result<String, Untold> {
    print(&build(fields, q, false)?)
}

fn build(fields: &Fields<'_>, q: &Expr, is_negated: bool) -> Result<Where, Untold> {
    let Expr::Call { name: "Q", args, .. } = q else { return Err(unknown(q)) };
    let call = Call::of(q).ok_or_else(|| unknown(q))?;
    let connector = match call.get("_connector") {
        Some(Expr::Str(connector)) => connector.clone(),
        _ => "AND".to_owned(),
    };
    let negated = call.get("_negated") == Some(&Expr::Bool(true));
    let mut all = Vec::new();
    for child in args {
        let child = match child {
            Expr::Tuple(pair) => match pair.as_slice() {
                [Expr::Str(key), value] => test(fields, key, value, is_negated != negated)?,
                _ => return Err(unknown(q)),
            },
            Expr::Call { module: "django.db.models.lookups", name, args, .. } => {
                Where::Test(compared(fields, name, args)?)
            }
            nested => build(fields, nested, is_negated != negated)?,
        };
        match child {
            Where::Node { connector: inner, negated: false, children } if inner == connector || children.len() == 1 => {
                all.extend(children);
            }
            child => all.push(child),
        }
    }
    Ok(Where::Node { connector, negated, children: all })
}

/// `LessThanOrEqual(F("a") + F("b"), Value(100))`
fn compared(fields: &Fields<'_>, lookup: &str, args: &[Expr]) -> Result<String, Untold> {
    let operator = match lookup {
        "Exact" => "=",
        "LessThan" => "<",
        "LessThanOrEqual" => "<=",
        "GreaterThan" => ">",
        "GreaterThanOrEqual" => ">=",
        _ => return Err(Untold(format!("the lookup `{lookup}`"))),
    };
    match args {
        [left, right] => {
            let mut bound = generated(fields, right)?.sql;
            // Django puts what it computes on the right in parentheses, if it does not have its own.
            if !matches!(right, Expr::Call { name: "Value", .. }) && !bound.starts_with('(') {
                bound = format!("({bound})");
            }
            Ok(format!("{} {operator} {bound}", generated(fields, left)?.sql))
        }
        _ => Err(Untold(format!("the lookup `{lookup}`"))),
    }
}

fn is_nullable(field: &FieldState) -> bool {
    Call::of(&field.call).is_some_and(|call| call.get("null") == Some(&Expr::Bool(true)))
}

/// One comparison. Where it is negated, rows without a value must not count as fulfilling it.
fn test(fields: &Fields<'_>, key: &str, value: &Expr, is_negated: bool) -> Result<Where, Untold> {
    let (name, lookup) = key.split_once("__").unwrap_or((key, "exact"));
    let field = fields.get(name)?;
    let column = quoted(&column_name(field));
    let mut children = Vec::new();
    let is_null = matches!((lookup, value), ("exact", Expr::None));
    if lookup == "isnull" || is_null {
        let not = if *value == Expr::Bool(false) { "NOT " } else { "" };
        return Ok(single(vec![Where::Test(format!("{column} IS {not}NULL"))]));
    }
    let right = |value: &Expr| match value {
        Expr::Call { name: "F", args, .. } => match args.as_slice() {
            [Expr::Str(name)] => Ok(format!("({})", fields.column(name)?)),
            _ => Err(unknown(value)),
        },
        value => Ok(literal::value(value, internal(field))?.sql),
    };
    let cast =
        if internal(field) == "GenericIPAddressField" { format!("HOST({column})") } else { format!("{column}::text") };
    let pattern = |before: &str, after: &str| match value {
        Expr::Str(text) => {
            let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            Ok(literal::text(&format!("{before}{escaped}{after}")))
        }
        _ => Err(unknown(value)),
    };
    children.push(Where::Test(match (lookup, value) {
        ("exact", Expr::Bool(is)) if internal(field) == "BooleanField" => {
            format!("{}{column}", if *is { "" } else { "NOT " })
        }
        ("exact", value) => format!("{column} = {}", right(value)?),
        ("gt", value) => format!("{column} > {}", right(value)?),
        ("gte", value) => format!("{column} >= {}", right(value)?),
        ("lt", value) => format!("{column} < {}", right(value)?),
        ("lte", value) => format!("{column} <= {}", right(value)?),
        ("in", Expr::List(items) | Expr::Tuple(items)) if !items.is_empty() => {
            let mut values: Vec<String> = Vec::new();
            for item in items.iter().filter(|item| **item != Expr::None) {
                let value = right(item)?;
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            format!("{column} IN ({})", values.join(", "))
        }
        ("range", Expr::List(items) | Expr::Tuple(items)) => match items.as_slice() {
            [from, to] => format!("{column} BETWEEN {} AND {}", right(from)?, right(to)?),
            _ => return Err(unknown(value)),
        },
        ("contains", _) => format!("{cast} LIKE {}", pattern("%", "%")?),
        ("startswith", _) => format!("{cast} LIKE {}", pattern("", "%")?),
        ("endswith", _) => format!("{cast} LIKE {}", pattern("%", "")?),
        ("icontains", _) => format!("UPPER({cast}) LIKE UPPER({})", pattern("%", "%")?),
        ("istartswith", _) => format!("UPPER({cast}) LIKE UPPER({})", pattern("", "%")?),
        ("iendswith", _) => format!("UPPER({cast}) LIKE UPPER({})", pattern("%", "")?),
        ("iexact", Expr::Str(text)) => format!("UPPER({cast}) = UPPER({})", literal::text(text)),
        ("regex", Expr::Str(text)) => format!("{cast} ~ {}", literal::text(text)),
        ("iregex", Expr::Str(text)) => format!("{cast} ~* {}", literal::text(text)),
        _ => return Err(Untold(format!("the lookup `{key}`"))),
    }));
    if is_negated {
        if is_nullable(field) {
            children.push(Where::Test(format!("{column} IS NOT NULL")));
        }
        if let Expr::Call { name: "F", args, .. } = value
            && let [Expr::Str(name)] = args.as_slice()
            && is_nullable(fields.get(name)?)
        {
            children.push(Where::Test(format!("{} IS NOT NULL", fields.column(name)?)));
        }
    }
    Ok(single(children))
}

fn single(children: Vec<Where>) -> Where {
    Where::Node { connector: "AND".to_owned(), negated: false, children }
}

fn print(node: &Where) -> Result<String, Untold> {
    let (connector, negated, children) = match node {
        Where::Test(text) => return Ok(text.clone()),
        Where::Node { connector, negated, children } => (connector, *negated, children),
    };
    let texts: Vec<String> = children.iter().map(print).collect::<Result<_, _>>()?;
    let text = if connector == "XOR" {
        // PostgreSQL has no such operator: one of them holds, and an odd number does.
        let any = if texts.len() > 1 { format!("({})", texts.join(" OR ")) } else { texts.concat() };
        let cases = texts.iter().map(|text| format!("CASE WHEN {text} THEN 1 ELSE 0 END"));
        let sum = cases.reduce(|sum, case| format!("({sum} + {case})")).unwrap_or_default();
        let odd = match texts.len() {
            1 => format!("({sum})"),
            2 => sum,
            _ => format!("(MOD({sum}, 2))"),
        };
        let both = format!("{any} AND 1 = {odd}");
        return Ok(if negated { format!("NOT ({both})") } else { format!("({both})") });
    } else {
        texts.join(&format!(" {connector} "))
    };
    if text.is_empty() {
        return Err(Untold("a condition that says nothing".to_owned()));
    }
    Ok(match (negated, texts.len()) {
        (true, _) => format!("NOT ({text})"),
        (false, 2..) => format!("({text})"),
        (false, _) => text,
    })
}

/// A value of `db_default`: a literal stands bare, anything else in parentheses.
pub(super) fn value(fields: &Fields<'_>, expr: &Expr, internal: &str) -> Result<Computed, Untold> {
    let plain = match expr {
        Expr::Call { name: "Value", args, .. } => args.first(),
        Expr::Call { name: "Decimal" | "date" | "datetime" | "time" | "timedelta" | "UUID", .. } => Some(expr),
        Expr::Call { .. } => None,
        other => Some(other),
    };
    if let Some(plain) = plain {
        return Ok(Computed { sql: literal::value(plain, internal)?.sql, has_values: true });
    }
    let computed = generated(fields, expr)?;
    Ok(Computed { sql: format!("({})", computed.sql), ..computed })
}

/// A formula.
pub(super) fn generated(fields: &Fields<'_>, expr: &Expr) -> Result<Computed, Untold> {
    let mut has_values = false;
    let sql = formula(fields, expr, &mut has_values)?;
    let sql = sql.replace(REMAINDER, if has_values { "%" } else { "%%" });
    Ok(Computed { sql, has_values })
}

fn formula(fields: &Fields<'_>, expr: &Expr, has_values: &mut bool) -> Result<String, Untold> {
    match expr {
        Expr::Str(name) => fields.column(name),
        Expr::Call { name: "F", args, .. } => match args.as_slice() {
            [Expr::Str(name)] => fields.column(name),
            _ => Err(unknown(expr)),
        },
        Expr::Call { name: "Value", args, .. } => {
            *has_values = true;
            let internal = match args.first() {
                Some(Expr::Int(_)) => "IntegerField",
                Some(Expr::Str(_)) => "TextField",
                Some(Expr::Float(_)) => "FloatField",
                Some(Expr::Bool(_)) => "BooleanField",
                Some(Expr::Call { name: "Decimal", .. }) => "DecimalField",
                _ => return Err(unknown(expr)),
            };
            Ok(literal::value(&args[0], internal)?.sql)
        }
        Expr::Call { name: "CombinedExpression", args, .. } => match args.as_slice() {
            [left, Expr::Str(operator), right] => {
                let operator = if operator == "%%" { REMAINDER } else { operator };
                let left = formula(fields, left, has_values)?;
                Ok(format!("({left} {operator} {})", formula(fields, right, has_values)?))
            }
            _ => Err(unknown(expr)),
        },
        Expr::Call { module: "django.contrib.postgres.search", name: "SearchVector", args, kwargs } => {
            let [("config", config @ Expr::Str(_))] = kwargs.as_slice() else { return Err(unknown(expr)) };
            let config = literal::value(config, "TextField")?.sql;
            *has_values = true;
            let texts = formulas(fields, args, has_values)?;
            let texts: Vec<String> = texts.iter().map(|text| format!("COALESCE({text}, '')")).collect();
            Ok(format!("to_tsvector({config}::regconfig, {})", texts.join(" || ' ' || ")))
        }
        Expr::Call { module: "django.db.models.functions.datetime", name: "Now", .. } => {
            Ok("STATEMENT_TIMESTAMP()".to_owned())
        }
        Expr::Call { module: "django.db.models.functions.math", name: "Round", args, .. } => match args.as_slice() {
            [number, Expr::Int(places)] => Ok(format!("ROUND({}, {places})", formula(fields, number, has_values)?)),
            _ => Err(unknown(expr)),
        },
        Expr::Call { name: "Concat" | "ConcatPair", args, .. } => {
            let mut parts = formulas(fields, args, has_values)?;
            *has_values = true;
            let mut sum = parts.pop().ok_or_else(|| unknown(expr))?;
            while let Some(part) = parts.pop() {
                sum = format!("(COALESCE({part}, '') || COALESCE({sum}, ''))");
            }
            Ok(sum)
        }
        Expr::Call { name: "Func", args, kwargs, .. } => match kwargs.iter().find(|(key, _)| *key == "function") {
            Some((_, Expr::Str(function))) => {
                Ok(format!("{function}({})", formulas(fields, args, has_values)?.join(", ")))
            }
            _ => Err(unknown(expr)),
        },
        Expr::Call {
            name: name @ ("Lower" | "Upper" | "Length" | "Trim" | "Abs" | "Coalesce"), args, kwargs, ..
        } if kwargs.is_empty() => {
            let function = match *name {
                "Trim" => "BTRIM".to_owned(),
                name => name.to_uppercase(),
            };
            Ok(format!("{function}({})", formulas(fields, args, has_values)?.join(", ")))
        }
        other => Err(unknown(other)),
    }
}

fn formulas(fields: &Fields<'_>, args: &[Expr], has_values: &mut bool) -> Result<Vec<String>, Untold> {
    args.iter().map(|arg| formula(fields, arg, has_values)).collect()
}

/// A part of an index: a column stands bare, anything else in parentheses; ` DESC` and classes of operators stand behind.
pub(super) fn indexed(fields: &Fields<'_>, expr: &Expr) -> Result<String, Untold> {
    match expr {
        Expr::Call { name: "OrderBy", args, kwargs, .. } => {
            let is_down = kwargs.contains(&("descending", Expr::Bool(true)));
            let inner = args.first().ok_or_else(|| unknown(expr))?;
            Ok(indexed(fields, inner)? + if is_down { " DESC" } else { " ASC" })
        }
        Expr::Call { name: "OpClass", args, kwargs, .. } => {
            match (args.first(), kwargs.iter().find(|(key, _)| *key == "name")) {
                (Some(inner), Some((_, Expr::Str(class)))) => Ok(format!("{} {class}", indexed(fields, inner)?)),
                _ => Err(unknown(expr)),
            }
        }
        Expr::Str(_) | Expr::Call { name: "F", .. } => formula(fields, expr, &mut false),
        expr => Ok(format!("({})", formula(fields, expr, &mut false)?.replace(REMAINDER, "%"))),
    }
}
