//! Deletion by the database itself, where somebody asks for it and Django allows it (django-mapping 3.3).
//!
//! Django allows it only for all keys of a model together, and along chains of references: a model whose own keys follow
//! rules of the database may not be referred to by a key that follows a rule of Python (models.E050, fields.E323). So keys
//! fall into groups that are converted together, or not at all.

use std::collections::{BTreeMap, BTreeSet};

use super::{Rules, keys, place};
use crate::account::Element;
use crate::decision::Because;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::django::{FieldKind, OnDelete};
use crate::facts::{Column, ColumnKind, Facts, Table, Tables, Upkeep, reason};
use crate::policy::deletion as policy;
use crate::resolve::Context;
use crate::source::Span;
use crate::util::arena::Id;

/// A reference that follows a rule: a key in one of the tables that hold it, or one that Django adds.
struct Use {
    column: Option<Id<Column>>,
    holder: Id<Table>,
    to: Id<Table>,
    /// Why the database cannot follow its rule: the place and half a sentence.
    barrier: Option<(Span, String)>,
}

/// References in groups that follow rules of one kind.
struct Groups {
    uses: Vec<Use>,
    /// For each use the one that stands for its group, or one nearer to that.
    leader: Vec<usize>,
}

pub(super) fn run(
    cx: &Context<'_>,
    facts: &Facts,
    report: &mut Report,
    children: &[Vec<Id<Table>>],
    rules: &mut Rules,
) {
    let tables = facts.tables();
    let asked_by_class = |table: Id<Table>| facts.tags().has(tables.tables[table].element, "db_cascade");
    let roots: Vec<(Id<Table>, Because)> =
        tables.tables.ids().filter_map(|id| Some((id, asked_by_class(id)?.clone()))).collect();
    let relations: Vec<(Id<Column>, Because)> = keys(tables)
        .filter_map(|(id, key)| {
            let element = facts.connections().binary[key.connection?].element;
            Some((id, facts.tags().has(element, "db_cascade")?.clone()))
        })
        .collect();
    if !cx.settings.rules.database_deletes && roots.is_empty() && relations.is_empty() {
        return;
    }
    if !cx.settings.django.has_database_deletes() {
        unknown(cx, report, tables, &roots, &relations);
        return;
    }
    let mut groups = Groups::of(cx, facts, children, rules);
    let mut wanted: BTreeMap<usize, (Id<Table>, Because)> = BTreeMap::new();
    for (root, because) in roots {
        for group in groups.below(rules, root) {
            wanted.entry(group).or_insert((root, because.clone()));
        }
    }
    for (column, because) in relations {
        for at in 0..groups.uses.len() {
            if groups.uses[at].column == Some(column) {
                let to = groups.uses[at].to;
                wanted.entry(groups.find(at)).or_insert((to, because.clone()));
            }
        }
    }
    if cx.settings.rules.database_deletes {
        for at in 0..groups.uses.len() {
            if groups.cascades(rules, at) {
                let because = Because::Setting { key: "rules.database_deletes".to_owned(), at: None };
                let to = groups.uses[at].to;
                wanted.entry(groups.find(at)).or_insert((to, because));
            }
        }
    }
    let mut told = BTreeSet::new();
    for (group, (root, because)) in wanted {
        let members: Vec<usize> = (0..groups.uses.len()).filter(|&at| groups.find(at) == group).collect();
        let barrier = members.iter().find_map(|&at| groups.uses[at].barrier.as_ref());
        if let Some((span, why)) = barrier {
            if told.insert((root, why.clone())) {
                impossible(cx, report, tables, root, &because, *span, why);
            }
            continue;
        }
        for column in members.into_iter().filter_map(|at| groups.uses[at].column) {
            let found = rules.get(column).and_then(|(rule, _)| policy::in_database(rule));
            if let Some(rule) = found.filter(OnDelete::is_of_database) {
                let why = format!("deleting a {} is left to the database", tables.tables[root].wish.text);
                let why = reason(format!("on_delete {}", rule.name()), why, because.clone());
                rules.insert(column, (rule, why));
            }
        }
    }
}

