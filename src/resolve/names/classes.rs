//! Names of models and enumerations, app by app.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::account::Element;
use crate::decision::{Because, Reason};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::facts::{AppFact, ColumnKind, Facts, Names, Role, Table, TableNames, TableSubject, reason};
use crate::policy::naming::{self, Adapted};
use crate::resolve::Context;
use crate::source::Span;
use crate::uml::model::Classifier;
use crate::util::arena::Id;
use crate::util::words;

/// Who has a class name in an app.
struct Taken {
    element: Element,
    span: Span,
    drawn: bool,
}

#[derive(Clone, Copy)]
enum Thing {
    Table(Id<Table>),
    Enumeration(Id<Classifier>),
}

struct Wanted {
    thing: Thing,
    app: Id<AppFact>,
    text: String,
    /// The name for people.
    human: String,
    element: Element,
    span: Span,
    drawn: bool,
    /// The names around it, the nearest first: outer classes, then packages.
    around: Vec<String>,
    why: &'static str,
    /// Who asks for the name.
    asked: Option<Because>,
}

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report, names: &mut Names) {
    let mut wanted = wanted(cx, facts);
    // Of classes from different packages the one deeper down gives way.
    wanted.sort_by_key(|wish| (!wish.drawn, wish.around.len()));
    let mut taken: BTreeMap<(usize, String), Taken> = BTreeMap::new();
    // The least number that may be free for a name in its apps: names only get taken.
    let mut numbers: BTreeMap<(Vec<usize>, String), usize> = BTreeMap::new();
    // Names that other apps import must not meet theirs.
    let imports = imports(facts);
    for wish in wanted {
        let mut adapted =
            naming::class_name(&wish.text).or_else(|| naming::class_name(&format!("Model {}", wish.text)));
        if let (Thing::Table(table), Some(adapted)) = (wish.thing, &mut adapted)
            && is_joined_child(facts, table)
        {
            naming::keep_from_parent(adapted);
        }
        let base = adapted.as_ref().map_or_else(|| "Unnamed".to_owned(), |adapted| adapted.name.clone());
        told(cx, report, &wish, adapted.as_ref());
        let apps: Vec<usize> = match wish.thing {
            Thing::Table(table) => imports.tables.get(&table),
            Thing::Enumeration(id) => imports.enumerations.get(&id),
        }
        .into_iter()
        .flatten()
        .copied()
        .chain([wish.app.index()])
        .collect();
        let holder = |name: &str| apps.iter().find_map(|&app| taken.get(&(app, name.to_lowercase())));
        let mut name = base.clone();
        if let Some(first) = holder(&name) {
            let owner = |element: Element| cx.elements.get(element).owner;
            let same_space = wish.drawn && first.drawn && owner(wish.element) == owner(first.element);
            let prefixed = wish.around.iter().filter(|_| !same_space).find_map(|outer| {
                let name = naming::class_name(&format!("{} {}", words::pascal(&naming::snake(outer)), wish.text))?.name;
                holder(&name).is_none().then_some(name)
            });
            name = prefixed.unwrap_or_else(|| {
                let number = numbers.entry((apps.clone(), base.to_lowercase())).or_insert(2_usize);
                loop {
                    let numbered = format!("{base}{number}");
                    if holder(&numbered).is_none() {
                        break numbered;
                    }
                    *number += 1;
                }
            });
            if wish.drawn && first.drawn {
                clash(cx, report, &wish, first, &base, &name);
            }
        }
        for app in apps {
            taken.entry((app, name.to_lowercase())).or_insert(Taken {
                element: wish.element,
                span: wish.span,
                drawn: wish.drawn,
            });
        }
        let why = match wish.asked.clone() {
            Some(because) => reason(format!("name `{name}`"), "asked for", because),
            None => {
                let because = Because::Rule { name: wish.why, at: Some(wish.span) };
                reason(format!("name `{name}`"), wish.why, because)
            }
        };
        set(cx, facts, report, names, &wish, name, why);
    }
}

