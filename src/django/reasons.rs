//! All reasons that a project has for what it is.

use super::model::Model;
use super::project::{Origin, Project};
use crate::decision::Reason;

impl Project {
    /// Every reason of every part, in no order that means something.
    pub fn reasons(&self) -> Vec<&Reason> {
        let mut found = Vec::new();
        for app in &self.apps {
            let members = app.choices.iter().flat_map(|choices| &choices.members).map(|member| &member.origin);
            let choices = app.choices.iter().map(|choices| &choices.origin);
            let protocols = app.protocols.iter().map(|protocol| &protocol.origin);
            let origins = app.origin.iter().chain(choices).chain(members).chain(protocols);
            found.extend(origins.flat_map(|origin| &origin.reasons));
        }
        for model in self.apps.iter().flat_map(|app| &app.models).chain(&self.shared) {
            found.extend(model.origins().flat_map(|origin| &origin.reasons));
            found.extend(model.meta.constraints.iter().flat_map(|constraint| &constraint.reasons));
            found.extend(model.meta.indexes.iter().flat_map(|index| &index.reasons));
        }
        found
    }
}

impl Model {
    /// Where it and its parts come from.
    fn origins(&self) -> impl Iterator<Item = &Origin> {
        let parts = self.fields.iter().map(|field| &field.origin);
        let constants = self.constants.iter().map(|constant| &constant.origin);
        let queries = self.queries.iter().map(|query| &query.origin);
        let stubs = self.behavior.iter().flat_map(|behavior| &behavior.stubs).map(|stub| &stub.origin);
        let generics = self.generics.iter().map(|generic| &generic.origin);
        let ways_back = self.generic_relations.iter().map(|relation| &relation.origin);
        [&self.origin]
            .into_iter()
            .chain(parts)
            .chain(constants)
            .chain(queries)
            .chain(stubs)
            .chain(generics)
            .chain(ways_back)
    }
}
