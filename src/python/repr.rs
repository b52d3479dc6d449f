//! Values as Django's migration writer prints them: `repr` of everything, keyword arguments sorted by name, imported names in
//! full, no line breaks.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::expr::Expr;
use super::unicode::is_printable;

/// Import lines, in the order in which the migration writer sorts them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imports(BTreeSet<Import>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Import {
    /// `import module`
    Module(Cow<'static, str>),
    /// `from module import names`
    From(&'static str, &'static str),
}

impl Imports {
    /// `import module`
    pub fn module(&mut self, module: impl Into<Cow<'static, str>>) {
        self.0.insert(Import::Module(module.into()));
    }

    /// `from module import names`; lines of one module are not merged.
    pub fn from(&mut self, module: &'static str, names: &'static str) {
        self.0.insert(Import::From(module, names));
    }

    /// Takes `from module import names` back; says whether it was there.
    pub fn take(&mut self, module: &'static str, names: &'static str) -> bool {
        self.0.remove(&Import::From(module, names))
    }

    /// The lines without their ends.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|import| match import {
            Import::Module(module) => format!("import {module}"),
            Import::From(module, names) => format!("from {module} import {names}"),
        })
    }
}

/// The text of `expr`; what it needs is added to `imports`.
///
/// Recurses with the depth of the value, which whoever builds values keeps small.
pub fn repr(expr: &Expr, imports: &mut Imports) -> String {
    match expr {
        Expr::None => "None".to_owned(),
        Expr::Bool(true) => "True".to_owned(),
        Expr::Bool(false) => "False".to_owned(),
        Expr::Int(digits) => integer(digits),
        Expr::Float(value) => float(*value),
        Expr::Str(text) | Expr::Translated(text) => string(text),
        Expr::Ref { module, name } => dotted(*module, name, imports),
        Expr::Name(name) => name.as_str().to_owned(),
        Expr::Call { module, name, args, kwargs } => {
            let callee = dotted(*module, name, imports);
            let args = &evaluated(module, name, args);
            let mut sorted: Vec<&(&'static str, Expr)> = kwargs.iter().collect();
            sorted.sort_by_key(|(key, _)| *key);
            let mut parts: Vec<String> = args.iter().map(|arg| repr(arg, imports)).collect();
            parts.extend(sorted.into_iter().map(|(key, value)| format!("{key}={}", repr(value, imports))));
            format!("{callee}({})", parts.join(", "))
        }
        Expr::Dotted(it) => dotted(it.module().to_owned(), it.name(), imports),
        Expr::Construct { class, kwargs } => {
            let callee = dotted(class.module().to_owned(), class.name(), imports);
            let mut sorted: Vec<_> = kwargs.iter().collect();
            sorted.sort_by_key(|(key, _)| key.as_str());
            let parts = sorted.into_iter().map(|(key, value)| format!("{key}={}", repr(value, imports)));
            format!("{callee}({})", parts.collect::<Vec<_>>().join(", "))
        }
        Expr::List(items) => format!("[{}]", join(items, imports)),
        Expr::Tuple(items) if items.len() == 1 => format!("({},)", join(items, imports)),
        Expr::Tuple(items) => format!("({})", join(items, imports)),
        Expr::Dict(pairs) => {
            let mut sorted: Vec<&(Expr, Expr)> = pairs.iter().collect();
            sorted.sort_by(|(left, _), (right, _)| compare_keys(left, right));
            let parts: Vec<String> = sorted
                .into_iter()
                .map(|(key, value)| format!("{}: {}", repr(key, imports), repr(value, imports)))
                .collect();
            format!("{{{}}}", parts.join(", "))
        }
    }
}

/// The arguments with which `repr` would construct the value again.
fn evaluated<'a>(module: &str, name: &str, args: &'a [Expr]) -> Cow<'a, [Expr]> {
    match (module, name, args) {
        ("decimal", "Decimal", [Expr::Str(text)]) => Cow::Owned(vec![Expr::Str(decimal(text))]),
        // Hour and minute stay, what is zero after them is left out.
        ("datetime", "time", [_, _, rest @ ..]) => {
            let is_zero = |arg: &&Expr| matches!(arg, Expr::Int(digits) if integer(digits) == "0");
            let zeros = rest.iter().rev().take_while(is_zero).count();
            Cow::Borrowed(&args[..args.len() - zeros])
        }
        _ => Cow::Borrowed(args),
    }
}

