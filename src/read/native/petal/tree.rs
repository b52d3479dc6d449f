//! Petal, the text of Rational Rose: `(object Class "Name" key value …)`. A flat tree with places, built without recursion.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::{Diagnostic, Report, Reported, codes};
use crate::settings::Limits;
use crate::source::{SourceId, Span, Spanned};

/// A form or a value of a [`Tree`], counted in document order.
pub(super) type NodeId = usize;

#[derive(Clone, Debug)]
enum Form<'a> {
    /// `(object CLASS "NAME" …)`
    Object { class: &'a str, name: Option<Spanned<Cow<'a, str>>> },
    /// `(list KIND …)`, `(388, 123)`
    List,
    /// A text, a number, a word; `(value KIND "TEXT")` is its text.
    Value(Cow<'a, str>),
}

#[derive(Clone, Debug)]
struct Node<'a> {
    /// What the object around it calls it; empty in lists.
    key: &'a str,
    form: Form<'a>,
    /// The value, or what opens the form: `(object Class "Name"`.
    span: Range<usize>,
    /// One past the last node below this one.
    end: NodeId,
}

/// A document.
#[derive(Clone, Debug)]
pub(super) struct Tree<'a> {
    source: SourceId,
    nodes: Vec<Node<'a>>,
    /// The document ends inside a form.
    pub(super) cut_off: Option<Reported>,
}

impl<'a> Tree<'a> {
    /// The node after the last one.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// One past the last node below `node`.
    pub(super) fn end(&self, node: NodeId) -> NodeId {
        self.nodes[node].end
    }

    /// What stands directly in `node`.
    pub(super) fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let end = self.nodes[node].end;
        let first = Some(node + 1).filter(|&child| child < end);
        std::iter::successors(first, move |&child| Some(self.nodes[child].end).filter(|&next| next < end))
    }

    /// The value or form that `node` calls `key`.
    pub(super) fn get(&self, node: NodeId, key: &str) -> Option<NodeId> {
        self.children(node).find(|&child| self.nodes[child].key == key)
    }

    /// The objects in the list that `node` calls `key`.
    pub(super) fn list(&self, node: NodeId, key: &str) -> impl Iterator<Item = NodeId> + '_ {
        let list = self.get(node, key);
        list.into_iter().flat_map(|list| self.children(list)).filter(|&item| !self.class(item).is_empty())
    }

    /// What the object around `node` calls it.
    pub(super) fn key(&self, node: NodeId) -> &'a str {
        self.nodes[node].key
    }

    /// The class of an object; empty for anything else.
    pub(super) fn class(&self, node: NodeId) -> &'a str {
        match self.nodes[node].form {
            Form::Object { class, .. } => class,
            Form::List | Form::Value(_) => "",
        }
    }

    /// The name in the head of an object.
    pub(super) fn name(&self, node: NodeId) -> Option<Spanned<&str>> {
        match &self.nodes[node].form {
            Form::Object { name: Some(name), .. } => Some(Spanned::new(&*name.value, name.span)),
            _ => None,
        }
    }

    /// The text that `node` calls `key`.
    pub(super) fn text(&self, node: NodeId, key: &str) -> Option<Spanned<&str>> {
        let child = self.get(node, key)?;
        match &self.nodes[child].form {
            Form::Value(text) => Some(Spanned::new(&**text, self.span(child))),
            Form::Object { .. } | Form::List => None,
        }
    }

    /// Whether `node` calls `key` true.
    pub(super) fn flag(&self, node: NodeId, key: &str) -> bool {
        self.text(node, key).is_some_and(|text| text.value == "TRUE")
    }

    /// The place of a value, or of what opens a form.
    pub(super) fn span(&self, node: NodeId) -> Span {
        Span::new(self.source, self.nodes[node].span.clone())
    }
}

