//! Statements and whole files.

use super::code::{Code, arguments_doc, identifier};
use super::doc::{Doc, Place, WIDTH, print, width};
use super::docstring::docstring;
use super::imports::Imports;

/// A file.
#[derive(Clone, Debug)]
pub struct Module {
    /// What the file is: our own words.
    pub doc: Doctext,
    /// Its imports.
    pub imports: Imports,
    /// Its statements.
    pub body: Vec<Stmt>,
}

/// The text of a docstring.
#[derive(Clone, Debug, Default)]
pub struct Doctext {
    /// Text of the diagram, or ours.
    pub text: String,
    /// The summary if that text has none that fits: a short sentence of ours.
    pub fallback: String,
}

/// A statement.
#[derive(Clone, Debug)]
pub enum Stmt {
    /// `target: annotation = value`
    Assign(Assign),
    /// `self.name = value`
    SetOwn(String, Code),
    /// A call for its effect.
    Expr(Code),
    /// `return value`
    Return(Code),
    /// `raise exception`
    Raise(Code),
    /// `if condition:` and what is done then.
    If(Code, Vec<Stmt>),
    /// A class.
    Class(Class),
    /// A function or method.
    Def(Def),
    /// A docstring, as of an assignment above it.
    Doc(Doctext),
    /// An empty line.
    Blank,
}

/// `target: annotation = value`
#[derive(Clone, Debug)]
pub struct Assign {
    /// A name.
    pub target: String,
    /// Its type.
    pub annotation: Option<Code>,
    /// Its value.
    pub value: Option<Code>,
    /// Rules of ruff that are broken on purpose.
    pub allow: Vec<&'static str>,
}

/// A class.
#[derive(Clone, Debug, Default)]
pub struct Class {
    /// What stands behind `@`.
    pub decorators: Vec<Code>,
    /// Its name.
    pub name: String,
    /// What it inherits from.
    pub bases: Vec<Code>,
    /// Its docstring.
    pub doc: Option<Doctext>,
    /// Its statements.
    pub body: Vec<Stmt>,
    /// Rules of ruff that are broken on purpose.
    pub allow: Vec<&'static str>,
}

/// A function or method.
#[derive(Clone, Debug, Default)]
pub struct Def {
    /// What stands behind `@`.
    pub decorators: Vec<Code>,
    /// Its name.
    pub name: String,
    /// Its parameters: names with annotations.
    pub params: Vec<(String, Option<Code>)>,
    /// The type of its result.
    pub returns: Option<Code>,
    /// Its docstring.
    pub doc: Option<Doctext>,
    /// Its statements.
    pub body: Vec<Stmt>,
    /// Rules of ruff that are broken on purpose.
    pub allow: Vec<&'static str>,
}

impl Doctext {
    /// Our own words.
    pub fn ours(text: impl Into<String>) -> Self {
        Self { text: String::new(), fallback: text.into() }
    }

    /// Text of the diagram; `fallback` if there is none, or no summary in it.
    pub fn of(text: Option<&str>, fallback: impl Into<String>) -> Self {
        Self { text: text.unwrap_or_default().to_owned(), fallback: fallback.into() }
    }
}

impl Stmt {
    /// `target = value`
    pub fn assign(target: impl Into<String>, value: Code) -> Self {
        Self::Assign(Assign { target: target.into(), annotation: None, value: Some(value), allow: vec![] })
    }
}

impl Module {
    /// The text of the file.
    pub fn print(&self) -> String {
        let mut out = docstring(&self.doc.text, &self.doc.fallback, 0);
        out.push('\n');
        if !self.imports.is_empty() {
            out.push('\n');
            out.push_str(&self.imports.block());
        }
        if !self.body.is_empty() {
            let large = matches!(self.body[0], Stmt::Class(_) | Stmt::Def(_));
            out.push_str(if large { "\n\n" } else { "\n" });
            out.push_str(&body(&self.body, 0));
        }
        excuse_long_lines(&out)
    }
}

