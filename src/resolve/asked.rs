//! Pass 9: what tags and settings ask of models and fields that nothing else depends on.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use super::indexes::Scope;
use crate::account::Element;
use crate::decision::{Because, Reason};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::django::FieldKind;
use crate::django::field::{Exposure, Inline};
use crate::django::model::Access;
use crate::facts::{
    Asked, Column, ColumnAsked, ColumnKind, Facts, KeyFact, Table, TableAsked, TableSubject, TextPart, reason,
};
use crate::policy::exposure::exposure;
use crate::policy::naming;
use crate::profile::{normal, values};
use crate::python::Dotted;
use crate::uml::model::Visibility;
use crate::util::arena::Id;
use crate::util::words;

/// The tag that says what something was called before.
const RENAMED_FROM: &str = "renamed_from";

pub(super) fn run(cx: &Context<'_>, facts: &Facts, report: &mut Report) -> Asked {
    let mut pass = Pass { cx, facts, report, hidden: hidden(cx) };
    let mut asked = Asked::default();
    for (id, table) in facts.tables().tables.iter() {
        let is_lookup = matches!(table.subject, TableSubject::Lookup(_));
        if is_lookup || matches!(table.subject, TableSubject::Class(_)) {
            let mut found = pass.table(id, table.element, table.is_abstract);
            if is_lookup && found.api != Access::None {
                let because = Because::Rule { name: "the literals of the diagram are the rows", at: Some(table.span) };
                found.api = Access::Read;
                found.reasons.push(reason("nobody writes through the API", "migrations keep the rows", because));
            }
            if !found.reasons.is_empty() {
                asked.tables.insert(id, found);
            }
        }
        if let TableSubject::Values(_, property) = table.subject
            && let Some(&visibility) = pass.hidden.get(&cx.model.properties[property].element)
        {
            let (_, why) = exposure(visibility, false);
            let reasons = vec![reason("not in the API", why, by_visibility())];
            asked.tables.insert(id, TableAsked { api: Access::None, reasons, ..TableAsked::default() });
        }
        if is_lookup {
            // What is said of the enumeration is said of its model.
            continue;
        }
        let mut taken: BTreeSet<String> = pass.default_columns(id);
        for &column in &table.columns {
            let found = pass.column(column, &mut taken);
            if !found.reasons.is_empty() {
                asked.columns.insert(column, found);
            }
        }
    }
    asked
}

struct Pass<'a, 'b> {
    cx: &'a Context<'a>,
    facts: &'a Facts,
    report: &'b mut Report,
    /// What is not public, where that matters.
    hidden: BTreeMap<Element, Visibility>,
}

