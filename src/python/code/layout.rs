//! How an expression is laid out: where its lines may break, as `ruff format` breaks them.

use super::{Code, Node, Part, identifier};
use crate::python::doc::{Doc, Kind, Literal, Place, WIDTH, print, width};
use crate::python::literal;

/// As the right side of an assignment or the value of a `return`.
pub(super) fn statement(node: &Node) -> Doc {
    match node {
        Node::Bare(items) => Doc::group(vec![
            Doc::IfBroken("("),
            Doc::indent(vec![Doc::SoftLine, elements(items.iter().map(element).collect(), false, true)]),
            Doc::SoftLine,
            Doc::IfBroken(")"),
        ]),
        Node::Binary(_, operands) if operands.len() == 2 => two_operands(node),
        Node::Compare(..) => two_operands(node),
        // A part of what a call returns: the brackets of the call break.
        Node::Attribute(of, _) if matches!(&**of, Node::Call(_, args) if !args.is_empty()) => headed(of, doc(node)),
        Node::Binary(..) | Node::Conditional(..) => parenthesized_if_broken(doc(node)),
        Node::Atom(_) | Node::Attribute(..) => unbroken(doc(node)),
        Node::Call(_, args) if args.is_empty() => unbroken(doc(node)),
        node @ Node::Call(..) => headed(node, doc(node)),
        node => element(node),
    }
}

pub(super) fn doc(node: &Node) -> Doc {
    match node {
        Node::Atom(text) => Doc::text(text),
        Node::Str(text) => Doc::Literal(literal::literal(text)),
        Node::Pattern(text) => Doc::Literal(literal::pattern(text)),
        Node::Format(parts) => Doc::Literal(format_literal(parts)),
        Node::Call(callee, args) => Doc::Concat(vec![doc(callee), arguments(args)]),
        Node::List(items, expanded) => {
            brackets("[", elements(items.iter().map(element).collect(), *expanded, false), "]")
        }
        Node::Tuple(items, _) if items.len() == 1 => {
            brackets("(", Doc::Concat(vec![element(&items[0]), Doc::text(",")]), ")")
        }
        Node::Tuple(items, expanded) => {
            brackets("(", elements(items.iter().map(element).collect(), *expanded, false), ")")
        }
        Node::Dict(items, expanded) => {
            let items = items.iter().map(|(key, value)| Doc::Concat(vec![doc(key), Doc::text(": "), element(value)]));
            brackets("{", elements(items.collect(), *expanded, false), "}")
        }
        Node::Bare(items) => {
            let mut parts = Vec::new();
            for (index, item) in items.iter().enumerate() {
                parts.extend((index > 0).then(|| Doc::text(", ")));
                parts.push(doc(item));
            }
            Doc::Concat(parts)
        }
        Node::Binary(operator, operands) => {
            let mut parts = Vec::new();
            for (index, operand) in operands.iter().enumerate() {
                if index > 0 {
                    parts.push(Doc::Line);
                    parts.push(Doc::text(format!("{operator} ")));
                }
                parts.push(operand_doc(operand));
            }
            Doc::group(parts)
        }
        Node::Prefix(sign, operand) => Doc::Concat(vec![Doc::text(*sign), operand_doc(operand)]),
        Node::Compare(left, operator, right) => {
            Doc::group(vec![operand_doc(left), Doc::Line, Doc::text(format!("{operator} ")), operand_doc(right)])
        }
        Node::Generator(value, name, rows, test) => {
            let mut parts = vec![doc(value), Doc::Line, Doc::text(format!("for {name} in ")), doc(rows)];
            if let Some(test) = test {
                parts.extend([Doc::Line, Doc::text("if "), doc(test)]);
            }
            Doc::group(parts)
        }
        Node::Comprehension(generator) => brackets("[", doc(generator), "]"),
        Node::Conditional(value, test, other) => Doc::group(vec![
            doc(value),
            Doc::Line,
            Doc::text("if "),
            doc(test),
            Doc::Line,
            Doc::text("else "),
            doc(other),
        ]),
        Node::Parenthesized(inner) => brackets("(", doc(inner), ")"),
        Node::Slice(from, to) => Doc::text(format!("{from}:{to}")),
        Node::DoubleStarred(object) => Doc::Concat(vec![Doc::text("**"), doc(object)]),
        Node::Starred(object) => Doc::Concat(vec![Doc::text("*"), doc(object)]),
        Node::Attribute(object, name) => Doc::Concat(vec![operand_doc(object), Doc::text(format!(".{name}"))]),
        Node::Lambda(parameter, value) if parameter.is_empty() => {
            Doc::Concat(vec![Doc::text("lambda: ".to_owned()), doc(value)])
        }
        Node::Lambda(parameter, value) => Doc::Concat(vec![Doc::text(format!("lambda {parameter}: ")), doc(value)]),
        Node::Subscript(object, items) => Doc::Concat(vec![
            operand_doc(object),
            brackets("[", elements(items.iter().map(element).collect(), false, false), "]"),
        ]),
    }
}

/// What no bracket of its own can break: all of it has to fit.
fn unbroken(content: Doc) -> Doc {
    let head = width(&print(&content, Place::default()));
    Doc::Headed { head, content: Box::new(content) }
}

/// What starts with a call: the name of its function has to fit.
fn headed(call: &Node, content: Doc) -> Doc {
    let Node::Call(callee, _) = call else { return content };
    let head = print(&doc(callee), Place::default());
    let head = width(head.lines().next().unwrap_or_default()) + 1;
    Doc::Headed { head, content: Box::new(content) }
}

/// An operand; one that has an operator itself stands in parentheses.
fn operand_doc(operand: &Node) -> Doc {
    match operand {
        operand if is_nested(operand) => Doc::group(vec![
            Doc::text("("),
            Doc::indent(vec![Doc::SoftLine, doc(operand)]),
            Doc::SoftLine,
            Doc::text(")"),
        ]),
        _ => doc(operand),
    }
}

