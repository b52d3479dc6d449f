//! Pass 8b: constraints of the diagram become rules of the project (django-mapping 10).
//!
//! A text is parsed (`uml::ocl`), typed against the tables (`typing`), and goes where it can be enforced (`place`): into the database if it reads
//! one row only, else into `clean()`.

mod calls;
mod contracts;
mod definitions;
mod derive;
mod inlined;
mod members;
mod operators;
mod place;
mod subjects;
mod types;
mod typing;

use std::ops::Range;

use super::Context;
use crate::account::Element;
use crate::decision::{Because, Reason};
use crate::diagnostic::{Code, Diagnostic, Report, codes};
use crate::django::logic::{Term, Test};
use crate::facts::{Column, ColumnKind, Defined, Facts, Invariants, Named, RuleKey, Translated, reason};
use crate::source::Spanned;
use crate::source::place::inside;
use crate::uml::ocl::{self, Kind, RuleKind, Rules};
use members::Members;
use subjects::{On, Subject, subjects, what};
use types::{Fault, Wrong};
use typing::{Own, Typing};

pub(super) use definitions::{is_derived, run as definitions};
pub(super) use derive::{Verdicts, run as derive};

/// Translates the constraints; `verdicts` say why definitions among them were not.
pub(super) fn run(cx: &Context<'_>, facts: &Facts, verdicts: &Verdicts, report: &mut Report) -> Invariants {
    let mut found = Invariants::default();
    contracts::settled(cx, facts, verdicts, &mut found);
    let mut subjects = subjects(cx, facts);
    // Of an operation it is, though it may name an attribute too.
    subjects.retain(|subject| !found.is_settled(subject.constraint.element));
    if subjects.is_empty() {
        return found;
    }
    let members = Members::new(cx, facts);
    let children = facts.tables().children();
    let mut placing = place::Placing { members: &members, children: &children, verdicts, found: &mut found };
    for subject in subjects {
        translate(&mut placing, &subject, report);
    }
    found
}

fn translate(placing: &mut place::Placing<'_, '_, '_>, subject: &Subject<'_>, report: &mut Report) {
    let Some(is_sure) = subject.constraint.is_ocl() else { return };
    if !is_sure && super::relations::is_xor(subject.constraint) {
        return;
    }
    let body = &subject.constraint.body.value;
    let has_value = subject.on.iter().any(|on| matches!(on, On::Value(..)));
    let text = ocl::unbraced(body);
    let rules = match ocl::parse(text.1, has_value) {
        Ok(rules) => rules,
        Err(error) => {
            if is_sure {
                let message = format!("is not OCL that we can read: {}", error.message);
                tell(placing, subject, report, text.0, &error.at, &codes::U1101, message, None);
            }
            return;
        }
    };
    if !is_sure && !is_formal(&rules) {
        return;
    }
    let mut reasons: Vec<Reason> = Vec::new();
    let mut wrongs: Vec<Wrong> = Vec::new();
    for &on in &subject.on {
        for (place, rule) in rules.rules.iter().enumerate() {
            let key = (subject.constraint.element, place);
            let outcome = match defined(placing, key, &rules.tree, rule) {
                Some(outcome) => outcome,
                None => one(placing, subject, on, &rules, rule),
            };
            match outcome {
                Ok(reason) => {
                    if !reasons.contains(&reason) {
                        reasons.push(reason);
                    }
                }
                Err(wrong) => wrongs.push(wrong),
            }
        }
    }
    if let Some(wrong) = wrongs.first() {
        // A word of prose may be a name by chance.
        if is_sure || knows_a_name(placing, subject, &rules) {
            let code = if wrong.fault == Fault::Unsupported { &codes::U1101 } else { &codes::U1102 };
            tell(placing, subject, report, text.0, &wrong.at, code, wrong.message.clone(), wrong.help.clone());
        }
    } else if !reasons.is_empty() {
        if reasons.iter().any(|reason| &*reason.decision == place::CLEAN) {
            told_in_clean(placing, subject, report, &reasons);
        }
        let text = body.trim().to_owned();
        placing.found.translated.insert(subject.constraint.element, Translated { text, reasons });
    }
}

