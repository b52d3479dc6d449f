//! Settings: complete, without gaps and places. What `umlaut.toml` may say stands in `keys`;
//! `written` reads it.

mod allow;
pub mod keys;
pub mod lints;
pub mod pattern;
mod unmatched;
mod written;

pub use allow::{Allowance, Day, allow};
pub use lints::{check_lint_name, is_fixed};
pub use unmatched::report_unmatched;
pub use written::load;

use std::collections::BTreeMap;

use crate::decision::Because;
use crate::diagnostic::Level;
use crate::django::DjangoVersion;
use crate::django::field::CustomClass;
use crate::django::project::Database;
use crate::source::Span;

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `[project] name`: an identifier; by default made from the model's name.
    pub project_name: Option<String>,
    /// `[project] out`: by default `build/<name>`.
    pub out: Option<String>,
    /// `[project] django`
    pub django: DjangoVersion,
    /// `[project] databases`
    pub databases: Vec<Database>,
    /// `[project] user`: `auth.User` leaves our own user model out.
    pub user: Option<String>,
    /// `[rules]`
    pub rules: Rules,
    /// `[names] plural = "none"`: a to-many name is `<name>_set`.
    pub english_plurals: bool,
    /// `[types]`: the name or id of a type, and the name of a type of the table (django-mapping 1) that it stands for.
    pub types: BTreeMap<String, (String, Because)>,
    /// `[types]` with a table: the name or id of a type, and a field's class of somebody else's.
    pub type_classes: BTreeMap<String, (CustomClass, Because)>,
    /// `[cascades] warn_at`
    pub cascade_warn_at: usize,
    /// `[documents]`: an `href` without fragment, and the path that it stands for.
    pub documents: BTreeMap<String, String>,
    /// `[limits]`
    pub limits: Limits,
    /// `[lints]`: codes, slugs or families with the level asked for, in the order written.
    pub lints: Vec<(String, Level)>,
    /// `[[lints.allow]]`
    pub allowances: Vec<Allowance>,
    /// The day of this run, where somebody knows it: allowances hold until a day.
    pub today: Option<Day>,
    /// `[evolution]`
    pub evolution: Evolution,
    /// `[emit] layers`
    pub layers: Vec<String>,
    /// `[model."shop.Order"]`: tags by settings, in the order written.
    pub elements: Vec<ElementSetting>,
}

/// `[rules]`
#[derive(Clone, Debug)]
pub struct Rules {
    /// What an attribute without type is: the name of a type of the table.
    pub untyped: String,
    /// Documentation becomes `help_text`.
    pub help_text: bool,
    /// Every many-to-many relation gets a through model.
    pub explicit_through: bool,
    /// A far end that one explicitly cannot navigate to gets no reverse name.
    pub strict_navigability: bool,
    /// The database refuses what is no literal of an enumeration.
    pub enum_checks: bool,
    /// `db_regex`: the database checks patterns that all databases read alike.
    pub db_regex: bool,
    /// Documentation becomes comments in the database.
    pub db_comments: bool,
    /// The database deletes parts with their wholes, where Django allows it.
    pub database_deletes: bool,
    /// What is not public in the diagram is not shown by the API and by lists.
    pub visibility: bool,
}

/// `[evolution]`: how a changed diagram meets the rows that are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evolution {
    /// What may be dropped: model paths as they were, `shop.Person.surname`.
    pub accept: Vec<String>,
    /// What no server uses any more: names in Django, `shop.Person.surname`.
    pub contract: Vec<String>,
    /// What was renamed: the old and the new model path.
    pub rename: Vec<(String, String)>,
    /// Who is at work while migrations are applied.
    pub compatible: Compatible,
    /// Whether the migrations that are there are somebody else's and are to become ours as they are (`build --adopt`).
    pub adopt: bool,
}

/// `[evolution] compatible`: what goes on while migrations are applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compatible {
    /// Nothing: they are as Django writes them, to the byte.
    #[default]
    None,
    /// Others read and write, until the servers are restarted.
    Restart,
    /// Servers with the old models go on beside those with the new ones.
    Rolling,
}

/// `[limits]`, against hostile input.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of a file.
    pub file: usize,
    /// Nested elements.
    pub depth: usize,
    /// Attributes of an XML element.
    pub attributes: usize,
    /// Bytes of one value.
    pub value: usize,
    /// Characters of a name.
    pub name: usize,
    /// XML elements in a file.
    pub elements: usize,
    /// Classes and other types in a document.
    pub classes: usize,
    /// Literals of an enumeration.
    pub literals: usize,
    /// Files in an archive, those of archives in it included.
    pub archive_entries: usize,
    /// Bytes that come out of an archive, those of archives in it included.
    pub archive_bytes: usize,
    /// How many times larger a file may be than in its archive.
    pub archive_ratio: usize,
    /// Archives in archives.
    pub archive_depth: usize,
}

/// A tag of one or several elements, said in the settings.
#[derive(Clone, Debug)]
pub struct ElementSetting {
    /// The pattern of model paths.
    pub pattern: String,
    /// The tag's name.
    pub key: String,
    /// Its value as text.
    pub value: String,
    /// Where it was written.
    pub because: Because,
    /// Where the pattern was written.
    pub pattern_at: Option<Span>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            project_name: None,
            out: None,
            django: DjangoVersion::default(),
            databases: vec![Database::Sqlite, Database::Postgresql],
            user: None,
            rules: Rules {
                untyped: "string".to_owned(),
                help_text: true,
                explicit_through: false,
                enum_checks: false,
                db_regex: false,
                db_comments: false,
                database_deletes: false,
                visibility: false,
                strict_navigability: false,
            },
            english_plurals: true,
            types: BTreeMap::new(),
            type_classes: BTreeMap::new(),
            cascade_warn_at: 10,
            documents: BTreeMap::new(),
            limits: Limits::default(),
            lints: Vec::new(),
            allowances: Vec::new(),
            today: None,
            evolution: Evolution::default(),
            layers: ["models", "admin", "drf", "tests"].map(str::to_owned).to_vec(),
            elements: Vec::new(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 256 << 20,
            depth: 512,
            attributes: 1024,
            value: 10 << 20,
            name: 1024,
            elements: 5_000_000,
            classes: 100_000,
            literals: 10_000,
            archive_entries: 10_000,
            archive_bytes: 1 << 30,
            archive_ratio: 100,
            archive_depth: 3,
        }
    }
}
