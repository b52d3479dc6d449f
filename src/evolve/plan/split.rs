//! Which operations go into which file: an app is split where it has to wait for another one.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::need::{Event, Need, events};
use super::{LEAVES, Leaves, Refused, Step, Steps};
use crate::django::{ModelKey, Operation};

/// What must be applied before a migration. Migrations of this plan have no name yet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum After {
    /// The user model, whichever it is.
    User,
    /// A migration that is there, or `__first__`.
    Migration { app: String, name: String },
    /// One of this plan, counted from 0.
    Part { app: String, number: usize },
}

/// One migration of an app, before it gets its name.
#[derive(Debug)]
pub(super) struct Part {
    /// What must be applied before, the previous migration of its app aside.
    pub(super) after: BTreeSet<After>,
    /// Its operations, not yet optimised.
    pub(super) operations: Vec<Operation>,
}

/// The migrations of each app, in order.
pub(super) type Parts = BTreeMap<String, Vec<Part>>;

/// Splits as Django does, and goes on where Django gives up.
///
/// Django takes the operations of an app from the front, as far as they need nothing that is still to come in another app. As
/// long as it gets on, it takes apps as a whole only; else it cuts one of them, the first that can do anything.
pub(super) fn split(steps: Steps, user: &ModelKey, leaves: &Leaves) -> (Parts, Option<Refused>) {
    let mut splitter = Splitter::new(steps, user, leaves);
    let mut refused = None;
    let mut may_cut = false;
    while splitter.is_busy() {
        if splitter.round(&mut may_cut) {
            continue;
        }
        if may_cut {
            refused.get_or_insert_with(|| splitter.refused());
            splitter.unblock();
        }
        may_cut = true;
    }
    (splitter.parts, refused)
}

struct Splitter<'a> {
    user: &'a ModelKey,
    leaves: &'a Leaves,
    todo: BTreeMap<String, VecDeque<Step>>,
    /// How many of the operations that are still to come provide it.
    coming: BTreeMap<Event, usize>,
    parts: Parts,
}

/// What an operation says about being next.
enum Readiness {
    Ready(BTreeSet<After>),
    Blocked,
}

impl<'a> Splitter<'a> {
    fn new(steps: Steps, user: &'a ModelKey, leaves: &'a Leaves) -> Self {
        let mut coming = BTreeMap::new();
        for (app, steps) in &steps {
            for event in steps.iter().flat_map(|step| events(app, &step.operation)) {
                *coming.entry(event).or_insert(0) += 1;
            }
        }
        let todo = steps.into_iter().map(|(app, steps)| (app, steps.into())).collect();
        Self { user, leaves, todo, coming, parts: Parts::new() }
    }

    fn is_busy(&self) -> bool {
        self.todo.values().any(|steps| !steps.is_empty())
    }

    /// Goes through all apps once; says whether anything was taken.
    fn round(&mut self, may_cut: &mut bool) -> bool {
        let mut progress = false;
        let apps: Vec<String> = self.todo.keys().cloned().collect();
        for app in apps {
            let mut part = Part { after: BTreeSet::new(), operations: Vec::new() };
            let mut taken = Vec::new();
            while let Some(step) = self.todo.get(&app).and_then(VecDeque::front) {
                let Readiness::Ready(after) = self.readiness(&app, step, *may_cut) else { break };
                part.after.extend(after);
                let Some(step) = self.todo.get_mut(&app).and_then(VecDeque::pop_front) else { break };
                // Later operations of the round, in whichever app, may build on it.
                self.count(&app, &step.operation, false);
                taken.push(step);
            }
            if taken.is_empty() {
                continue;
            }
            if *may_cut || self.todo.get(&app).is_none_or(VecDeque::is_empty) {
                progress = true;
                *may_cut = false;
                part.operations = taken.into_iter().map(|step| step.operation).collect();
                self.parts.entry(app).or_default().push(part);
            } else {
                for step in taken.into_iter().rev() {
                    self.count(&app, &step.operation, true);
                    self.todo.entry(app.clone()).or_default().push_front(step);
                }
            }
        }
        progress
    }

