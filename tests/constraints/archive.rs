//! What becomes of the constraints of real files, as a table.

use std::collections::BTreeMap;

use umlaut::account::{ElementKind, Fate};
use umlaut::pipeline::Outcome;

use crate::support::say;

/// The constraints of several files.
#[derive(Default)]
pub(crate) struct Constraints {
    all: usize,
    /// How many became what.
    became: BTreeMap<String, usize>,
    /// Why others were told to stay text.
    reasons: BTreeMap<String, usize>,
}

impl Constraints {
    /// Counts those of a file.
    pub(crate) fn add(&mut self, outcome: &Outcome) {
        let settled: BTreeMap<_, _> = outcome.constraints.iter().map(|(element, known)| (*element, known)).collect();
        for (element, seen) in outcome.elements.iter() {
            if seen.kind != ElementKind::Constraint {
                continue;
            }
            self.all += 1;
            let (became, reason) = match (settled.get(&element), outcome.account.fate(element)) {
                (Some(known), _) => match known.reasons.first() {
                    Some(reason) if reason.decision == "documentation" => ("reported", Some(&reason.why)),
                    Some(reason) => (&*reason.decision, None),
                    None => ("nothing", None),
                },
                (None, Fate::Carried | Fate::Lowered) => ("kept as text", None),
                (None, Fate::Diagnosed(_)) => ("part of something that was reported", None),
                (None, Fate::Ignored | Fate::Missing) => ("about nothing that is built", None),
            };
            *self.became.entry(became.to_owned()).or_default() += 1;
            if let Some(reason) = reason {
                // Names are no matter here.
                let kind: Vec<&str> = reason.split('`').step_by(2).collect();
                *self.reasons.entry(kind.join("_")).or_default() += 1;
            }
        }
    }

    /// Says how many became what, and the ten most frequent reasons why others did not.
    pub(crate) fn finish(self) {
        let mut text = format!("{:>6} constraints of real files\n", self.all);
        for (became, count) in &self.became {
            text += &format!("{count:>6} {became}\n");
        }
        let mut reasons: Vec<(&String, &usize)> = self.reasons.iter().collect();
        reasons.sort_by_key(|(reason, count)| (std::cmp::Reverse(**count), (*reason).clone()));
        text += "reported most often:\n";
        for (reason, count) in reasons.into_iter().take(10) {
            text += &format!("{count:>6} {reason}\n");
        }
        say(&text);
        assert_eq!(self.became.values().sum::<usize>(), self.all);
        // Files of the archive say some of their rules in OCL.
        assert!(self.all == 0 || self.became.keys().any(|became| became == "a check constraint"), "{:?}", self.became);
    }
}
