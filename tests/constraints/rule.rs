//! Random constraints as trees of the test's own, with their text in OCL and an interpreter. Nothing here is shared with the compiler.

use crate::support::random::Random;

/// A number: whole if `scale` is 0, else in units of `10^-scale`.
type Number = (i128, u32);

pub struct Part {
    pub q: i64,
    pub w: Option<i64>,
    pub on: bool,
}

pub struct Owner<'a> {
    pub n: Option<i64>,
    pub open: bool,
    pub tools: Vec<&'a Part>,
}

/// A row with what it refers to. Decimals are in tenths, days count from the first of the year 2026, levels from the lowest.
pub struct Row<'a> {
    pub a: i64,
    pub b: Option<i64>,
    pub c: i64,
    pub d: Option<i64>,
    pub flag: bool,
    pub mark: Option<bool>,
    pub name: &'static str,
    pub note: &'static str,
    pub day: i64,
    pub due: Option<i64>,
    pub level: usize,
    pub rank: Option<usize>,
    pub owner: Option<&'a Owner<'a>>,
    pub parts: Vec<&'a Part>,
}

pub const LEVELS: [&str; 3] = ["low", "mid", "high"];
pub const TEXTS: [&str; 5] = ["x", "ab", "Ab", "hello", "a'b"];

pub enum Num {
    Whole(i64),
    Tenths(i64),
    A,
    B,
    C,
    D,
    Plus(Box<Num>, Box<Num>),
    Minus(Box<Num>, Box<Num>),
    Times(Box<Num>, Box<Num>),
    Negative(Box<Num>),
    /// `owner.n`
    Owner,
    /// `name.size()`, or that of `note`.
    Size(bool),
    /// `parts->select(p | ..)->size()`
    Count(Whose, Option<Box<Rule>>),
    /// `parts->collect(q)->sum()`
    Sum(Whose),
    Q,
    W,
}

