//! Where a rule is enforced.

use std::ops::Range;

use super::derive::Verdicts;
use super::members::Members;
use super::types::{Fact, Fault, Found, Value, Wrong};
use super::why;
use crate::decision::Reason;
use crate::django::expr::Condition;
use crate::django::logic::{Comparison, Names, Term, Test};
use crate::facts::{
    Column, ColumnKind, InvariantFact, Invariants, Named, Table, TestFact, UniqueInvariant, UniqueRule,
};
use crate::policy::indexes as policy;
use crate::python::Expr;
use crate::source::Span;
use crate::util::arena::{Id, Map};

/// A table, its columns that are unique together, and the rows that count.
type Distinct = (Id<Table>, Vec<Id<Column>>, Vec<TestFact>);

/// What is decided about a rule that reads more than its row.
pub(super) const CLEAN: &str = "a check in clean()";
const CHECK: &str = "a check constraint";
const UNIQUE: &str = "a unique constraint";

/// Finds the place of each rule.
pub(super) struct Placing<'t, 'a, 'b> {
    pub(super) members: &'t Members<'a, 'b>,
    pub(super) children: &'t [Vec<Id<Table>>],
    pub(super) verdicts: &'t Verdicts,
    pub(super) found: &'t mut Invariants,
}

/// The columns that a table holds itself, and the values of literals.
pub(super) struct OwnColumns<'t, 'a, 'b> {
    members: &'t Members<'a, 'b>,
    tables: Vec<Id<Table>>,
}

impl<'t, 'a, 'b> OwnColumns<'t, 'a, 'b> {
    /// Those of a table, and what abstract models lend it.
    pub(super) fn of(members: &'t Members<'a, 'b>, holder: Id<Table>) -> Self {
        let tables = std::iter::once(holder).chain(members.facts.tables().lenders(holder)).collect();
        Self { members, tables }
    }
}

impl Names<Named> for OwnColumns<'_, '_, '_> {
    fn field(&self, of: &Named) -> Option<String> {
        let Named::Column(column) = *of else { return None };
        let fact = &self.members.facts.tables().columns[column];
        let is_generated = matches!(&fact.kind, ColumnKind::Value(value) if matches!(value.kind, crate::django::FieldKind::Generated { .. }));
        let is_own = self.tables.contains(&fact.table) && !matches!(fact.kind, ColumnKind::Many(_)) && !is_generated;
        // Only whether there is one counts here.
        is_own.then(|| fact.wish.text.clone())
    }

    fn member(&self, of: &Named, which: usize) -> Option<Expr> {
        let Named::Enumeration(class) = *of else { return None };
        let fact = self.members.facts.enumeration(class)?;
        let literal = fact.literals.get(which)?;
        Some(if fact.is_integer { Expr::Int(literal.value.clone()) } else { Expr::str(&literal.value) })
    }

    fn places(&self, of: &Named) -> Option<u32> {
        match of {
            Named::Column(column) => self.members.facts.tables().columns[*column].places(),
            _ => None,
        }
    }

    fn is_inexact(&self) -> bool {
        policy::is_inexact(&self.members.cx.settings.databases)
    }
}

