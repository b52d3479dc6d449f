//! Imports: which names a file binds to what, and the block that says so, sorted as isort and ruff sort it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::code::{Code, identifier};
use super::doc::{Doc, Place, print};
use crate::util::words;

/// The imports of one file.
#[derive(Clone, Debug, Default)]
pub struct Imports {
    first_party: BTreeSet<String>,
    /// Names that mean something else in the file.
    taken: BTreeSet<String>,
    /// `import a.b`
    modules: BTreeSet<String>,
    /// `from a import b as c`: (a, b) and c.
    names: BTreeMap<(String, String), String>,
    /// The same, for type checkers only.
    typing: BTreeMap<(String, String), String>,
    /// What all of them are called.
    bound: BTreeSet<String>,
}

/// What is true for type checkers only.
const TYPE_CHECKING: &str = "TYPE_CHECKING";

/// Modules whose functions are called by the module's name: `timezone.now`, not `now`.
const BY_MODULE: [&str; 1] = ["django.utils.timezone"];

impl Imports {
    /// The imports of a file in a project whose top-level packages are `first_party`.
    pub fn new<S: AsRef<str>>(first_party: impl IntoIterator<Item = S>) -> Self {
        Self { first_party: first_party.into_iter().map(|name| name.as_ref().to_owned()).collect(), ..Self::default() }
    }

    /// Says that the file itself gives `name` a meaning: no import will be called that.
    pub fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// `import module`; for modules of the standard library and of packages.
    pub fn module(&mut self, module: &str) -> String {
        self.modules.insert(module.to_owned());
        module.to_owned()
    }

    /// `from module import name`; the answer is what it is called in the file: `name`, or another one if that is taken.
    pub fn from(&mut self, module: &str, name: &str) -> String {
        self.alias(module, name, name)
    }

    /// `from module import name as alias`; the answer is what it is called in the file.
    pub fn alias(&mut self, module: &str, name: &str, alias: &str) -> String {
        let key = (module.to_owned(), name.to_owned());
        if let Some(bound) = self.names.get(&key) {
            return bound.clone();
        }
        let bound = self.free(module, name, alias);
        self.bound.insert(bound.clone());
        self.names.insert(key, bound.clone());
        bound
    }

    /// `from module import name` where only type checkers see it: for annotations in quotes. The answer is what it is called
    /// in the file.
    pub fn for_types(&mut self, module: &str, name: &str) -> String {
        let key = (module.to_owned(), name.to_owned());
        if let Some(bound) = self.typing.get(&key) {
            return bound.clone();
        }
        self.from("typing", TYPE_CHECKING);
        let bound = self.free(module, name, name);
        self.bound.insert(bound.clone());
        self.typing.insert(key, bound.clone());
        bound
    }

    /// `alias`, or another name for `name` of `module` if that is taken.
    fn free(&self, module: &str, name: &str, alias: &str) -> String {
        let used = |candidate: &str| self.taken.contains(candidate) || self.bound.contains(candidate);
        let mut bound = alias.to_owned();
        if used(&bound) {
            let context =
                module.rsplit('.').find(|part| !matches!(*part, "models" | "choices" | "abstract")).unwrap_or(module);
            let base = if name.starts_with(char::is_uppercase) {
                words::pascal(context) + name
            } else {
                format!("{}_{name}", words::snake(context))
            };
            bound.clone_from(&base);
            let mut number = 2;
            while used(&bound) {
                bound = format!("{base}{number}");
                number += 1;
            }
        }
        bound
    }

    /// What `name` of `module` is called in the file: `uuid4`, `timezone.now`; of `builtins`, just the name.
    pub fn reference(&mut self, module: &str, name: &str) -> Code {
        match (module, name) {
            ("builtins" | "", name) => self.builtin(name),
            ("datetime", "timezone.utc" | "datetime.UTC") => self.reference("datetime", "UTC"),
            (module, name) if BY_MODULE.contains(&module) => {
                let (package, last) = module.rsplit_once('.').unwrap_or(("", module));
                let bound = self.from(package, last);
                Code::name(&format!("{bound}.{name}"))
            }
            (module, name) => {
                let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
                let bound = self.from(module, first);
                Code::name(&rest.map_or(bound.clone(), |rest| format!("{bound}.{rest}")))
            }
        }
    }

