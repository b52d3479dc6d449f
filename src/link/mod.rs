//! Linking: from drafts to the model and its graph.