/// A piece of the text.
#[derive(Clone, Debug)]
enum Token<'a> {
    Open,
    Close,
    /// `"text"`, or lines that begin with `|`.
    Text(Cow<'a, str>),
    /// Anything else: a key, a number, `TRUE`, `@12`.
    Word(&'a str),
}

/// A form that is open.
struct Open<'a> {
    node: NodeId,
    /// The key whose value comes next.
    key: Option<&'a str>,
    /// What stands there is still its head: the word after the parenthesis, then class and name, or the kind.
    head: Head,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    /// The word after the parenthesis.
    Word,
    /// The class of an object.
    Class,
    /// The name of an object.
    Name,
    /// The kind of a value.
    Kind,
    /// The text of a value.
    Text,
    /// The head is over.
    Past,
}

struct Builder<'a, 'r> {
    text: &'a str,
    at: usize,
    tree: Tree<'a>,
    open: Vec<Open<'a>>,
    /// How many forms are open below one that is too deep.
    too_deep: usize,
    limits: &'r Limits,
    report: &'r mut Report,
    told: bool,
}

/// Reads a document. Whatever is wrong is reported, and what can be understood is kept.
pub(super) fn build<'a>(text: &'a str, source: SourceId, file: &str, limits: &Limits, report: &mut Report) -> Tree<'a> {
    let tree = Tree { source, nodes: Vec::new(), cut_off: None };
    let mut builder = Builder { text, at: 0, tree, open: Vec::new(), too_deep: 0, limits, report, told: false };
    while let Some((token, place)) = builder.token() {
        if builder.tree.nodes.len() >= limits.elements {
            let message = format!("`{file}` has more than {} values", limits.elements);
            builder.limit(message, place, "reading stops here", "elements");
            break;
        }
        builder.take(token, place);
    }
    builder.finish(file);
    builder.tree
}