impl<'a> Pass<'a, '_> {
    fn text(&self, element: Element, tag: &str) -> Option<(&'a str, &'a Because)> {
        self.facts.tags().text(element, tag)
    }

    /// A value that has the right form and cannot be used all the same.
    fn refuse(&mut self, element: Element, tag: &str, because: &Because, why: &str, help: Option<String>) {
        let path = self.cx.elements.path(element);
        let mut diagnostic =
            Diagnostic::new(&codes::U1004, format!("tag `{tag}` of `{path}` cannot be used: {why}")).about(element);
        if let Because::Tag(at) | Because::Setting { at: Some(at), .. } = because {
            diagnostic = diagnostic.here(*at, "cannot be used");
        }
        if let Some(help) = help {
            diagnostic = diagnostic.help(help);
        }
        self.report.add(diagnostic);
    }

    fn table(&mut self, id: Id<Table>, element: Element, is_abstract: bool) -> TableAsked {
        let mut asked = TableAsked::default();
        if let Some((text, because)) = self.text(element, "str")
            && let Some(pieces) = self.template(id, element, text, because)
        {
            asked.text = pieces;
            note(&mut asked.reasons, format!("__str__ {text}"), because);
        }
        if is_abstract {
            if let Some(because) = self.facts.tags().has(element, "singleton") {
                let path = self.cx.elements.path(element);
                let what = format!("`{path}` cannot be «singleton»: an abstract model has no rows");
                let found = Diagnostic::new(&codes::U1004, what).about(element);
                let at = because.place().unwrap_or(self.facts.tables().tables[id].span);
                self.report.add(found.here(at, "left out").help("put it on the classes below"));
            }
            return asked;
        }
        // Proxies have no rows of their own that could follow.
        if self.facts.tables().storage(id) == id
            && let Some((text, because)) = self.text(element, RENAMED_FROM)
        {
            asked.earlier = Some(text.to_owned());
            note(&mut asked.reasons, format!("{RENAMED_FROM} {text}"), because);
        }
        if let Some(because) = self.external(id) {
            asked.is_external = true;
            note(&mut asked.reasons, "managed=False".to_owned(), &because);
        }
        self.singleton(id, element, &mut asked);
        if let Some((text, because)) = self.text(element, "permissions") {
            asked.permissions = self.permissions(id, element, text, because);
            if !asked.permissions.is_empty() {
                note(&mut asked.reasons, format!("permissions {text}"), because);
            }
        }
        if let Some((text, because)) = self.text(element, "default_permissions") {
            let wanted = text.split(',').map(normal).filter(|word| word != "none");
            asked.default_permissions = Some(wanted.collect());
            note(&mut asked.reasons, format!("default_permissions {text}"), because);
        }
        if let Some((text, because)) = self.text(element, "get_latest_by") {
            asked.latest = self.latest(id, element, text, because);
            if !asked.latest.is_empty() {
                note(&mut asked.reasons, format!("get_latest_by {text}"), because);
            }
        }
        if let Some((_, because)) = self.text(element, "admin") {
            asked.no_admin = true;
            note(&mut asked.reasons, "no admin pages".to_owned(), because);
        }
        if let Some((text, because)) = self.text(element, "api") {
            let (api, what) = match normal(text).as_str() {
                "none" => (Access::None, "not in the API"),
                "read" => (Access::Read, "nobody writes through the API"),
                "public" => (Access::Public, "who is not signed in may read"),
                _ => (Access::Write, "permissions decide who writes through the API"),
            };
            if self.facts.tables().tables[id].is_user && api == Access::Public {
                self.refuse(element, "api", because, "who signs in is nobody else's business", None);
            } else {
                asked.api = api;
                note(&mut asked.reasons, what.to_owned(), because);
            }
        }
        asked
    }

    /// Who says that somebody else makes the table, or that of a parent, in which a part of each row stands.
    fn external(&self, id: Id<Table>) -> Option<Because> {
        let (tables, tags) = (self.facts.tables(), self.facts.tags());
        let line = std::iter::once(tables.storage(id)).chain(tables.ancestors(id));
        let mut elements = line.filter(|&at| !tables.tables[at].is_abstract).map(|at| tables.tables[at].element);
        elements.find_map(|element| {
            let by_name = ["external", "legacy"].into_iter().find_map(|name| tags.has(element, name).cloned());
            let denied = || tags.get(element, "managed").filter(|_| tags.denies(element, "managed"));
            by_name.or_else(|| denied().map(|said| said.because.clone()))
        })
    }

    /// Whether there is one row: of a table whose key nothing else decides about.
    fn singleton(&mut self, id: Id<Table>, element: Element, asked: &mut TableAsked) {
        let Some(because) = self.facts.tags().has(element, "singleton") else { return };
        let tables = self.facts.tables();
        let table = &tables.tables[id];
        let is_key = |column: &Id<Column>| matches!(&tables.columns[*column].kind, ColumnKind::Value(value) if value.primary_key);
        let line = std::iter::once(id).chain(tables.ancestors(id));
        let has_own_key = line.flat_map(|table| &tables.tables[table].columns).any(is_key) || table.key.is_some();
        let is_family = tables.ancestors(id).into_iter().any(|above| !tables.tables[above].is_abstract)
            || !tables.descendants(&tables.children(), id).is_empty();
        let why = if table.is_user {
            "users are many"
        } else if self.facts.tags().has(element, "softDelete").is_some() {
            "its row would stay in its place when it is deleted"
        } else if asked.is_external {
            "somebody else makes the table"
        } else if is_family || table.is_proxy || tables.hosts.contains(id) {
            "its rows are those of a parent or of children as well"
        } else if has_own_key {
            "its key is not the automatic one, which is 1"
        } else {
            asked.is_singleton = true;
            let rule = |name| Because::Rule { name, at: Some(table.span) };
            asked.reasons.extend([
                reason("a check constraint on the key", "there is one row", because.clone()),
                reason(
                    "`load()`",
                    "the one row is always found the same way",
                    rule("code asks for the row, not for its key"),
                ),
                reason(
                    "no row more and none less",
                    "the admin and the API add no second one and delete none",
                    rule("there is one row"),
                ),
            ]);
            return;
        };
        let path = self.cx.elements.path(element);
        let found = Diagnostic::new(&codes::U1004, format!("`{path}` cannot be «singleton»: {why}")).about(element);
        self.report.add(found.here(because.place().unwrap_or(table.span), "left out"));
    }

    /// A field of the table or of what it inherits from, by the name of its attribute or its own.
    fn find(&self, table: Id<Table>, name: &str) -> Option<Id<Column>> {
        let tables = self.facts.tables();
        let wanted = naming::snake(name);
        let line = std::iter::once(table).chain(tables.ancestors(table));
        let mut columns = line.flat_map(|table| tables.tables[table].columns.iter().copied());
        columns.find(|&column| {
            !matches!(tables.columns[column].kind, ColumnKind::Many(_))
                && (self.facts.names().columns.get(column).is_some_and(|(known, _)| *known == wanted)
                    || naming::snake(&tables.columns[column].wish.text) == wanted)
        })
    }

    fn unknown(&mut self, table: Id<Table>, element: Element, tag: &str, name: &str, because: &Because) {
        let tables = self.facts.tables();
        let line = std::iter::once(table).chain(tables.ancestors(table));
        let columns = line.flat_map(|table| tables.tables[table].columns.iter());
        let known: Vec<&str> = columns
            .filter_map(|&column| self.facts.names().columns.get(column))
            .map(|(name, _)| name.as_str())
            .collect();
        let near = words::nearest(name, known).first().map(|near| format!("there is `{near}`"));
        self.refuse(element, tag, because, &format!("there is no attribute `{name}`"), near);
    }

    fn template(&mut self, table: Id<Table>, element: Element, text: &str, because: &Because) -> Option<Vec<TextPart>> {
        let mut pieces = Vec::new();
        for piece in values::template(text)? {
            pieces.push(match piece {
                values::Piece::Text(text) => TextPart::Text(text.to_owned()),
                values::Piece::Field(name) => {
                    let Some(column) = self.find(table, name) else {
                        self.unknown(table, element, "str", name, because);
                        return None;
                    };
                    TextPart::Column(column)
                }
            });
        }
        Some(pieces)
    }

    fn permissions(
        &mut self,
        table: Id<Table>,
        element: Element,
        text: &str,
        because: &Because,
    ) -> Vec<(String, String)> {
        let class = self.facts.names().tables.get(table).map_or("", |names| names.class.as_str()).to_lowercase();
        let mut found: Vec<(String, String)> = Vec::new();
        for (code, label) in values::labels(text).unwrap_or_default() {
            let is_default = ["add", "change", "delete", "view"].iter().any(|word| code == format!("{word}_{class}"));
            let why = if is_default {
                format!("Django has the permission `{code}` already")
            } else if found.iter().any(|(known, _)| known == code) {
                format!("`{code}` stands twice in it")
            } else if code.len() > 100 || label.chars().count() > 255 {
                "a code has at most 100 characters, a label 255".to_owned()
            } else {
                found.push((code.to_owned(), label.to_owned()));
                continue;
            };
            self.refuse(element, "permissions", because, &why, None);
        }
        found
    }

    fn latest(&mut self, table: Id<Table>, element: Element, text: &str, because: &Because) -> Vec<(Id<Column>, bool)> {
        let mut found = Vec::new();
        for (name, descending) in values::columns(text).unwrap_or_default() {
            match self.find(table, name) {
                Some(column) => found.push((column, descending)),
                None => {
                    self.unknown(table, element, "get_latest_by", name, because);
                    return Vec::new();
                }
            }
        }
        found
    }

    /// The columns that a table has if nobody asks for other names.
    fn default_columns(&self, table: Id<Table>) -> BTreeSet<String> {
        let tables = self.facts.tables();
        let line = std::iter::once(table).chain(tables.ancestors(table));
        line.flat_map(|table| tables.tables[table].columns.iter()).map(|&column| self.column_name(column)).collect()
    }

    fn column_name(&self, column: Id<Column>) -> String {
        let name = self.facts.names().columns.get(column).map_or("", |(name, _)| name.as_str());
        let suffix = if matches!(self.facts.tables().columns[column].kind, ColumnKind::Key(_)) { "_id" } else { "" };
        format!("{name}{suffix}").to_lowercase()
    }

    /// Whether a table, or one above or below it, has a field or another way back of this name.
    fn is_taken(&self, table: Id<Table>, except: Id<Column>, name: &str) -> bool {
        let (tables, names) = (self.facts.tables(), self.facts.names());
        let mut family = tables.descendants(&tables.children(), table);
        family.extend(tables.ancestors(table));
        family.push(table);
        let is_field = |column: &Id<Column>| names.columns.get(*column).is_some_and(|(known, _)| known == name);
        let is_child = |child: &Id<Table>| {
            *child != table && names.tables.get(*child).is_some_and(|it| it.class.eq_ignore_ascii_case(name))
        };
        let leads_here = |column: Id<Column>| match &tables.columns[column].kind {
            ColumnKind::Key(key) => family.contains(&key.to),
            ColumnKind::Many(many) => family.contains(&many.to),
            ColumnKind::Value(_) => false,
        };
        family.iter().any(is_child)
            || family.iter().any(|&table| tables.tables[table].columns.iter().any(is_field))
            || names.reverse.iter().any(|(column, (known, _))| known == name && column != except && leads_here(column))
    }

    fn column(&mut self, id: Id<Column>, taken: &mut BTreeSet<String>) -> ColumnAsked {
        let column = &self.facts.tables().columns[id];
        let mut asked = ColumnAsked::default();
        // The tags of a relation stand at its end; several columns of one attribute are not meant one by one.
        let element = match &column.kind {
            ColumnKind::Key(key) => key.tagged,
            _ => column.element,
        };
        let table = &self.facts.tables().tables[column.table];
        let is_only = column.wish.drawn.is_some()
            && table
                .columns
                .iter()
                .filter(|&&other| self.facts.tables().columns[other].element == column.element)
                .count()
                == 1;
        // What says where the row of a reference by content type is stands for the whole reference.
        if matches!(&column.kind, ColumnKind::Value(value) if value.kind.is_content_type()) {
            self.inline(element, &mut asked);
        }
        self.expose(column, element, &mut asked);
        if let Some((text, because)) = self.text(element, RENAMED_FROM) {
            asked.earlier = Some(text.to_owned());
            note(&mut asked.reasons, format!("{RENAMED_FROM} {text}"), because);
        }
        if let Some((text, because)) =
            self.measured(id, element, is_only).and_then(|element| self.text(element, "unit"))
        {
            asked.unit = Some(text.to_owned());
            note(&mut asked.reasons, format!("unit {text}"), because);
        }
        if !is_only {
            return asked;
        }
        if let Some((text, because)) = self.text(element, "verbose_name") {
            asked.verbose_name = Some(text.to_owned());
            note(&mut asked.reasons, format!("verbose_name {text}"), because);
        }
        if let Some((text, because)) =
            self.text(element, "db_column").filter(|_| !matches!(column.kind, ColumnKind::Many(_)))
        {
            let own = self.column_name(id);
            let wanted = text.to_lowercase();
            if wanted != own && !taken.insert(wanted) {
                self.refuse(element, "db_column", because, &format!("`{text}` is the column of another field"), None);
            } else {
                asked.db_column = Some(text.to_owned());
                note(&mut asked.reasons, format!("db_column {text}"), because);
            }
        }
        if let Some((class, because)) =
            self.text(element, "widget").and_then(|(text, because)| Some((Dotted::new(text)?, because)))
        {
            note(&mut asked.reasons, format!("widget {class}"), because);
            asked.widget = Some(class);
        }
        match &column.kind {
            ColumnKind::Value(value) if matches!(value.kind, FieldKind::File { .. }) => {
                if let Some((text, because)) = self.text(element, "upload_to") {
                    asked.upload_to = Some(text.to_owned());
                    note(&mut asked.reasons, format!("upload_to {text}"), because);
                }
                let storage = self.text(element, "storage");
                if let Some((path, because)) = storage.and_then(|(text, because)| Some((Dotted::new(text)?, because))) {
                    note(&mut asked.reasons, format!("storage {path}"), because);
                    asked.storage = Some(path);
                }
            }
            ColumnKind::Key(key) => {
                if let Some((text, because)) = self.text(element, "related_query_name") {
                    if text.contains("__") || text.ends_with('_') {
                        self.refuse(element, "related_query_name", because, "filters have a meaning for `__`", None);
                    } else if self.is_taken(key.to, id, text) {
                        let why = format!("`{text}` is another name of the class at this end");
                        self.refuse(element, "related_query_name", because, &why, None);
                    } else {
                        asked.query_name = Some(text.to_owned());
                        note(&mut asked.reasons, format!("related_query_name {text}"), because);
                    }
                }
                self.target(element, key, &mut asked);
                self.inline(element, &mut asked);
                if let Some(said) = self
                    .facts
                    .tags()
                    .get(element, "db_constraint")
                    .filter(|said| values::flag(said.value.trim()) == Some(false))
                {
                    asked.no_constraint = true;
                    note(&mut asked.reasons, "db_constraint=False".to_owned(), &said.because);
                }
                if let Some(said) = self.facts.tags().get(element, "db_index").filter(|_| !key.one_to_one) {
                    asked.no_index = self.facts.tags().denies(element, "db_index");
                    let what = if asked.no_index { "db_index=False" } else { "an index of its own" };
                    note(&mut asked.reasons, what.to_owned(), &said.because);
                }
            }
            ColumnKind::Many(_) => {
                for tag in ["limit_choices_to", "to_field"] {
                    if let Some((_, because)) = self.text(element, tag) {
                        self.refuse(element, tag, because, "it is for relations to one object", None);
                    }
                }
            }
            ColumnKind::Value(_) => {}
        }
        asked
    }

    /// The attribute whose values a column holds: of a part of a data type's value that of the type.
    fn measured(&self, id: Id<Column>, element: Element, is_only: bool) -> Option<Element> {
        let tables = self.facts.tables();
        let table = &tables.tables[tables.columns[id].table];
        let mut parts = table.embedded.iter().flat_map(|embedded| &embedded.parts);
        if let Some((path, _)) = parts.find(|(_, column)| *column == id) {
            return path.last().map(|&part| self.cx.model.properties[part].element);
        }
        // Beside its owner and its place, such a row has nothing but the value.
        let is_place = table.position.is_some_and(|position| position.position == id);
        let is_value = matches!(tables.columns[id].kind, ColumnKind::Value(_)) && !is_place;
        let is_part = is_value && matches!(table.subject, TableSubject::Values(..));
        (is_only || is_part).then_some(element)
    }

    /// What is shown of a column that is not public.
    fn expose(&self, column: &Column, element: Element, asked: &mut ColumnAsked) {
        // What holds the values of an attribute is nowhere by itself.
        let is_value = matches!(self.facts.tables().tables[column.table].subject, TableSubject::Values(..));
        let Some(&visibility) = self.hidden.get(&element).filter(|_| !is_value) else { return };
        let demanded = match &column.kind {
            ColumnKind::Value(value) => value.is_demanded(),
            ColumnKind::Key(key) => !key.null,
            ColumnKind::Many(many) => many.required,
        };
        let (found, why) = exposure(visibility, demanded);
        let what = if found == Exposure::Written { "written and never shown" } else { "not in the API" };
        asked.exposure = Some(found);
        asked.reasons.push(reason(what, why, by_visibility()));
    }

    /// How the rows that hold a key are shown with the one that it leads to.
    fn inline(&self, element: Element, asked: &mut ColumnAsked) {
        if let Some((text, because)) = self.text(element, "inline") {
            asked.inline = match normal(text).as_str() {
                "tabular" => Some(Inline::Tabular),
                "stacked" => Some(Inline::Stacked),
                _ => Some(Inline::None),
            };
            note(&mut asked.reasons, format!("inline {text}"), because);
        }
    }

    /// Which rows a key may lead to, and by which of their columns.
    fn target(&mut self, element: Element, key: &KeyFact, asked: &mut ColumnAsked) {
        if let Some((text, because)) = self.text(element, "limit_choices_to") {
            match (Scope { cx: self.cx, facts: self.facts }).limit(key.to, text) {
                Ok(tests) => {
                    asked.limit = tests;
                    asked.reasons.push(reason(format!("limit_choices_to {text}"), "asked for", because.clone()));
                }
                Err(what) => self.refuse(element, "limit_choices_to", because, &format!("it names {what}"), None),
            }
        }
        let Some((text, because)) = self.text(element, "to_field") else { return };
        let tables = self.facts.tables();
        let Some(column) = self.find(key.to, text) else {
            self.unknown(key.to, element, "to_field", text, because);
            return;
        };
        let ColumnKind::Value(value) = &tables.columns[column].kind else {
            self.refuse(element, "to_field", because, &format!("`{text}` is no value"), None);
            return;
        };
        let is_own = std::iter::once(key.to).chain(tables.lenders(key.to)).any(|it| it == tables.columns[column].table);
        if value.primary_key {
            asked.reasons.push(reason("the primary key", "what `to_field` asks for", because.clone()));
            return;
        }
        if !value.unique || value.null || !is_own {
            let why = format!("`{text}` is not unique, may be empty, or stands in another table");
            self.refuse(element, "to_field", because, &why, None);
            return;
        }
        asked.to_field = Some(column);
        asked.reasons.push(reason(format!("to_field {text}"), "asked for", because.clone()));
    }
}

/// The properties that are not public, if that matters.
fn hidden(cx: &Context<'_>) -> BTreeMap<Element, Visibility> {
    let properties = cx.model.properties.iter().filter(|_| cx.settings.rules.visibility);
    let hidden = properties.filter(|(_, property)| property.visibility != Visibility::Public);
    hidden.map(|(_, property)| (property.element, property.visibility)).collect()
}

fn by_visibility() -> Because {
    Because::Setting { key: "rules.visibility".to_owned(), at: None }
}

/// Notes that something was asked for.
fn note(reasons: &mut Vec<Reason>, what: String, because: &Because) {
    reasons.push(reason(what, "asked for", because.clone()));
}
