//! Events to tree. quick-xml finds the tags; nesting, attributes and everything that it passes over silently is ours.

mod damaged;
mod texts;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use damaged::{Odd, RESUMED};

use super::names::{Finder, Marks, NameId, Written};
use super::namespaces::known_namespace;
use super::teller::{Teller, clip};
use super::{Attribute, NONE, Node, Ns, Piece, Tree, short, tag, unescape};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::settings::Limits;
use crate::source::{SourceId, Span};

/// So many bytes an element, and an attribute, has at least in most documents.
const ELEMENT: usize = 64;
const ATTRIBUTE: usize = 24;

/// A start tag that is understood.
pub(super) struct Tag {
    pub(super) name: NameId,
    pub(super) range: Range<usize>,
    /// The first of its attributes.
    pub(super) attributes: usize,
    pub(super) has: Marks,
    pub(super) is_empty: bool,
}

/// Reads a document. Whatever is wrong is reported, and what can be understood is kept.
pub(crate) fn build<'a>(text: &'a str, source: SourceId, file: &str, limits: &Limits, report: &mut Report) -> Tree<'a> {
    let mut builder = Builder {
        tree: Tree {
            source,
            text,
            nodes: Vec::new(),
            attributes: Vec::new(),
            texts: Vec::new(),
            meant: Vec::new(),
            meant_values: Vec::new(),
            names: super::Names::default(),
            namespaces: Vec::new(),
            uml: None,
            prefixes: BTreeMap::new(),
            prolog: 0..0,
            cut_off: None,
        },
        file,
        limits,
        teller: Teller { source, report, told: BTreeMap::new() },
        open: Vec::new(),
        meanings: BTreeMap::new(),
        bindings: Vec::new(),
        finder: Finder::new(),
        uris: BTreeMap::new(),
        pieces: Vec::new(),
        last_is_data: false,
        too_deep: 0,
        doctype: None,
        tag: tag::Tag::default(),
        faults: Vec::new(),
    };
    builder.reserve();
    builder.run();
    builder.tree
}

pub(super) struct Open {
    pub(super) node: usize,
    bindings: usize,
    pub(super) pieces: usize,
    /// Bytes of text so far.
    pub(super) text: usize,
}

pub(super) struct Builder<'a, 'r> {
    pub(super) tree: Tree<'a>,
    file: &'r str,
    pub(super) limits: &'r Limits,
    teller: Teller<'r>,
    pub(super) open: Vec<Open>,
    /// What prefixes mean, inner meanings last, and the prefixes in the order in which they were bound.
    meanings: BTreeMap<&'a str, Vec<Ns>>,
    bindings: Vec<&'a str>,
    finder: Finder,
    uris: BTreeMap<String, u32>,
    /// Text of the open elements.
    pub(super) pieces: Vec<(usize, Range<usize>)>,
    last_is_data: bool,
    /// How many elements are open below one that is too deep.
    pub(super) too_deep: usize,
    doctype: Option<Range<usize>>,
    /// The start tag that was taken apart last, kept for its vectors.
    tag: tag::Tag,
    /// Faults in the value that is being read.
    pub(super) faults: Vec<unescape::Fault>,
}

