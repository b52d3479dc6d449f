//! Lowering: from model and facts to the Django project. Translation only.