    /// What `name` of `builtins` is called in the file.
    pub fn builtin(&mut self, name: &str) -> Code {
        if self.taken.contains(name) { Code::name(&self.from("builtins", name)) } else { Code::name(name) }
    }

    /// Whether a name of the file is called so.
    pub fn is_bound(&self, name: &str) -> bool {
        self.taken.contains(name) || self.names.values().any(|bound| bound == name)
    }

    /// Whether nothing is imported.
    pub fn is_empty(&self) -> bool {
        self.modules.is_empty() && self.names.is_empty()
    }

    /// The block: sections with an empty line between them, no empty line at the end but that of the last import. Empty if
    /// nothing is imported.
    pub fn block(&self) -> String {
        let block = self.sections(&self.modules, &self.names, 0);
        if self.typing.is_empty() {
            return block;
        }
        let typing = self.sections(&BTreeSet::new(), &self.typing, 4);
        let indented: String = typing
            .lines()
            .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") })
            .collect();
        let name = self.names.get(&("typing".to_owned(), TYPE_CHECKING.to_owned()));
        format!("{block}\nif {}:\n{indented}", name.map_or(TYPE_CHECKING, String::as_str))
    }

    fn sections(
        &self,
        modules: &BTreeSet<String>,
        names: &BTreeMap<(String, String), String>,
        indent: usize,
    ) -> String {
        let mut sections: BTreeMap<Section, Vec<Line>> = BTreeMap::new();
        for module in modules {
            sections.entry(self.section(module)).or_default().push(Line {
                from: false,
                module,
                members: vec![],
                text: format!("import {module}\n"),
            });
        }
        let mut merged: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for ((module, name), bound) in names {
            if name == bound {
                merged.entry(module).or_default().push(name);
            } else {
                let text = from_statement(module, &[format!("{} as {}", identifier(name), identifier(bound))], indent);
                let line = Line { from: true, module, members: vec![(name, bound)], text };
                sections.entry(self.section(module)).or_default().push(line);
            }
        }
        for (module, mut names) in merged {
            names.sort_by(|a, b| compare_members(a, b));
            let members: Vec<String> = names.iter().map(|name| identifier(name)).collect();
            let text = from_statement(module, &members, indent);
            let members = names.into_iter().map(|name| (name, "")).collect();
            sections.entry(self.section(module)).or_default().push(Line { from: true, module, members, text });
        }
        let sections: Vec<String> = sections
            .into_values()
            .map(|mut lines| {
                lines.sort_by(compare_lines);
                lines.into_iter().map(|line| line.text).collect()
            })
            .collect();
        sections.join("\n")
    }

    fn section(&self, module: &str) -> Section {
        let top = module.split('.').next().unwrap_or(module);
        if module.starts_with('.') {
            Section::Local
        } else if top == "__future__" {
            Section::Future
        } else if self.first_party.contains(top) {
            Section::FirstParty
        } else if STANDARD.contains(&top) {
            Section::Standard
        } else {
            Section::ThirdParty
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Future,
    Standard,
    ThirdParty,
    FirstParty,
    Local,
}

struct Line<'a> {
    from: bool,
    module: &'a str,
    /// Names and what they are imported as.
    members: Vec<(&'a str, &'a str)>,
    text: String,
}

/// The statement, to be indented by `indent` columns.
fn from_statement(module: &str, names: &[String], indent: usize) -> String {
    let mut parts = Vec::new();
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            parts.push(Doc::text(","));
            parts.push(Doc::Line);
        }
        parts.push(Doc::text(name));
    }
    parts.push(Doc::IfBroken(","));
    let doc = Doc::group(vec![
        Doc::text(format!("from {module} import ")),
        Doc::IfBroken("("),
        Doc::indent([vec![Doc::SoftLine], parts].concat()),
        Doc::SoftLine,
        Doc::IfBroken(")"),
    ]);
    // What follows on other lines is indented with the rest.
    print(&doc, Place { indent: 0, column: indent, tail: 0 }) + "\n"
}

