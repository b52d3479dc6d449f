//! What every reader does while it fills a draft: it enters elements, reads bounds, and sums up what many elements share.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::multiplicity::{self, Bound, Meaning};
pub(super) use crate::account::Met;
use crate::account::{Element, ElementKind, Elements, Fate};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::settings::{Limits, Settings};
use crate::source::{Name, SourceId, Span, Spanned};
use crate::uml::Multiplicity;
use crate::uml::draft::{Draft, Hrefs, Target};
use crate::uml::model::{ClassifierKind, WrittenMultiplicity};

/// The draft of one document in the making, with the account and the report that it adds to.
pub(super) struct Drafting<'r> {
    pub(super) draft: Draft,
    pub(super) elements: &'r mut Elements,
    pub(super) report: &'r mut Report,
    /// What stands before the names of metaclasses in messages.
    pub(super) metaclass_prefix: &'static str,
    limits: Limits,
    /// Metaclasses that are no part of class diagrams: how many, and the first.
    ignored: BTreeMap<String, (usize, Element)>,
    /// Elements without id: how many, and the first.
    without_id: Option<(usize, Element)>,
    /// Some name ends with a bracket.
    has_bounds_in_names: bool,
    /// Places in other documents, which are met while the elements that refer to them are looked at.
    hrefs: RefCell<Hrefs>,
    /// Owners, names and texts of constraints, once a tool tells some a second time.
    pub(super) constraints: Option<BTreeSet<(Option<Element>, String)>>,
}

/// What a tool means by odd bounds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct BoundQuirks {
    /// An upper bound of 0 is a slip for 0..1.
    pub(super) zero_upper_is_optional: bool,
    /// A lone `*` is written to both bounds.
    pub(super) star_below: bool,
}

impl<'r> Drafting<'r> {
    pub(super) fn new(
        source: SourceId,
        file: &str,
        settings: &Settings,
        elements: &'r mut Elements,
        report: &'r mut Report,
    ) -> Self {
        Self {
            draft: Draft::new(source, file),
            elements,
            report,
            metaclass_prefix: "uml:",
            limits: settings.limits.clone(),
            ignored: BTreeMap::new(),
            without_id: None,
            has_bounds_in_names: false,
            hrefs: RefCell::default(),
            constraints: None,
        }
    }

    /// Makes room for so many elements and properties, so that those that were read are not moved for those that come.
    pub(super) fn reserve(&mut self, elements: usize, properties: usize) {
        self.elements.reserve(elements);
        self.draft.ids.reserve(elements);
        self.draft.properties.reserve(properties);
    }

    /// Enters an element into the account. The first element keeps an id that is given twice.
    pub(super) fn enter(&mut self, met: Met<'_>) -> Element {
        let element = self.pass(met);
        // A comment is kept when it is attached; an empty one never is.
        self.elements.get_mut(element).fate = Some(Fate::Ignored).filter(|_| met.kind == ElementKind::Comment);
        let counts = !matches!(
            met.kind,
            ElementKind::Model
                | ElementKind::Other
                | ElementKind::Comment
                | ElementKind::Parameter
                | ElementKind::StereotypeApplication
                | ElementKind::Tag
        );
        if counts && met.id.is_none() {
            self.without_id.get_or_insert((0, element)).0 += 1;
        }
        element
    }

    /// Enters an element that has no part in the model, so that nobody needs its id but who refers to it.
    pub(super) fn pass(&mut self, met: Met<'_>) -> Element {
        let element = self.elements.enter(Met { name: met.name.filter(|name| !name.is_empty()), ..met });
        // Parameters share the fate of their operation.
        self.elements.get_mut(element).fate = Some(Fate::Ignored).filter(|_| met.kind != ElementKind::Parameter);
        if let Some(id) = met.id
            && let Some(first) = self.draft.ids.insert(id, element)
        {
            self.draft.duplicates.push((element, first));
        }
        element
    }

    /// Says of an element that was entered that its metaclass is no part of class diagrams.
    pub(super) fn ignore(&mut self, metaclass: &str, element: Element) {
        self.elements.get_mut(element).fate = Some(Fate::Ignored);
        self.ignored.entry(metaclass.to_owned()).or_insert((0, element)).0 += 1;
    }

    /// The place `fragment` of another document, which stands in this one as `written`.
    pub(super) fn href(&self, written: &str, document: &str, fragment: &str) -> Target {
        Target::Href(self.hrefs.borrow_mut().place(written, document, fragment))
    }