/// Statements, each indented by `indent` columns and ended.
pub fn body(statements: &[Stmt], indent: usize) -> String {
    let gap = if indent == 0 { "\n\n" } else { "\n" };
    let mut out = String::new();
    let mut before: Option<&Stmt> = None;
    for statement in statements {
        let large = |statement: &Stmt| matches!(statement, Stmt::Class(_) | Stmt::Def(_));
        if before.is_some_and(|before| large(before) || large(statement)) {
            out.push_str(gap);
        } else if matches!(before, Some(Stmt::Blank)) && !matches!(statement, Stmt::Blank) {
            out.push('\n');
        }
        match statement {
            Stmt::Blank => {}
            Stmt::Doc(doc) => out.push_str(&indented(doc, indent)),
            Stmt::Assign(assign) => out.push_str(&assign.print(indent)),
            Stmt::SetOwn(name, value) => {
                let target = Doc::text(format!("self.{} = ", identifier(name)));
                line(&mut out, &Doc::Concat(vec![target, value.statement_doc()]), indent, &[]);
            }
            Stmt::Expr(value) => line(&mut out, &value.statement_doc(), indent, &[]),
            Stmt::Return(value) => {
                line(&mut out, &Doc::Concat(vec![Doc::text("return "), value.statement_doc()]), indent, &[]);
            }
            Stmt::Raise(exception) => {
                line(&mut out, &Doc::Concat(vec![Doc::text("raise "), exception.statement_doc()]), indent, &[]);
            }
            Stmt::If(condition, then) => {
                let header = vec![Doc::text("if "), condition.statement_doc(), Doc::text(":")];
                line(&mut out, &Doc::Concat(header), indent, &[]);
                out.push_str(&body(then, indent + 4));
            }
            Stmt::Class(class) => out.push_str(&class.print(indent)),
            Stmt::Def(def) => out.push_str(&def.print(indent)),
        }
        // A gap is made by what stands around it.
        if !(matches!(statement, Stmt::Blank) && before.is_none_or(large)) {
            before = Some(statement);
        }
    }
    out
}

