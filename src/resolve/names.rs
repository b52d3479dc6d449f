//! Pass 8: names, one name space for each model with everything above and below it.
//!
//! What was drawn never gives way to what we make up, fields never to ways back.

mod classes;
mod generic;
mod reverse;
mod space;

use std::borrow::Cow;

use super::Context;
use crate::account::{Element, ElementKind};
use crate::decision::Because;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::django::FieldKind;
use crate::facts::{Column, ColumnKind, Facts, Names, Table, TableSubject, Tables, Wish, reason};
use crate::graph::order;
use crate::policy::naming::{self, Adapted};
use crate::policy::reserved;
use crate::source::Span;
use crate::util::arena::Id;
use space::{Entry, Spaces};

/// Why a name is not the drawn one.
const ASKED: &str = "the name that was asked for";

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report) -> Names {
    let mut names = Names::default();
    classes::run(cx, facts, report, &mut names);
    let tables = facts.tables();
    let mut pass = Pass { cx, facts, report, names, spaces: Spaces::new(tables) };
    pass.accessors();
    let sorted = parents_first(tables);
    let mut attributes = Vec::new();
    let mut drawn = Vec::new();
    let mut made = Vec::new();
    let is_upkeep = |table: Id<Table>| matches!(tables.tables[table].subject, TableSubject::Upkeep(_));
    // What is kept about rows is called so everywhere: the code that keeps it counts on that.
    for &table in sorted.iter().filter(|table| is_upkeep(**table)) {
        for &column in &tables.tables[table].columns {
            pass.forward(column);
        }
    }
    for &table in sorted.iter().filter(|table| !is_upkeep(**table)) {
        for &column in &tables.tables[table].columns {
            let found = &tables.columns[column];
            match (&found.kind, found.wish.drawn) {
                (ColumnKind::Value(_), Some(_)) => attributes.push(column),
                (_, Some(_)) => drawn.push(column),
                (_, None) => made.push(column),
            }
        }
    }
    for column in attributes {
        pass.attribute(column);
    }
    for &column in &drawn {
        pass.forward(column);
    }
    for generic in &tables.generics {
        pass.generic(generic);
    }
    for &column in &made {
        pass.forward(column);
    }
    for &table in &sorted {
        pass.embedded(table);
    }
    for is_drawn in [true, false] {
        for column in tables.columns.ids() {
            let wish = match &tables.columns[column].kind {
                ColumnKind::Key(key) => key.reverse.as_ref().map(|wish| (wish, key.to)),
                ColumnKind::Many(many) => many.reverse.as_ref().map(|wish| (wish, many.to)),
                ColumnKind::Value(_) => None,
            };
            if let Some((wish, to)) = wish.filter(|(wish, _)| wish.drawn.is_some() == is_drawn) {
                pass.reverse(column, wish, to);
            }
        }
    }
    for (index, generic) in tables.generics.iter().enumerate() {
        pass.generic_reverse(index, generic);
    }
    for &table in &sorted {
        pass.methods(table);
    }
    pass.names
}

fn parents_first(tables: &Tables) -> Vec<Id<Table>> {
    let mut edges = Vec::new();
    for (id, table) in tables.tables.iter() {
        edges.extend(table.bases.iter().map(|base| (id.index(), base.index())));
    }
    order::dependencies_first(tables.tables.len(), &edges).into_iter().map(Id::new).collect()
}

struct Pass<'a, 'b> {
    cx: &'a Context<'a>,
    facts: &'a Facts,
    report: &'b mut Report,
    names: Names,
    spaces: Spaces,
}