    /// A name as it is kept: none if it is empty, and no longer than names may be.
    pub(super) fn name(&mut self, written: Spanned<&str>) -> Option<Name> {
        if written.value.is_empty() {
            return None;
        }
        let mut value = written.value;
        // A name has no more characters than bytes.
        if value.len() > self.limits.name
            && let Some((cut, _)) = value.char_indices().nth(self.limits.name)
        {
            value = &value[..cut];
            let message = format!("a name has more than {} characters", self.limits.name);
            self.report.add(
                Diagnostic::new(&codes::U0108, message)
                    .here(written.span, "this name is cut")
                    .help("raise `name` under `[limits]` in `umlaut.toml` if it is meant"),
            );
        }
        self.has_bounds_in_names |= value.ends_with(']');
        Some(Spanned::new(value.into(), written.span))
    }

    /// The multiplicity that a pair of bounds means, of which at least one is written. The outer `None` says that there are no
    /// values, so that the property is left out.
    #[expect(clippy::option_option)]
    pub(super) fn multiplicity(
        &mut self,
        element: Element,
        lower: Option<&Bound<'_>>,
        upper: Option<&Bound<'_>>,
        span: Span,
        quirks: BoundQuirks,
    ) -> Option<Option<WrittenMultiplicity>> {
        let meaning = multiplicity::read(lower, upper, quirks.zero_upper_is_optional, quirks.star_below);
        self.settle(element, meaning, span)
    }

    /// As [`Drafting::multiplicity`], of a multiplicity that is one text: `0..*`. An empty one is none.
    #[expect(clippy::option_option)]
    pub(super) fn range(&mut self, element: Element, written: Spanned<&str>) -> Option<Option<WrittenMultiplicity>> {
        match multiplicity::text(written.value) {
            Some(meaning) => self.settle(element, meaning, written.span),
            None => Some(None),
        }
    }

    #[expect(clippy::option_option)]
    fn settle(&mut self, element: Element, meaning: Meaning, span: Span) -> Option<Option<WrittenMultiplicity>> {
        if let Meaning::Plain(value) = meaning {
            return Some(Some(WrittenMultiplicity { value, span }));
        }
        let path = self.elements.path(element);
        Some(match meaning {
            Meaning::Plain(value) => Some(WrittenMultiplicity { value, span }),
            Meaning::Unusual(value, shown) => {
                let message = format!("multiplicity `{shown}` of `{path}` is read as `{value}`");
                self.report.add(Diagnostic::new(&codes::U0509, message).about(element).here(span, "these bounds"));
                Some(WrittenMultiplicity { value, span })
            }
            Meaning::Nothing(shown) => {
                let is_attribute = self.elements.get(element).kind == ElementKind::Attribute;
                let read = if is_attribute { "it is left out" } else { "it is treated as not drawn" };
                let message = format!("multiplicity `{shown}` of `{path}` allows no value; {read}");
                self.report
                    .add(Diagnostic::new(&codes::U0509, message).about(element).here(span, "the upper bound is 0"));
                if is_attribute {
                    return None;
                }
                None
            }
            Meaning::Crossed(shown) => {
                let message = format!("multiplicity `{shown}` of `{path}` has a lower bound above its upper bound");
                self.report.add(Diagnostic::new(&codes::U0503, message).about(element).here(span, "these bounds"));
                None
            }
            Meaning::NoNumber(shown) => {
                let message = format!("multiplicity `{shown}` of `{path}` is no number");
                self.report.add(
                    Diagnostic::new(&codes::U0503, message)
                        .about(element)
                        .here(span, "treated as not drawn")
                        .help("write numbers, or `*` for any number"),
                );
                None
            }
        })
    }

    /// How many elements of which metaclasses were ignored.
    pub(super) fn ignored(&self) -> impl Iterator<Item = (&str, usize)> {
        self.ignored.iter().map(|(metaclass, (count, _))| (metaclass.as_str(), *count))
    }

