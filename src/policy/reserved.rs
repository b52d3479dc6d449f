//! Reserved names (django-mapping 9): what Python, Django and our own modules already use.
//!
//! All lists are sorted, so that they can be searched; a test guards that.

mod methods;

pub use methods::{builtin_function, queryset};

/// Who uses a name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReservedBy {
    /// `class`, `match`
    Keyword,
    /// `Warning`, `Ellipsis`
    Builtin,
    /// `save`, `pk`
    ModelApi,
    /// `id`, unless it is the key.
    PrimaryKey,
    /// What a generated module imports or needs: `models`, `timezone`.
    Module,
    /// `calendar`
    StandardLibrary,
    /// `rest_framework`
    Package,
    /// `auth`
    DjangoApp,
    /// `r`
    AdminAddress,
    /// `config`, `tests`
    Project,
    /// `con`: no file may have this name on Windows.
    Device,
}

impl ReservedBy {
    /// Completes the sentence "`class` is …".
    pub fn words(self) -> &'static str {
        match self {
            Self::Keyword => "a Python keyword",
            Self::Builtin => "a name of Python itself",
            Self::ModelApi => "a name that every Django model has",
            Self::PrimaryKey => "the name of the primary key",
            Self::Module => "a name that the generated module needs",
            Self::StandardLibrary => "a module of Python's standard library",
            Self::Package => "a package that the project installs",
            Self::DjangoApp => "an app of Django",
            Self::AdminAddress => "an address of Django's admin",
            Self::Project => "a part of the generated project",
            Self::Device => "a device name, and no file name, on Windows",
        }
    }
}

/// All lists, for the book: what may not have these names, and who uses them.
pub const LISTS: &[(&str, ReservedBy, &[&str])] = &[
    ("anything", ReservedBy::Keyword, KEYWORDS),
    ("fields", ReservedBy::ModelApi, MODEL_API),
    ("fields", ReservedBy::Module, FIELD_SHADOWS),
    ("classes", ReservedBy::Builtin, BUILTIN_CLASSES),
    ("classes", ReservedBy::Module, CLASS_IMPORTS),
    ("apps", ReservedBy::DjangoApp, DJANGO_APPS),
    ("apps", ReservedBy::AdminAddress, ADMIN_ADDRESSES),
    ("apps", ReservedBy::Package, PACKAGES),
    ("apps", ReservedBy::Project, PROJECT),
    ("apps", ReservedBy::Device, DEVICES),
    ("apps", ReservedBy::StandardLibrary, STANDARD_LIBRARY),
];

fn has(list: &[&str], name: &str) -> bool {
    list.binary_search(&name).is_ok()
}

/// Who uses the name of a field already.
pub fn field(name: &str) -> Option<ReservedBy> {
    if name == "id" {
        Some(ReservedBy::PrimaryKey)
    } else if is_keyword(name) {
        Some(ReservedBy::Keyword)
    } else if has(MODEL_API, name) {
        Some(ReservedBy::ModelApi)
    } else if has(FIELD_SHADOWS, name) {
        Some(ReservedBy::Module)
    } else {
        None
    }
}

/// Who uses the name of a class already.
pub fn class(name: &str) -> Option<ReservedBy> {
    if is_keyword(name) || name == "type" {
        Some(ReservedBy::Keyword)
    } else if has(BUILTIN_CLASSES, name) {
        Some(ReservedBy::Builtin)
    } else if has(CLASS_IMPORTS, name) {
        Some(ReservedBy::Module)
    } else {
        None
    }
}

/// Who uses the label of an app already.
///
/// `core` and `accounts` are free: our own apps give way to the diagram's.
pub fn app(name: &str) -> Option<ReservedBy> {
    if is_keyword(name) {
        Some(ReservedBy::Keyword)
    } else if has(STANDARD_LIBRARY, name) {
        Some(ReservedBy::StandardLibrary)
    } else if has(PACKAGES, name) {
        Some(ReservedBy::Package)
    } else if has(DJANGO_APPS, name) {
        Some(ReservedBy::DjangoApp)
    } else if has(ADMIN_ADDRESSES, name) {
        Some(ReservedBy::AdminAddress)
    } else if has(PROJECT, name) {
        Some(ReservedBy::Project)
    } else if has(DEVICES, name) {
        Some(ReservedBy::Device)
    } else {
        None
    }
}