impl<'a> Pass<'a, '_> {
    fn tables(&self) -> &'a Tables {
        self.facts.tables()
    }

    fn class(&self, table: Id<Table>) -> &str {
        self.names.tables.get(table).map_or("", |names| names.class.as_str())
    }

    /// Names that Django gives by itself: ways from a parent to its children and back.
    fn accessors(&mut self) {
        let tables = self.tables();
        for (id, table) in tables.tables.iter() {
            if let TableSubject::Upkeep(upkeep) = table.subject {
                for name in upkeep.names() {
                    self.spaces.enter(id, name, Entry::ours("what its rows can do"));
                }
            }
            if table.is_user {
                for name in USER {
                    self.spaces.enter(id, name, Entry::ours("a name of Django's user"));
                }
            }
            if self.facts.tags().has(table.element, "singleton").is_some() {
                self.spaces.enter(id, "load", Entry::ours("what gives the only row"));
            }
            if table.is_abstract {
                continue;
            }
            for &base in &table.bases {
                if tables.tables[base].is_abstract {
                    continue;
                }
                if table.is_proxy {
                    continue;
                }
                let base = tables.storage(base);
                let (child, parent) = (self.class(id).to_lowercase(), self.class(base).to_lowercase());
                self.spaces.enter(base, &child, Entry::ours("the way from the parent to its child"));
                self.spaces.enter(id, &format!("{parent}_ptr"), Entry::ours("the way to the parent"));
                self.spaces.enter(id, &format!("{parent}_ptr_id"), Entry::ours("the way to the parent"));
            }
        }
    }

    /// The wish of a column, or the name that a tag or setting asks for in place of the drawn one.
    fn asked<'w>(&self, element: Element, wish: &'w Wish) -> Cow<'w, Wish> {
        let seen = self.cx.elements.get(element);
        let drawn = self.cx.elements.name(element).map(str::trim);
        let is_unnamed_end = seen.kind == ElementKind::End && drawn.is_none() && wish.drawn.is_none();
        match self.facts.tags().text(element, "name") {
            // Columns of one attribute may have other names, such as the parts of an embedded value.
            Some((name, _)) if drawn == Some(wish.text.trim()) || is_unnamed_end => {
                Cow::Owned(Wish { text: name.to_owned(), why: ASKED, ..wish.clone() })
            }
            _ => Cow::Borrowed(wish),
        }
    }

    fn note(&mut self, column: Id<Column>, name: String, wish: &Wish) {
        let found = &self.tables().columns[column];
        let because = match self.facts.tags().text(found.element, "name") {
            Some((_, because)) if wish.why == ASKED => because.clone(),
            _ => Because::Rule { name: wish.why, at: Some(wish.drawn.unwrap_or(found.span)) },
        };
        let why = reason(format!("name `{name}`"), wish.why, because);
        self.names.columns.insert(column, (name, why));
    }

    fn attribute(&mut self, id: Id<Column>) {
        let tables = self.tables();
        let column = &tables.columns[id];
        let table = column.table;
        let ColumnKind::Value(value) = &column.kind else { return };
        let span = column.wish.drawn.unwrap_or(column.span);
        if value.primary_key && naming::is_key(&column.wish.text) {
            self.spaces.enter(table, "id", Entry::field(id, Some(span)));
            self.note(id, "id".to_owned(), &column.wish);
            return;
        }
        let wish = self.asked(column.element, &column.wish);
        let adapted = naming::field_name(&wish.text);
        let mut name = adapted.as_ref().map_or_else(|| "value".to_owned(), |adapted| adapted.name.clone());
        self.adapted(id, adapted.as_ref(), span);
        if let Some(entry) = self.spaces.taken(tables, table, &name, Some(id)) {
            let entry = entry.clone();
            if entry.column.is_some_and(|other| other != id && self.may_replace(id, other)) {
                self.note(id, name, &wish);
                return;
            }
            let wanted = if entry.drawn.is_some() { name.clone() } else { format!("{name}_field") };
            let free = self.free(table, &wanted, false);
            let path = self.cx.elements.path(column.element);
            match (entry.drawn, entry.column.map(|other| &tables.columns[other])) {
                (Some(at), Some(other)) => self.report.add(
                    Diagnostic::new(
                        &codes::U0403,
                        format!(
                            "`{path}` and `{}` both become `{name}`; the second one is called `{free}`",
                            self.cx.elements.path(other.element)
                        ),
                    )
                    .about(column.element)
                    .here(span, "the second one")
                    .because(at, "the first one"),
                ),
                _ => self.report.add(
                    Diagnostic::new(
                        &codes::U0404,
                        format!("attribute `{path}` becomes `{free}`: `{name}` is {}", entry.what),
                    )
                    .about(column.element)
                    .here(span, "taken"),
                ),
            }
            name = free;
        } else if let Some(what) = self.clashes_with_key(table, &name) {
            let free = self.free(table, &format!("{name}_field"), false);
            let path = self.cx.elements.path(column.element);
            self.report.add(
                Diagnostic::new(&codes::U0404, format!("attribute `{path}` becomes `{free}`: `{name}` is {what}"))
                    .about(column.element)
                    .here(span, "taken"),
            );
            name = free;
        }
        self.spaces.enter(table, &name, Entry::field(id, Some(span)));
        self.note(id, name, &wish);
    }

    /// Whether a field of a child takes the place of one of an abstract parent, or of a further abstract parent.
    fn may_replace(&self, own: Id<Column>, other: Id<Column>) -> bool {
        let tables = self.tables();
        let (own, other) = (&tables.columns[own], &tables.columns[other]);
        let both_values = matches!((&own.kind, &other.kind), (ColumnKind::Value(_), ColumnKind::Value(_)));
        if !both_values || own.table == other.table || !tables.tables[other.table].is_abstract {
            return false;
        }
        let above = tables.ancestors(own.table);
        if !above.contains(&other.table) {
            return tables.tables[own.table].is_abstract;
        }
        above.iter().all(|&table| tables.tables[table].is_abstract || !tables.ancestors(table).contains(&other.table))
    }

    /// The column of a key `customer` is `customer_id`; and choices and dates have methods.
    fn clashes_with_key(&self, table: Id<Table>, name: &str) -> Option<&'static str> {
        if is_generated(name) {
            return Some("a method that Django makes");
        }
        let stem = name.strip_suffix("_id")?;
        let tables = self.tables();
        let clashes = self.spaces.relatives(tables, table).into_iter().any(|relative| {
            tables.tables[relative].columns.iter().any(|&column| {
                let column = &tables.columns[column];
                is_key(&column.kind) && naming::snake(&column.wish.text) == stem
            })
        });
        clashes.then_some("the column of a relation")
    }

    fn adapted(&mut self, id: Id<Column>, adapted: Option<&Adapted>, span: Span) {
        let Some(adapted) = adapted else { return };
        let column = &self.tables().columns[id];
        if let Some((wanted, by)) = adapted.reserved() {
            let kind = self.cx.elements.get(column.element).kind.word();
            self.report.add(
                Diagnostic::new(
                    &codes::U0404,
                    format!(
                        "{kind} `{}` becomes `{}`: `{wanted}` is {}",
                        self.cx.elements.path(column.element),
                        adapted.name,
                        by.words()
                    ),
                )
                .about(column.element)
                .here(span, "reserved"),
            );
        }
        if let Some((_, limit)) = adapted.shortened() {
            self.report.add(
                Diagnostic::new(
                    &codes::U0407,
                    format!(
                        "the name of `{}` is too long for a column; shortened to `{}`",
                        self.cx.elements.path(column.element),
                        adapted.name
                    ),
                )
                .about(column.element)
                .here(span, format!("{limit} bytes are allowed")),
            );
        }
    }

    /// A free name that starts with `name`: a number is put behind it.
    fn free(&self, table: Id<Table>, name: &str, is_key: bool) -> String {
        let tables = self.tables();
        let limit = if is_key { naming::RELATION_LIMIT } else { naming::COLUMN_LIMIT };
        let fits = |name: &str| {
            name.len() <= limit
                && self.spaces.taken(tables, table, name, None).is_none()
                && !(is_key && self.spaces.taken(tables, table, &format!("{name}_id"), None).is_some())
                && reserved::field(name).is_none()
        };
        if fits(name) {
            return name.to_owned();
        }
        let room = naming::RELATION_LIMIT - 4;
        let end = name.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|&end| end <= room).last();
        let stem = name.get(..end.unwrap_or_default()).unwrap_or_default();
        let mut number = 2;
        loop {
            let numbered = format!("{stem}_{number}");
            if fits(&numbered) {
                return numbered;
            }
            number += 1;
        }
    }

    fn is_free(&self, table: Id<Table>, name: &str, is_key: bool) -> bool {
        self.free(table, name, is_key) == name
    }

    /// A relation on the side that holds it, or a column that we add.
    fn forward(&mut self, id: Id<Column>) {
        let tables = self.tables();
        let column = &tables.columns[id];
        let table = column.table;
        let wish = self.asked(column.element, &column.wish);
        let is_key = is_key(&column.kind);
        let span = wish.drawn.unwrap_or(column.span);
        let adapted = match &column.kind {
            ColumnKind::Value(_) => naming::field_name(&wish.text),
            _ => naming::relation_name(&wish.text),
        };
        let mut name = adapted.as_ref().map_or_else(|| "value".to_owned(), |adapted| adapted.name.clone());
        if wish.drawn.is_some() {
            self.adapted(id, adapted.as_ref(), span);
        }
        if !self.is_free(table, &name, is_key) || is_generated(&name) {
            let otherwise = wish
                .otherwise
                .as_deref()
                .and_then(naming::relation_name)
                .map(|adapted| adapted.name)
                .filter(|name| self.is_free(table, name, is_key));
            let free = otherwise.unwrap_or_else(|| self.free(table, &format!("{name}_2"), is_key));
            let entry = self.spaces.taken(tables, table, &name, None).cloned();
            if let (Some(drawn), Some(Entry { drawn: Some(at), column: Some(other), .. })) = (wish.drawn, &entry) {
                let other = &tables.columns[*other];
                let path = self.cx.elements.path(column.element);
                let theirs = self.cx.elements.path(other.element);
                let is_attribute = matches!(other.kind, ColumnKind::Value(_));
                let (code, message) = if is_attribute {
                    (&codes::U0405, format!("attribute `{theirs}` has the name of the end `{path}`"))
                } else {
                    let class = self.class(table);
                    (&codes::U0605, format!("`{theirs}` and `{path}` both give `{class}` the accessor `{name}`"))
                };
                let diagnostic = Diagnostic::new(code, message)
                    .about(column.element)
                    .here(drawn, format!("becomes `{free}`"))
                    .because(*at, "has the name already");
                self.report.add(diagnostic.help("give one of them another name"));
            }
            name = free;
        }
        self.spaces.enter(table, &name, Entry::field(id, wish.drawn));
        if is_key {
            self.spaces.enter(table, &format!("{name}_id"), Entry::field(id, wish.drawn));
        }
        self.note(id, name, &wish);
    }

    /// The properties that assemble embedded values.
    fn embedded(&mut self, table: Id<Table>) {
        let tables = self.tables();
        let mut found = Vec::new();
        for embedded in &tables.tables[table].embedded {
            let drawn = super::types::name(&self.cx.model.properties[embedded.property]);
            let name = naming::field_name(drawn).map_or_else(|| "value".to_owned(), |adapted| adapted.name);
            let name = self.free(table, &name, false);
            self.spaces.enter(table, &name, Entry::ours("an embedded value"));
            found.push((embedded.property, name));
        }
        if !found.is_empty() {
            self.names.embedded.insert(table, found);
        }
    }

    /// Methods that follow relations; they give way to everything else.
    fn methods(&mut self, table: Id<Table>) {
        let tables = self.tables();
        let mut found = Vec::new();
        for method in &tables.tables[table].rules.methods {
            let name =
                naming::reverse_name(&method.wish.text).map_or_else(|| "rows".to_owned(), |adapted| adapted.name);
            let name = self.free(table, &name, false);
            self.spaces.enter(table, &name, Entry::ours("a method that follows a relation"));
            found.push(name);
        }
        if !found.is_empty() {
            self.names.methods.insert(table, found);
        }
    }
}

/// Whether the column is called after what it leads to.
fn is_key(kind: &ColumnKind) -> bool {
    match kind {
        ColumnKind::Key(_) => true,
        ColumnKind::Value(value) => matches!(value.kind, FieldKind::ForeignKey(_)),
        ColumnKind::Many(_) => false,
    }
}

/// Methods that Django makes for choices and dates.
fn is_generated(name: &str) -> bool {
    name.starts_with("get_") && name.ends_with("_display")
        || name.starts_with("get_next_by_")
        || name.starts_with("get_previous_by_")
}

/// Names of Django's `AbstractUser`.
pub(super) const USER: &[&str] = &[
    "username",
    "password",
    "email",
    "first_name",
    "last_name",
    "is_active",
    "is_staff",
    "is_superuser",
    "last_login",
    "date_joined",
    "groups",
    "user_permissions",
    "is_anonymous",
    "is_authenticated",
    "get_full_name",
    "get_short_name",
    "email_user",
    "has_perm",
    "has_perms",
    "has_module_perms",
    "check_password",
    "set_password",
    "get_username",
    "natural_key",
    "logentry",
];
