//! Rows for tests: the smallest row of a model that all its constraints accept, and the fullest one.
//!
//! Both start from samples; where a check constraint refuses them, the fields that it names are tried with other values until
//! it is content.

mod judge;
mod truth;

use super::constraint::ConstraintKind;
use super::expr::{Condition, Formula, Operand};
use super::field::{Field, FieldKind, Validator, Value};
use super::number::Number;
use super::project::Project;
use super::rule::Rule;
use super::sample::{self, Sample};
use super::shape::Shape;
use crate::python::Expr;
use truth::{Fact, Facts, fact, facts, holds};

/// What a row says about a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing: the default, NULL or the empty text.
    Unsaid,
    /// `None`, against the default.
    Null,
    /// A value.
    Set(Sample),
}

/// How rows of a model are made.
#[derive(Clone, Debug)]
pub struct Rows<'a> {
    /// The smallest row: settable fields in their order.
    pub minimal: Vec<(&'a Field, Cell)>,
    /// The fullest row: the same fields.
    pub complete: Vec<(&'a Field, Cell)>,
    capacity: Option<i128>,
    is_sure: bool,
    conditions: Vec<&'a Condition>,
    facts: [Facts; 2],
}

/// How many combinations are tried for a constraint.
const TRIES: usize = 4_096;
/// How often the row is mended.
const ROUNDS: usize = 24;

impl<'a> Rows<'a> {
    /// Rows of the model with this shape.
    pub fn of(project: &'a Project, shape: &Shape<'a>) -> Self {
        let metas = shape.line.iter().flat_map(|model| &model.meta.constraints);
        let conditions: Vec<&Condition> = metas
            .filter_map(|constraint| match &constraint.kind {
                ConstraintKind::Check(condition) => Some(condition),
                ConstraintKind::Unique { .. } | ConstraintKind::NoOverlap { .. } => None,
            })
            .collect();
        let distinct = distinct_fields(shape);
        let mut is_sure = !shape.fields.iter().any(|it| !it.field.null && is_subset(shape, it.field));
        let fields: Vec<Candidate<'a>> = shape
            .fields
            .iter()
            .filter(|member| sample::is_settable(member.field))
            // Rows of its own are not among those that another relation leads to.
            .filter(|member| !(member.field.null && is_subset(shape, member.field)))
            .map(|member| {
                let is_distinct = distinct.contains(&member.field.name.as_str());
                let (validators, is_demanded) = narrowed(shape, member.field);
                let field = Field { validators, ..member.field.clone() };
                let kind = shape.model.kind_of.as_ref().filter(|kind| kind.field == member.field.name);
                let mut rules = shape.model.rules.iter();
                let is_bare = rules.any(|rule| matches!(rule, Rule::Kind { field } if *field == member.field.name));
                // Rows of an abstract class are of no kind: those of a kind need more than it has.
                let kind = match kind {
                    Some(kind) => Some(kind.member.as_ref().map_or("", |(_, value)| value)),
                    None => is_bare.then_some(""),
                };
                let kind = kind.map(Expr::str);
                let generic = shape.generic_with(&field.name).map(|generic| sample::of_generic(generic, &field));
                let code = shape.model.lookup.as_ref().filter(|lookup| lookup.key == field.name);
                let generic = generic.or_else(|| code.map(|lookup| sample::of_lookup(lookup)));
                let limit = field.foreign_key().and_then(|key| key.limit.as_ref()).filter(|_| generic.is_none());
                let sample =
                    kind.map(Sample::Same).or(generic).or_else(|| sample::sample(project, &field, is_distinct));
                is_sure &= limit.is_none_or(|limit| !meeting(limit).is_empty());
                // A pattern that we cannot read; the database does not know it either.
                is_sure &= sample.is_some();
                let sample = sample.or_else(|| {
                    let field = Field { validators: vec![], ..field };
                    sample::sample(project, &field, is_distinct)
                });
                Candidate { field: member.field, sample, is_distinct, is_demanded }
            })
            .collect();
        let [minimal, complete] = [false, true].map(|complete| {
            let cells = fields.iter().map(|it| (it.field, it.first(complete))).collect();
            mend(project, &fields, &conditions, cells, complete)
        });
        let facts = [&minimal, &complete].map(|row| facts(project, row));
        is_sure &= facts.iter().all(|facts| judge::Judge { project, shape, facts }.accepts());
        let counts = complete.iter().filter(|(field, _)| distinct.contains(&field.name.as_str()));
        let counts = counts.filter_map(|(_, cell)| if let Cell::Set(sample) = cell { sample.count() } else { None });
        let counts = counts.chain((crowded(shape) || shape.model.is_singleton).then_some(1));
        Self { capacity: counts.min(), is_sure, minimal, complete, conditions, facts }
    }

    /// Whether validation accepts the rows, and not only the database.
    pub fn is_sure(&self) -> bool {
        self.is_sure
    }

    /// How many rows there can be at once, if not plenty.
    pub fn capacity(&self) -> Option<i128> {
        self.capacity
    }

    /// What has to be said to get the fullest row from the smallest.
    pub fn additions(&self) -> impl Iterator<Item = (&'a Field, &Cell)> {
        let pairs = self.minimal.iter().zip(&self.complete);
        pairs.filter(|(before, after)| before.1 != after.1).map(|(_, (field, cell))| (*field, cell))
    }

    /// Whether the smallest row, or the fullest if `complete`, has a value for the field that is not NULL.
    pub fn has(&self, field: &str, complete: bool) -> bool {
        let [minimal, full] = &self.facts;
        (if complete { full } else { minimal }).get(field).is_some_and(|fact| *fact != Fact::Null)
    }

    /// Whether the fullest row may lose the field's value.
    pub fn can_lose(&self, field: &str) -> bool {
        let mut facts = self.facts[1].clone();
        facts.insert(field.to_owned(), Fact::Null);
        self.conditions.iter().all(|condition| holds(condition, &facts) != Some(false))
    }

    /// Whether the smallest row has this value in the field.
    pub fn says(&self, field: &str, value: &Expr) -> bool {
        self.facts[0].get(field) == Some(&fact(value))
    }

    /// Whether a row of the model with this shape still fulfils all constraints and rules if a field gets this value.
    pub fn accepts(&self, project: &Project, shape: &Shape<'_>, field: &str, value: &Expr) -> bool {
        let mut facts = self.facts[0].clone();
        facts.insert(field.to_owned(), fact(value));
        self.conditions.iter().all(|condition| holds(condition, &facts) != Some(false))
            && judge::Judge { project, shape, facts: &facts }.accepts()
    }

    /// Whether the smallest row, or the fullest if `complete`, fulfils `condition`.
    pub fn fulfils(&self, condition: &Condition, complete: bool) -> bool {
        holds(condition, &self.facts[usize::from(complete)]) == Some(true)
    }

    /// Values of which only `condition` disapproves, to be put over the smallest row or, if the answer says so, the fullest.
    pub fn violation(&self, project: &'a Project, condition: &Condition) -> Option<(bool, Vec<(&'a Field, Expr)>)> {
        [false, true].into_iter().find_map(|complete| {
            let facts = self.facts.get(usize::from(complete))?;
            let row = if complete { &self.complete } else { &self.minimal };
            let named = condition.fields();
            let candidates: Vec<(&'a Field, Vec<Option<Expr>>)> = row
                .iter()
                .filter(|(field, _)| named.contains(&field.name.as_str()))
                .map(|(field, _)| {
                    let values = literals(project, field, condition).into_iter().map(Some);
                    let nothing = field.null.then_some(Some(Expr::None));
                    (*field, std::iter::once(None).chain(values).chain(nothing).collect())
                })
                .collect();
            let sizes: Vec<usize> = candidates.iter().map(|(_, values)| values.len()).collect();
            combinations(&sizes).find_map(|choice| {
                let chosen: Vec<(&'a Field, Expr)> = candidates
                    .iter()
                    .zip(&choice)
                    .filter_map(|((field, values), &index)| Some((*field, values.get(index)?.clone()?)))
                    .collect();
                let mut changed = facts.clone();
                changed.extend(chosen.iter().map(|(field, value)| (field.name.clone(), fact(value))));
                let only = self.conditions.iter().all(|other| {
                    let holds = holds(other, &changed);
                    if *other == condition { holds == Some(false) } else { holds != Some(false) }
                });
                only.then_some((complete, chosen))
            })
        })
    }
}

/// What values of a field must fulfil in this model, and whether there must be one although the field is optional.
fn narrowed(shape: &Shape<'_>, field: &Field) -> (Vec<Validator>, bool) {
    let (mut all, mut is_demanded) = (field.validators.clone(), false);
    for rule in shape.line.iter().flat_map(|model| &model.rules) {
        if let Rule::Narrowed { field: name, validators, required } = rule
            && *name == field.name
        {
            all.extend(validators.iter().cloned());
            is_demanded |= required;
        }
    }
    (all, is_demanded)
}

/// What a row must say so that a condition on it holds: nothing if that cannot be told.
pub fn meeting(condition: &Condition) -> Vec<(String, Expr)> {
    let tests = match condition {
        Condition::And(tests) => tests.as_slice(),
        test => std::slice::from_ref(test),
    };
    let values = tests.iter().map(|test| match test {
        Condition::Lookup { field, lookup: "" | "gte" | "lte", value: Operand::Literal(value) } => {
            Some((field.clone(), value.clone()))
        }
        Condition::Lookup { field, lookup: "isnull", value: Operand::Literal(Expr::Bool(true)) } => {
            Some((field.clone(), Expr::None))
        }
        _ => None,
    });
    values.collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// Whether a key may only lead to what another relation leads to.
fn is_subset(shape: &Shape<'_>, field: &Field) -> bool {
    let mut rules = shape.line.iter().flat_map(|model| &model.rules);
    rules.any(|rule| matches!(rule, Rule::Subset { field: name, .. } if *name == field.name))
}

/// A settable field with its sample.
struct Candidate<'a> {
    field: &'a Field,
    sample: Option<Sample>,
    is_distinct: bool,
    is_demanded: bool,
}

impl Candidate<'_> {
    /// What a row starts with.
    fn first(&self, complete: bool) -> Cell {
        let field = self.field;
        let needed = field.is_required()
            || self.is_demanded
            || sample::has_refused_default(field)
            // A default serves one row only.
            || (self.is_distinct && field.default.is_some());
        let is_empty = match field.default.as_deref() {
            None => true,
            Some(Value::Expr(Expr::Str(text))) => text.is_empty(),
            Some(_) => false,
        };
        let wanted = complete && is_empty;
        // `is_required` knows nothing of many-to-many relations, which have no column.
        match &self.sample {
            Some(sample) if (needed || wanted) && !sample::has_fresh_default(field) => Cell::Set(sample.clone()),
            _ => Cell::Unsaid,
        }
    }
}

/// The fields whose values must differ from row to row.
fn distinct_fields<'a>(shape: &Shape<'a>) -> Vec<&'a str> {
    let by_themselves = shape
        .fields
        .iter()
        .map(|member| member.field)
        .filter(|field| field.is_unique() && !sample::has_fresh_default(field));
    let mut distinct: Vec<&str> = by_themselves.map(|field| field.name.as_str()).collect();
    for constraint in shape.line.iter().flat_map(|model| &model.meta.constraints) {
        let ConstraintKind::Unique { fields, .. } = &constraint.kind else { continue };
        let members: Vec<&'a Field> =
            fields.iter().filter_map(|name| shape.field(name)).map(|member| member.field).collect();
        let settled = members.iter().any(|field| {
            // Each row gets rows of its own to refer to.
            field.foreign_key().is_some() && !field.is_lookup()
                || distinct.contains(&field.name.as_str())
                || sample::has_fresh_default(field)
        });
        if !settled {
            let few = |field: &&&Field| field.choices.is_some() || field.kind == FieldKind::Boolean;
            let settable = || members.iter().filter(|field| sample::is_settable(field));
            distinct.extend(settable().find(|it| !few(it)).or_else(|| settable().next()).map(|it| it.name.as_str()));
        }
    }
    distinct
}

