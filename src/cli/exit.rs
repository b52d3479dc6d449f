//! Exit statuses. They are part of the interface.

/// No errors; warnings are allowed.
pub const SUCCESS: u8 = 0;
/// At least one diagnostic of level error, or `--check` found differences.
pub const FINDINGS: u8 = 1;
/// The run failed: wrong usage, or a file or folder that cannot be read or written.
pub const FAILURE: u8 = 2;
/// Our own mistake.
pub const BUG: u8 = 101;