/// Says that this Django cannot leave anything to the database (U0808), wherever somebody asked for it.
fn unknown(
    cx: &Context<'_>,
    report: &mut Report,
    tables: &Tables,
    classes: &[(Id<Table>, Because)],
    relations: &[(Id<Column>, Because)],
) {
    let classes = classes.iter().map(|(table, because)| (tables.tables[*table].element, because));
    let relations = relations.iter().map(|(column, because)| (tables.columns[*column].element, because));
    let mut asked: BTreeMap<Option<Element>, Option<Span>> =
        classes.chain(relations).map(|(element, because)| (Some(element), place(because))).collect();
    if cx.settings.rules.database_deletes {
        asked.insert(None, None);
    }
    for (element, at) in asked {
        let what =
            element.map_or_else(|| "the project".to_owned(), |element| format!("`{}`", cx.elements.path(element)));
        let number = cx.settings.django.number();
        let mut diagnostic = Diagnostic::new(
            &codes::U0808,
            format!("{what} cannot delete in the database: Django {number} cannot say it"),
        );
        if let Some(element) = element {
            diagnostic = diagnostic.about(element);
        }
        if let Some(at) = at {
            diagnostic = diagnostic.here(at, "asked for here");
        }
        report.add(diagnostic.help(
            "write the project for a later Django, by `django` under `[project]`; until then Django deletes, as everywhere else",
        ));
    }
}

/// Says what stands in the way (U0808).
fn impossible(
    cx: &Context<'_>,
    report: &mut Report,
    tables: &Tables,
    root: Id<Table>,
    because: &Because,
    span: Span,
    why: &str,
) {
    let table = &tables.tables[root];
    let path = cx.elements.path(table.element);
    let mut diagnostic =
        Diagnostic::new(&codes::U0808, format!("`{path}` cannot delete in the database: {why}")).about(table.element);
    diagnostic = match place(because) {
        Some(asked) => diagnostic.here(asked, "asked for here").because(span, "stands in the way"),
        None => diagnostic.here(span, "stands in the way"),
    };
    report.add(
        diagnostic
            .note("Django does not let rules of the database and its own meet in one chain of references")
            .help("change the rule that is in the way; until then Django deletes, as everywhere else"),
    );
}

impl Groups {
    fn of(cx: &Context<'_>, facts: &Facts, children: &[Vec<Id<Table>>], rules: &Rules) -> Self {
        let tables = facts.tables();
        let uses = uses(cx, facts, children, rules);
        let mut groups = Self { leader: (0..uses.len()).collect(), uses };
        // What a model has, with what stands above it: Django looks at all of that.
        let mut of_table: Vec<Vec<usize>> = vec![Vec::new(); tables.tables.len()];
        for (id, table) in tables.tables.iter().filter(|(_, table)| !table.is_abstract) {
            let above: Vec<Id<Table>> =
                tables.ancestors(id).into_iter().filter(|above| !tables.tables[*above].is_abstract).collect();
            let own = |at: &usize| groups.uses[*at].holder == id || above.contains(&groups.uses[*at].holder);
            of_table[id.index()] = (0..groups.uses.len()).filter(own).collect();
            if table.is_user {
                // The log of the admin refers to it by a rule of Python, and it has groups and permissions.
                let barrier = Some((table.span, format!("`{}` is the user who signs in", table.wish.text)));
                groups.uses.push(Use { column: None, holder: id, to: id, barrier });
                groups.leader.push(groups.leader.len());
                of_table[id.index()].push(groups.uses.len() - 1);
            }
        }
        for members in &of_table {
            for pair in members.windows(2) {
                groups.join(pair[0], pair[1]);
            }
        }
        for at in 0..groups.uses.len() {
            for end in [Some(groups.uses[at].to), groups.is_link(at).then_some(groups.uses[at].holder)] {
                if let Some(&first) = end.and_then(|end| of_table[end.index()].first()) {
                    groups.join(at, first);
                }
            }
        }
        // One field in an abstract model has one rule.
        let mut first: BTreeMap<Id<Column>, usize> = BTreeMap::new();
        for at in 0..groups.uses.len() {
            if let Some(column) = groups.uses[at].column {
                let first = *first.entry(column).or_insert(at);
                groups.join(at, first);
            }
        }
        groups
    }

