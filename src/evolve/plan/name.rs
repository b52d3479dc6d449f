//! Names of migrations.

/// The name of an app's migration `number`, if the app had no model before.
pub(super) fn initial(number: usize) -> String {
    format!("{number:04}_initial")
}
