//! Resolving: from the model and its graph to facts.