/// Whether Python refuses the name as an identifier, or `match`/`case`, which confuse readers.
pub fn is_keyword(name: &str) -> bool {
    has(KEYWORDS, name)
}

/// Whether Python's `Enum` refuses the name as a member.
pub fn enum_member(name: &str) -> Option<ReservedBy> {
    if is_keyword(name) { Some(ReservedBy::Keyword) } else { has(ENUM_API, name).then_some(ReservedBy::Module) }
}

/// Names in the body of a class that inherits from `AbstractUser`, fields excepted: a field of these names would break it.
pub fn user_model(name: &str) -> bool {
    has(USER_API, name)
}

const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "case", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "match",
    "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Tried one by one on Django 6.1: class creation, check, save, filter, `full_clean`, copy, delete.
const MODEL_API: &[&str] = &[
    "adelete",
    "arefresh_from_db",
    "asave",
    "check",
    "clean",
    "clean_fields",
    "date_error_message",
    "delete",
    "from_db",
    "full_clean",
    "get_absolute_url",
    "get_constraints",
    "get_deferred_fields",
    "natural_key",
    "objects",
    "pk",
    "prepare_database_save",
    "refresh_from_db",
    "save",
    "save_base",
    "self",
    "serializable_value",
    "unique_error_message",
    "validate_constraints",
    "validate_unique",
];

/// Names that the lines after a field in `models.py` may need.
const FIELD_SHADOWS: &[&str] = &["classmethod", "models", "property", "settings", "staticmethod", "timezone", "uuid4"];

const ENUM_API: &[&str] = &["choices", "labels", "mro", "names", "values"];

const USER_API: &[&str] = &[
    "acheck_password",
    "aget_all_permissions",
    "aget_group_permissions",
    "aget_user_permissions",
    "ahas_module_perms",
    "ahas_perm",
    "ahas_perms",
    "check_password",
    "email_user",
    "get_all_permissions",
    "get_email_field_name",
    "get_full_name",
    "get_group_permissions",
    "get_next_by_date_joined",
    "get_previous_by_date_joined",
    "get_session_auth_fallback_hash",
    "get_session_auth_hash",
    "get_short_name",
    "get_user_permissions",
    "get_username",
    "has_module_perms",
    "has_perm",
    "has_perms",
    "has_usable_password",
    "is_anonymous",
    "is_authenticated",
    "natural_key",
    "normalize_username",
    "set_password",
    "set_unusable_password",
    "username_validator",
];

const BUILTIN_CLASSES: &[&str] = &[
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "BaseExceptionGroup",
    "BlockingIOError",
    "BrokenPipeError",
    "BufferError",
    "BytesWarning",
    "ChildProcessError",
    "ConnectionAbortedError",
    "ConnectionError",
    "ConnectionRefusedError",
    "ConnectionResetError",
    "DeprecationWarning",
    "EOFError",
    "Ellipsis",
    "EncodingWarning",
    "EnvironmentError",
    "Exception",
    "ExceptionGroup",
    "FileExistsError",
    "FileNotFoundError",
    "FloatingPointError",
    "FutureWarning",
    "GeneratorExit",
    "IOError",
    "ImportError",
    "ImportWarning",
    "IndentationError",
    "IndexError",
    "InterruptedError",
    "IsADirectoryError",
    "KeyError",
    "KeyboardInterrupt",
    "LookupError",
    "MemoryError",
    "ModuleNotFoundError",
    "NameError",
    "NotADirectoryError",
    "NotImplemented",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PendingDeprecationWarning",
    "PermissionError",
    "ProcessLookupError",
    "PythonFinalizationError",
    "RecursionError",
    "ReferenceError",
    "ResourceWarning",
    "RuntimeError",
    "RuntimeWarning",
    "StopAsyncIteration",
    "StopIteration",
    "SyntaxError",
    "SyntaxWarning",
    "SystemError",
    "SystemExit",
    "TabError",
    "TimeoutError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeError",
    "UnicodeTranslateError",
    "UnicodeWarning",
    "UserWarning",
    "ValueError",
    "Warning",
    "ZeroDivisionError",
];

