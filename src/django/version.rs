//! The versions of Django that a project can be written for, and what only some of them have.

/// The Django that a project is written for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum DjangoVersion {
    /// 5.2, which is supported long.
    V5_2,
    /// 6.1
    #[default]
    V6_1,
}

impl DjangoVersion {
    /// All of them, oldest first.
    pub const ALL: [Self; 2] = [Self::V5_2, Self::V6_1];

    /// The version with this number.
    pub fn new(number: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.number() == number)
    }

    /// `6.1`
    pub const fn number(self) -> &'static str {
        match self {
            Self::V5_2 => "5.2",
            Self::V6_1 => "6.1",
        }
    }

    /// What the project requires: the release that it was tried with, and those that repair it.
    pub const fn requirement(self) -> &'static str {
        match self {
            Self::V5_2 => "~=5.2.19",
            Self::V6_1 => "~=6.1.3",
        }
    }

    /// Whether the database can be told to delete what refers to a row: `DB_CASCADE`.
    pub fn has_database_deletes(self) -> bool {
        self >= Self::V6_1
    }

    /// Whether it says what a browser may load: `SECURE_CSP`.
    pub fn has_content_security_policy(self) -> bool {
        self >= Self::V6_1
    }

    /// Whether mail is set up in `MAILERS`; before, in settings of their own.
    pub fn has_mailers(self) -> bool {
        self >= Self::V6_1
    }

    /// Whether a setting must say that an address without a scheme is one of `https`: `FORMS_URLFIELD_ASSUME_HTTPS`.
    pub fn asks_for_https(self) -> bool {
        self < Self::V6_1
    }

    /// Whether `ArrayField` says that it has no size: `size=None`.
    pub fn writes_size_of_arrays(self) -> bool {
        self < Self::V6_1
    }

    /// Whether `makemigrations` takes indexes and constraints away before the table or the field that they are on.
    pub fn unindexes_first(self) -> bool {
        self >= Self::V6_1
    }

    /// Whether `makemigrations` sees that a constraint is the same one when its field gets another name and keeps its column.
    pub fn follows_renames_into_constraints(self) -> bool {
        self >= Self::V6_1
    }

    /// Whether columns are dropped with `CASCADE`.
    pub fn drops_columns_in_cascade(self) -> bool {
        self < Self::V6_1
    }
}
