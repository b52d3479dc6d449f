//! The rows that a rule looks at: what gives them, their names, and whether the row that is being saved is one of them.

use super::invariant::{Value, Writer, joined};
use crate::django::ModelKey;
use crate::django::logic::{Rows, Term};
use crate::django::rule::Named;
use crate::django::shape::Shape;
use crate::python::Code;

impl Writer<'_, '_> {
    /// `value for name in rows if ..`
    pub(super) fn generator(&mut self, value: Code, rows: &Rows<Named>, name: &str) -> Code {
        let filter: Vec<Code> = rows.filter.iter().map(|test| self.test(test, true)).collect();
        let all = self.all_of(rows);
        value.generator(name, all, (!filter.is_empty()).then(|| joined("and", filter)))
    }

    /// The values of rows that have one.
    pub(super) fn generated(&mut self, rows: &Rows<Named>, value: &Value) -> Code {
        let name = self.bind(rows);
        let mut filter: Vec<Code> = rows.filter.iter().map(|test| self.test(test, true)).collect();
        filter.extend(self.guards(&[value]));
        let code = match value {
            Term::One { .. } | Term::Row(_) => self.key(value),
            value => self.value(value),
        };
        let all = self.all_of(rows);
        let found = code.generator(&name, all, (!filter.is_empty()).then(|| joined("and", filter)));
        self.rows.retain(|(row, _)| *row != rows.variable);
        found
    }

    pub(super) fn counted(&mut self, rows: &Rows<Named>, test: Option<&super::invariant::Fact>) -> Code {
        if rows.filter.is_empty() && test.is_none() {
            let others = self.stored(rows).attr("count").call();
            return if self.has_self(rows) { Code::binary("+", vec![others, Code::int(1)]) } else { others };
        }
        let name = self.bind(rows);
        let mut filter: Vec<Code> = rows.filter.iter().map(|test| self.test(test, true)).collect();
        filter.extend(test.map(|test| self.test(test, true)));
        let all = self.all_of(rows);
        let found = Code::int(1).generator(&name, all, Some(joined("and", filter)));
        self.rows.retain(|(row, _)| *row != rows.variable);
        self.scope.imports.builtin("sum").call().arg(found)
    }

    /// Gives a row that is looked at a name of its own.
    pub(super) fn bind(&mut self, rows: &Rows<Named>) -> String {
        if let Some((_, known)) = self.rows.iter().find(|(row, _)| *row == rows.variable) {
            return known.clone();
        }
        let plain = crate::python::identifier(&rows.name);
        let is_taken = |writer: &Self, name: &str| {
            let is_ours = writer.rows.iter().map(|(_, known)| known).chain(&writer.taken).any(|known| known == name);
            is_ours || writer.scope.is_bound(name)
        };
        let mut name = if is_taken(self, &plain) { format!("{plain}_") } else { plain.clone() };
        let mut number = 2;
        while is_taken(self, &name) {
            name = format!("{plain}_{number}");
            number += 1;
        }
        self.rows.push((rows.variable, name.clone()));
        name
    }

    /// What gives the rows: `self.lines`, `Order.objects`.
    pub(super) fn manager(&mut self, rows: &Rows<Named>) -> Code {
        match (&rows.of, &rows.field) {
            (Some(of), Named::Field(name)) => self.value(of).attr(name),
            (_, Named::Model(key)) => self.model_of(key).attr("objects"),
            _ => Code::none(),
        }
    }

    /// Whether there is any.
    pub(super) fn any(&mut self, rows: &Rows<Named>) -> Code {
        if rows.filter.is_empty() {
            return self.manager(rows).attr("exists").call();
        }
        let name = self.bind(rows);
        let filter: Vec<Code> = rows.filter.iter().map(|test| self.test(test, true)).collect();
        let all = self.all_of(rows);
        let found = joined("and", filter).generator(&name, all, None);
        self.rows.retain(|(row, _)| *row != rows.variable);
        self.scope.imports.builtin("any").call().arg(found)
    }

    /// All of them: `self.lines.all()`, `(self, *Order.objects.exclude(pk=self.pk))`.
    fn all_of(&mut self, rows: &Rows<Named>) -> Code {
        if !self.has_self(rows) {
            return self.manager(rows).attr("all").call();
        }
        Code::tuple([Code::name("self"), self.stored(rows).starred()])
    }

    /// What gives them as they are stored; without `self` where it is one of them and not stored yet as it will be.
    fn stored(&mut self, rows: &Rows<Named>) -> Code {
        let manager = self.manager(rows);
        if !self.has_self(rows) {
            return manager;
        }
        manager.attr("exclude").call().kwarg("pk", Code::name("self").attr("pk"))
    }

    /// Whether `self`, which is being saved, is one of them: they are all of its class, or all that lead where it leads.
    pub(super) fn has_self(&self, rows: &Rows<Named>) -> bool {
        let project = self.scope.project;
        let Some(shape) = Shape::of(project, &ModelKey::new(self.scope.app, &self.model.name)) else { return false };
        self.is_saving
            && match (&rows.of, &rows.field) {
                (None, Named::Model(key)) => {
                    project.model(key).is_some_and(|model| shape.line.iter().any(|&own| std::ptr::eq(own, model)))
                }
                (Some(Term::One { of, field: Named::Field(key), is_back: false, .. }), Named::Field(way)) => {
                    let key = shape.field(key).and_then(|member| member.field.foreign_key());
                    **of == Term::Row(0) && key.is_some_and(|key| key.related_name.as_ref() == Some(way))
                }
                _ => false,
            }
    }

    /// A model: those of other apps are looked up when they are needed, because apps may refer to each other.
    fn model_of(&mut self, key: &ModelKey) -> Code {
        if key.app == self.scope.app {
            return Code::name(&key.name);
        }
        let apps = Code::name(&self.scope.imports.from("django.apps", "apps"));
        apps.attr("get_model").call().arg(Code::str(key.dotted()))
    }
}