impl<'a> Builder<'a, '_> {
    fn token(&mut self) -> Option<(Token<'a>, Range<usize>)> {
        let rest = self.text.get(self.at..)?;
        let start = self.at + rest.find(|c: char| !c.is_whitespace() && c != ',')?;
        let rest = &self.text[start..];
        let (token, length) = match rest.as_bytes().first()? {
            b'(' => (Token::Open, 1),
            b')' => (Token::Close, 1),
            b'"' => string(rest),
            b'|' => lines(rest),
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | ','));
                let end = end.unwrap_or(rest.len());
                (Token::Word(&rest[..end]), end)
            }
        };
        self.at = start + length;
        Some((token, start..self.at))
    }

    fn take(&mut self, token: Token<'a>, place: Range<usize>) {
        if self.too_deep > 0 {
            match token {
                Token::Open => self.too_deep += 1,
                Token::Close => self.too_deep -= 1,
                Token::Text(_) | Token::Word(_) => {}
            }
            return;
        }
        match token {
            Token::Open => self.start(place),
            Token::Close => self.close(place),
            Token::Text(text) => self.string(text, place),
            Token::Word(word) => self.word(word, place),
        }
    }

    fn start(&mut self, place: Range<usize>) {
        let key = self.open.last_mut().and_then(|top| {
            top.head = Head::Past;
            top.key.take()
        });
        if self.open.len() >= self.limits.depth {
            let message = format!("element nesting exceeds {}", self.limits.depth);
            self.limit(message, place, "this and what is in it is skipped", "depth");
            self.too_deep = 1;
            return;
        }
        self.push(key.unwrap_or_default(), Form::List, place);
        self.open.push(Open { node: self.tree.nodes.len() - 1, key: None, head: Head::Word });
    }

    fn close(&mut self, place: Range<usize>) {
        match self.open.pop() {
            Some(open) => self.tree.nodes[open.node].end = self.tree.nodes.len(),
            None if !self.told => {
                self.told = true;
                self.report.add(
                    Diagnostic::new(&codes::U0103, "`)` closes nothing")
                        .here(Span::new(self.tree.source, place), "no form is open here"),
                );
            }
            None => {}
        }
    }

    fn string(&mut self, text: Cow<'a, str>, place: Range<usize>) {
        let Some(top) = self.open.last_mut() else { return };
        let node = &mut self.tree.nodes[top.node];
        match (top.head, &mut node.form) {
            (Head::Name, Form::Object { name, .. }) => {
                node.span.end = place.end;
                *name = Some(Spanned::new(text, Span::new(self.tree.source, place)));
                top.head = Head::Past;
            }
            (Head::Kind | Head::Text, Form::Value(value)) => {
                *value = text;
                node.span = place;
                top.head = Head::Past;
            }
            (_, Form::Object { .. }) => {
                top.head = Head::Past;
                // A text without key is what a view shows.
                if let Some(key) = top.key.take() {
                    self.push(key, Form::Value(text), place);
                }
            }
            (_, Form::List) => {
                top.head = Head::Past;
                self.push("", Form::Value(text), place);
            }
            (_, Form::Value(_)) => {}
        }
    }

    fn word(&mut self, word: &'a str, place: Range<usize>) {
        let Some(top) = self.open.last_mut() else { return };
        let node = &mut self.tree.nodes[top.node];
        match top.head {
            Head::Word if word == "object" => {
                top.head = Head::Class;
                return;
            }
            Head::Word if word == "value" => {
                node.form = Form::Value(Cow::Borrowed(""));
                top.head = Head::Kind;
                return;
            }
            // Its kind, if it has one, is an item that nobody asks for.
            Head::Word if word == "list" => {
                top.head = Head::Past;
                return;
            }
            Head::Class => {
                node.form = Form::Object { class: word, name: None };
                node.span.end = place.end;
                top.head = Head::Name;
                return;
            }
            Head::Kind => {
                top.head = Head::Text;
                return;
            }
            Head::Text => {
                node.form = Form::Value(Cow::Borrowed(word));
                node.span = place;
                top.head = Head::Past;
                return;
            }
            Head::Word | Head::Name | Head::Past => top.head = Head::Past,
        }
        let is_object = matches!(node.form, Form::Object { .. });
        match top.key.take() {
            Some(key) => self.push(key, Form::Value(Cow::Borrowed(word)), place),
            // `@12` numbers a view.
            None if is_object && !word.starts_with('@') => top.key = Some(word),
            None if is_object => {}
            None => self.push("", Form::Value(Cow::Borrowed(word)), place),
        }
    }

    fn push(&mut self, key: &'a str, form: Form<'a>, span: Range<usize>) {
        let end = self.tree.nodes.len() + 1;
        self.tree.nodes.push(Node { key, form, span, end });
    }

    fn limit(&mut self, message: String, place: Range<usize>, label: &str, key: &str) {
        self.report.add(
            Diagnostic::new(&codes::U0108, message)
                .here(Span::new(self.tree.source, place), label)
                .help(format!("raise `{key}` under `[limits]` in `umlaut.toml` if the file is sound"))
                .cause(format!("{}:{key}", self.tree.source.index())),
        );
    }

    fn finish(&mut self, file: &str) {
        let end = self.text.len();
        if let Some(top) = self.open.last() {
            let names: Vec<&str> = self
                .open
                .iter()
                .filter_map(|open| self.tree.name(open.node).map(|name| name.value))
                .filter(|name| *name != super::LOGICAL_VIEW)
                .collect();
            let inside = if names.is_empty() { super::LOGICAL_VIEW.to_owned() } else { names.join(".") };
            let diagnostic = Diagnostic::new(&codes::U0105, format!("`{file}` ends inside `{inside}`"))
                .here(Span::new(self.tree.source, end..end), "the file ends here")
                .because(self.tree.span(top.node), "this is still open")
                .help("the file was cut off: save the model again");
            self.tree.cut_off = Some(self.report.error(diagnostic));
        }
        let end = self.tree.nodes.len();
        while let Some(open) = self.open.pop() {
            self.tree.nodes[open.node].end = end;
        }
    }
}

/// A text in quotes, in which a backslash stands before quotes and backslashes.
fn string(rest: &str) -> (Token<'_>, usize) {
    let mut escaped = false;
    let mut has_escapes = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => {
                escaped = true;
                has_escapes = true;
            }
            b'"' => {
                let inner = &rest[1..at];
                let text = if has_escapes { Cow::Owned(unescape(inner)) } else { Cow::Borrowed(inner) };
                return (Token::Text(text), at + 1);
            }
            _ => {}
        }
    }
    (Token::Text(Cow::Borrowed(&rest[1..])), rest.len())
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.push(if c == '\\' { chars.next().unwrap_or('\\') } else { c });
    }
    plain
}

