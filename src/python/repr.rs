//! Values as Django's migration writer prints them: `repr` of everything, keyword arguments sorted by name, imported names in
//! full, no line breaks.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::expr::Expr;
use super::unicode::is_printable;

/// Import lines, in the order in which the migration writer sorts them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imports(BTreeSet<Import>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Import {
    /// `import module`
    Module(&'static str),
    /// `from module import names`
    From(&'static str, &'static str),
}

impl Imports {
    /// `import module`
    pub fn module(&mut self, module: &'static str) {
        self.0.insert(Import::Module(module));
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
        Expr::Ref { module, name } => dotted(module, name, imports),
        Expr::Name(name) => name.as_str().to_owned(),
        Expr::Call { module, name, args, kwargs } => {
            let callee = dotted(module, name, imports);
            let mut sorted: Vec<&(&'static str, Expr)> = kwargs.iter().collect();
            sorted.sort_by_key(|(key, _)| *key);
            let mut parts: Vec<String> = args.iter().map(|arg| repr(arg, imports)).collect();
            parts.extend(sorted.into_iter().map(|(key, value)| format!("{key}={}", repr(value, imports))));
            format!("{callee}({})", parts.join(", "))
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
fn dotted(module: &'static str, name: &'static str, imports: &mut Imports) -> String {
    match module {
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
            imports.module(module);
            format!("{module}.{name}")
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
            _ => out.push_str(&match u32::from(c) {
                code @ ..0x100 => format!("\\x{code:02x}"),
                code @ ..0x1_0000 => format!("\\u{code:04x}"),
                code => format!("\\U{code:08x}"),
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