/// One statement or header; what is allowed is said where its value starts.
fn line(out: &mut String, doc: &Doc, indent: usize, allow: &[&'static str]) {
    let text = print(doc, Place::start(indent));
    out.extend(std::iter::repeat_n(' ', indent));
    let start = usize::from(text.lines().next().is_some_and(|line| line.ends_with("= (")));
    for (index, line) in text.lines().enumerate() {
        out.push_str(line);
        if index == start && !allow.is_empty() {
            out.push_str(NOQA);
            out.push_str(&allow.join(", "));
        }
        out.push('\n');
    }
}

impl Assign {
    fn print(&self, indent: usize) -> String {
        let mut parts = vec![Doc::text(identifier(&self.target))];
        if let Some(annotation) = &self.annotation {
            parts.push(Doc::text(": "));
            parts.push(annotation.doc());
        }
        if let Some(value) = &self.value {
            parts.push(Doc::text(" = "));
            parts.push(value.statement_doc());
        }
        let mut allow = self.allow.clone();
        // Letters that look like digits: the diagram calls it that.
        if matches!(self.target.as_str(), "l" | "O" | "I") {
            allow.push("E741");
            allow.sort_unstable();
        }
        let mut out = String::new();
        line(&mut out, &Doc::Concat(parts), indent, &allow);
        out
    }
}

impl Class {
    /// What stands above the body, without decorators: `class Name(Base):`, ended.
    pub fn header(&self, indent: usize) -> String {
        let mut header = vec![Doc::text(format!("class {}", identifier(&self.name)))];
        if !self.bases.is_empty() {
            let bases: Vec<(Option<&str>, Code)> = self.bases.iter().map(|base| (None, base.clone())).collect();
            header.push(arguments_doc(&bases));
        }
        header.push(Doc::text(":"));
        let mut allow = self.allow.clone();
        // The diagram calls it that; and numbers side by side are kept apart.
        if matches!(self.name.as_str(), "O" | "I") {
            allow.push("E742");
        }
        if self.name.contains('_') {
            allow.push("N801");
        }
        allow.sort_unstable();
        let mut out = String::new();
        line(&mut out, &Doc::Concat(header), indent, &allow);
        out
    }

    fn print(&self, indent: usize) -> String {
        let mut out = decorators(&self.decorators, indent);
        out.push_str(&self.header(indent));
        let body = body(&self.body, indent + 4);
        if let Some(doc) = &self.doc {
            out.push_str(&indented(doc, indent + 4));
            // A body of empty lines is none.
            if !body.is_empty() {
                out.push('\n');
            }
        }
        out.push_str(&body);
        out
    }
}

impl Def {
    fn print(&self, indent: usize) -> String {
        let mut out = decorators(&self.decorators, indent);
        let params = self.params.iter().enumerate().map(|(index, (name, annotation))| {
            let mut parts = if index > 0 { vec![Doc::text(","), Doc::Line] } else { vec![] };
            // `*args` and `**kwargs` take what there is besides.
            let stars = name.len() - name.trim_start_matches('*').len();
            let (stars, name) = name.split_at(stars);
            parts.push(Doc::text(format!("{stars}{}", identifier(name))));
            if let Some(annotation) = annotation {
                parts.extend([Doc::text(": "), annotation.doc()]);
            }
            Doc::Concat(parts)
        });
        let mut params: Vec<Doc> = params.collect();
        let several = params.len() > 1;
        if several {
            params.push(Doc::IfBroken(","));
        }
        let empty = params.is_empty();
        let mut list = vec![Doc::SoftLine, Doc::group(params)];
        if !several {
            list.push(Doc::IfBroken(","));
        }
        let params = vec![Doc::text("("), Doc::indent(list), Doc::SoftLine, Doc::text(")")];
        let mut header = vec![
            Doc::text(format!("def {}", identifier(&self.name))),
            if empty { Doc::text("()") } else { Doc::group(params) },
        ];
        if let Some(returns) = &self.returns {
            // Parameters break before their result does.
            let flat = returns.print(Place::default());
            let returns = if several && !flat.contains('\n') { Doc::text(flat) } else { returns.doc() };
            header.extend([Doc::text(" -> "), returns]);
        }
        header.push(Doc::text(":"));
        line(&mut out, &Doc::Concat(header), indent, &self.allow);
        if let Some(doc) = &self.doc {
            out.push_str(&indented(doc, indent + 4));
        }
        out.push_str(&body(&self.body, indent + 4));
        out
    }
}

fn decorators(decorators: &[Code], indent: usize) -> String {
    let mut out = String::new();
    for decorator in decorators {
        line(&mut out, &Doc::Concat(vec![Doc::text("@"), decorator.doc()]), indent, &[]);
    }
    out
}

fn indented(doc: &Doctext, indent: usize) -> String {
    format!("{}{}\n", " ".repeat(indent), docstring(&doc.text, &doc.fallback, indent))
}

const NOQA: &str = "  # noqa: ";

/// Says of lines that are too long and that nobody can break (long names) that this is known. Only for text without strings
/// or docstrings that are longer than a line.
pub fn excuse_long_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        out.push_str(line);
        let (code, noted) = line.split_once(NOQA).map_or((line, false), |(code, _)| (code, true));
        if is_overlong(code) {
            out.push_str(if noted { ", E501" } else { "  # noqa: E501" });
        }
        out.push('\n');
    }
    out
}

