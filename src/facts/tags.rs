//! What the diagram and the settings say about an element beyond UML.

use std::collections::BTreeMap;

use crate::account::Element;
use crate::decision::Because;
use crate::profile::normal;

/// A stereotype or tag with its place.
#[derive(Clone, Debug)]
pub struct Said {
    /// The value; empty for a stereotype.
    pub value: String,
    /// Where it was said.
    pub because: Because,
}

/// Stereotypes and tags by element and name in lower case without separators.
#[derive(Clone, Debug, Default)]
pub struct Tags(BTreeMap<Element, BTreeMap<String, Said>>);

impl Tags {
    /// Notes what was said; what was said first stays.
    pub fn say(&mut self, element: Element, name: &str, said: Said) {
        self.0.entry(element).or_default().entry(normal(name)).or_insert(said);
    }

    /// All that was said of an element, by name in lower case without separators.
    pub fn of(&self, element: Element) -> impl Iterator<Item = (&str, &Said)> {
        self.0.get(&element).into_iter().flatten().map(|(name, said)| (name.as_str(), said))
    }

    /// What was said about `name`.
    pub fn get(&self, element: Element, name: &str) -> Option<&Said> {
        self.0.get(&element)?.get(&normal(name))
    }

    /// The value of the tag `name` if it is not blank.
    pub fn text(&self, element: Element, name: &str) -> Option<(&str, &Because)> {
        let said = self.get(element, name)?;
        let value = said.value.trim();
        (!value.is_empty()).then_some((value, &said.because))
    }

    /// Whether a stereotype or a true tag `name` was said.
    pub fn has(&self, element: Element, name: &str) -> Option<&Because> {
        let said = self.get(element, name)?;
        let value = said.value.trim();
        let denied = ["false", "no", "0", "off"].iter().any(|no| value.eq_ignore_ascii_case(no));
        (!denied).then_some(&said.because)
    }

    /// Whether the tag `name` was explicitly denied.
    pub fn denies(&self, element: Element, name: &str) -> bool {
        self.get(element, name).is_some() && self.has(element, name).is_none()
    }
}
