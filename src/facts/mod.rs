//! Facts: what resolve concluded, one map per question.
