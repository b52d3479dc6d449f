//! The rules of binary relations once more, as a table: what a diagram says, and what must come of it.
//!
//! Written down from the mapping (sections 3.2 and 3.3 of its description), without a look at `policy/`.

use super::draw::{End, Owner, bounds, end};

/// The multiplicities.
pub const MULTIPLICITIES: [&str; 4] = ["0..1", "1", "0..*", "1..*"];
const OWNERS: [Owner; 3] = [Owner::Class, Owner::Association, Owner::Hidden];
/// Which end is the part, and how.
const AGGREGATIONS: [[&str; 2]; 5] =
    [["none", "none"], ["shared", "none"], ["none", "shared"], ["composite", "none"], ["none", "composite"]];

/// One relation between two classes of its own.
pub struct Row {
    /// A word for it, unique in its file: `r17`.
    pub name: String,
    pub ends: [End; 2],
    /// Drawn as an attribute of the first class: the first end is not there.
    pub is_attribute: bool,
}

/// What must come of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Stored {
    pub kind: &'static str,
    /// The end whose class has the field; it leads to the other one.
    pub holder: usize,
    pub null: bool,
    pub on_delete: &'static str,
    /// Codes of the findings.
    pub findings: Vec<&'static str>,
}

/// All combinations of multiplicity, aggregation, navigability and ownership; then attributes that are typed by a class.
pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut push = |ends: [End; 2], is_attribute| {
        let name = format!("r{}", rows.len());
        let mut ends = ends;
        // Names sort in both ways.
        let letters = if rows.len() % 2 == 0 { ['A', 'B'] } else { ['B', 'A'] };
        for (end, letter) in ends.iter_mut().zip(letters) {
            end.class = format!("{letter}{name}");
        }
        rows.push(Row { name, ends, is_attribute });
    };
    for first in MULTIPLICITIES {
        for second in MULTIPLICITIES {
            for aggregation in AGGREGATIONS {
                for owners in OWNERS.iter().flat_map(|one| OWNERS.map(|other| [*one, other])) {
                    let ends = [0, 1].map(|index| End {
                        aggregation: aggregation[index],
                        owner: owners[index],
                        ..end("", ["one", "other"][index], [first, second][index])
                    });
                    push(ends, false);
                }
            }
        }
    }
    for bounds in MULTIPLICITIES {
        for aggregation in ["none", "shared", "composite"] {
            let missing = if aggregation == "composite" { "0..1" } else { "*" };
            let near = End { owner: Owner::Hidden, ..end("", "", missing) };
            let far = End { aggregation, owner: Owner::Class, ..end("", "other", bounds) };
            push([near, far], true);
        }
    }
    rows
}

/// The rules.
pub fn stored(row: &Row) -> Stored {
    let ends = &row.ends;
    let lower = ends.each_ref().map(|end| bounds(end.bounds).0);
    let many = ends.each_ref().map(|end| bounds(end.bounds).1 != Some(1));
    let navigable = ends.each_ref().map(|end| end.owner != Owner::Hidden);
    let mut findings = Vec::new();

    // The part of an aggregation, and whether it is a composition.
    let part = ends.iter().position(|end| end.aggregation != "none");
    let mut is_composite = ends.iter().any(|end| end.aggregation == "composite");
    if is_composite && part.is_some_and(|part| many[1 - part]) {
        // A part of many wholes is only shared.
        is_composite = false;
        findings.push("U0611");
    }

    let (kind, holder) = match many {
        [true, true] => {
            let arrow = match navigable {
                [true, false] => Some(1),
                [false, true] => Some(0),
                _ => None,
            };
            ("ManyToManyField", part.map(|part| 1 - part).or(arrow).unwrap_or(0))
        }
        [true, false] => ("ForeignKey", 0),
        [false, true] => ("ForeignKey", 1),
        [false, false] => {
            let needy = match lower {
                // One object at the first end is needed, so the second class refers to it.
                [1, 0] => Some(1),
                [0, 1] => Some(0),
                _ => None,
            };
            let arrow = match navigable {
                [true, false] => Some(1),
                [false, true] => Some(0),
                _ => None,
            };
            let holder = part.or(needy).or(arrow).unwrap_or_else(|| {
                findings.push("U0603");
                usize::from(ends[0].class < ends[1].class)
            });
            ("OneToOneField", holder)
        }
    };
    // What no column can say: at least one on a side without column.
    let unseen: Vec<usize> = match kind {
        "ManyToManyField" => vec![0, 1],
        _ => vec![holder],
    };
    for end in unseen {
        let is_drawn = !(row.is_attribute && end == 0);
        if lower[end] > 0 && is_drawn && kind != "OneToOneField" {
            findings.push("U0607");
        }
    }
    // A one-to-one that both sides need: the side without column says so.
    if kind == "OneToOneField" && lower[holder] == 1 && !(row.is_attribute && holder == 0) {
        findings.push("U0607");
    }
    let null = kind != "ManyToManyField" && lower[1 - holder] == 0;
    let leads_to_whole = part == Some(holder);
    let on_delete = match (kind, is_composite && leads_to_whole, lower[1 - holder]) {
        ("ManyToManyField", ..) => "",
        (_, true, _) => "CASCADE",
        (_, false, 0) => "SET_NULL",
        _ => "PROTECT",
    };
    if !on_delete.is_empty() && part.is_none() {
        findings.push("U0807");
    }
    findings.sort_unstable();
    Stored { kind, holder, null, on_delete, findings }
}