/// An element of a list, or a value: long strings get parentheses around their pieces.
fn element(node: &Node) -> Doc {
    match node {
        Node::Str(_) | Node::Pattern(_) | Node::Format(_) => parenthesized_if_broken(doc(node)),
        _ => doc(node),
    }
}

/// `a and any(..)`: with one operator, a bracket at the end or at the start breaks rather than the line, as ruff has it, if all in front
/// of it fits into a line of a method.
fn two_operands(node: &Node) -> Doc {
    const ROOM: usize = WIDTH - 12;
    let (left, operator, right) = match node {
        Node::Compare(left, operator, right) => (&**left, *operator, &**right),
        Node::Binary(operator, operands) => match operands.as_slice() {
            [left, right] => (left, *operator, right),
            _ => return doc(node),
        },
        _ => return doc(node),
    };
    let joined = || Doc::Concat(vec![inline(left), Doc::text(format!(" {operator} ")), inline(right)]);
    if is_nested(left) {
        return joined();
    }
    let first = print(&operand_doc(left), Place::default());
    let fits = |head: &str| !first.contains('\n') && width(&first) + operator.len() + 2 + width(head) <= ROOM;
    match (head(right), first_call(left)) {
        (Some(head), _) if fits(&head) || start(right).is_some_and(|start| fits(&start)) => joined(),
        (Some(_), Some(call)) => headed(call, joined()),
        _ => parenthesized_if_broken(doc(node)),
    }
}

/// The call that an operand starts with, if its brackets can break.
fn first_call(node: &Node) -> Option<&Node> {
    match node {
        Node::Call(_, args) if !args.is_empty() => Some(node),
        Node::Compare(left, ..) => first_call(left),
        _ => None,
    }
}

/// Whether an operand stands in parentheses.
fn is_nested(node: &Node) -> bool {
    matches!(node, Node::Binary(..) | Node::Conditional(..))
}

/// What stands in front of the bracket that ends an operand.
fn head(node: &Node) -> Option<String> {
    match node {
        Node::Call(callee, args) if !args.is_empty() => Some(format!("{}(", print(&doc(callee), Place::default()))),
        node if is_nested(node) => Some("(".to_owned()),
        Node::Prefix(sign, inner) => Some(format!("{sign}{}", head(inner)?)),
        Node::Compare(left, operator, right) => {
            Some(format!("{} {operator} {}", print(&operand_doc(left), Place::default()), head(right)?))
        }
        _ => None,
    }
}

/// What stands in front of the bracket that an operand starts with.
fn start(node: &Node) -> Option<String> {
    match node {
        Node::Compare(left, ..) => start(left),
        Node::Prefix(sign, inner) => Some(format!("{sign}{}", start(inner)?)),
        node => head(node),
    }
}

/// The same as an operand, which only breaks in its brackets.
fn inline(node: &Node) -> Doc {
    match node {
        Node::Prefix(sign, inner) => Doc::Concat(vec![Doc::text(*sign), inline(inner)]),
        Node::Compare(left, operator, right) => {
            Doc::Concat(vec![operand_doc(left), Doc::text(format!(" {operator} ")), inline(right)])
        }
        node => operand_doc(node),
    }
}

fn parenthesized_if_broken(content: Doc) -> Doc {
    Doc::group(vec![Doc::IfBroken("("), Doc::indent(vec![Doc::SoftLine, content]), Doc::SoftLine, Doc::IfBroken(")")])
}

fn brackets(open: &'static str, content: Doc, close: &'static str) -> Doc {
    Doc::group(vec![Doc::text(open), Doc::indent(vec![Doc::SoftLine, content]), Doc::SoftLine, Doc::text(close)])
}

/// Elements with commas; behind the last one only if the lines break, and then only if there are several or if that comma
/// is what keeps the lines broken. `bare` tuples have one in any case.
fn elements(items: Vec<Doc>, expanded: bool, bare: bool) -> Doc {
    let several = items.len() > 1;
    let mut parts = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            parts.push(Doc::text(","));
            parts.push(Doc::Line);
        }
        parts.push(item);
    }
    if several || expanded || bare {
        parts.push(Doc::IfBroken(","));
    }
    if expanded {
        parts.push(Doc::Force);
    }
    Doc::Concat(parts)
}

/// Arguments in parentheses: on the line, else together on the next one, else one per line.
pub(in crate::python) fn arguments_doc(args: &[(Option<&str>, Code)]) -> Doc {
    arguments(&args.iter().map(|(name, value)| (name.map(identifier), value.0.clone())).collect::<Vec<_>>())
}

fn arguments(args: &[(Option<String>, Node)]) -> Doc {
    let docs: Vec<Doc> = match args {
        [] => return Doc::text("()"),
        // Nothing else in the parentheses: they are enough for the pieces of a long string.
        [(None, only)] => vec![doc(only)],
        _ => args.iter().map(|(name, value)| argument(name.as_deref(), value)).collect(),
    };
    brackets("(", Doc::group(vec![elements(docs, false, false)]), ")")
}

fn argument(name: Option<&str>, value: &Node) -> Doc {
    match name {
        None => element(value),
        Some(name) => Doc::Concat(vec![Doc::text(format!("{name}=")), element(value)]),
    }
}

fn format_literal(parts: &[Part]) -> Literal {
    let mut atoms = Vec::new();
    for part in parts {
        atoms.push(match part {
            Part::Text(text) => literal::format_text(text),
            Part::Value(code) => format!("{{{}}}", code.print(Place::default())),
        });
    }
    Literal { kind: Kind::Format, atoms }
}