/// Whether a text without a language is a formula and not a word or two.
fn is_formal(rules: &Rules) -> bool {
    let [rule] = rules.rules.as_slice() else { return true };
    let is_word = matches!(rules.tree.node(rule.root).kind, Kind::Name(_) | Kind::Path(_) | Kind::Member { .. });
    rule.context.is_some() || !is_word
}

/// Whether one of the names in a text is known where it stands.
fn knows_a_name(placing: &place::Placing<'_, '_, '_>, subject: &Subject<'_>, rules: &Rules) -> bool {
    let names = rules.tree.names();
    subject.on.iter().any(|on| names.iter().any(|name| placing.members.member(on.table(), name).is_some()))
}

/// What became of a rule that defines something.
fn defined(
    placing: &place::Placing<'_, '_, '_>,
    key: RuleKey,
    tree: &ocl::Tree,
    rule: &ocl::Rule,
) -> Option<Result<Reason, Wrong>> {
    let facts = placing.members.facts;
    if let Some(wrong) = placing.verdicts.get(&key) {
        return Some(Err(wrong.clone()));
    }
    if let Some(reason) = facts.derivations().reasons.get(&key) {
        return Some(Ok(reason.clone()));
    }
    let nothing = |at: &Range<usize>| {
        let message = "defines something that has no table".to_owned();
        Wrong { at: at.clone(), message, help: None, fault: Fault::Unsupported }
    };
    let at = &tree.node(rule.root).at;
    match facts.definitions().rules.get(&key)? {
        Defined::Derived(_) | Defined::Body(_) | Defined::Stated(_) => Some(Err(nothing(at))),
        Defined::Initial(property) => {
            let element = placing.members.cx.model.properties[*property].element;
            let mut columns = facts.tables().columns.values().filter(|column| column.element == element);
            let has_default =
                |column: &Column| matches!(&column.kind, ColumnKind::Value(value) if value.default.is_some());
            Some(if columns.any(has_default) {
                let name = "the first value is the default";
                Ok(why(
                    "the default",
                    "rows start with it".to_owned(),
                    name,
                    placing.members.cx.model.properties[*property].span,
                ))
            } else {
                let message = "starts with a value that is no default: a literal, `now()` or `today()`".to_owned();
                Err(Wrong { at: at.clone(), message, help: None, fault: Fault::Unsupported })
            })
        }
    }
}

fn one(
    placing: &mut place::Placing<'_, '_, '_>,
    subject: &Subject<'_>,
    on: On,
    rules: &Rules,
    rule: &ocl::Rule,
) -> Result<Reason, Wrong> {
    let at = rules.tree.node(rule.root).at.clone();
    let kind = definitions::kind(subject.constraint, rule);
    if kind != RuleKind::Invariant {
        let message = match (kind, &rule.name) {
            (RuleKind::Define, Some(name)) => format!("defines `{name}`, which the class has already"),
            _ => format!("is a `{}`, which is kept as text", kind.keyword()),
        };
        return Err(Wrong { at, message, help: None, fault: Fault::Unsupported });
    }
    let tables = placing.members.facts.tables();
    let link = match on {
        On::Link(_, _, near) => placing.members.name_of(near),
        _ => None,
    };
    let own = Own { link, ..Own::new(on.table(), what(placing, on)) };
    let (table, column) = match on {
        On::Value(table, column) => (table, Some(column)),
        _ => (on.table(), None),
    };
    let name = rule.name.clone().or_else(|| {
        let drawn = subject.constraint.name.as_ref().map(|name| name.value.trim().to_owned());
        drawn.filter(|name| definitions::is_name(name, subject.constraint))
    });
    let message = match &subject.constraint.documentation {
        Some(documentation) if !documentation.value.trim().is_empty() => documentation.value.trim().to_owned(),
        _ => match column {
            Some(column) => rules.tree.about(&tables.columns[column].wish.text).print(rule.root),
            None => rules.tree.print(rule.root),
        },
    };
    if rules.tree.node(rule.root).kind == Kind::Unique {
        let column = column.ok_or_else(|| Wrong {
            at: at.clone(),
            message: "is not drawn at an attribute with a field of its own".to_owned(),
            help: None,
            fault: Fault::Unsupported,
        })?;
        return Ok(placing.unique(table, vec![column], vec![], name, message, subject.constraint.body.span));
    }
    let mut typing = Typing::new(placing.members, &rules.tree, own);
    let mut test = typing.test(rule.root)?;
    if let On::Link(_, key, _) = on
        && tables.key(key).is_some_and(|key| key.null)
    {
        // Where there is no link, nothing is said about it.
        let of = Box::new(Term::Row(0));
        let far = Term::One { of, field: Named::Column(key), is_back: false, optional: true };
        test = Test::Or(vec![Test::IsAbsent(far), test]);
    }
    placing.place(table, column, test, name, message, subject.constraint.body.span, at)
}

