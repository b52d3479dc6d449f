//! Formats of tools that are no XMI.

pub(super) mod dia;
pub(super) mod ecore;
pub(super) mod gaphor;
pub(super) mod mdj;
pub(super) mod petal;
pub(super) mod xpd;