    /// Makes one of associations and classes that a tool keeps apart and joins by a reference: pairs of their elements.
    pub(super) fn join_association_classes(&mut self, pairs: &[(Element, Element)]) {
        let classes: BTreeMap<Element, usize> = match pairs {
            [] => return,
            _ => self.draft.classifiers.iter().enumerate().map(|(at, class)| (class.element, at)).collect(),
        };
        let associations: BTreeMap<Element, usize> =
            self.draft.associations.iter().enumerate().map(|(at, association)| (association.element, at)).collect();
        for (association, class) in pairs {
            if let (Some(&association), Some(&at)) = (associations.get(association), classes.get(class)) {
                self.draft.associations[association].class = Some(at);
                self.draft.classifiers[at].kind = ClassifierKind::AssociationClass;
                self.elements.get_mut(*class).kind = ElementKind::AssociationClass;
            }
        }
    }

    /// Takes out what goes beyond the limits of a model.
    fn limit(&mut self) {
        let raise = |key: &str| format!("raise `{key}` under `[limits]` in `umlaut.toml` if the file is sound");
        let Draft { source, file, classifiers, .. } = &mut self.draft;
        for classifier in classifiers.iter_mut().filter(|it| it.literals.len() > self.limits.literals) {
            let path = self.elements.path(classifier.element);
            let message = format!("enumeration `{path}` has more than {} literals", self.limits.literals);
            self.report.add(
                Diagnostic::new(&codes::U0108, message)
                    .about(classifier.element)
                    .here(classifier.span, format!("{} are skipped", classifier.literals.len() - self.limits.literals))
                    .help(raise("literals")),
            );
            classifier.literals.truncate(self.limits.literals);
        }
        if let Some(first) = classifiers.get(self.limits.classes) {
            let message =
                format!("`{file}` has {} classes, more than the {} allowed", classifiers.len(), self.limits.classes);
            let told = self.report.error(
                Diagnostic::new(&codes::U0108, message)
                    .here(first.span, "the first beyond the limit; nothing of the file is used")
                    .help(raise("classes")),
            );
            self.draft = Draft { cut_off: Some(told), ..Draft::new(*source, &file.clone()) };
        }
    }

    /// Takes multiplicities out of the names of attributes, where people write them if they do not know the tool's own place:
    /// `phone[0..*]`. A tool's own bounds say nothing then, or just 1.
    fn bounds_in_names(&mut self) {
        if !self.has_bounds_in_names {
            return;
        }
        for property in &mut self.draft.properties {
            let Some(Spanned { value: name, span }) = &mut property.name else { continue };
            let Some((bare, bounds)) = name.strip_suffix(']').and_then(|name| name.rsplit_once('[')) else { continue };
            let Some(Meaning::Plain(value)) = multiplicity::text(bounds) else { continue };
            let is_open = property.multiplicity.is_none_or(|known| known.value == Multiplicity::ONE);
            let is_attribute = self.elements.get(property.element).kind == ElementKind::Attribute;
            if bare.trim().is_empty() || !is_attribute || !is_open {
                continue;
            }
            let bounds = bounds.to_owned();
            *name = bare.trim_end().into();
            property.multiplicity = Some(WrittenMultiplicity { value, span: *span });
            self.elements.rename(property.element, Some(name));
            let path = self.elements.path(property.element);
            let message =
                format!("the name of attribute `{path}` ends with `[{bounds}]`; that is read as its multiplicity");
            let diagnostic = Diagnostic::new(&codes::U0509, message).about(property.element).here(*span, "this name");
            self.report.add(diagnostic.help("write it where the tool has the multiplicity"));
        }
    }

    /// Keeps to the limits, sums up what many elements share, and gives the draft.
    pub(super) fn finish(mut self) -> Draft {
        self.bounds_in_names();
        self.draft.hrefs = self.hrefs.take();
        self.limit();
        let prefix = self.metaclass_prefix;
        for (metaclass, (count, first)) in self.ignored {
            let message = if count == 1 {
                format!("1 `{prefix}{metaclass}` element is not part of a class diagram")
            } else {
                format!("{count} `{prefix}{metaclass}` elements are not part of a class diagram")
            };
            let here = self.elements.get(first).span;
            self.report.add(Diagnostic::new(&codes::U0204, message).about(first).here(here, "the first of them"));
        }
        if let Some((count, first)) = self.without_id {
            let message = match count {
                1 => "1 element has no `xmi:id`".to_owned(),
                _ => format!("{count} elements have no `xmi:id`"),
            };
            let here = self.elements.get(first).span;
            self.report.add(
                Diagnostic::new(&codes::U0206, message)
                    .about(first)
                    .here(here, "the first of them")
                    .note("when it is renamed, it cannot be told from a new one")
                    .help("export with ids if the tool can"),
            );
        }
        self.draft
    }
}