fn compare_lines(a: &Line, b: &Line) -> Ordering {
    a.from
        .cmp(&b.from)
        .then_with(|| natural(&a.module.to_lowercase(), &b.module.to_lowercase()))
        .then_with(|| natural(a.module, b.module))
        .then_with(|| match (a.members.first(), b.members.first()) {
            (Some(a), Some(b)) => compare_members(a.0, b.0).then_with(|| natural(a.1, b.1)),
            (a, b) => a.is_some().cmp(&b.is_some()),
        })
}

/// Constants, classes, others; each in natural order without regard to case.
fn compare_members(a: &str, b: &str) -> Ordering {
    kind(a).cmp(&kind(b)).then_with(|| natural(&a.to_lowercase(), &b.to_lowercase())).then_with(|| natural(a, b))
}

fn kind(name: &str) -> u8 {
    let cased = name.chars().any(char::is_alphabetic) && !name.chars().any(char::is_lowercase);
    if name.len() > 1 && cased {
        0
    } else if name.starts_with(char::is_uppercase) {
        1
    } else {
        2
    }
}

/// Compares runs of digits as numbers, as `natord` does.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.chars().peekable(), b.chars().peekable());
    loop {
        match (a.peek().copied(), b.peek().copied()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                // Numbers with leading zeros are compared digit by digit, like fractions; others by their length first.
                let fraction = x == '0' || y == '0';
                let mut bias = Ordering::Equal;
                loop {
                    let x = a.peek().copied().filter(char::is_ascii_digit);
                    let y = b.peek().copied().filter(char::is_ascii_digit);
                    match (x, y) {
                        (None, None) => break,
                        (None, Some(_)) => return Ordering::Less,
                        (Some(_), None) => return Ordering::Greater,
                        (Some(x), Some(y)) if fraction && x != y => return x.cmp(&y),
                        (Some(x), Some(y)) => bias = bias.then(x.cmp(&y)),
                    }
                    a.next();
                    b.next();
                }
                if bias != Ordering::Equal {
                    return bias;
                }
            }
            (Some(x), Some(y)) if x == y => {
                a.next();
                b.next();
            }
            (Some(x), Some(y)) => return x.cmp(&y),
        }
    }
}