/// What the emitted modules import by name next to classes of the project; and what Django itself takes.
const CLASS_IMPORTS: &[&str] = &[
    "APIClient",
    "AbstractBaseUser",
    "AbstractUser",
    "Any",
    "AppConfig",
    "BaseUserAdmin",
    "ClassVar",
    "Decimal",
    "DjangoJSONEncoder",
    "DjangoModelFactory",
    "DoesNotExist",
    "EmailValidator",
    "F",
    "HttpRequest",
    "HttpResponse",
    "Index",
    "MaxLengthValidator",
    "MaxValueValidator",
    "Meta",
    "MinLengthValidator",
    "MinValueValidator",
    "Model",
    "ModelAdmin",
    "ModelFactory",
    "ModelSerializer",
    "ModelViewSet",
    "MultipleObjectsReturned",
    "NotUpdated",
    "Protocol",
    "Q",
    "QuerySet",
    "RegexValidator",
    "Self",
    "StackedInline",
    "TabularInline",
    "UUID",
    "UserAdmin",
    "UserManager",
    "ValidationError",
    "Value",
];

const DJANGO_APPS: &[&str] = &[
    "admin",
    "admindocs",
    "auth",
    "contenttypes",
    "flatpages",
    "gis",
    "humanize",
    "messages",
    "postgres",
    "redirects",
    "sessions",
    "sitemaps",
    "sites",
    "staticfiles",
    "syndication",
];

/// The page that adds a row is `<label>/<model>/add/`, and `r/<type>/<key>/` leads to a row's own page (`AdminSite.get_urls`). The
/// other addresses have no parts behind them.
const ADMIN_ADDRESSES: &[&str] = &["r"];

/// Import names of what the project installs, with what that brings along.
const PACKAGES: &[&str] = &[
    "asgiref",
    "attr",
    "attrs",
    "corsheaders",
    "debug_toolbar",
    "dj_database_url",
    "dj_email_url",
    "django",
    "django_cache_url",
    "django_filters",
    "django_stubs_ext",
    "dotenv",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "environs",
    "factory",
    "faker",
    "gunicorn",
    "inflection",
    "iniconfig",
    "jsonschema",
    "jsonschema_specifications",
    "marshmallow",
    "mypy",
    "ninja",
    "packaging",
    "pip",
    "pkg_resources",
    "pluggy",
    "psycopg",
    "psycopg_binary",
    "psycopg_pool",
    "py",
    "pygments",
    "pytest",
    "pytest_cov",
    "pytest_django",
    "redis",
    "referencing",
    "rest_framework",
    "rest_framework_simplejwt",
    "rpds",
    "ruff",
    "setuptools",
    "sqlparse",
    "structlog",
    "token_blacklist",
    "typing_extensions",
    "tzdata",
    "uritemplate",
    "uvicorn",
    "wheel",
    "whitenoise",
    "yaml",
];

/// Names at the top of the generated project.
const PROJECT: &[&str] = &["config", "conftest", "factories", "manage", "media", "static", "templates", "tests"];

const DEVICES: &[&str] = &[
    "aux", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con", "lpt1", "lpt2", "lpt3",
    "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "nul", "prn",
];

