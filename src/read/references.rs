//! References of XMI 2: what a text leads to.

use super::drafting::Drafting;
use crate::source::{Span, Spanned};
use crate::uml::draft::{Reference, Target};

impl Drafting<'_> {
    /// The reference that a text is: the id of an element, or a place in another document.
    pub(super) fn leading_to(&self, text: &str, span: Span) -> Reference {
        // The rule, told at one look.
        if memchr::memchr3(b'#', b'|', b':', text.as_bytes()).is_none() {
            return Reference::new(Target::Id(text.into()), span);
        }
        // MagicDraw once separated with `|`.
        let split =
            text.split_once('#').or_else(|| text.split_once('|').filter(|(document, _)| document.contains('.')));
        let target = match split {
            Some(("", fragment)) => Target::Id(fragment.into()),
            Some((document, fragment)) => self.href(text, document, fragment),
            None if text.contains("://") => self.href(text, text, ""),
            None => Target::Id(text.into()),
        };
        Reference::new(target, span)
    }

    /// References in a list that blanks separate.
    pub(super) fn list(&self, written: Spanned<&str>) -> Vec<Reference> {
        let mut found = Vec::new();
        let mut metaclass = "";
        for token in written.value.split_ascii_whitespace() {
            if (token.starts_with("uml:") || token.starts_with("ecore:")) && !token.contains('#') {
                metaclass = unprefixed(token);
                continue;
            }
            let mut span = written.span;
            // Escapes make the written text longer than the value; then the whole list is shown.
            if written.span.range().len() == written.value.len() {
                let offset = token.as_ptr() as usize - written.value.as_ptr() as usize;
                let start = written.span.range().start + offset;
                span = Span::new(span.source, start..start + token.len());
            }
            found.push(self.leading_to(token, span).to(std::mem::take(&mut metaclass)));
        }
        found
    }
}

/// A qualified name without its prefix.
pub(super) fn unprefixed(name: &str) -> &str {
    name.strip_prefix("uml:").or_else(|| Some(name.split_once(':')?.1)).unwrap_or(name)
}