fn set(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    names: &mut Names,
    wish: &Wanted,
    name: String,
    why: Reason,
) {
    match wish.thing {
        Thing::Enumeration(id) => {
            names.enumerations.insert(id, (name, Some(why)));
        }
        Thing::Table(table) => {
            let app = &facts.apps().list[wish.app].label;
            let default = format!("{app}_{}", name.to_lowercase());
            let own = &facts.tables().tables[table];
            let has_table = !own.is_proxy && !own.is_abstract;
            let asked = facts.tags().text(wish.element, "db_table").filter(|_| has_table);
            let mut reasons = vec![why];
            reasons
                .extend(asked.map(|(text, because)| reason(format!("db_table {text}"), "asked for", because.clone())));
            let db_table = asked.map(|(text, _)| text.to_owned()).or_else(|| {
                let short = naming::table_name(&default).filter(|_| !own.is_proxy)?;
                report.add(
                    Diagnostic::new(
                        &codes::U0407,
                        format!(
                            "the table of `{}` has a name of {} bytes; shortened to `{short}`",
                            cx.elements.path(wish.element),
                            default.len()
                        ),
                    )
                    .about(wish.element)
                    .here(wish.span, format!("{} bytes are allowed", naming::TABLE_LIMIT)),
                );
                Some(short)
            });
            let human = naming::words_for_people(&wish.human);
            names.tables.insert(table, TableNames { class: name, human, db_table, reasons });
        }
    }
}

/// The name that a tag or setting asks for, and where it does.
fn asked(facts: &Facts, element: Element) -> Option<(String, Because)> {
    facts.tags().text(element, "name").map(|(name, because)| (name.to_owned(), because.clone()))
}

fn wanted(cx: &Context<'_>, facts: &Facts) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    let around = |id: Id<Classifier>| {
        let mut names = Vec::new();
        let mut at = cx.model.classifiers[id].outer;
        while let Some(outer) = at.filter(|outer| *outer < id) {
            names.push(cx.model.classifier_name(outer).to_owned());
            at = cx.model.classifiers[outer].outer.filter(|next| *next < outer);
        }
        for package in cx.model.package_chain(cx.model.classifiers[id].package) {
            if let Some(name) = &cx.model.packages[package].name {
                names.push(name.value.to_string());
            }
        }
        names.retain(|name| !naming::snake(name).is_empty());
        names
    };
    for (id, table) in facts.tables().tables.iter() {
        let around = match table.subject {
            TableSubject::Class(class) | TableSubject::Lookup(class) => around(class),
            TableSubject::Upkeep(_) => vec![facts.apps().core.clone()],
            _ => Vec::new(),
        };
        // Tags of an attribute are about the attribute, not about the table of its values; those of a class not about what it
        // shares with others.
        let is_own = !matches!(table.subject, TableSubject::Values(..) | TableSubject::Upkeep(_));
        let (text, because) = asked(facts, table.element).filter(|_| is_own).unzip();
        wanted.push(Wanted {
            thing: Thing::Table(id),
            app: table.app,
            text: text.unwrap_or_else(|| table.wish.text.clone()),
            asked: because,
            human: table.wish.text.clone(),
            element: table.element,
            span: table.wish.drawn.unwrap_or(table.span),
            drawn: table.wish.drawn.is_some(),
            around,
            why: table.wish.why,
        });
    }
    for (id, kind) in facts.inheritance().kinds.iter().filter(|(_, kind)| kind.own.is_some()) {
        let (Some(&app), classifier) = (facts.apps().of.get(id), &cx.model.classifiers[id]) else { continue };
        let text = format!("{}Kind", words::pascal(&naming::snake(cx.model.classifier_name(kind.enumeration))));
        wanted.push(Wanted {
            thing: Thing::Enumeration(id),
            app,
            human: text.clone(),
            text,
            element: classifier.element,
            span: classifier.span,
            drawn: false,
            asked: None,
            around: around(id),
            why: "the class and what tells its rows apart",
        });
    }
    for (id, classifier) in cx.model.classifiers.iter() {
        let literals = facts.enumeration(id).is_some_and(|fact| !fact.literals.is_empty());
        let Some(&app) = facts.apps().of.get(id).filter(|_| literals && facts.roles().get(id) == Role::Enumeration)
        else {
            continue;
        };
        let drawn = cx.model.classifier_name(id);
        let (text, because) = asked(facts, classifier.element).unzip();
        if facts.roles().lookup(id).is_some() {
            // The model has the name; these are its keys.
            let text = format!("{}Code", words::pascal(&naming::snake(text.as_deref().unwrap_or(drawn))));
            wanted.push(Wanted {
                thing: Thing::Enumeration(id),
                app,
                asked: None,
                human: text.clone(),
                text,
                element: classifier.element,
                span: classifier.span,
                drawn: false,
                around: around(id),
                why: "the table of the enumeration and what it has",
            });
            continue;
        }
        wanted.push(Wanted {
            thing: Thing::Enumeration(id),
            app,
            asked: because,
            text: text.unwrap_or_else(|| if drawn.is_empty() { "Choice".to_owned() } else { drawn.to_owned() }),
            human: drawn.to_owned(),
            element: classifier.element,
            span: classifier.name.as_ref().map_or(classifier.span, |name| name.span),
            drawn: !drawn.is_empty(),
            around: around(id),
            why: "the name of the enumeration",
        });
    }
    wanted
}

