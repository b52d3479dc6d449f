//! From the project and what was built before to migrations.

/// A migration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The app's label.
    pub app: String,
    /// `0001_initial`
    pub name: String,
    /// The file's text.
    pub text: String,
}

/// What leads from the previous state to the project's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evolution {
    /// New migrations, by app and number.
    pub migrations: Vec<Migration>,
}
