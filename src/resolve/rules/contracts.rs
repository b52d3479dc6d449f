//! What operations demand and promise: preconditions and postconditions that the model checks around the user's code.

use super::derive::{Pass, Verdicts, one};
use super::types::{Fault, Typed, Wrong};
use super::{because, why};
use crate::decision::Reason;
use crate::django::contract::RESULT;
use crate::django::logic::{Term, Test};
use crate::facts::{DemandFact, Facts, Invariants, Moment, Stated, Table, Translated, reason};
use crate::resolve::Context;
use crate::uml::model::Operation;
use crate::util::arena::Id;

/// What a condition is called.
pub(super) fn word(moment: Moment) -> &'static str {
    match moment {
        Moment::Before => "precondition",
        Moment::After => "postcondition",
    }
}

/// Notes what became of the constraints of operations.
pub(super) fn settled(cx: &Context<'_>, facts: &Facts, verdicts: &Verdicts, found: &mut Invariants) {
    let operations = cx.model.classifiers.values().flat_map(|classifier| &classifier.operations);
    for constraint in operations.flat_map(|operation| &operation.constraints) {
        let keys = (constraint.element, 0)..=(constraint.element, usize::MAX);
        let became = facts.derivations().reasons.range(keys.clone()).map(|(_, reason)| reason.clone());
        let mut settled = Translated { text: constraint.body.value.trim().to_owned(), reasons: became.collect() };
        let name = "what cannot be translated is kept as text";
        let wrong = verdicts.range(keys).map(|(_, wrong)| wrong.message.clone());
        let wrong: Vec<Reason> = wrong.map(|text| why("documentation", text, name, constraint.body.span)).collect();
        if !wrong.is_empty() {
            settled.reasons = wrong;
            found.told.insert(constraint.element, settled);
        } else if !settled.reasons.is_empty() {
            found.translated.insert(constraint.element, settled);
        }
    }
}

impl<'a> Pass<'_, 'a, '_> {
    /// The check of a condition, and why it is one; none if it always holds.
    pub(super) fn demand(
        &self,
        table: Id<Table>,
        operation: &'a Operation,
        stated: &Stated,
    ) -> Result<(Reason, Option<DemandFact>), Wrong> {
        let Stated { moment, name, documentation, condition } = stated;
        let (tree, span) = (&condition.rules.tree, condition.text.span);
        let at = || tree.node(condition.root).at.clone();
        let wrong = |fault, message: String| Err(Wrong { at: at(), message, help: None, fault });
        if operation.is_static {
            return wrong(Fault::Unsupported, "is one of a static operation, which has no object".to_owned());
        }
        let signature = self.types.signature(operation);
        let mut typing = self.inside(table, &signature, tree);
        let is_hidden = signature.inputs.iter().any(|input| input.name == RESULT);
        if *moment == Moment::After && is_hidden && !(signature.results.is_empty() && signature.outputs.is_empty()) {
            let message = format!("is about an operation that has both a parameter `{RESULT}` and a result");
            return wrong(Fault::Unsupported, message);
        }
        if let (Moment::After, [result], []) = (moment, &signature.results[..], &signature.outputs[..])
            && let Some(ty) = one(result)
            && !is_hidden
        {
            typing.define(RESULT, Typed::Value(Term::Parameter(RESULT.to_owned()), ty));
        }
        let test = match typing.test(condition.root)?.folded() {
            Test::Constant(true) => {
                let name = "a rule that nothing can break needs no check";
                return Ok((why("nothing to check", "it always holds".to_owned(), name, span), None));
            }
            Test::Constant(false) => return wrong(Fault::Type, "never holds".to_owned()),
            test => test,
        };
        let (when, why) = match moment {
            Moment::Before => ("a check before the call", "the caller is refused if it does not hold"),
            Moment::After => ("a check after the call", "the method is wrong if it does not hold"),
        };
        let reason = reason(when, why, because("the model keeps what the diagram promises", span));
        let message = documentation.clone().unwrap_or_else(|| tree.print(condition.root));
        let demand = DemandFact { moment: *moment, name: name.clone(), message, test, reason: reason.clone() };
        Ok((reason, Some(demand)))
    }
}