/// The apps whose modules import a class of another app by its name: bases and enumerations.
#[derive(Default)]
struct Imports {
    tables: BTreeMap<Id<Table>, BTreeSet<usize>>,
    enumerations: BTreeMap<Id<Classifier>, BTreeSet<usize>>,
}

fn imports(facts: &Facts) -> Imports {
    let tables = facts.tables();
    let mut imports = Imports::default();
    for table in tables.tables.values() {
        for &base in &table.bases {
            let uses = imports.tables.entry(base).or_default();
            let is_of_all = matches!(tables.tables[base].subject, TableSubject::Upkeep(_));
            if is_of_all || tables.tables[base].is_abstract && tables.tables[base].app != table.app {
                // It will stand in the module that all apps share.
                uses.extend(0..facts.apps().list.len());
            }
            uses.insert(table.app.index());
        }
    }
    // The way from a table to the tables below it has the name of the class: those of one hierarchy differ over all apps.
    let mut first: Vec<usize> = (0..tables.tables.len()).collect();
    for (id, table) in tables.tables.iter() {
        for &base in table.bases.iter().filter(|base| !tables.tables[**base].is_abstract) {
            let (one, other) = (top(&first, id.index()), top(&first, base.index()));
            first[one.max(other)] = one.min(other);
            first[id.index()] = one.min(other);
        }
    }
    for (id, table) in tables.tables.iter() {
        let is_joined = table.bases.iter().any(|base| !tables.tables[*base].is_abstract);
        if is_joined {
            imports.tables.entry(id).or_default().insert(facts.apps().list.len() + top(&first, id.index()));
        }
    }
    let children = tables.children();
    for column in tables.columns.values() {
        let ColumnKind::Value(value) = &column.kind else { continue };
        let Some(class) = value.choices else { continue };
        let uses = imports.enumerations.entry(class).or_default();
        uses.insert(tables.tables[column.table].app.index());
        if tables.tables[column.table].is_abstract {
            for holder in tables.descendants(&children, column.table) {
                uses.insert(tables.tables[holder].app.index());
            }
        }
    }
    imports
}

/// Whether its parent has a table: then its name in lower case is the way from the parent to it.
fn is_joined_child(facts: &Facts, table: Id<Table>) -> bool {
    let tables = &facts.tables().tables;
    let mut seen = BTreeSet::new();
    let mut stack = tables[table].bases.clone();
    while let Some(base) = stack.pop() {
        if !tables[base].is_abstract {
            return !tables[table].is_abstract;
        }
        if seen.insert(base) {
            stack.extend(&tables[base].bases);
        }
    }
    false
}

fn told(cx: &Context<'_>, report: &mut Report, wish: &Wanted, adapted: Option<&Adapted>) {
    let Some(adapted) = adapted.filter(|_| wish.drawn) else { return };
    if let Some((reserved, by)) = adapted.reserved() {
        report.add(
            Diagnostic::new(
                &codes::U0404,
                format!(
                    "class `{}` becomes `{}`: `{reserved}` is {}",
                    cx.elements.path(wish.element),
                    adapted.name,
                    by.words()
                ),
            )
            .about(wish.element)
            .here(wish.span, "reserved"),
        );
    }
    if let Some((_, limit)) = adapted.shortened() {
        report.add(
            Diagnostic::new(
                &codes::U0407,
                format!(
                    "the name of `{}` is too long for a model; shortened to `{}`",
                    cx.elements.path(wish.element),
                    adapted.name
                ),
            )
            .about(wish.element)
            .here(wish.span, format!("{limit} characters are allowed")),
        );
    }
}

fn clash(cx: &Context<'_>, report: &mut Report, wish: &Wanted, first: &Taken, base: &str, name: &str) {
    let owner = |element: Element| cx.elements.get(element).owner;
    let same_space = owner(wish.element) == owner(first.element);
    let (path, other) = (cx.elements.path(wish.element), cx.elements.path(first.element));
    let diagnostic = if same_space {
        Diagnostic::new(
            &codes::U0403,
            format!("`{other}` and `{path}` both become `{base}`; the second one is called `{name}`"),
        )
    } else {
        Diagnostic::new(&codes::U0409, format!("two classes `{base}` meet in one app; `{path}` becomes `{name}`"))
    };
    report.add(diagnostic.about(wish.element).here(wish.span, "the second one").because(first.span, "the first one"));
}

/// The first table of the hierarchy that `at` belongs to.
fn top(first: &[usize], mut at: usize) -> usize {
    while first[at] != at {
        at = first[at];
    }
    at
}