    /// Whether it is the table of links that Django makes.
    fn is_link(&self, at: usize) -> bool {
        self.uses[at].column.is_none()
    }

    fn find(&mut self, at: usize) -> usize {
        let mut at = at;
        while self.leader[at] != at {
            self.leader[at] = self.leader[self.leader[at]];
            at = self.leader[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.leader[a.max(b)] = a.min(b);
    }

    fn cascades(&self, rules: &Rules, at: usize) -> bool {
        let rule = self.uses[at].column.and_then(|column| rules.get(column));
        rule.is_some_and(|(rule, _)| *rule == OnDelete::Cascade)
    }

    /// The groups of all that goes when a row of `root` goes.
    fn below(&mut self, rules: &Rules, root: Id<Table>) -> BTreeSet<usize> {
        let mut seen = BTreeSet::from([root]);
        let mut stack = vec![root];
        let mut found = BTreeSet::new();
        while let Some(table) = stack.pop() {
            for at in 0..self.uses.len() {
                if self.uses[at].to == table && self.cascades(rules, at) {
                    found.insert(self.find(at));
                    let holder = self.uses[at].holder;
                    if seen.insert(holder) {
                        stack.push(holder);
                    }
                }
            }
        }
        found
    }
}

/// All references that follow a rule.
fn uses(cx: &Context<'_>, facts: &Facts, children: &[Vec<Id<Table>>], rules: &Rules) -> Vec<Use> {
    let tables = facts.tables();
    let mut uses = Vec::new();
    for (id, table) in tables.tables.iter() {
        if facts.tags().has(table.element, Upkeep::SoftDelete.stereotype()).is_some() {
            for holder in tables.holders(children, id) {
                let barrier = Some((table.span, format!("rows of `{}` are only marked", table.wish.text)));
                uses.push(Use { column: None, holder, to: holder, barrier });
            }
        }
    }
    for (id, column) in tables.columns.iter() {
        for holder in tables.holders(children, column.table) {
            match &column.kind {
                ColumnKind::Key(key) => {
                    let Some((rule, _)) = rules.get(id).filter(|(rule, _)| *rule != OnDelete::DoNothing) else {
                        continue;
                    };
                    let path = cx.elements.path(column.element);
                    let barrier = match policy::in_database(rule) {
                        Some(_) => None,
                        None if matches!(rule, OnDelete::Protect | OnDelete::Restrict) => {
                            Some((column.span, format!("`{path}` protects")))
                        }
                        None => Some((column.span, format!("`{path}` follows `{}`", rule.name()))),
                    };
                    uses.push(Use { column: Some(id), holder, to: key.to, barrier });
                }
                ColumnKind::Many(many) if many.through.is_none() => {
                    let path = cx.elements.path(column.element);
                    let barrier = Some((column.span, format!("the links of `{path}` are a table of Django's own")));
                    uses.push(Use { column: None, holder, to: many.to, barrier });
                }
                // Keys to content types and to who saved a row follow rules of their own.
                ColumnKind::Value(value) if matches!(value.kind, FieldKind::ForeignKey(_)) => {
                    let name = format!("`{}` of `{}`", column.wish.text, tables.tables[holder].wish.text);
                    let barrier = Some((column.span, format!("{name} follows a rule of Django's")));
                    uses.push(Use { column: None, holder, to: holder, barrier });
                }
                ColumnKind::Many(_) | ColumnKind::Value(_) => {}
            }
        }
    }
    for (id, table) in tables.tables.iter().filter(|(_, table)| !table.is_abstract) {
        for base in tables.ancestors(id).into_iter().filter(|base| !tables.tables[*base].is_abstract) {
            let (child, parent) = (&table.wish.text, &tables.tables[base].wish.text);
            let what = if table.is_proxy { "is another class for rows of" } else { "is a row of its own beside its" };
            let barrier = Some((table.span, format!("a `{child}` {what} `{parent}`")));
            uses.push(Use { column: None, holder: id, to: base, barrier });
        }
    }
    uses
}