fn title(cx: &Context<'_>, subject: &Subject<'_>) -> String {
    let path = cx.elements.path(subject.of);
    match &subject.constraint.name {
        Some(name) if !name.value.trim().is_empty() && name.value.len() <= 80 => {
            format!("constraint `{}` of `{path}`", name.value.trim())
        }
        _ => format!("a constraint of `{path}`"),
    }
}

#[expect(clippy::too_many_arguments)]
fn tell(
    placing: &mut place::Placing<'_, '_, '_>,
    subject: &Subject<'_>,
    report: &mut Report,
    offset: usize,
    at: &Range<usize>,
    code: &'static Code,
    message: String,
    help: Option<String>,
) {
    let cx = placing.members.cx;
    let body = &subject.constraint.body;
    let name = "what cannot be translated is kept as text";
    let reasons = vec![why("documentation", message.clone(), name, body.span)];
    let text = body.value.trim().to_owned();
    placing.found.told.insert(subject.constraint.element, Translated { text, reasons });
    let wrong = Wrong { at: at.clone(), message, help, fault: Fault::Unsupported };
    let found = diagnostic(cx, subject.constraint.element, &title(cx, subject), body, offset, code, &wrong);
    report.add(found.because(subject.place, "kept in the docstring"));
}

/// What is wrong inside of a text.
fn diagnostic(
    cx: &Context<'_>,
    about: Element,
    title: &str,
    text: &Spanned<String>,
    offset: usize,
    code: &'static Code,
    wrong: &Wrong,
) -> Diagnostic {
    let span = inside(cx.sources, text.span, &text.value, wrong.at.start + offset..wrong.at.end + offset);
    let found = Diagnostic::new(code, format!("{title} {}", wrong.message)).about(about).here(span, "here");
    match &wrong.help {
        Some(help) => found.help(help.clone()),
        None => found,
    }
}

/// A rule over other rows holds when its own row is saved, not when those change (U1103).
fn told_in_clean(placing: &place::Placing<'_, '_, '_>, subject: &Subject<'_>, report: &mut Report, reasons: &[Reason]) {
    let cx = placing.members.cx;
    let why = reasons.iter().find(|reason| &*reason.decision == place::CLEAN).map(|reason| reason.why.to_string());
    report.add(
        Diagnostic::new(&codes::U1103, format!("{} is checked in clean(), not by the database", title(cx, subject)))
            .about(subject.constraint.element)
            .here(subject.constraint.body.span, why.unwrap_or_default())
            .because(subject.place, "checked when a row of this is saved"),
    );
}

/// Why a rule stands where it does.
fn because(name: &'static str, at: crate::source::Span) -> Because {
    Because::Rule { name, at: Some(at) }
}

fn why(decision: &'static str, text: String, name: &'static str, at: crate::source::Span) -> Reason {
    reason(decision, text, because(name, at))
}