/// A decimal number with its zeros; with an exponent if more than five of them lead it.
fn decimal(text: &str) -> String {
    let (sign, unsigned) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, places) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    if !whole.chars().chain(places.chars()).all(|c| c.is_ascii_digit()) {
        return text.to_owned();
    }
    let all = format!("{whole}{places}");
    let digits = match all.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    if digits.len() > places.len() {
        let (whole, places) = digits.split_at(digits.len() - places.len());
        let point = if places.is_empty() { "" } else { "." };
        return format!("{sign}{whole}{point}{places}");
    }
    let zeros = places.len() - digits.len();
    if zeros < 6 {
        return format!("{sign}0.{}{digits}", "0".repeat(zeros));
    }
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{first}{point}{rest}E-{}", zeros + 1)
}

/// Texts by code points, integers by value. Python refuses to compare anything else.
fn compare_keys(left: &Expr, right: &Expr) -> Ordering {
    match (left, right) {
        (Expr::Str(left), Expr::Str(right)) => left.cmp(right),
        (Expr::Int(left), Expr::Int(right)) => left.parse::<i128>().ok().cmp(&right.parse::<i128>().ok()),
        _ => Ordering::Equal,
    }
}

fn join(items: &[Expr], imports: &mut Imports) -> String {
    items.iter().map(|item| repr(item, imports)).collect::<Vec<_>>().join(", ")
}

/// A name of a module, as the migration writer refers to it.
fn dotted(module: impl Into<Cow<'static, str>>, name: &str, imports: &mut Imports) -> String {
    let module = module.into();
    match &*module {
        "builtins" => name.to_owned(),
        "django.db.models" => {
            imports.from("django.db", "models");
            format!("models.{name}")
        }
        "django.conf" => {
            imports.from("django.conf", "settings");
            name.to_owned()
        }
        "decimal" => {
            imports.from("decimal", "Decimal");
            name.to_owned()
        }
        _ => {
            let text = format!("{module}.{name}");
            imports.module(module);
            text
        }
    }
}

fn integer(digits: &str) -> String {
    let (sign, magnitude) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    match magnitude.trim_start_matches('0') {
        "" => "0".to_owned(),
        significant => format!("{sign}{significant}"),
    }
}

/// The shortest digits that mean the same number, with an exponent below 1e-4 and from 1e16 on.
fn float(value: f64) -> String {
    if !value.is_finite() {
        let name = if value.is_nan() {
            "nan"
        } else if value > 0.0 {
            "inf"
        } else {
            "-inf"
        };
        return format!("float(\"{name}\")");
    }
    let scientific = format!("{value:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    match exponent.parse::<i32>() {
        Ok(exponent @ -4..16) => {
            // Rust never uses an exponent here, and leaves the `.0` out.
            let plain = format!("{value}");
            if exponent < 0 || plain.contains('.') { plain } else { format!("{plain}.0") }
        }
        Ok(exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{mantissa}e{sign}{:02}", exponent.abs())
        }
        Err(_) => scientific,
    }
}