impl Placing<'_, '_, '_> {
    /// Places a rule about the rows of `table`.
    #[expect(clippy::too_many_arguments)]
    pub(super) fn place(
        &mut self,
        table: Id<Table>,
        at: Option<Id<Column>>,
        test: Fact,
        name: Option<String>,
        message: String,
        span: Span,
        text_at: Range<usize>,
    ) -> Result<Reason, Wrong> {
        let test = test.folded();
        match test {
            // The diagram says it otherwise, too: what is required is there.
            Test::Constant(true) => {
                let name = "a rule that nothing can break needs no check";
                return Ok(why("nothing to check", "it always holds".to_owned(), name, span));
            }
            Test::Constant(false) => {
                let message = "is always false, so that no row could be stored".to_owned();
                return Err(Wrong { at: text_at, message, help: None, fault: Fault::Type });
            }
            _ => {}
        }
        if let Some((holder, columns, condition)) = self.uniqueness(&test) {
            return Ok(self.unique(holder, columns, condition, name, message, span));
        }
        let tables = self.members.facts.tables();
        let holders = tables.holders(self.children, table);
        let is_local = |holder: Id<Table>| self.condition(holder, &test).is_some();
        if !holders.is_empty() && holders.iter().all(|&holder| is_local(holder)) {
            let reason = why(CHECK, "it reads one row".to_owned(), "the database checks what it can", span);
            for holder in holders {
                let fact = InvariantFact {
                    name: name.clone(),
                    message: message.clone(),
                    test: test.clone(),
                    at,
                    reason: reason.clone(),
                };
                push(&mut self.found.checks, holder, fact);
            }
            return Ok(reason);
        }
        let reads = match self.strangers(table, &test) {
            names if names.is_empty() => "databases compute this differently".to_owned(),
            names => format!("it reads {}; a change there is not checked", names.join(" and ")),
        };
        let reason = why(CLEAN, reads, "the database checks what it can", span);
        let fact = InvariantFact { name, message, test, at, reason: reason.clone() };
        push(&mut self.found.cleaned, table, fact);
        Ok(reason)
    }

    fn own(&self, holder: Id<Table>) -> OwnColumns<'_, '_, '_> {
        OwnColumns::of(self.members, holder)
    }

    fn condition(&self, holder: Id<Table>, test: &Fact) -> Option<Condition> {
        test.condition(&self.own(holder))
    }

    /// The other rows that a rule reads, by the names of their tables.
    fn strangers(&self, table: Id<Table>, test: &Fact) -> Vec<String> {
        let tables = self.members.facts.tables();
        let mut found = Vec::new();
        // Nothing is renamed: the walk collects what it meets.
        let mut meet = |named: &Named| {
            let met = match *named {
                Named::Column(column) => match &tables.columns[column].kind {
                    ColumnKind::Many(many) => Some(many.to),
                    _ => Some(tables.columns[column].table),
                },
                Named::Back(column) => Some(tables.columns[column].table),
                Named::Table(table) => Some(table),
                Named::Enumeration(_) => None,
            };
            let is_own = |other: Id<Table>| other == table || tables.ancestors(table).contains(&other);
            // A column may be the row's own.
            let others = !matches!(named, Named::Column(_));
            if let Some(other) = met.filter(|&other| others || !is_own(other)) {
                let name = format!(
                    "{}`{}`",
                    if is_own(other) { "other rows of " } else { "" },
                    tables.tables[other].wish.text
                );
                if !found.contains(&name) {
                    found.push(name);
                }
            }
            Some(*named)
        };
        let _ = test.map(&mut meet);
        found
    }

    /// Notes a unique constraint.
    pub(super) fn unique(
        &mut self,
        table: Id<Table>,
        columns: Vec<Id<Column>>,
        condition: Vec<TestFact>,
        name: Option<String>,
        message: String,
        span: Span,
    ) -> Reason {
        let reason = why(UNIQUE, "no two rows are the same in it".to_owned(), "the database checks what it can", span);
        let rule = UniqueRule { columns, functions: Vec::new(), condition, reason: reason.clone() };
        for holder in self.members.facts.tables().holders(self.children, table) {
            let mut unique = UniqueInvariant { name: name.clone(), message: message.clone(), rule: rule.clone() };
            // Rows that are deleted are not among those that a rule looks at.
            let mark = self.members.facts.tables().marks.get(holder);
            unique.rule.condition.extend(mark.map(|&column| TestFact::is_null(column)));
            push(&mut self.found.uniques, holder, unique);
        }
        reason
    }

    /// The table and the columns that a rule says to be unique, and the rows that count.
    fn uniqueness(&self, test: &Fact) -> Option<Distinct> {
        let tables = self.members.facts.tables();
        let (rows, keys) = match test {
            Test::IsUnique(rows, key) => (&**rows, vec![self.key(key, rows.variable)?]),
            Test::ForAll(first, inner) => (&**first, self.pairs(first, inner)?),
            _ => return None,
        };
        let (holder, mut columns) = match (&rows.of, rows.field) {
            (None, Named::Table(all)) => (all, vec![]),
            (Some(Term::Row(0)), Named::Back(column)) if tables.key(column).is_some() => {
                (tables.columns[column].table, vec![column])
            }
            _ => return None,
        };
        for key in keys {
            if !columns.contains(&key) {
                columns.push(key);
            }
        }
        let is_own = |column: &Id<Column>| {
            let own = tables.columns[*column].table;
            own == holder || tables.lenders(holder).contains(&own)
        };
        if !columns.iter().all(is_own) {
            return None;
        }
        let tests: Option<Vec<TestFact>> = rows.filter.iter().map(|test| self.filter(rows.variable, test)).collect();
        Some((holder, columns, tests?))
    }

    /// The columns of `rows->forAll(a, b | a <> b implies a.k <> b.k)`, and of `rows->forAll(a, b | a.k = b.k implies a = b)`; several
    /// with `a.k <> b.k or a.l <> b.l`.
    fn pairs(&self, first: &Found, inner: &Fact) -> Option<Vec<Id<Column>>> {
        let Test::ForAll(second, body) = inner else { return None };
        if second.numbered(first.variable).filter != first.filter
            || (&second.of, second.field) != (&first.of, first.field)
        {
            return None;
        }
        let is = |value: &Value, rows: &Found| *value == Term::Row(rows.variable);
        let (mut is_about_others, mut keys) = (false, Vec::new());
        // What one of must hold: that both are one row, or that they differ.
        let mut open = vec![(&**body, true)];
        while let Some((test, wanted)) = open.pop() {
            match test {
                Test::Or(parts) if wanted => open.extend(parts.iter().rev().map(|part| (part, wanted))),
                Test::And(parts) if !wanted => open.extend(parts.iter().rev().map(|part| (part, wanted))),
                Test::Not(inner) => open.push((inner, !wanted)),
                Test::Compare(comparison @ (Comparison::Equal | Comparison::Unequal), a, b) => {
                    let differs = (*comparison == Comparison::Unequal) == wanted;
                    if is(a, first) && is(b, second) || is(a, second) && is(b, first) {
                        if differs {
                            return None;
                        }
                        is_about_others = true;
                        continue;
                    }
                    let sides = |x, y| Some((self.key(x, first.variable)?, self.key(y, second.variable)?));
                    match sides(a, b).or_else(|| sides(b, a))? {
                        (key, same) if key == same && differs => keys.push(key),
                        _ => return None,
                    }
                }
                _ => return None,
            }
        }
        (is_about_others && !keys.is_empty()).then_some(keys)
    }

    /// The column of the row numbered `variable` that a value is.
    fn key(&self, value: &Value, variable: usize) -> Option<Id<Column>> {
        match value {
            Term::Value { of, field: Named::Column(column), .. }
            | Term::One { of, field: Named::Column(column), is_back: false, .. }
                if **of == Term::Row(variable) =>
            {
                Some(*column)
            }
            _ => None,
        }
    }

    /// A filter as a test of a column.
    fn filter(&self, variable: usize, test: &Fact) -> Option<TestFact> {
        let of = |value: &Value| self.key(value, variable);
        Some(match test {
            Test::Holds(value) => TestFact { column: of(value)?, lookup: "", value: Expr::Bool(true), negated: false },
            Test::IsAbsent(value) => {
                TestFact { column: of(value)?, lookup: "isnull", value: Expr::Bool(true), negated: false }
            }
            Test::Not(inner) => {
                let test = self.filter(variable, inner)?;
                TestFact { negated: !test.negated, ..test }
            }
            Test::Compare(comparison, left, right) => {
                let value = match right {
                    Term::Literal(value) => value.clone(),
                    Term::Member(class, which) => {
                        OwnColumns { members: self.members, tables: vec![] }.member(class, *which)?
                    }
                    _ => return None,
                };
                let negated = *comparison == Comparison::Unequal;
                let lookup = if negated { "" } else { comparison.lookup()?.0 };
                TestFact { column: of(left)?, lookup, value, negated }
            }
            _ => return None,
        })
    }
}

fn push<T>(map: &mut Map<Table, Vec<T>>, table: Id<Table>, item: T) {
    match map.get_mut(table) {
        Some(list) => list.push(item),
        None => {
            map.insert(table, vec![item]);
        }
    }
}
