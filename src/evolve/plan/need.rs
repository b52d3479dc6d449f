//! What an operation needs to have been done before it, and what operations do for others.

use crate::django::state::FieldState;
use crate::django::{ModelKey, Operation, State};

/// Something that must have happened before an operation can run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    /// To the model of this key in lower case.
    Of(Event),
    /// The model that signs in is there, whichever the settings name.
    User,
}

/// Something that happens to a model or field. Its order is the one in which the needs of a deletion are sorted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Event {
    pub(super) model: ModelKey,
    pub(super) field: Option<String>,
    pub(super) kind: Kind,
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// The model or field comes.
    Created,
    /// The model or field goes.
    Removed,
    /// The field is altered.
    Altered,
    /// An index or constraint of the model goes.
    Unindexed,
}

impl Need {
    /// `kind` happens to `model`.
    pub(super) fn model(model: &ModelKey, kind: Kind) -> Self {
        Self::Of(Event { model: model.clone(), field: None, kind })
    }

    /// `kind` happens to the field called `field`.
    pub(super) fn field(model: &ModelKey, field: &str, kind: Kind) -> Self {
        Self::Of(Event { model: model.clone(), field: Some(field.to_owned()), kind })
    }

    /// What a relation needs: its target, and the model that it goes through.
    pub(super) fn of_relation(state: &State, field: &FieldState) -> Vec<Self> {
        let Some(relation) = &field.relation else { return Vec::new() };
        let to = if relation.to == state.user { Self::User } else { Self::model(&relation.to, Kind::Created) };
        let through = relation.through.iter().map(|through| Self::model(through, Kind::Created));
        std::iter::once(to).chain(through).collect()
    }

    /// The need for something that has a name.
    pub(super) fn resolved(&self, user: &ModelKey) -> Event {
        match self {
            Self::User => Event { model: user.clone(), field: None, kind: Kind::Created },
            Self::Of(event) => event.clone(),
        }
    }

    /// The app in which it must happen.
    pub(super) fn app<'a>(&'a self, user: &'a ModelKey) -> &'a str {
        match self {
            Self::User => &user.app,
            Self::Of(event) => &event.model.app,
        }
    }
}

/// What an operation of `app` does that others may wait for.
pub(super) fn events(app: &str, operation: &Operation) -> Vec<Event> {
    let model = ModelKey::new(app, operation.model());
    let event = |field: Option<&String>, kind| Event { model: model.clone(), field: field.cloned(), kind };
    match operation {
        Operation::CreateModel(state) => {
            let fields = state.fields.iter().map(|field| event(Some(&field.name), Kind::Created));
            std::iter::once(event(None, Kind::Created)).chain(fields).collect()
        }
        Operation::DeleteModel { .. } => vec![event(None, Kind::Removed)],
        Operation::AddField { field, .. } => vec![event(Some(&field.name), Kind::Created)],
        Operation::AlterField { field, .. } => vec![event(Some(&field.name), Kind::Altered)],
        Operation::RemoveField { field, .. } => vec![event(Some(field), Kind::Removed)],
        // Not of one of them: whoever waits for indexes to go names the field for which they are in the way.
        Operation::RemoveIndex { .. } | Operation::RemoveConstraint { .. } => vec![event(None, Kind::Unindexed)],
        Operation::RenameModel { .. }
        | Operation::AlterModelOptions { .. }
        | Operation::AlterModelManagers { .. }
        | Operation::AlterModelTable { .. }
        | Operation::AlterModelTableComment { .. }
        | Operation::RenameField { .. }
        | Operation::AddIndex { .. }
        | Operation::RenameIndex { .. }
        | Operation::AddConstraint { .. }
        | Operation::AlterConstraint { .. }
        | Operation::AlterUniqueTogether { .. }
        | Operation::StateOnly(_)
        | Operation::RenameParent { .. }
        | Operation::RenameKey { .. }
        | Operation::MoveModel { .. }
        | Operation::ChangeParent { .. }
        | Operation::Online(_)
        | Operation::Leave(_)
        | Operation::LimitLockWait
        | Operation::Rows { .. } => Vec::new(),
    }
}