/// Lines that begin with `|`, as many as follow each other, are one text.
fn lines(rest: &str) -> (Token<'_>, usize) {
    let mut text: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(line) = rest[at..].strip_prefix('|') {
        let line = line.split('\n').next().unwrap_or_default();
        text.push(line.strip_suffix('\r').unwrap_or(line));
        let after = at + 1 + line.len();
        let blank = rest[after..].find(|c: char| !c.is_whitespace()).unwrap_or_default();
        at = after;
        if !rest[after + blank..].starts_with('|') {
            break;
        }
        at = after + blank;
    }
    (Token::Text(Cow::Owned(text.join("\n"))), at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn shown(text: &str, limits: &Limits) -> (Vec<String>, Vec<&'static str>) {
        let (mut sources, mut report) = (Sources::default(), Report::default());
        let source = sources.add("model.mdl", text);
        let tree = build(text, source, "model.mdl", limits, &mut report);
        let mut ends: Vec<usize> = Vec::new();
        let lines = tree.nodes.iter().enumerate().map(|(at, node)| {
            ends.retain(|&end| end > at);
            let indent = "  ".repeat(ends.len());
            ends.push(node.end);
            let key = if node.key.is_empty() { String::new() } else { format!("{}: ", node.key) };
            match &node.form {
                Form::Object { class, name: Some(name) } => format!("{indent}{key}{class} {}", name.value),
                Form::Object { class, name: None } => format!("{indent}{key}{class}"),
                Form::List => format!("{indent}{key}list"),
                Form::Value(text) => format!("{indent}{key}{text:?}"),
            }
        });
        let lines: Vec<String> = lines.collect();
        (lines, report.diagnostics().iter().map(|found| found.code.id).collect())
    }

    #[test]
    fn forms_become_a_tree() {
        let text = "(object Class \"A\\\"B\" @3\n documentation\n|one | \"two\"\n|\n|three\n\n quid \"1F\"\n abstract TRUE\n \
                    location (388, 123)\n roles (list role_list (object Role \"r\" client_cardinality (value cardinality \
                    \"0..n\") (value X 5)) \"s\" @4))\n(object Petal version 50)";
        let expected = [
            "Class A\"B",
            "  documentation: \"one | \\\"two\\\"\\n\\nthree\"",
            "  quid: \"1F\"",
            "  abstract: \"TRUE\"",
            "  location: list",
            "    \"388\"",
            "    \"123\"",
            "  roles: list",
            "    \"role_list\"",
            "    Role r",
            "      client_cardinality: \"0..n\"",
            "      \"5\"",
            "    \"s\"",
            "    \"@4\"",
            "Petal",
            "  version: \"50\"",
        ];
        let (lines, told) = shown(text, &Limits::default());
        assert_eq!(lines, expected);
        assert!(told.is_empty());
    }

    #[test]
    fn damage_is_told_and_the_rest_is_kept() {
        let limits = Limits { depth: 3, ..Limits::default() };
        for (text, lines, told) in [
            ("(object A", vec!["A"], vec!["U0105"]),
            ("(object A key \"open", vec!["A", "  key: \"open\""], vec!["U0105"]),
            ("(object A) ) ) (object B key)", vec!["A", "B"], vec!["U0103"]),
            (
                "(a (b (c (d (e) f) g)",
                vec!["list", "  \"a\"", "  list", "    \"b\"", "    list", "      \"c\"", "      \"g\""],
                vec!["U0108", "U0105"],
            ),
            ("(object", vec!["list"], vec!["U0105"]),
            ("|x", vec![], vec![]),
        ] {
            let (found, codes) = shown(text, &limits);
            assert_eq!(found, lines, "{text}");
            assert_eq!(codes, told, "{text}");
        }
    }
}
