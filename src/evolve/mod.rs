//! From the project and what was built before to migrations.
