//! The graph of tables: models as nodes, keys as edges, before they have names.

use crate::account::Element;
use crate::decision::{Because, Reason};
use crate::django::FieldKind;
use crate::django::field::Kept;
use crate::policy::deletion::KeyNature;
use crate::source::Span;
use crate::uml::model::{Association, Classifier, Property};
use crate::util::arena::{Arena, Id, Map};

use super::apps::AppFact;
use super::attribute::ValueFact;
use super::connection::Connection;
use super::generic::GenericFact;
use super::reason;
use super::rules::TableRules;

/// A model to be.
#[derive(Clone, Debug)]
pub struct Table {
    /// What it stands for.
    pub subject: TableSubject,
    /// The element that owns it.
    pub element: Element,
    /// Its place.
    pub span: Span,
    /// Its app.
    pub app: Id<AppFact>,
    /// Whether it is an abstract model.
    pub is_abstract: bool,
    /// Whether it is another class for the rows of its base, without columns of its own.
    pub is_proxy: bool,
    /// Its bases.
    pub bases: Vec<Id<Table>>,
    /// Its columns in order.
    pub columns: Vec<Id<Column>>,
    /// The name wanted.
    pub wish: Wish,
    /// The key that leads to its owner, if it is a part without a class of its own.
    pub part_of: Option<Id<Column>>,
    /// Unique constraints.
    pub uniques: Vec<UniqueFact>,
    /// Check constraints.
    pub checks: Vec<CheckFact>,
    /// What holds besides, and what rows can be asked.
    pub rules: TableRules,
    /// The columns that are its primary key together; none if it has a key of one column.
    pub key: Option<UniqueFact>,
    /// The order of its rows, if there is one: a position.
    pub position: Option<Position>,
    /// Embedded data types: the attribute, the type, whether it may be absent, and the leaves.
    pub embedded: Vec<EmbeddedFact>,
    /// Whether its rows are the users who sign in.
    pub is_user: bool,
    /// Why it is there.
    pub reasons: Vec<Reason>,
}

/// An embedded data type.
#[derive(Clone, Debug)]
pub struct EmbeddedFact {
    /// The attribute.
    pub property: Id<Property>,
    /// The data type.
    pub class: Id<Classifier>,
    /// Whether it may be absent as a whole.
    pub optional: bool,
    /// The attributes that lead to each part, and its column.
    pub parts: Vec<(Vec<Id<Property>>, Id<Column>)>,
}

/// Rows are ordered within an owner.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// The key to the owner.
    pub owner: Id<Column>,
    /// The column with the position.
    pub position: Id<Column>,
}

/// What a table stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableSubject {
    /// A class.
    Class(Id<Classifier>),
    /// The links of a many-to-many relation.
    Links(Id<Connection>),
    /// An association with more than two ends.
    Nary(Id<Association>),
    /// The values of an attribute of a class.
    Values(Id<Classifier>, Id<Property>),
    /// The literals of an enumeration.
    Lookup(Id<Classifier>),
    /// What is kept about the rows of others: an abstract model that nobody drew, for all apps.
    Upkeep(Upkeep),
}

/// What a stereotype asks to be kept about rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Upkeep {
    /// «audited»: when a row was made and changed, and by whom.
    Audited,
    /// «softDelete»: when a row was deleted, which is then only marked.
    SoftDelete,
    /// «versioned»: how often a row was saved, so that nobody saves what is outdated.
    Versioned,
}

