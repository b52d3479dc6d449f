//! Reading: from bytes to drafts.