impl<'a> Builder<'a, '_> {
    /// Makes room for what the text may hold, so that large vectors are not copied while they grow. What is not used of it takes no
    /// memory.
    fn reserve(&mut self) {
        let bytes = self.tree.text.len();
        // Without room they grow as they are filled.
        let _ = self.tree.nodes.try_reserve(bytes / ELEMENT);
        let _ = self.tree.attributes.try_reserve(bytes / ATTRIBUTE);
    }

    fn run(&mut self) {
        let text = self.tree.text;
        let mut at = 0;
        let mut resumed = 0;
        let mut is_fresh = true;
        while at < text.len() {
            // A byte order mark; in the middle of a file it marks nothing.
            while is_fresh && text[at..].starts_with('\u{feff}') {
                at += '\u{feff}'.len_utf8();
            }
            is_fresh = false;
            if text.as_bytes().get(at) != Some(&b'<') {
                at = self.text_at(at);
                continue;
            }
            let start = at;
            let mut end = false;
            if let Some(next) = self.sound(at) {
                at = next;
            } else {
                match self.odd(at) {
                    Odd::Read(next) => at = next,
                    Odd::Resume(next) => {
                        at = next;
                        is_fresh = true;
                        resumed += 1;
                        if resumed > RESUMED {
                            self.give_up(next);
                            end = true;
                        }
                    }
                    Odd::End => end = true,
                }
            }
            if self.tree.nodes.len() > self.limits.elements {
                let message = format!("`{}` has more than {} elements", self.file, self.limits.elements);
                self.teller.limit(message, start..start + 1, "what follows is not read", "elements");
                self.open.clear();
                end = true;
            }
            if end {
                break;
            }
        }
        self.finish();
    }

    fn finish(&mut self) {
        let at = self.tree.text.len();
        if let Some(top) = self.open.last() {
            let node = top.node;
            let mut names: Vec<&str> = Vec::new();
            for open in &self.open {
                let is_model = self.tree.local(open.node) == "Model";
                if let Some(name) = self.tree.plain(open.node, "name")
                    && !is_model
                {
                    names.push(name.value);
                }
            }
            let model = self.open.iter().rev().find_map(|open| self.tree.plain(open.node, "name"));
            let inside = match model {
                Some(_) if !names.is_empty() => names.join("."),
                Some(model) => model.value.to_owned(),
                None => format!("<{}>", self.tree.tag(node)),
            };
            let diagnostic = Diagnostic::new(&codes::U0105, format!("`{}` ends inside `{inside}`", self.file))
                .here(Span::new(self.tree.source, at..at), "the file ends here")
                .because(self.tree.span(node), "this element is still open")
                .help("the export was interrupted: export the model again");
            self.tree.cut_off = Some(self.teller.report.error(diagnostic));
        }
        while let Some(open) = self.open.pop() {
            self.close(&open);
        }
        if self.tree.nodes.is_empty() {
            self.tree.prolog = 0..at;
        }
    }

    fn start(&mut self, range: Range<usize>, empty: bool) -> Option<usize> {
        if self.too_deep > 0 {
            self.too_deep += usize::from(!empty);
            return None;
        }
        if self.open.len() >= self.limits.depth {
            let message = format!("element nesting exceeds {}", self.limits.depth);
            self.teller.limit(message, range, "this element and what is in it is skipped", "depth");
            self.too_deep = usize::from(!empty);
            return None;
        }
        let text = self.tree.text;
        let mut tag = std::mem::take(&mut self.tag);
        let dropped = tag.scan(text, range.clone(), self.limits.attributes);
        let range = range.start..tag.resume.unwrap_or(range.end);
        let name = text.get(tag.name.clone()).unwrap_or_default();
        if !name.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':') {
            let message = format!("`{}` cannot be the name of an element", clip(name));
            self.teller.tell(&codes::U0103, &message, tag.name.clone(), "a name starts with a letter");
        }
        if dropped > 0 {
            let message = format!("an element has more than {} attributes", self.limits.attributes);
            self.teller.limit(message, tag.name.clone(), &format!("{dropped} attributes are skipped"), "attributes");
        }
        for (fault, place) in &tag.faults {
            let found = clip(text.get(place.clone()).unwrap_or_default());
            let (message, label) = match fault {
                tag::Fault::Quote => {
                    ("a quote is missing after an attribute's value".to_owned(), "this value is not closed")
                }
                tag::Fault::Unquoted => (format!("the value `{found}` has no quotes"), "a value stands in quotes"),
                tag::Fault::NoValue => (format!("the attribute `{found}` has no value"), "`=` and a value are missing"),
                tag::Fault::Stray => (format!("`{found}` stands where an attribute should"), "this is no attribute"),
                tag::Fault::Joined => (format!("there is no blank before `{found}`"), "a blank is missing before it"),
                tag::Fault::Twice => (format!("the attribute `{found}` is given twice"), "the first value is used"),
            };
            self.teller.tell(&codes::U0103, &message, place.clone(), label);
        }
        self.enter(&tag, range, empty || tag.resume.is_some_and(|next| text[..next].trim_end().ends_with("/>")));
        let resume = tag.resume;
        self.tag = tag;
        resume
    }

    fn enter(&mut self, tag: &tag::Tag, range: Range<usize>, is_empty: bool) {
        let text = self.tree.text;
        if self.open.is_empty() {
            if self.tree.nodes.is_empty() {
                self.tree.prolog = 0..range.start;
            } else {
                self.teller.tell(
                    &codes::U0103,
                    "there is a second root element",
                    tag.name.clone(),
                    "a document has one root",
                );
            }
        }
        let bindings = self.bindings.len();
        let first = self.tree.attributes.len();
        let is_declaration = |raw: &tag::Raw| {
            let name = &text.as_bytes()[raw.name.clone()];
            name.starts_with(b"xmlns") && (raw.local > raw.name.start || name.len() == "xmlns".len())
        };
        // A declaration holds for the attributes before it, too.
        for raw in tag.attributes.iter().filter(|raw| is_declaration(raw)) {
            let (value, _) = self.value(raw);
            let prefix = text[raw.name.clone()].strip_prefix("xmlns:").unwrap_or("");
            let ns = self.namespace(&value);
            if ns == Ns::Uml {
                self.tree.uml.get_or_insert_with(|| value.to_string());
            }
            self.bindings.push(prefix);
            self.finder.forget();
            self.meanings.entry(prefix).or_default().push(ns);
            self.tree.prefixes.insert(prefix, ns);
        }
        let mut has = Marks::default();
        for raw in tag.attributes.iter().filter(|raw| !is_declaration(raw)) {
            let (value, span) = self.value(raw);
            let name = self.name(Written { start: raw.name.start, end: raw.name.end, is_tag: false });
            has.add(self.tree.names.get(name).mark);
            self.attribute(name, value, &span);
        }
        let name = self.name(Written { start: tag.name.start, end: tag.name.end, is_tag: true });
        self.push(Tag { name, range, attributes: first, has, is_empty }, bindings);
    }

    pub(super) fn attribute(&mut self, name: NameId, value: Cow<'_, str>, written: &Range<usize>) {
        if let Cow::Owned(value) = &value {
            self.tree.meant_values.push((short(self.tree.attributes.len()), value.as_str().into()));
        }
        let has_meant = matches!(value, Cow::Owned(_));
        self.tree.names.count_attribute(name);
        self.tree.attributes.push(Attribute { name, written: Piece::new(written), has_meant });
    }

    /// Enters an element whose attributes are entered, with the number of declarations around it.
    #[inline]
    pub(super) fn push(&mut self, tag: Tag, bindings: usize) {
        let node = self.tree.nodes.len();
        let parent = self.open.last().map(|open| open.node);
        if let Some(parent) = parent {
            self.tree.nodes[parent].holds.add(self.tree.names.get(tag.name).mark);
        }
        self.tree.names.count_tag(tag.name);
        self.tree.nodes.push(Node {
            parent: parent.map_or(NONE, short),
            start: short(tag.range.start),
            name: tag.name,
            attributes: short(tag.attributes),
            end: short(node + 1),
            tag_end: short(tag.range.end),
            text: NONE,
            has: tag.has,
            holds: Marks::default(),
        });
        if tag.is_empty {
            self.unbind(bindings);
        } else {
            self.open.push(Open { node, bindings, pieces: self.pieces.len(), text: 0 });
        }
    }

    /// The name that stands somewhere, with what it means there.
    #[inline]
    pub(super) fn name(&mut self, name: Written) -> NameId {
        match self.finder.find(&self.tree.names, self.tree.text.as_bytes(), name) {
            Some(known) => known,
            None => self.new_name(name),
        }
    }

    #[inline(never)]
    fn new_name(&mut self, name: Written) -> NameId {
        let text = self.tree.text;
        let (local, prefix) = match text[name.start..name.end].split_once(':') {
            Some((prefix, _)) => (name.start + prefix.len() + 1, Some(prefix)),
            None => (name.start, None),
        };
        let ns = match prefix {
            Some(prefix) => self.resolve(prefix),
            // Attributes without prefix are in no namespace, whatever the default is.
            None if name.is_tag => self.resolve(""),
            None => Ns::None,
        };
        self.finder.enter(&mut self.tree.names, text, name, local, ns)
    }

    /// How many declarations hold.
    pub(super) fn bindings(&self) -> usize {
        self.bindings.len()
    }

    /// The value of an attribute as it is meant, and where it is written, cut to its limit.
    fn value(&mut self, raw: &tag::Raw) -> (Cow<'a, str>, Range<usize>) {
        let text = self.tree.text;
        let mut span = raw.value.clone();
        if span.len() > self.limits.value {
            let message = format!("a value has more than {} bytes", self.limits.value);
            self.teller.limit(message, raw.name.clone(), "the value of this attribute is cut", "value");
            span.end = floor(text, span.start + self.limits.value);
        }
        let written = &text[span.clone()];
        if raw.is_plain {
            return (Cow::Borrowed(written), span);
        }
        let value = unescape::unescape(written, true, &mut self.faults);
        self.tell_faults(span.start);
        (value, span)
    }

    fn end(&mut self, range: Range<usize>) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let text = self.tree.text;
        let inside = range.start + 2..range.end.saturating_sub(1);
        // The rule, and so it is found out without looking at characters.
        if let Some(top) =
            self.open.pop_if(|top| text.as_bytes().get(inside.clone()) == Some(self.tree.tag(top.node).as_bytes()))
        {
            return self.close(&top);
        }
        let name = text.get(inside).unwrap_or_default().trim_end();
        let Some(top) = self.open.last() else {
            let message = format!("`</{}>` closes nothing", clip(name));
            self.teller.tell(&codes::U0104, &message, range, "no element is open here");
            return;
        };
        let inner = self.tree.tag(top.node);
        if inner != name {
            let opening = self.tree.span(top.node);
            let known = self.open.iter().rposition(|open| self.tree.tag(open.node) == name);
            let diagnostic = Diagnostic::new(&codes::U0104, format!("`</{}>` closes `<{}>`", clip(name), clip(inner)))
                .here(Span::new(self.tree.source, range), "this end tag does not fit")
                .because(opening, "the element that is open");
            self.teller.add(diagnostic);
            let Some(known) = known else { return };
            while self.open.len() > known + 1 {
                if let Some(open) = self.open.pop() {
                    self.close(&open);
                }
            }
        }
        if let Some(open) = self.open.pop() {
            self.close(&open);
        }
    }

    /// Everything about an element is known.
    #[inline]
    pub(super) fn close(&mut self, open: &Open) {
        self.tree.nodes[open.node].end = short(self.tree.nodes.len());
        self.unbind(open.bindings);
        if self.pieces.len() > open.pieces {
            self.close_text(open);
        }
    }

    fn namespace(&mut self, uri: &str) -> Ns {
        if let Some(ns) = known_namespace(uri) {
            return ns;
        }
        if let Some(&index) = self.uris.get(uri) {
            return Ns::Other(index);
        }
        let index = u32::try_from(self.tree.namespaces.len()).unwrap_or(u32::MAX);
        self.tree.namespaces.push(uri.to_owned());
        self.uris.insert(uri.to_owned(), index);
        Ns::Other(index)
    }

    /// Forgets what was bound after the first `keep` bindings.
    fn unbind(&mut self, keep: usize) {
        while self.bindings.len() > keep {
            self.finder.forget();
            if let Some(meanings) = self.bindings.pop().and_then(|prefix| self.meanings.get_mut(prefix)) {
                meanings.pop();
            }
        }
    }

    fn resolve(&mut self, prefix: &str) -> Ns {
        if let Some(&ns) = self.meanings.get(prefix).and_then(|meanings| meanings.last()) {
            return ns;
        }
        // A forgotten declaration of a prefix that everybody uses is no reason to understand nothing.
        match prefix {
            "" => Ns::None,
            "xmi" => Ns::Xmi,
            "uml" => Ns::Uml,
            "xsi" => Ns::Xsi,
            other => self.namespace(other),
        }
    }

    /// Tells the faults of a value or text that starts at `base`.
    pub(super) fn tell_faults(&mut self, base: usize) {
        for fault in std::mem::take(&mut self.faults) {
            let shift = |range: Range<usize>| base + range.start..base + range.end;
            match fault {
                unescape::Fault::Forbidden(c, range) => {
                    let message = format!("character U+{:04X} is not allowed in XML", u32::from(c));
                    self.teller.tell(&codes::U0106, &message, shift(range), "it is replaced by U+FFFD");
                }
                unescape::Fault::Ampersand(range) => {
                    self.teller.tell(
                        &codes::U0103,
                        "an `&` starts no reference",
                        shift(range),
                        "a plain `&` is written `&amp;`",
                    );
                }
                unescape::Fault::Undefined(range) => {
                    let range = shift(range);
                    let name = &self.tree.text[range.clone()];
                    let mut diagnostic = Diagnostic::new(&codes::U0107, format!("`{name}` is not defined"))
                        .here(Span::new(self.tree.source, range), "this entity is not expanded")
                        .help("entities of the document's own are never expanded: write the text in its place");
                    if let Some(doctype) = self.doctype.clone() {
                        diagnostic = diagnostic.because(Span::new(self.tree.source, doctype), "the document type");
                    }
                    self.teller.add(diagnostic);
                }
            }
        }
    }
}

/// The boundary of a character at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
