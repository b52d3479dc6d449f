//! The table of stereotypes and tags.
