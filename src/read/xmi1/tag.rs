//! Tags of XMI 1.x: one form out of the dotted, the prefixed and the bare one.

/// What a tag names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag<'t> {
    /// An element of this metaclass: `Foundation.Core.Class`, `UML:Class`, `Class`.
    Element(&'t str),
    /// A feature of the element around it: `Foundation.Core.ModelElement.name`, `UML:Classifier.feature`, `name`.
    Feature(&'t str),
    /// `XMI.reference`, the stub of documents from before XMI 1.0.
    Reference,
    /// The tool's own, or what is no model: `XMI.extension`.
    Outside,
}

impl<'t> Tag<'t> {
    /// What `tag` names. UML writes metaclasses with a capital and features without, whatever stands before.
    pub(super) fn of(tag: &'t str) -> Self {
        if let Some(word) = tag.strip_prefix("XMI.") {
            return match word {
                "reference" => Self::Reference,
                "extension" | "extensions" | "difference" | "add" | "delete" | "replace" | "header" => Self::Outside,
                _ => Self::Feature(""),
            };
        }
        let local = tag.split_once(':').map_or(tag, |(_, local)| local);
        let last = local.rsplit('.').next().unwrap_or(local);
        if last.starts_with(|c: char| c.is_ascii_uppercase()) { Self::Element(last) } else { Self::Feature(last) }
    }
}

#[cfg(test)]
mod tests {
    use super::Tag::{self, Element, Feature, Outside, Reference};

    #[test]
    fn all_forms_are_one() {
        for (tag, means) in [
            ("Foundation.Core.Class", Element("Class")),
            ("Model_Management.Package", Element("Package")),
            ("UML:Class", Element("Class")),
            ("Class", Element("Class")),
            ("Foundation.Core.ModelElement.name", Feature("name")),
            ("UML:Classifier.feature", Feature("feature")),
            ("UML2:TypedElement.type", Feature("type")),
            ("ownedElement", Feature("ownedElement")),
            ("XMI.content", Feature("")),
            ("XMI.extension", Outside),
            ("XMI.reference", Reference),
        ] {
            assert_eq!(Tag::of(tag), means, "{tag}");
        }
    }
}