/// `repr` of a string.
pub fn string(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            _ if c == quote => {
                out.push('\\');
                out.push(c);
            }
            _ if is_printable(c) => out.push(c),
            // Writing to a string does not fail.
            _ => drop(match u32::from(c) {
                code @ ..0x100 => write!(out, "\\x{code:02x}"),
                code @ ..0x1_0000 => write!(out, "\\u{code:04x}"),
                code => write!(out, "\\U{code:08x}"),
            }),
        }
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(expr: &Expr) -> String {
        repr(expr, &mut Imports::default())
    }

    #[test]
    fn strings_are_quoted_as_python_quotes_them() {
        for (given, printed) in [
            ("plain", "'plain'"),
            ("it's", "\"it's\""),
            ("say \"hi\"", "'say \"hi\"'"),
            ("it's \"x\"\n\ttab é ☃ 😀 \\ back", "'it\\'s \"x\"\\n\\ttab é ☃ 😀 \\\\ back'"),
            ("nbsp\u{a0}shy\u{ad} zwj\u{200d}", "'nbsp\\xa0shy\\xad zwj\\u200d'"),
            ("\u{0}\u{7f}\r\u{feff}\u{e000}\u{378}\u{e0001}", r"'\x00\x7f\r\ufeff\ue000\u0378\U000e0001'"),
        ] {
            assert_eq!(string(given), printed);
        }
    }

    #[test]
    fn numbers_are_written_as_repr_writes_them() {
        for (value, printed) in [
            (1.5, "1.5"),
            (100.0, "100.0"),
            (-0.0, "-0.0"),
            (1e16, "1e+16"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (1e300, "1e+300"),
            (f64::NEG_INFINITY, "float(\"-inf\")"),
        ] {
            assert_eq!(text(&Expr::Float(value)), printed);
        }
        assert_eq!(text(&Expr::Int("-007".to_owned())), "-7");
        assert_eq!(text(&Expr::Int("-0".to_owned())), "0");
    }

    #[test]
    fn values_are_written_as_they_would_be_constructed_again() {
        for (given, printed) in [
            ("0.00", "0.00"),
            ("7.50", "7.50"),
            ("-12", "-12"),
            ("0", "0"),
            ("0.000001", "0.000001"),
            ("0.0000001", "1E-7"),
            ("0.00000012", "1.2E-7"),
            ("0.0000000", "0E-7"),
            ("007.5", "7.5"),
        ] {
            assert_eq!(decimal(given), printed);
        }
        let time = |args: &[i32]| Expr::Call {
            module: "datetime",
            name: "time",
            args: args.iter().map(|&arg| Expr::int(arg)).collect(),
            kwargs: vec![],
        };
        assert_eq!(text(&time(&[0, 0, 0])), "datetime.time(0, 0)");
        assert_eq!(text(&time(&[23, 59, 0, 0])), "datetime.time(23, 59)");
        assert_eq!(text(&time(&[23, 0, 7])), "datetime.time(23, 0, 7)");
    }

    #[test]
    fn collections_keep_their_kind_and_dicts_are_sorted() {
        let item = || Expr::str("a");
        assert_eq!(text(&Expr::Tuple(vec![item()])), "('a',)");
        assert_eq!(text(&Expr::Tuple(vec![])), "()");
        assert_eq!(text(&Expr::List(vec![item(), Expr::None])), "['a', None]");
        let pairs = vec![(Expr::int(10), Expr::Bool(true)), (Expr::int(9), item())];
        assert_eq!(text(&Expr::Dict(pairs)), "{9: 'a', 10: True}");
    }

    #[test]
    fn calls_name_their_module_and_sort_their_keywords() {
        let mut imports = Imports::default();
        let call = Expr::Call {
            module: "django.db.models",
            name: "DecimalField",
            args: vec![],
            kwargs: vec![
                ("max_digits", Expr::int(5)),
                (
                    "default",
                    Expr::Call { module: "decimal", name: "Decimal", args: vec![Expr::str("0.00")], kwargs: vec![] },
                ),
                ("choices", Expr::Ref { module: "uuid", name: "uuid4" }),
            ],
        };
        assert_eq!(
            repr(&call, &mut imports),
            "models.DecimalField(choices=uuid.uuid4, default=Decimal('0.00'), max_digits=5)"
        );
        let lines: Vec<String> = imports.lines().collect();
        assert_eq!(lines, ["import uuid", "from decimal import Decimal", "from django.db import models"]);
    }
}