impl Upkeep {
    /// The stereotype that asks for it.
    pub fn stereotype(self) -> &'static str {
        match self {
            Self::Audited => "audited",
            Self::SoftDelete => "softDelete",
            Self::Versioned => "versioned",
        }
    }

    /// What is kept, in a few words.
    pub fn what(self) -> &'static str {
        match self {
            Self::Audited => "who made and changed its rows, and when",
            Self::SoftDelete => "rows are marked when they are deleted",
            Self::Versioned => "rows count how often they were saved",
        }
    }

    /// The abstract model.
    pub fn class(self) -> &'static str {
        match self {
            Self::Audited => "Audited",
            Self::SoftDelete => "SoftDelete",
            Self::Versioned => "Versioned",
        }
    }

    /// What it says of itself.
    pub fn doc(self) -> &'static str {
        match self {
            Self::Audited => "Rows that know when they were made and changed, and by whom.",
            Self::SoftDelete => "Rows that are marked when they are deleted, and can be restored.",
            Self::Versioned => "Rows that are saved only by who has seen them as they are.",
        }
    }

    /// What its rows can do besides is written in a module of the project's core: the module, and the class there.
    pub fn runtime(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Audited => None,
            Self::SoftDelete => Some(("soft_delete", "SoftDeletion")),
            Self::Versioned => Some(("versions", "Versioning")),
        }
    }

    /// What this gives a name to, besides its columns.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Audited | Self::Versioned => &[],
            Self::SoftDelete => &["all_objects", "restore"],
        }
    }

    /// Its columns.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Audited => &["created_at", "updated_at", "created_by", "updated_by"],
            Self::SoftDelete => &["deleted_at"],
            Self::Versioned => &["version"],
        }
    }
}

/// A name wanted, before clashes are known.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The name in any spelling.
    pub text: String,
    /// Where it was drawn; none if we made it up.
    pub drawn: Option<Span>,
    /// What to try first if we made it up and it is taken.
    pub otherwise: Option<String>,
    /// Why this one.
    pub why: &'static str,
}

impl Wish {
    /// A name that stands in the diagram.
    pub fn drawn(text: impl Into<String>, at: Span, why: &'static str) -> Self {
        Self { text: text.into(), drawn: Some(at), otherwise: None, why }
    }

    /// A name that we made up.
    pub fn made(text: impl Into<String>, why: &'static str) -> Self {
        Self { text: text.into(), drawn: None, otherwise: None, why }
    }

    /// What to try first if it is taken.
    #[must_use]
    pub fn or(mut self, otherwise: Option<String>) -> Self {
        self.otherwise = otherwise;
        self
    }
}

/// A column or many-to-many relation.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its table.
    pub table: Id<Table>,
    /// The element that it comes from.
    pub element: Element,
    /// Where it is shown.
    pub span: Span,
    /// The name wanted.
    pub wish: Wish,
    /// What it is.
    pub kind: ColumnKind,
    /// Why.
    pub reasons: Vec<Reason>,
}

impl Column {
    /// How many decimal places its values have; none if they are no exact numbers.
    pub fn places(&self) -> Option<u32> {
        let ColumnKind::Value(value) = &self.kind else { return None };
        match value.kind {
            FieldKind::Decimal { decimal_places, .. } => Some(decimal_places),
            FieldKind::SmallInteger
            | FieldKind::Integer
            | FieldKind::BigInteger
            | FieldKind::PositiveSmallInteger
            | FieldKind::PositiveInteger
            | FieldKind::PositiveBigInteger => Some(0),
            _ => None,
        }
    }
}

/// What a column is.
#[derive(Clone, Debug)]
pub enum ColumnKind {
    /// A value.
    Value(ValueFact),
    /// A key.
    Key(KeyFact),
    /// Many-to-many: no column, but a field.
    Many(ManyFact),
}

/// A foreign key or one-to-one.
#[derive(Clone, Debug)]
pub struct KeyFact {
    /// Where it leads.
    pub to: Id<Table>,
    /// Whether it is unique.
    pub one_to_one: bool,
    /// Whether it may be empty.
    pub null: bool,
    /// Why the row goes or stays when the other goes.
    pub nature: KeyNature,
    /// The relation that it stores.
    pub connection: Option<Id<Connection>>,
    /// The element whose tags speak about it.
    pub tagged: Element,
    /// The name of the way back; none for no way back.
    pub reverse: Option<Wish>,
    /// How many rows there must be for each that it leads to, where there may be several.
    pub least: u32,
    /// The multiplicity that says whether it may be empty.
    pub presence_at: Span,
}