/// Top-level modules of the standard library of Python 3.12.
#[rustfmt::skip]
const STANDARD: [&str; 212] = [
    "abc", "aifc", "antigravity", "argparse", "array", "ast", "asyncio", "atexit", "audioop", "base64", "bdb",
    "binascii", "bisect", "builtins", "bz2", "cProfile", "calendar", "cgi", "cgitb", "chunk", "cmath", "cmd", "code",
    "codecs", "codeop", "collections", "colorsys", "compileall", "concurrent", "configparser", "contextlib",
    "contextvars", "copy", "copyreg", "crypt", "csv", "ctypes", "curses", "dataclasses", "datetime", "dbm", "decimal",
    "difflib", "dis", "doctest", "email", "encodings", "ensurepip", "enum", "errno", "faulthandler", "fcntl",
    "filecmp", "fileinput", "fnmatch", "fractions", "ftplib", "functools", "gc", "genericpath", "getopt", "getpass",
    "gettext", "glob", "graphlib", "grp", "gzip", "hashlib", "heapq", "hmac", "html", "http", "idlelib", "imaplib",
    "imghdr", "importlib", "inspect", "io", "ipaddress", "itertools", "json", "keyword", "lib2to3", "linecache",
    "locale", "logging", "lzma", "mailbox", "mailcap", "marshal", "math", "mimetypes", "mmap", "modulefinder",
    "msilib", "msvcrt", "multiprocessing", "netrc", "nis", "nntplib", "nt", "ntpath", "nturl2path", "numbers",
    "opcode", "operator", "optparse", "os", "ossaudiodev", "pathlib", "pdb", "pickle", "pickletools", "pipes",
    "pkgutil", "platform", "plistlib", "poplib", "posix", "posixpath", "pprint", "profile", "pstats", "pty", "pwd",
    "py_compile", "pyclbr", "pydoc", "pydoc_data", "pyexpat", "queue", "quopri", "random", "re", "readline",
    "reprlib", "resource", "rlcompleter", "runpy", "sched", "secrets", "select", "selectors", "shelve", "shlex",
    "shutil", "signal", "site", "smtplib", "sndhdr", "socket", "socketserver", "spwd", "sqlite3", "sre_compile",
    "sre_constants", "sre_parse", "ssl", "stat", "statistics", "string", "stringprep", "struct", "subprocess",
    "sunau", "symtable", "sys", "sysconfig", "syslog", "tabnanny", "tarfile", "telnetlib", "tempfile", "termios",
    "textwrap", "this", "threading", "time", "timeit", "tkinter", "token", "tokenize", "tomllib", "trace",
    "traceback", "tracemalloc", "tty", "turtle", "turtledemo", "types", "typing", "unicodedata", "unittest", "urllib",
    "uu", "uuid", "venv", "warnings", "wave", "weakref", "webbrowser", "winreg", "winsound", "wsgiref", "xdrlib",
    "xml", "xmlrpc", "zipapp", "zipfile", "zipimport", "zlib", "zoneinfo",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn imports() -> Imports {
        Imports::new(["sales", "catalog", "core", "config"])
    }

    #[test]
    fn sections_come_in_order_and_plain_imports_come_first() {
        let mut imports = imports();
        imports.from("sales.choices", "OrderStatus");
        imports.from("catalog.models", "Product");
        imports.alias("django.utils.translation", "gettext_lazy", "_");
        imports.from("django.db", "models");
        imports.from("django.conf", "settings");
        imports.from("uuid", "uuid4");
        imports.from("datetime", "timedelta");
        imports.module("re");
        assert_eq!(
            imports.block(),
            "import re\nfrom datetime import timedelta\nfrom uuid import uuid4\n\nfrom django.conf import settings\n\
             from django.db import models\nfrom django.utils.translation import gettext_lazy as _\n\n\
             from catalog.models import Product\nfrom sales.choices import OrderStatus\n"
        );
    }

    #[test]
    fn members_are_constants_then_classes_then_functions() {
        let mut imports = imports();
        for name in ["b", "a10", "a2", "Zebra", "apple", "URL", "Apple", "_", "A"] {
            imports.from("x", name);
        }
        assert_eq!(imports.block(), "from x import URL, A, Apple, Zebra, _, a2, a10, apple, b\n");
    }

    #[test]
    fn long_lines_break_with_a_comma_behind_each_name() {
        let mut imports = imports();
        for index in 0..4 {
            imports.from("sales.models", &format!("{}{index}", "Name".repeat(6)));
        }
        let name = "Name".repeat(6);
        assert_eq!(
            imports.block(),
            format!("from sales.models import (\n    {name}0,\n    {name}1,\n    {name}2,\n    {name}3,\n)\n")
        );
    }

    #[test]
    fn long_lines_with_another_name_break_too() {
        let mut imports = imports();
        let name = "Name".repeat(10);
        imports.reserve(&name);
        imports.from("sales.models", &name);
        assert_eq!(imports.block(), format!("from sales.models import (\n    {name} as Sales{name},\n)\n"));
    }

    #[test]
    fn a_taken_name_gets_another_one() {
        let mut imports = imports();
        imports.reserve("Status");
        assert_eq!(imports.from("sales.choices", "Status"), "SalesStatus");
        assert_eq!(imports.from("sales.choices", "Status"), "SalesStatus");
        assert_eq!(imports.from("catalog.choices", "Status"), "CatalogStatus");
        imports.reserve("date");
        assert_eq!(imports.from("datetime", "date"), "datetime_date");
        assert!(imports.block().contains("from sales.choices import Status as SalesStatus\n"));
    }

    #[test]
    fn functions_of_some_modules_are_called_by_the_module() {
        let mut imports = imports();
        let now = imports.reference("django.utils.timezone", "now");
        let utc = imports.reference("datetime", "timezone.utc");
        let dict = imports.reference("builtins", "dict");
        let print = |code: &Code| code.print(Place::default());
        assert_eq!([print(&now), print(&utc), print(&dict)], ["timezone.now", "UTC", "dict"]);
        assert_eq!(imports.block(), "from datetime import UTC\n\nfrom django.utils import timezone\n");
        imports.reserve("dict");
        assert_eq!(print(&imports.reference("builtins", "dict")), "builtins_dict");
    }
}
