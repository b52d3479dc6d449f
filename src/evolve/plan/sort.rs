//! The order of operations inside an app.

use std::collections::BTreeMap;

use super::Step;
use super::need::{Event, events};
use crate::django::ModelKey;

/// Sorts so that each operation comes after those of its own app that it needs.
///
/// In layers, as Python's `TopologicalSorter` hands them out: first whatever needs nothing, in the order in which it was first
/// mentioned (as an operation or as what one needs); then, in the order in which their last need was met, the next ones.
/// What waits for itself in a circle, which the checks refuse, comes last.
pub(super) fn sort(app: &str, steps: &mut [Step], user: &ModelKey) {
    let mut providers: BTreeMap<Event, Vec<usize>> = BTreeMap::new();
    for (index, step) in steps.iter().enumerate() {
        for event in events(app, &step.operation) {
            providers.entry(event).or_default().push(index);
        }
    }
    let mut mentioned = Vec::with_capacity(steps.len());
    let mut is_mentioned = vec![false; steps.len()];
    let mut waiting = vec![0_usize; steps.len()];
    let mut successors: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    let mut mention = |index: usize| {
        if !std::mem::replace(&mut is_mentioned[index], true) {
            mentioned.push(index);
        }
    };
    for (index, step) in steps.iter().enumerate() {
        mention(index);
        // A need that is named twice counts twice, on both sides.
        for provider in step.needs.iter().filter_map(|need| providers.get(&need.resolved(user))).flatten() {
            mention(*provider);
            waiting[index] += 1;
            successors[*provider].push(index);
        }
    }
    let mut order: Vec<usize> = mentioned.iter().copied().filter(|&index| waiting[index] == 0).collect();
    let mut next = 0;
    while let Some(&done) = order.get(next) {
        next += 1;
        for &successor in &successors[done] {
            waiting[successor] -= 1;
            if waiting[successor] == 0 {
                order.push(successor);
            }
        }
    }
    order.extend(mentioned.iter().copied().filter(|&index| waiting[index] > 0));
    // In place, from where each stands to where it goes: there may be a great many.
    let mut goes_to = vec![0; steps.len()];
    for (place, &index) in order.iter().enumerate() {
        goes_to[index] = place;
    }
    for index in 0..steps.len() {
        while goes_to[index] != index {
            let place = goes_to[index];
            steps.swap(index, place);
            goes_to.swap(index, place);
        }
    }
}