/// Whether ruff's E501 objects: too long, more than one word, and not because of an address at its end.
fn is_overlong(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let (Some(_), Some(_)) = (words.next(), words.next()) else { return false };
    if width(line) <= WIDTH {
        return false;
    }
    let last = words.next_back().or_else(|| line.split_whitespace().next_back()).unwrap_or("");
    !(last.contains("://") && width(line) - width(last) <= WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(name: &str) -> Code {
        Code::name(name).call()
    }

    fn printed(statements: &[Stmt]) -> String {
        body(statements, 4)
    }

    #[test]
    fn empty_lines_side_by_side_are_one() {
        let a = || Stmt::assign("a", Code::int(1));
        let meta = || Stmt::Class(Class { name: "Meta".to_owned(), body: vec![a()], ..Class::default() });
        assert_eq!(printed(&[a(), Stmt::Blank, Stmt::Blank, a()]), "    a = 1\n\n    a = 1\n");
        let text = "    a = 1\n\n    class Meta:\n        a = 1\n";
        assert_eq!(printed(&[a(), Stmt::Blank, Stmt::Blank, meta()]), text);
    }

    #[test]
    fn names_of_classes_that_ruff_dislikes_are_excused() {
        let class = |name: &str| Class { name: name.to_owned(), bases: vec![Code::name("Base")], ..Class::default() };
        assert_eq!(class("Key7_1Admin").header(0), "class Key7_1Admin(Base):  # noqa: N801\n");
        assert_eq!(class("I").header(0), "class I(Base):  # noqa: E742\n");
        assert_eq!(class("Order").header(0), "class Order(Base):\n");
    }

    #[test]
    fn a_call_stays_on_the_line_then_takes_the_next_one_then_breaks() {
        let field = |help: &str| {
            let value = call("models.CharField")
                .arg(call("_").arg(Code::str("status")))
                .kwarg("max_length", Code::int(16))
                .kwarg("choices", Code::name("OrderStatus"))
                .kwarg("help_text", call("_").arg(Code::str(help)));
            printed(&[Stmt::assign("status", value)])
        };
        assert_eq!(
            field("x"),
            "    status = models.CharField(_(\"status\"), max_length=16, choices=OrderStatus, help_text=_(\"x\"))\n"
        );
        assert_eq!(
            field("where it stands"),
            "    status = models.CharField(\n        \
             _(\"status\"), max_length=16, choices=OrderStatus, help_text=_(\"where it stands\")\n    )\n"
        );
        assert_eq!(
            field("where it stands, and where it will go from there"),
            "    status = models.CharField(\n        _(\"status\"),\n        max_length=16,\n        \
             choices=OrderStatus,\n        \
             help_text=_(\"where it stands, and where it will go from there\"),\n    )\n"
        );
        let words = "word ".repeat(20);
        let cut = field(words.trim_end());
        assert!(cut.contains("        help_text=_(\n            \"word"), "{cut}");
        assert!(cut.contains("word \"\n            \"word"), "{cut}");
    }

    #[test]
    fn a_part_of_what_a_call_returns_breaks_in_the_call() {
        let get = call("self.order_lines.get").kwarg("number", Code::name(&"number".repeat(8)));
        let statement = Stmt::Return(get.kwarg("position", Code::name(&"position".repeat(4))).attr("product"));
        let expected = format!(
            "    return self.order_lines.get(\n        number={},\n        position={},\n    ).product\n",
            "number".repeat(8),
            "position".repeat(4)
        );
        assert_eq!(printed(&[statement]), expected);
    }

    /// `ruff format` leaves in place what parentheses do not help.
    #[test]
    fn what_does_not_fit_into_parentheses_has_none() {
        for (length, expected) in
            [(88, "    key = LONG\n"), (92, "    key = (\n        LONG\n    )\n"), (93, "    key = LONG\n")]
        {
            let name = "N".repeat(length);
            assert_eq!(printed(&[Stmt::assign("key", Code::name(&name))]), expected.replace("LONG", &name));
        }
        for (length, expected) in
            [(80, "(\n        LONG.get(\n            first=1"), (90, "LONG.get(\n        first=1")]
        {
            let name = "N".repeat(length);
            let value = call(&format!("{name}.get")).kwarg("first", Code::int(1)).kwarg("second", Code::int(2));
            let text = printed(&[Stmt::assign("a_longer_key", value)]);
            assert!(text.starts_with(&format!("    a_longer_key = {}", expected.replace("LONG", &name))), "{text}");
        }
    }

    #[test]
    fn collections_break_one_per_line() {
        let names: Vec<String> = (0..9).map(|index| format!("field_number_{index}")).collect();
        let text = printed(&[Stmt::assign("list_display", Code::strings(&names))]);
        assert!(text.starts_with("    list_display = (\n        \"field_number_0\",\n"), "{text}");
        assert!(text.ends_with("        \"field_number_8\",\n    )\n"), "{text}");
        assert_eq!(printed(&[Stmt::assign("a", Code::strings(["x"]))]), "    a = (\"x\",)\n");
        assert_eq!(
            printed(&[Stmt::assign("a", Code::list([Code::str("x")]).expanded())]),
            "    a = [\n        \"x\",\n    ]\n"
        );
    }

    #[test]
    fn classes_and_methods_have_empty_lines_around_them() {
        let method = Def {
            name: "__str__".to_owned(),
            params: vec![("self".to_owned(), None)],
            returns: Some(Code::name("str")),
            body: vec![Stmt::Return(Code::name("self.name"))],
            ..Def::default()
        };
        let meta = Class {
            name: "Meta".to_owned(),
            body: vec![Stmt::assign("ordering", Code::list([Code::str("pk")]))],
            ..Class::default()
        };
        let class = Class {
            name: "Order".to_owned(),
            bases: vec![Code::name("models.Model")],
            doc: Some(Doctext::ours("An order.")),
            body: vec![
                Stmt::assign("a", Code::int(1)),
                Stmt::Blank,
                Stmt::assign("b", Code::int(2)),
                Stmt::Blank,
                Stmt::Class(meta),
                Stmt::Def(method),
            ],
            ..Class::default()
        };
        assert_eq!(
            body(&[Stmt::Class(class)], 0),
            "class Order(models.Model):\n    \"\"\"An order.\"\"\"\n\n    a = 1\n\n    b = 2\n\n    class Meta:\n        \
             ordering = [\"pk\"]\n\n    def __str__(self) -> str:\n        return self.name\n"
        );
    }

    #[test]
    fn names_cannot_be_more_than_names() {
        let text = printed(&[Stmt::assign("a = 1; import os #", Code::name("x(); y.z w"))]);
        assert_eq!(text, "    a___1__import_os__ = x____y.z_w\n");
    }

    #[test]
    fn letters_that_look_like_digits_are_names_all_the_same() {
        assert_eq!(printed(&[Stmt::assign("l", Code::int(1))]), "    l = 1  # noqa: E741\n");
    }

    #[test]
    fn what_is_allowed_stands_on_the_first_line() {
        let mut assign = Assign {
            target: "name".to_owned(),
            annotation: None,
            value: Some(call("models.CharField").kwarg("null", Code::bool(true))),
            allow: vec!["DJ001"],
        };
        assert_eq!(assign.print(4), "    name = models.CharField(null=True)  # noqa: DJ001\n");
        assign.target = "n".repeat(60);
        assign.value = Some(call("models.CharField").kwarg("null", Code::bool(true)).kwarg("blank", Code::bool(true)));
        let name = "n".repeat(60);
        assert_eq!(
            assign.print(4),
            format!("    {name} = models.CharField(  # noqa: DJ001\n        null=True, blank=True\n    )\n")
        );
        assign.target = "n".repeat(80);
        let name = "n".repeat(80);
        assert_eq!(
            assign.print(4),
            format!("    {name} = (\n        models.CharField(null=True, blank=True)  # noqa: DJ001\n    )\n")
        );
    }

    #[test]
    fn lines_that_nobody_can_break_are_excused() {
        let long = format!("x = {}\n", "y".repeat(100));
        assert_eq!(excuse_long_lines(&long), long.replace('\n', "  # noqa: E501\n"));
        assert_eq!(excuse_long_lines("x = 1\n"), "x = 1\n");
        let word = format!("    \"{}\",\n", "y".repeat(100));
        assert_eq!(excuse_long_lines(&word), word);
    }
}