/// A many-to-many relation.
#[derive(Clone, Debug)]
pub struct ManyFact {
    /// Where it leads.
    pub to: Id<Table>,
    /// The table of links, if it is not automatic.
    pub through: Option<Id<Table>>,
    /// The keys of that table, source first.
    pub through_keys: Option<(Id<Column>, Id<Column>)>,
    /// The name of the way back.
    pub reverse: Option<Wish>,
    /// Whether it leads to one object at least, and forms can ask for it.
    pub required: bool,
    /// Of a relation to itself: whether both directions are the same.
    pub symmetrical: bool,
    /// The relation; none of an attribute, which leads to the literals of an enumeration.
    pub connection: Option<Id<Connection>>,
}

/// A table with a row for each literal of an enumeration.
#[derive(Clone, Debug)]
pub struct LookupFact {
    /// The table.
    pub table: Id<Table>,
    /// Its primary key: what other enumerations store.
    pub code: Id<Column>,
    /// What people read.
    pub label: Id<Column>,
    /// Its place among the others.
    pub position: Id<Column>,
}

/// A unique constraint.
#[derive(Clone, Debug)]
pub struct UniqueFact {
    /// Its columns.
    pub columns: Vec<Id<Column>>,
    /// Whether they identify the row: its {id} attributes, or the ends of a link.
    pub identifies: bool,
    /// Why.
    pub reason: Reason,
}

/// Names a column in a check.
pub type ColumnRef = Id<Column>;

/// How many of several columns are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// One.
    ExactlyOne,
    /// One or none.
    AtMostOne,
    /// All or none of them.
    AllOrNone,
    /// Not how many, but a literal of this enumeration; also the empty text, if that is the other half.
    Literal(Id<Classifier>, bool),
    /// Not how many: if the first is this literal of the enumeration, the others are set.
    Requires(Id<Classifier>, usize),
    /// Not how many, but at least this value.
    AtLeast(&'static str),
    /// Not how many, but a text that fits the pattern of this column; also the empty text, if that is the other half.
    Fits(ColumnRef, bool),
}

/// A check over several columns.
#[derive(Clone, Debug)]
pub struct CheckFact {
    /// The columns.
    pub columns: Vec<ColumnRef>,
    /// How many are set.
    pub count: Count,
    /// The word for its name: `party_one`.
    pub name: String,
    /// Why.
    pub reason: Reason,
}

/// All tables.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// Tables: those of classes in model order, then those that we add.
    pub tables: Arena<Table>,
    /// Columns.
    pub columns: Arena<Column>,
    /// The table of each class.
    pub of_class: Map<Classifier, Id<Table>>,
    /// Tables whose rows stand in another one, which holds all of a hierarchy.
    pub hosts: Map<Table, Id<Table>>,
    /// Columns that stand in such a table for others: for which, and whether their rows must have a value.
    pub hosted: Map<Column, Vec<(Id<Table>, bool)>>,
    /// The columns that tell rows apart, by the class at the top.
    pub discriminators: Map<Classifier, Id<Column>>,
    /// References to rows of several tables.
    pub generics: Vec<GenericFact>,
    /// Enumerations that are tables.
    pub lookups: Map<Classifier, LookupFact>,
    /// Constraints of the diagram that became rules of the database.
    pub enforced: Vec<Element>,
    /// Columns that keep something about a row that nobody fills in.
    pub kept: Map<Column, Kept>,
    /// The column with the time of deletion, of tables that have it themselves.
    pub marks: Map<Table, Id<Column>>,
}

impl Tables {
    /// Adds a column at the end of its table, or of that which holds its rows; there, rows of other kinds have no value.
    pub fn push(&mut self, mut column: Column) -> Id<Column> {
        let table = column.table;
        let Some(&host) = self.hosts.get(table) else {
            let id = self.columns.push(column);
            self.tables[table].columns.push(id);
            return id;
        };
        column.table = host;
        let required = match &mut column.kind {
            ColumnKind::Value(value) => {
                // A key tells the rows of one kind apart.
                value.unique |= std::mem::take(&mut value.primary_key);
                let required = value.is_demanded();
                value.null |= required;
                value.blank |= required;
                required
            }
            ColumnKind::Key(key) => !std::mem::replace(&mut key.null, true),
            ColumnKind::Many(_) => false,
        };
        if required {
            let because = Because::Rule { name: "rows of other kinds have no value", at: Some(column.span) };
            column.reasons.push(reason("null", "one table holds rows of all kinds", because));
        }
        let id = self.columns.push(column);
        self.tables[host].columns.push(id);
        self.hosted.insert(id, vec![(table, required)]);
        id
    }

