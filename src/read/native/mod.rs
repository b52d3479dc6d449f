//! Formats of tools that are no XMI.

pub(super) mod mdj;