/// Whether the database refuses a second row of those that we make, because their ranges overlap.
fn crowded(shape: &Shape<'_>) -> bool {
    let is_key = |name: &String| {
        shape.field(name).is_some_and(|member| member.field.foreign_key().is_some() && !member.field.is_lookup())
    };
    let constraints = shape.line.iter().flat_map(|model| &model.meta.constraints);
    let mut kinds = constraints.map(|constraint| &constraint.kind);
    // Each row gets rows of its own to refer to.
    kinds.any(|kind| matches!(kind, ConstraintKind::NoOverlap { by, .. } if !by.iter().any(is_key)))
}

/// Changes a row until its conditions hold, as far as that can be found out.
fn mend<'a>(
    project: &Project,
    fields: &[Candidate<'a>],
    conditions: &[&Condition],
    mut row: Vec<(&'a Field, Cell)>,
    complete: bool,
) -> Vec<(&'a Field, Cell)> {
    for _ in 0..ROUNDS {
        let now = facts(project, &row);
        let broken = |facts: &Facts| conditions.iter().filter(|it| holds(it, facts) == Some(false)).count();
        let Some(condition) = conditions.iter().find(|it| holds(it, &now) == Some(false)) else { break };
        let named = condition.fields();
        let options: Vec<(usize, Vec<Cell>)> = fields
            .iter()
            .enumerate()
            .filter(|(_, it)| named.contains(&it.field.name.as_str()))
            .map(|(index, it)| (index, cells(project, it, condition, row.get(index).map(|(_, cell)| cell), complete)))
            .collect();
        let sizes: Vec<usize> = options.iter().map(|(_, cells)| cells.len()).collect();
        let mut best: Option<(usize, Vec<(&'a Field, Cell)>)> = None;
        for choice in combinations(&sizes) {
            let mut changed = row.clone();
            for ((index, cells), &chosen) in options.iter().zip(&choice) {
                if let (Some(slot), Some(cell)) = (changed.get_mut(*index), cells.get(chosen)) {
                    slot.1 = cell.clone();
                }
            }
            let facts = facts(project, &changed);
            let left = broken(&facts);
            if holds(condition, &facts) != Some(false) && best.as_ref().is_none_or(|(count, _)| left < *count) {
                best = Some((left, changed));
                if left == 0 {
                    break;
                }
            }
        }
        match best {
            Some((_, changed)) => row = changed,
            None => break,
        }
    }
    row
}

/// What a field may say for a condition's sake: what it says now first, then little or, if `complete`, much.
fn cells(
    project: &Project,
    it: &Candidate<'_>,
    condition: &Condition,
    now: Option<&Cell>,
    complete: bool,
) -> Vec<Cell> {
    let mut little = Vec::new();
    if !it.field.is_required() && !sample::has_refused_default(it.field) {
        little.push(Cell::Unsaid);
    }
    if it.field.null {
        little.push(if it.field.default.is_some() { Cell::Null } else { Cell::Unsaid });
    }
    let mut much: Vec<Cell> = it.sample.iter().map(|sample| Cell::Set(sample.clone())).collect();
    if !it.is_distinct {
        much.extend(literals(project, it.field, condition).into_iter().map(|value| Cell::Set(Sample::Same(value))));
    }
    let (first, second) = if complete { (much, little) } else { (little, much) };
    let mut cells: Vec<Cell> = Vec::new();
    for cell in now.cloned().into_iter().chain(first).chain(second) {
        if !cells.contains(&cell) {
            cells.push(cell);
        }
    }
    cells
}

/// Values of the field that make a difference to the condition: its members, or what it is compared with and the next ones.
fn literals(project: &Project, field: &Field, condition: &Condition) -> Vec<Expr> {
    if let Some(choices) = field.choices.as_ref().and_then(|key| project.choices(key)) {
        return sample::member_values(choices).collect();
    }
    if field.kind == FieldKind::Boolean {
        return vec![Expr::Bool(true), Expr::Bool(false)];
    }
    let compared = compared(condition, &field.name);
    if let Some((_, _, scale)) = sample::range(field) {
        let range = sample::range(field).map_or(i128::MIN..=i128::MAX, |(min, max, _)| min..=max);
        let numbers = compared.iter().filter_map(|expr| Number::of(expr)).chain([Number::whole(1)]);
        let near = numbers.filter_map(|number| number.floor(scale)).flat_map(|at| [at, at + 1, at - 1]);
        // What is out of bounds by validators serves to violate a constraint, which asks the database alone.
        let mut near: Vec<i128> = near.collect();
        near.sort_by_key(|units| !range.contains(units));
        return near.into_iter().map(|units| sample::number_literal(field, units)).collect();
    }
    let moment = |days: i128| {
        let (name, base) = match field.kind {
            FieldKind::Date { .. } => ("date", vec![2026, 1, 1]),
            FieldKind::DateTime { .. } => ("datetime", vec![2026, 1, 1, 12]),
            _ => return None,
        };
        let mut args = base;
        args[2] += days;
        let zone = vec![("tzinfo", Expr::Ref { module: "datetime", name: "UTC" })];
        let kwargs = if name == "datetime" { zone } else { vec![] };
        Some(Expr::Call { module: "datetime", name, args: args.into_iter().map(Expr::int).collect(), kwargs })
    };
    let moments = [0, 1, 2].into_iter().filter_map(moment);
    let texts = compared.into_iter().filter(|expr| matches!(expr, Expr::Str(_)) && field.is_text()).cloned();
    let empty = (field.is_text() && field.blank).then(|| Expr::str(""));
    texts.chain(moments).chain(empty).collect()
}

/// What the condition compares the field with.
fn compared<'c>(condition: &'c Condition, name: &str) -> Vec<&'c Expr> {
    let mut found = Vec::new();
    for leaf in condition.leaves() {
        match leaf {
            Condition::Lookup { field, value: Operand::Literal(value), .. } if field == name => match value {
                Expr::List(values) | Expr::Tuple(values) => found.extend(values),
                value => found.push(value),
            },
            Condition::Compare { left, right, .. } => {
                found.extend([left, right].into_iter().filter_map(|side| match side {
                    Formula::Literal(value) => Some(value),
                    _ => None,
                }));
            }
            _ => {}
        }
    }
    found
}

/// All choices of one index below each size, the last changing fastest, up to [`TRIES`].
fn combinations(sizes: &[usize]) -> impl Iterator<Item = Vec<usize>> + '_ {
    let total = sizes.iter().try_fold(1_usize, |all, size| all.checked_mul(*size)).unwrap_or(TRIES).min(TRIES);
    (0..total).map(move |mut number| {
        let mut choice: Vec<usize> = sizes
            .iter()
            .rev()
            .map(|size| {
                let index = number % (*size).max(1);
                number /= (*size).max(1);
                index
            })
            .collect();
        choice.reverse();
        choice
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_combinations_are_tried_within_limits() {
        let all: Vec<Vec<usize>> = combinations(&[2, 3]).collect();
        assert_eq!(all.len(), 6);
        assert_eq!((all[0].clone(), all[1].clone(), all[5].clone()), (vec![0, 0], vec![0, 1], vec![1, 2]));
        assert_eq!(combinations(&[100; 12]).count(), TRIES);
        assert_eq!(combinations(&[3, 0]).count(), 0);
    }
}