    /// Whether `step` of `app` needs nothing that is still to come in another app.
    fn readiness(&self, app: &str, step: &Step, may_cut: bool) -> Readiness {
        let mut after = BTreeSet::new();
        for need in &step.needs {
            let target = need.app(self.user);
            if target == app {
                continue;
            }
            if self.is_coming(need) {
                return Readiness::Blocked;
            }
            match self.bringer(need, target, may_cut) {
                Some(bringer) => after.insert(bringer),
                None => return Readiness::Blocked,
            };
        }
        Readiness::Ready(after)
    }

    fn is_coming(&self, need: &Need) -> bool {
        self.coming.contains_key(&need.resolved(self.user))
    }

    /// The migration that has brought `need`. That an app which has no migration here was applied before is only assumed
    /// when there is no other way.
    fn bringer(&self, need: &Need, target: &str, may_assume: bool) -> Option<After> {
        if *need == Need::User {
            return Some(After::User);
        }
        match self.parts.get(target) {
            Some(parts) => Some(After::Part { app: target.to_owned(), number: parts.len() - 1 }),
            None if may_assume => {
                let ours = self.leaves.get(target).map(String::as_str);
                let djangos = || LEAVES.iter().find(|(app, _)| *app == target).map(|(_, name)| *name);
                let name = ours.or_else(djangos).unwrap_or("__first__").to_owned();
                Some(After::Migration { app: target.to_owned(), name })
            }
            None => None,
        }
    }

    fn count(&mut self, app: &str, operation: &Operation, is_back: bool) {
        for event in events(app, operation) {
            let count = self.coming.entry(event.clone()).or_insert(0);
            if is_back {
                *count += 1;
            } else {
                *count = count.saturating_sub(1);
            }
            if *count == 0 {
                self.coming.remove(&event);
            }
        }
    }

    /// What Django says it cannot resolve.
    fn refused(&self) -> Refused {
        let waiting = self.todo.iter().filter_map(|(app, steps)| Some((app, steps.front()?)));
        let (apps, models) =
            waiting.map(|(app, step)| (app.clone(), ModelKey::new(app, step.operation.model()))).unzip();
        Refused { apps, models }
    }

    /// Not Django: takes out of order, from the first app that has any, all operations whose needs are met.
    ///
    /// What waits for itself in a circle, which the checks refuse, is taken as it stands, so that this ends.
    fn unblock(&mut self) {
        let apps: Vec<String> = self.todo.keys().cloned().collect();
        for app in &apps {
            let mut part = Part { after: BTreeSet::new(), operations: Vec::new() };
            while let Some((index, after)) = self.first_ready(app) {
                part.after.extend(after);
                self.take(app, index, &mut part);
            }
            if !part.operations.is_empty() {
                self.parts.entry(app.clone()).or_default().push(part);
                return;
            }
        }
        for app in apps {
            let mut part = Part { after: BTreeSet::new(), operations: Vec::new() };
            while self.todo.get(&app).is_some_and(|steps| !steps.is_empty()) {
                self.take(&app, 0, &mut part);
            }
            if !part.operations.is_empty() {
                self.parts.entry(app).or_default().push(part);
            }
        }
    }

    fn take(&mut self, app: &str, index: usize, part: &mut Part) {
        if let Some(step) = self.todo.get_mut(app).and_then(|steps| steps.remove(index)) {
            self.count(app, &step.operation, false);
            part.operations.push(step.operation);
        }
    }

    fn first_ready(&self, app: &str) -> Option<(usize, BTreeSet<After>)> {
        self.todo.get(app)?.iter().enumerate().find_map(|(index, step)| {
            let own = events(app, &step.operation);
            let mut after = BTreeSet::new();
            for need in &step.needs {
                let resolved = need.resolved(self.user);
                // What an operation brings itself, it need not wait for.
                let others = self.coming.get(&resolved).copied().unwrap_or(0);
                let others = others.saturating_sub(usize::from(own.contains(&resolved)));
                if others > 0 {
                    return None;
                }
                let target = need.app(self.user);
                if target != app {
                    after.extend(self.bringer(need, target, true));
                }
            }
            Some((index, after))
        })
    }
}