    /// Whether a column is there for every row of its table.
    pub fn is_for_all(&self, column: Id<Column>) -> bool {
        !self.hosted.contains(column)
    }

    /// The table to which the values of a column lead, if they are codes of its rows.
    pub fn lookup(&self, value: &ValueFact) -> Option<&LookupFact> {
        self.lookups.get(value.choices?).filter(|_| value.leads_to_row())
    }

    /// The key that a column is.
    pub fn key(&self, column: Id<Column>) -> Option<&KeyFact> {
        match &self.columns[column].kind {
            ColumnKind::Key(key) => Some(key),
            _ => None,
        }
    }

    /// The table that holds the rows of a model: its own, or that of the base that it is a proxy of.
    pub fn storage(&self, table: Id<Table>) -> Id<Table> {
        let mut at = table;
        while let Some(&base) =
            self.tables[at].bases.iter().find(|base| self.tables[at].is_proxy && !self.tables[**base].is_abstract)
        {
            at = base;
        }
        at
    }

    /// The table that holds the top of a row of `table`.
    pub fn root(&self, table: Id<Table>) -> Id<Table> {
        let above = self.ancestors(table).into_iter();
        above.rev().find(|above| !self.tables[*above].is_abstract).unwrap_or(table)
    }

    /// All tables above `table`, nearest first, without itself.
    pub fn ancestors(&self, table: Id<Table>) -> Vec<Id<Table>> {
        self.walk(table, |at| self.tables[at].bases.clone())
    }

    /// The abstract models above a table that lend it their columns, nearest first. What is above a parent with a table of its
    /// own stands in that table.
    pub fn lenders(&self, table: Id<Table>) -> Vec<Id<Table>> {
        self.walk(table, |at| {
            self.tables[at].bases.iter().copied().filter(|base| self.tables[*base].is_abstract).collect()
        })
    }

    fn walk(&self, start: Id<Table>, next: impl Fn(Id<Table>) -> Vec<Id<Table>>) -> Vec<Id<Table>> {
        let mut seen = vec![false; self.tables.len()];
        let mut found = Vec::new();
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            for after in next(at) {
                if !std::mem::replace(&mut seen[after.index()], true) && after != start {
                    found.push(after);
                    queue.push_back(after);
                }
            }
        }
        found
    }

    /// The direct children of every table.
    pub fn children(&self) -> Vec<Vec<Id<Table>>> {
        let mut children = vec![Vec::new(); self.tables.len()];
        for (id, table) in self.tables.iter() {
            for base in &table.bases {
                children[base.index()].push(id);
            }
        }
        children
    }

    /// All tables below `table`, nearest first, without itself.
    pub fn descendants(&self, children: &[Vec<Id<Table>>], table: Id<Table>) -> Vec<Id<Table>> {
        self.walk(table, |at| children[at.index()].clone())
    }

    /// The tables that really hold the columns of `table`: itself, or those below an abstract one.
    pub fn holders(&self, children: &[Vec<Id<Table>>], table: Id<Table>) -> Vec<Id<Table>> {
        if !self.tables[table].is_abstract {
            return vec![self.hosts.get(table).copied().unwrap_or(table)];
        }
        let mut found = Vec::new();
        let mut seen = vec![false; self.tables.len()];
        let mut stack = vec![table];
        while let Some(at) = stack.pop() {
            for &child in &children[at.index()] {
                if std::mem::replace(&mut seen[child.index()], true) {
                    continue;
                }
                if self.tables[child].is_abstract {
                    stack.push(child);
                } else {
                    found.push(child);
                }
            }
        }
        found.sort();
        found
    }
}
