//! Checking: what is wrong in the terms of UML. Knows no Django.
