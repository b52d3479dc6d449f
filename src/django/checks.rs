//! What Django's system checks would raise. A safety net: each of these is prevented by a finding of its own, so what is found
//! here is our own mistake (U1901). Only addresses that hide others are what somebody asked for (U1004).

mod addresses;
mod fields;
mod names;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::account::{Element, Elements};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::diagnostic::codes;
use crate::django::{Base, Model, ModelKey, Project};

/// Reports whatever `manage.py check` would refuse.
pub fn check(project: &Project, elements: &Elements, report: &mut Report) {
    let shared = project.shared.iter().map(|model| (project.core.as_str(), model));
    let own = project.apps.iter().flat_map(|app| app.models.iter().map(move |model| (app.label.as_str(), model)));
    let mut models = BTreeMap::new();
    let mut twins = Vec::new();
    for (app, model) in shared.chain(own) {
        if models.insert(ModelKey::new(app, model.name.clone()), model).is_some() {
            twins.push(model);
        }
    }
    let mut net = Net { project, models, elements, report };
    for model in twins {
        net.fault(model.origin.element, "models.E028", &format!("two classes `{}` in one app", model.name));
    }
    names::check(&mut net);
    fields::check(&mut net);
    addresses::check(&mut net);
}

struct Net<'a, 'b> {
    project: &'a Project,
    models: BTreeMap<ModelKey, &'a Model>,
    elements: &'a Elements,
    report: &'b mut Report,
}

impl<'a> Net<'a, '_> {
    /// `check` is Django's name of the check.
    fn fault(&mut self, element: Element, check: &str, what: &str) {
        let seen = self.elements.get(element);
        self.report.add(
            Diagnostic::new(
                &codes::U1901,
                format!("Django would refuse what `{}` becomes: {what}", self.elements.path(element)),
            )
            .about(element)
            .here(seen.span, "becomes something that Django refuses")
            .note(format!("Django calls it {check}"))
            .help("this is our mistake, not yours: please report it with the model"),
        );
    }

    /// All models with the app that they stand in, in the project's order of names.
    fn models(&self) -> Vec<(ModelKey, &'a Model)> {
        self.models.iter().map(|(key, model)| (key.clone(), *model)).collect()
    }

    fn model(&self, key: &ModelKey) -> Option<&'a Model> {
        self.models.get(key).copied()
    }

    /// The model whose table holds the rows of another: itself, or what it is a proxy of.
    fn storage<'k>(&self, key: &'k ModelKey) -> &'k ModelKey
    where
        'a: 'k,
    {
        let mut at = key;
        // Bases are never circular in a project; as many steps as there are models end in any case.
        for _ in 0..self.models.len() {
            let Some(model) = self.model(at).filter(|model| model.is_proxy()) else { break };
            let base = model.bases.iter().find_map(|base| match base {
                Base::Model(base) => self.model(base).filter(|base| base.is_concrete()).map(|_| base),
                Base::AbstractUser | Base::Core { .. } => None,
            });
            let Some(base) = base else { break };
            at = base;
        }
        at
    }

    /// The models above one, nearest first.
    fn ancestors(&self, model: &'a Model) -> Vec<(&'a ModelKey, &'a Model)> {
        let mut found: Vec<(&ModelKey, &Model)> = Vec::new();
        let mut seen: BTreeSet<&ModelKey> = BTreeSet::new();
        let mut queue = std::collections::VecDeque::from([model]);
        while let Some(at) = queue.pop_front() {
            for base in &at.bases {
                let Base::Model(key) = base else { continue };
                if !seen.insert(key) {
                    continue;
                }
                if let Some(model) = self.model(key) {
                    found.push((key, model));
                    queue.push_back(model);
                }
            }
        }
        found
    }

    /// The fields of a concrete model's own table: its own, and those of abstract models above up to the next table.
    fn local_fields(&self, model: &'a Model) -> Vec<&'a crate::django::Field> {
        let mut found: Vec<&crate::django::Field> = model.fields.iter().collect();
        let mut queue = std::collections::VecDeque::from([model]);
        let mut seen: Vec<&ModelKey> = Vec::new();
        while let Some(at) = queue.pop_front() {
            for base in &at.bases {
                let Base::Model(key) = base else { continue };
                let Some(above) = self.model(key).filter(|above| !above.is_concrete()) else { continue };
                if seen.contains(&key) {
                    continue;
                }
                seen.push(key);
                for field in &above.fields {
                    if found.iter().all(|other| other.name != field.name) {
                        found.push(field);
                    }
                }
                queue.push_back(above);
            }
        }
        found
    }
}
