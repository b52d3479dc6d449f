//! Profiles: what a stereotype's definition says where its applications say nothing (UML 2.5.1, 12.3.3.4).

use std::collections::{BTreeMap, BTreeSet};

use super::build;
use super::index::{Found, Index};
use crate::account::{Element, Elements};
use crate::profile;
use crate::uml::draft::{DraftApplication, DraftStereotype};
use crate::uml::model::Tag;

/// The stereotypes that are defined in the documents that were read.
pub(super) struct Profiles<'i, 'd> {
    index: &'i Index<'d>,
    /// Each with the number of its draft, by its name.
    by_name: BTreeMap<String, Vec<(usize, &'d DraftStereotype)>>,
    by_element: BTreeMap<Element, (usize, &'d DraftStereotype)>,
}

impl<'i, 'd> Profiles<'i, 'd> {
    pub(super) fn new(index: &'i Index<'d>) -> Self {
        let mut profiles = Self { index, by_name: BTreeMap::new(), by_element: BTreeMap::new() };
        for (number, draft) in index.drafts.iter().enumerate() {
            for stereotype in &draft.stereotypes {
                let known = (number, stereotype);
                profiles.by_name.entry(profile::normal(&stereotype.name)).or_default().push(known);
                profiles.by_element.insert(stereotype.element, known);
            }
        }
        profiles
    }

    /// The defaults of the tags that an application leaves out, the nearest definition first. Only of stereotypes that mean something
    /// here: what the tags of other profiles are called like is chance.
    pub(super) fn defaults(&self, application: &DraftApplication, elements: &Elements) -> Vec<Tag> {
        let name = profile::without_profile(&application.name.value);
        let Some(known) = self.by_name.get(&profile::normal(name)) else { return Vec::new() };
        if profile::stereotype(name).is_none() {
            return Vec::new();
        }
        let prefix = profile::normal(&application.profile);
        let is_of_profile = |(_, stereotype): &&(usize, &DraftStereotype)| {
            stereotype.profile.as_ref().is_some_and(|profile| profile::normal(profile) == prefix)
        };
        let Some(&first) = known.iter().find(is_of_profile).or(known.first().filter(|_| known.len() == 1)) else {
            return Vec::new();
        };
        let mut tags: Vec<Tag> = Vec::new();
        let mut given: BTreeSet<String> = application.tags.iter().map(|tag| profile::normal(&tag.name.value)).collect();
        let mut seen = BTreeSet::from([first.1.element]);
        let mut line = vec![first];
        let mut next = 0;
        while let Some(&(number, stereotype)) = line.get(next) {
            next += 1;
            for (name, default) in &stereotype.defaults {
                if given.insert(profile::normal(name)) {
                    let value = build::default(self.index, number, default, elements).text;
                    let name = crate::source::Spanned::new(name.clone(), value.span);
                    tags.push(Tag { name, value, stereotype: Some(application.name.value.clone()) });
                }
            }
            for general in &stereotype.generals {
                if let Found::Element(element) = self.index.find(number, general)
                    && let Some(&known) = self.by_element.get(&element)
                    && seen.insert(element)
                {
                    line.push(known);
                }
            }
        }
        tags
    }
}