pub enum Rule {
    Compare(&'static str, Num, Num),
    /// `b = null`, by its number in [`OPTIONAL`].
    Absent(usize, bool),
    Flag,
    Mark,
    On,
    Open,
    /// `name = 'ab'`; or `note`.
    Text(bool, &'static str, bool),
    Starts(bool, &'static str),
    /// `day < due`, or with a day of the calendar.
    Days(&'static str, Option<i64>),
    Level(bool, usize, bool),
    Among(bool, Vec<usize>),
    And(Box<Rule>, Box<Rule>),
    Or(Box<Rule>, Box<Rule>),
    Implies(Box<Rule>, Box<Rule>),
    Xor(Box<Rule>, Box<Rule>),
    Not(Box<Rule>),
    If(Box<Rule>, Box<Rule>, Box<Rule>),
    Exists(Whose, Box<Rule>),
    ForAll(Whose, Box<Rule>),
    One(Whose, Box<Rule>),
    Empty(Whose),
    /// `parts->select(p | ..)->forAll(x, y | x <> y implies x.q < y.w)`
    Pairs(Whose, Option<Box<Rule>>, &'static str),
    /// `let some : Set = parts->select(p | ..) in some->forAll(x | some->exists(y | x.q < y.w))`
    Within(Whose, Box<Rule>, &'static str),
}

/// Which parts: the row's own, or the tools of its owner.
#[derive(Clone, Copy)]
pub enum Whose {
    Own,
    Owner,
}

impl Whose {
    fn random(random: &mut Random) -> Self {
        if random.chance(70) { Self::Own } else { Self::Owner }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Own => "parts",
            Self::Owner => "owner.tools",
        }
    }

    /// The parts; `None` if nobody has them.
    fn parts<'a>(self, row: &'a Row<'a>) -> Option<&'a [&'a Part]> {
        match self {
            Self::Own => Some(&row.parts),
            Self::Owner => row.owner.map(|owner| owner.tools.as_slice()),
        }
    }
}

/// How a derived number is computed.
pub enum Derivation {
    Value(Num),
    Choice(Rule, Num, Num),
}

impl Derivation {
    pub fn random(random: &mut Random, reach: Reach) -> Self {
        let mut number = || Box::new(Num::random(random, reach, 1));
        let (one, other) = (number(), number());
        match random.below(4) {
            0 => Self::Choice(Rule::random(random, reach, 1), *one, *other),
            1 => Self::Value(Num::Plus(one, other)),
            2 => Self::Value(Num::Minus(one, other)),
            _ => Self::Value(Num::Times(one, other)),
        }
    }

    pub fn text(&self) -> String {
        match self {
            Self::Value(value) => value.text(),
            Self::Choice(rule, a, b) => format!("if {} then {} else {} endif", rule.text(), a.text(), b.text()),
        }
    }

    /// As a text, in tenths of tenths of tenths of tenths.
    pub fn value(&self, row: &Row<'_>) -> Option<String> {
        let value = match self {
            Self::Value(value) => value.value(row, None)?,
            Self::Choice(rule, a, b) => (if rule.holds(row, None)? { a } else { b }).value(row, None)?,
        };
        Some(raised(value, 4).to_string())
    }
}

const OPTIONAL: [&str; 8] = ["b", "d", "mark", "note", "due", "rank", "owner", "owner.n"];
const COMPARISONS: [&str; 6] = ["=", "<>", "<", "<=", ">", ">="];

/// What random constraints may look at.
#[derive(Clone, Copy)]
pub struct Reach {
    /// Other rows.
    pub far: bool,
    /// One of the parts is being looked at.
    pub part: bool,
}

impl Num {
    fn random(random: &mut Random, reach: Reach, depth: usize) -> Self {
        if depth > 0 && random.chance(35) {
            let mut inner = || Box::new(Self::random(random, reach, depth - 1));
            let (a, b) = (inner(), inner());
            return match random.below(4) {
                0 => Self::Plus(a, b),
                1 => Self::Minus(a, b),
                2 => Self::Times(a, b),
                _ => Self::Negative(a),
            };
        }
        let far = if reach.far { 4 } else { 0 };
        match random.below(12 + far + if reach.part { 4 } else { 0 }) {
            0 | 1 => Self::A,
            2 | 3 => Self::B,
            4 | 5 => Self::C,
            6 => Self::D,
            7 => Self::Size(random.chance(50)),
            8 | 9 => Self::Whole(i64::try_from(random.below(7)).unwrap_or(0)),
            10 | 11 => Self::Tenths(i64::try_from(random.below(40)).unwrap_or(0)),
            _ if reach.part => {
                if random.chance(50) {
                    Self::Q
                } else {
                    Self::W
                }
            }
            12 | 13 => Self::Owner,
            14 => Self::Sum(Whose::random(random)),
            _ => {
                let inner = Reach { far: false, part: true };
                let whose = Whose::random(random);
                Self::Count(whose, random.chance(60).then(|| Box::new(Rule::random(random, inner, 1))))
            }
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Whole(value) => value.to_string(),
            Self::Tenths(value) => format!("{}.{}", value / 10, value % 10),
            Self::A => "a".to_owned(),
            Self::B => "self.b".to_owned(),
            Self::C => "c".to_owned(),
            Self::D => "self.d".to_owned(),
            Self::Plus(a, b) => format!("({} + {})", a.text(), b.text()),
            Self::Minus(a, b) => format!("({} - {})", a.text(), b.text()),
            Self::Times(a, b) => format!("({} * {})", a.text(), b.text()),
            Self::Negative(a) => format!("(-{})", a.text()),
            Self::Owner => "owner.n".to_owned(),
            Self::Size(optional) => format!("{}.size()", text_name(*optional)),
            Self::Count(whose, None) => format!("{}->size()", whose.text()),
            Self::Count(whose, Some(rule)) => format!("{}->select(p | {})->size()", whose.text(), rule.text()),
            Self::Sum(whose) => format!("{}->collect(q)->sum()", whose.text()),
            Self::Q => "p.q".to_owned(),
            Self::W => "p.w".to_owned(),
        }
    }

    fn value(&self, row: &Row<'_>, part: Option<&Part>) -> Option<Number> {
        let integer = |value: i64| Some((i128::from(value), 0));
        let both = |a: &Self, b: &Self, f: fn(i128, i128) -> i128| {
            let (a, b) = (a.value(row, part)?, b.value(row, part)?);
            let scale = a.1.max(b.1);
            Some((f(raised(a, scale), raised(b, scale)), scale))
        };
        match self {
            Self::Whole(value) => integer(*value),
            Self::Tenths(value) => Some((i128::from(*value), 1)),
            Self::A => integer(row.a),
            Self::B => integer(row.b?),
            Self::C => Some((i128::from(row.c), 1)),
            Self::D => Some((i128::from(row.d?), 1)),
            Self::Plus(a, b) => both(a, b, |a, b| a + b),
            Self::Minus(a, b) => both(a, b, |a, b| a - b),
            Self::Times(a, b) => {
                let (a, b) = (a.value(row, part)?, b.value(row, part)?);
                Some((a.0 * b.0, a.1 + b.1))
            }
            Self::Negative(a) => a.value(row, part).map(|(value, scale)| (-value, scale)),
            Self::Owner => integer(row.owner?.n?),
            Self::Size(optional) => {
                let text = if *optional { row.note } else { row.name };
                (!text.is_empty()).then_some((i128::try_from(text.len()).ok()?, 0))
            }
            Self::Count(whose, rule) => {
                let counted = whose
                    .parts(row)?
                    .iter()
                    .filter(|part| rule.as_ref().is_none_or(|rule| rule.holds(row, Some(part)) == Some(true)));
                Some((i128::try_from(counted.count()).ok()?, 0))
            }
            Self::Sum(whose) => integer(whose.parts(row)?.iter().map(|part| part.q).sum()),
            Self::Q => integer(part?.q),
            Self::W => integer(part?.w?),
        }
    }
}

fn raised((value, scale): Number, to: u32) -> i128 {
    value * 10_i128.pow(to - scale)
}

fn text_name(optional: bool) -> &'static str {
    if optional { "note" } else { "name" }
}

impl Rule {
    pub fn random(random: &mut Random, reach: Reach, depth: usize) -> Self {
        if depth > 0 && random.chance(70) {
            let mut inner = || Box::new(Self::random(random, reach, depth - 1));
            let (a, b, c) = (inner(), inner(), inner());
            return match random.below(8) {
                0 | 1 => Self::And(a, b),
                2 | 3 => Self::Or(a, b),
                4 => Self::Implies(a, b),
                5 => Self::Xor(a, b),
                6 => Self::Not(a),
                _ => Self::If(a, b, c),
            };
        }
        let far = reach.far && !reach.part;
        match random.below(if far { 18 } else { 11 }) {
            0..=2 => {
                let operator = *random.choose(&COMPARISONS);
                Self::Compare(operator, Num::random(random, reach, 2), Num::random(random, reach, 1))
            }
            3 => Self::Absent(random.below(if far { 8 } else { 7 }), random.chance(50)),
            4 => {
                if reach.part && random.chance(60) {
                    Self::On
                } else {
                    Self::Flag
                }
            }
            5 => Self::Mark,
            6 => Self::Text(random.chance(50), random.choose::<&str>(&TEXTS), random.chance(50)),
            7 => {
                let operator = *random.choose(&COMPARISONS);
                let day = random.chance(50).then(|| i64::try_from(random.below(5)).unwrap_or(0));
                Self::Days(operator, day)
            }
            8 | 9 => Self::Level(random.chance(50), random.below(3), random.chance(50)),
            10 => Self::Among(random.chance(50), vec![random.below(2), 2]),
            11 => Self::Starts(random.chance(50), "a"),
            12 => Self::Open,
            13 => Self::Empty(Whose::random(random)),
            14 => {
                let filter = Self::random(random, Reach { far: false, part: true }, 1);
                let filter = random.chance(70).then(|| Box::new(filter));
                Self::Pairs(Whose::random(random), filter, random.choose::<&str>(&COMPARISONS))
            }
            15 => {
                let filter = Box::new(Self::random(random, Reach { far: false, part: true }, 1));
                Self::Within(Whose::random(random), filter, random.choose::<&str>(&COMPARISONS))
            }
            _ => {
                let inner = Box::new(Self::random(random, Reach { far: false, part: true }, 1));
                let whose = Whose::random(random);
                match random.below(3) {
                    0 => Self::Exists(whose, inner),
                    1 => Self::ForAll(whose, inner),
                    _ => Self::One(whose, inner),
                }
            }
        }
    }

    pub fn text(&self) -> String {
        let quoted = |text: &str| text.replace('\'', "''");
        match self {
            Self::Compare(operator, a, b) => format!("({} {operator} {})", a.text(), b.text()),
            Self::Absent(which, true) => format!("{}.oclIsUndefined()", OPTIONAL[*which]),
            Self::Absent(which, false) => format!("({} <> null)", OPTIONAL[*which]),
            Self::Flag => "self.flag".to_owned(),
            Self::Mark => "mark".to_owned(),
            Self::On => "p.on".to_owned(),
            Self::Open => "owner.open".to_owned(),
            Self::Text(optional, text, true) => format!("({} = '{}')", text_name(*optional), quoted(text)),
            Self::Text(optional, text, false) => format!("({} <> '{}')", text_name(*optional), quoted(text)),
            Self::Starts(optional, text) => format!("{}.startsWith('{text}')", text_name(*optional)),
            Self::Days(operator, None) => format!("(day {operator} due)"),
            Self::Days(operator, Some(day)) => format!("(due {operator} '2026-01-0{}')", day + 1),
            Self::Level(optional, level, is) => {
                let (name, operator) = (level_name(*optional), if *is { "=" } else { "<>" });
                format!("({name} {operator} Level::{})", LEVELS[*level])
            }
            Self::Among(optional, levels) => {
                let levels: Vec<String> = levels.iter().map(|level| format!("Level::{}", LEVELS[*level])).collect();
                format!("Set{{{}}}->includes({})", levels.join(", "), level_name(*optional))
            }
            Self::And(a, b) => format!("({} and {})", a.text(), b.text()),
            Self::Or(a, b) => format!("({} or {})", a.text(), b.text()),
            Self::Implies(a, b) => format!("({} implies {})", a.text(), b.text()),
            Self::Xor(a, b) => format!("({} xor {})", a.text(), b.text()),
            Self::Not(a) => format!("(not {})", a.text()),
            Self::If(a, b, c) => format!("(if {} then {} else {} endif)", a.text(), b.text(), c.text()),
            Self::Exists(whose, a) => format!("{}->exists(p | {})", whose.text(), a.text()),
            Self::ForAll(whose, a) => format!("{}->forAll(p | {})", whose.text(), a.text()),
            Self::One(whose, a) => format!("{}->one(p | {})", whose.text(), a.text()),
            Self::Empty(whose) => format!("{}->isEmpty()", whose.text()),
            Self::Pairs(whose, filter, operator) => {
                let filter = filter.as_ref().map(|filter| format!("->select(p | {})", filter.text()));
                let rows = whose.text().to_owned() + &filter.unwrap_or_default();
                format!("{rows}->forAll(x, y | x <> y implies x.q {operator} y.w)")
            }
            Self::Within(whose, filter, operator) => {
                let rows = format!("{}->select(p | {})", whose.text(), filter.text());
                format!("(let some : Set = {rows} in some->forAll(x | some->exists(y | x.q {operator} y.w)))")
            }
        }
    }

    /// Whether it holds; `None` if something in it is not known (Kleene's logic).
    pub fn holds(&self, row: &Row<'_>, part: Option<&Part>) -> Option<bool> {
        let of = |rule: &Self| rule.holds(row, part);
        match self {
            Self::Compare(operator, a, b) => {
                let (a, b) = (a.value(row, part)?, b.value(row, part)?);
                let scale = a.1.max(b.1);
                Some(compared(operator, &raised(a, scale), &raised(b, scale)))
            }
            Self::Absent(which, absent) => {
                let is_absent = match OPTIONAL[*which] {
                    "b" => row.b.is_none(),
                    "d" => row.d.is_none(),
                    "mark" => row.mark.is_none(),
                    "note" => row.note.is_empty(),
                    "due" => row.due.is_none(),
                    "rank" => row.rank.is_none(),
                    "owner" => row.owner.is_none(),
                    _ => row.owner?.n.is_none(),
                };
                Some(is_absent == *absent)
            }
            Self::Flag => Some(row.flag),
            Self::Mark => row.mark,
            Self::On => Some(part?.on),
            Self::Open => Some(row.owner?.open),
            Self::Text(optional, text, is) => text_of(row, *optional).map(|known| (known == *text) == *is),
            Self::Starts(optional, text) => text_of(row, *optional).map(|known| known.starts_with(text)),
            Self::Days(operator, None) => Some(compared(operator, &row.day, &row.due?)),
            Self::Days(operator, Some(day)) => Some(compared(operator, &row.due?, day)),
            Self::Level(optional, level, is) => level_of(row, *optional).map(|known| (known == *level) == *is),
            Self::Among(optional, levels) => level_of(row, *optional).map(|known| levels.contains(&known)),
            Self::And(a, b) => and(of(a), of(b)),
            Self::Or(a, b) => or(of(a), of(b)),
            Self::Implies(a, b) => or(not(of(a)), of(b)),
            Self::Xor(a, b) => Some(of(a)? != of(b)?),
            Self::Not(a) => not(of(a)),
            Self::If(a, b, c) => of(if of(a)? { b } else { c }),
            Self::Exists(whose, rule) => {
                whose.parts(row)?.iter().map(|part| rule.holds(row, Some(part))).fold(Some(false), or)
            }
            Self::ForAll(whose, rule) => {
                whose.parts(row)?.iter().map(|part| rule.holds(row, Some(part))).fold(Some(true), and)
            }
            Self::One(whose, rule) => {
                Some(whose.parts(row)?.iter().filter(|part| rule.holds(row, Some(part)) == Some(true)).count() == 1)
            }
            Self::Empty(whose) => Some(whose.parts(row)?.is_empty()),
            Self::Pairs(whose, filter, operator) => {
                let parts = selected(*whose, filter.as_deref(), row)?;
                let pairs = parts.iter().enumerate().flat_map(|(i, x)| {
                    let others = parts.iter().enumerate().filter(move |(j, _)| i != *j);
                    others.map(move |(_, y)| Some(compared(operator, &x.q, &y.w?)))
                });
                pairs.fold(Some(true), and)
            }
            Self::Within(whose, filter, operator) => {
                let parts = selected(*whose, Some(filter), row)?;
                let exists =
                    |x: &&Part| parts.iter().map(|y| Some(compared(operator, &x.q, &y.w?))).fold(Some(false), or);
                parts.iter().map(exists).fold(Some(true), and)
            }
        }
    }
}

/// The parts for which the filter holds.
fn selected<'a>(whose: Whose, filter: Option<&Rule>, row: &'a Row<'a>) -> Option<Vec<&'a Part>> {
    let is_meant = |part: &&Part| filter.is_none_or(|filter| filter.holds(row, Some(part)) == Some(true));
    Some(whose.parts(row)?.iter().copied().filter(is_meant).collect())
}

fn level_name(optional: bool) -> &'static str {
    if optional { "rank" } else { "level" }
}

fn text_of(row: &Row<'_>, optional: bool) -> Option<&'static str> {
    Some(if optional { row.note } else { row.name }).filter(|text| !text.is_empty())
}

fn level_of(row: &Row<'_>, optional: bool) -> Option<usize> {
    if optional { row.rank } else { Some(row.level) }
}

fn compared<T: Ord>(operator: &str, a: &T, b: &T) -> bool {
    match operator {
        "=" => a == b,
        "<>" => a != b,
        "<" => a < b,
        "<=" => a <= b,
        ">" => a > b,
        _ => a >= b,
    }
}

fn not(a: Option<bool>) -> Option<bool> {
    a.map(|a| !a)
}

fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn or(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    not(and(not(a), not(b)))
}