/// `sys.stdlib_module_names` of Python 3.12 to 3.14, lower case, without the private ones.
const STANDARD_LIBRARY: &[&str] = &[
    "abc",
    "aifc",
    "annotationlib",
    "antigravity",
    "argparse",
    "array",
    "ast",
    "asynchat",
    "asyncio",
    "asyncore",
    "atexit",
    "audioop",
    "base64",
    "bdb",
    "binascii",
    "bisect",
    "builtins",
    "bz2",
    "calendar",
    "cgi",
    "cgitb",
    "chunk",
    "cmath",
    "cmd",
    "code",
    "codecs",
    "codeop",
    "collections",
    "colorsys",
    "compileall",
    "compression",
    "concurrent",
    "configparser",
    "contextlib",
    "contextvars",
    "copy",
    "copyreg",
    "cprofile",
    "crypt",
    "csv",
    "ctypes",
    "curses",
    "dataclasses",
    "datetime",
    "dbm",
    "decimal",
    "difflib",
    "dis",
    "distutils",
    "doctest",
    "email",
    "encodings",
    "ensurepip",
    "enum",
    "errno",
    "faulthandler",
    "fcntl",
    "filecmp",
    "fileinput",
    "fnmatch",
    "fractions",
    "ftplib",
    "functools",
    "gc",
    "genericpath",
    "getopt",
    "getpass",
    "gettext",
    "glob",
    "graphlib",
    "grp",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "http",
    "idlelib",
    "imaplib",
    "imghdr",
    "imp",
    "importlib",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "lib2to3",
    "linecache",
    "locale",
    "logging",
    "lzma",
    "mailbox",
    "mailcap",
    "marshal",
    "math",
    "mimetypes",
    "mmap",
    "modulefinder",
    "msilib",
    "msvcrt",
    "multiprocessing",
    "netrc",
    "nis",
    "nntplib",
    "nt",
    "ntpath",
    "nturl2path",
    "numbers",
    "opcode",
    "operator",
    "optparse",
    "os",
    "ossaudiodev",
    "pathlib",
    "pdb",
    "pickle",
    "pickletools",
    "pipes",
    "pkgutil",
    "platform",
    "plistlib",
    "poplib",
    "posix",
    "posixpath",
    "pprint",
    "profile",
    "pstats",
    "pty",
    "pwd",
    "py_compile",
    "pyclbr",
    "pydoc",
    "pydoc_data",
    "pyexpat",
    "queue",
    "quopri",
    "random",
    "re",
    "readline",
    "reprlib",
    "resource",
    "rlcompleter",
    "runpy",
    "sched",
    "secrets",
    "select",
    "selectors",
    "shelve",
    "shlex",
    "shutil",
    "signal",
    "site",
    "smtplib",
    "sndhdr",
    "socket",
    "socketserver",
    "spwd",
    "sqlite3",
    "sre_compile",
    "sre_constants",
    "sre_parse",
    "ssl",
    "stat",
    "statistics",
    "string",
    "stringprep",
    "struct",
    "subprocess",
    "sunau",
    "symtable",
    "sys",
    "sysconfig",
    "syslog",
    "tabnanny",
    "tarfile",
    "telnetlib",
    "tempfile",
    "termios",
    "test",
    "textwrap",
    "this",
    "threading",
    "time",
    "timeit",
    "tkinter",
    "token",
    "tokenize",
    "tomllib",
    "trace",
    "traceback",
    "tracemalloc",
    "tty",
    "turtle",
    "turtledemo",
    "types",
    "typing",
    "unicodedata",
    "unittest",
    "urllib",
    "uu",
    "uuid",
    "venv",
    "warnings",
    "wave",
    "weakref",
    "webbrowser",
    "winreg",
    "winsound",
    "wsgiref",
    "xdrlib",
    "xml",
    "xmlrpc",
    "zipapp",
    "zipfile",
    "zipimport",
    "zlib",
    "zoneinfo",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_sorted_without_repetition() {
        for list in [
            KEYWORDS,
            MODEL_API,
            FIELD_SHADOWS,
            ENUM_API,
            USER_API,
            BUILTIN_CLASSES,
            CLASS_IMPORTS,
            DJANGO_APPS,
            PACKAGES,
            PROJECT,
            DEVICES,
            STANDARD_LIBRARY,
        ] {
            assert!(list.windows(2).all(|pair| pair[0] < pair[1]), "{list:?}");
        }
    }

    #[test]
    fn names_are_reserved_where_they_break_something_and_only_there() {
        assert_eq!(field("class"), Some(ReservedBy::Keyword));
        assert_eq!(field("save"), Some(ReservedBy::ModelApi));
        assert_eq!(field("property"), Some(ReservedBy::Module));
        for free in ["type", "format", "hash", "list", "date", "uuid", "name", "meta"] {
            assert_eq!(field(free), None, "{free}");
        }
        assert_eq!(class("Warning"), Some(ReservedBy::Builtin));
        assert_eq!(class("Meta"), Some(ReservedBy::Module));
        for free in ["User", "Class", "Client", "Field", "Group", "Import"] {
            assert_eq!(class(free), None, "{free}");
        }
        assert_eq!(app("calendar"), Some(ReservedBy::StandardLibrary));
        assert_eq!(app("auth"), Some(ReservedBy::DjangoApp));
        assert_eq!(app("r"), Some(ReservedBy::AdminAddress));
        assert_eq!(app("con"), Some(ReservedBy::Device));
        for free in ["shop", "core", "accounts", "class_app"] {
            assert_eq!(app(free), None, "{free}");
        }
    }
}
