//! Who is who in two inventories, and what is said differently.

use std::collections::{BTreeMap, BTreeSet};

use super::{Inventory, Sort, Thing};

/// What happened to one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    /// As it was; `None` if it is new.
    pub old: Option<&'a Thing>,
    /// As it is; `None` if it is gone.
    pub new: Option<&'a Thing>,
    /// Whether it has another name.
    pub is_renamed: bool,
    /// Whether it belongs to something else.
    pub is_moved: bool,
    /// What is said differently.
    pub differences: Vec<Difference>,
    /// The parts that came or went with it: how many, and the word for them.
    pub parts: Vec<(usize, &'static str)>,
}

/// Something that is said differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What: `multiplicity`.
    pub what: &'static str,
    /// As it was said, if it was.
    pub old: Option<String>,
    /// As it is said, if it is.
    pub new: Option<String>,
}

impl<'a> Change<'a> {
    /// The thing as it is, else as it was.
    pub fn thing(&self) -> Option<&'a Thing> {
        self.new.or(self.old)
    }

    /// One word for it: `added`, `removed`, `moved`, `renamed` or `changed`.
    pub fn word(&self) -> &'static str {
        match (self.old, self.new) {
            (None, _) => "added",
            (_, None) => "removed",
            _ if self.is_moved => "moved",
            _ if self.is_renamed => "renamed",
            _ => "changed",
        }
    }
}

/// What differs, by path. `told` are renames that people named: the old and the new path.
pub fn compare<'a>(old: &'a Inventory, new: &'a Inventory, told: &[(String, String)]) -> Vec<Change<'a>> {
    let pairs = Pairs::of(old, new, told);
    let renamed: Vec<(&str, &str)> = pairs
        .joined(old, new)
        .filter(|(old, new)| new.sort == Sort::Classifier && old.name != new.name)
        .map(|(old, new)| (old.name.as_str(), new.name.as_str()))
        .collect();
    let mut changes = Vec::new();
    for (at, thing) in new.things.iter().enumerate() {
        match pairs.old_of[at] {
            Some(was) => changes.extend(pairs.changed(&old.things[was], thing, &renamed)),
            None => changes.push(Change { new: Some(thing), ..lone(new, at, |other| pairs.old_of[other].is_none()) }),
        }
    }
    for (at, thing) in old.things.iter().enumerate().filter(|(at, _)| pairs.new_of[*at].is_none()) {
        changes.push(Change { old: Some(thing), ..lone(old, at, |other| pairs.new_of[other].is_none()) });
    }
    // Parts are told with their owner.
    let is_told_with = |inventory: &Inventory, thing: &Thing, is_lone: &dyn Fn(usize) -> bool| {
        thing.sort.is_part() && thing.owner.is_some_and(|owner| owner < inventory.things.len() && is_lone(owner))
    };
    changes.retain(|change| match (change.old, change.new) {
        (None, Some(thing)) => !is_told_with(new, thing, &|at| pairs.old_of[at].is_none()),
        (Some(thing), None) => !is_told_with(old, thing, &|at| pairs.new_of[at].is_none()),
        _ => true,
    });
    changes.sort_by(|left, right| {
        let key = |change: &Change<'a>| change.thing().map(|thing| (&thing.path, thing.sort, change.new.is_some()));
        key(left).cmp(&key(right))
    });
    changes
}

/// What came or went, with its parts.
fn lone<'a>(inventory: &Inventory, at: usize, is_lone: impl Fn(usize) -> bool) -> Change<'a> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    let things = inventory.things.iter().enumerate();
    for (_, part) in things.filter(|(place, it)| it.owner == Some(at) && it.sort.is_part() && is_lone(*place)) {
        *counts.entry(part.kind).or_default() += 1;
    }
    let parts = counts.into_iter().map(|(word, count)| (count, word)).collect();
    Change { old: None, new: None, is_renamed: false, is_moved: false, differences: Vec::new(), parts }
}

/// Who is who.
struct Pairs {
    new_of: Vec<Option<usize>>,
    old_of: Vec<Option<usize>>,
}

impl Pairs {
    /// As people told; by id, if ids are kept; by path; by name in what is the same.
    fn of(old: &Inventory, new: &Inventory, told: &[(String, String)]) -> Self {
        let mut pairs = Self { new_of: vec![None; old.things.len()], old_of: vec![None; new.things.len()] };
        let told: BTreeMap<&str, &str> = told.iter().map(|(old, new)| (new.as_str(), old.as_str())).collect();
        let by_path = places(old, |thing| Some((thing.sort, thing.path.as_str())));
        for (at, thing) in new.things.iter().enumerate() {
            if let Some(path) = told.get(thing.path.as_str()) {
                pairs.join(by_path.get(&(thing.sort, *path)), at);
            }
        }
        if keeps_ids(old, new) {
            let by_id = places(old, |thing| Some((thing.sort, thing.id.as_deref()?)));
            for (at, thing) in new.things.iter().enumerate() {
                if let Some(id) = &thing.id {
                    pairs.join(by_id.get(&(thing.sort, id.as_str())), at);
                }
            }
        }
        for (at, thing) in new.things.iter().enumerate() {
            pairs.join(by_path.get(&(thing.sort, thing.path.as_str())), at);
        }
        let by_name = places(old, |thing| Some((thing.sort, thing.owner?, thing.name.as_str())));
        // Each round reaches the parts of what the last one found.
        loop {
            let mut found = false;
            for (at, thing) in new.things.iter().enumerate() {
                let Some(owner) = thing.owner.and_then(|owner| *pairs.old_of.get(owner)?) else { continue };
                found |= pairs.join(by_name.get(&(thing.sort, owner, thing.name.as_str())), at);
            }
            if !found {
                return pairs;
            }
        }
    }

    /// Joins what is at `new` with the first of `candidates` that is nobody's; whether that was done.
    fn join(&mut self, candidates: Option<&Vec<usize>>, new: usize) -> bool {
        let free = candidates.into_iter().flatten().find(|old| self.new_of[**old].is_none());
        let Some(&old) = free.filter(|_| self.old_of[new].is_none()) else { return false };
        self.new_of[old] = Some(new);
        self.old_of[new] = Some(old);
        true
    }

    /// What is the same in both.
    fn joined<'a>(&self, old: &'a Inventory, new: &'a Inventory) -> impl Iterator<Item = (&'a Thing, &'a Thing)> {
        let pairs = self
            .old_of
            .iter()
            .enumerate()
            .filter_map(|(at, was)| Some((old.things.get((*was)?)?, new.things.get(at)?)));
        pairs.collect::<Vec<_>>().into_iter()
    }

    fn changed<'a>(&self, old: &'a Thing, new: &'a Thing, renamed: &[(&str, &str)]) -> Option<Change<'a>> {
        // An association without a name is called after its ends.
        let follows = new.sort == Sort::Association && renamed_in(&old.name, renamed) == new.name;
        let is_renamed = old.name != new.name && !follows;
        let is_moved = match (old.owner, new.owner) {
            (Some(was), Some(is)) => self.new_of.get(was).copied().flatten() != Some(is),
            (was, is) => was.is_some() != is.is_some(),
        };
        let mut differences = Vec::new();
        if old.kind != new.kind {
            let (old, new) = (Some(old.kind.to_owned()), Some(new.kind.to_owned()));
            differences.push(Difference { what: "kind", old, new });
        }
        let words = new.says.iter().chain(&old.says).map(|(what, _)| *what);
        let mut seen = BTreeSet::new();
        for what in words.filter(|what| seen.insert(*what)) {
            let (before, after) = (said(old, what), said(new, what));
            // That a class is called otherwise is told where it stands, and not of everything that leads to it.
            let is_same =
                before == after || before.is_some_and(|text| Some(renamed_in(text, renamed).as_str()) == after);
            if !is_same {
                differences.push(Difference { what, old: before.map(str::to_owned), new: after.map(str::to_owned) });
            }
        }
        let is_change = is_renamed || is_moved || !differences.is_empty();
        is_change.then(|| Change {
            old: Some(old),
            new: Some(new),
            is_renamed,
            is_moved,
            differences,
            parts: Vec::new(),
        })
    }
}

/// The text with the new names of classes.
fn renamed_in(text: &str, renamed: &[(&str, &str)]) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    'next: while let Some(first) = rest.chars().next() {
        if !out.ends_with(is_part) {
            for (old, new) in renamed.iter().filter(|(old, _)| !old.is_empty()) {
                if let Some(after) = rest.strip_prefix(old).filter(|after| !after.starts_with(is_part)) {
                    out += new;
                    rest = after;
                    continue 'next;
                }
            }
        }
        out.push(first);
        rest = &rest[first.len_utf8()..];
    }
    out
}

fn said<'a>(thing: &'a Thing, what: &str) -> Option<&'a str> {
    thing.says.iter().find(|(word, _)| *word == what).map(|(_, text)| text.as_str())
}

/// The places of all things with the same key.
fn places<'a, K: Ord>(inventory: &'a Inventory, key: impl Fn(&'a Thing) -> Option<K>) -> BTreeMap<K, Vec<usize>> {
    let mut places: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (at, thing) in inventory.things.iter().enumerate() {
        if let Some(key) = key(thing) {
            places.entry(key).or_default().push(at);
        }
    }
    places
}

/// Whether at least half of what kept its path kept its id: else the tool makes new ones at each export.
fn keeps_ids(old: &Inventory, new: &Inventory) -> bool {
    fn ids(inventory: &Inventory) -> BTreeMap<(Sort, &str), &str> {
        let things = inventory.things.iter();
        things.filter_map(|thing| Some(((thing.sort, thing.path.as_str()), thing.id.as_deref()?))).collect()
    }
    let (old, new) = (ids(old), ids(new));
    let kept = new.iter().filter_map(|(key, id)| Some(old.get(key)? == id));
    let (mut paths, mut same) = (0_usize, 0_usize);
    for is_same in kept {
        paths += 1;
        same += usize::from(is_same);
    }
    same * 2 >= paths
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Things from lines `class shop.Order #id multiplicity=1`; owners are found by path.
    fn inventory(lines: &[&str]) -> Inventory {
        let mut things: Vec<Thing> = Vec::new();
        for line in lines {
            let mut words = line.split_whitespace();
            let (sort, kind) = match words.next().unwrap() {
                "package" => (Sort::Package, "package"),
                "class" => (Sort::Classifier, "class"),
                "interface" => (Sort::Classifier, "interface"),
                "literal" => (Sort::Literal, "literal"),
                _ => (Sort::Attribute, "attribute"),
            };
            let path = words.next().unwrap().to_owned();
            let mut thing = Thing {
                sort,
                kind,
                name: path.rsplit('.').next().unwrap().to_owned(),
                owner: None,
                id: None,
                at: None,
                says: Vec::new(),
                path,
            };
            for word in words {
                match word.split_once('=') {
                    Some((_, text)) => thing.says.push(("multiplicity", text.to_owned())),
                    None => thing.id = Some(word.to_owned()),
                }
            }
            thing.owner =
                thing.path.rsplit_once('.').and_then(|(owner, _)| things.iter().position(|it| it.path == owner));
            things.push(thing);
        }
        Inventory { things }
    }

    fn told(old: &[&str], new: &[&str]) -> Vec<String> {
        let (old, new) = (inventory(old), inventory(new));
        let lines = compare(&old, &new, &[]).into_iter().map(|change| {
            let thing = change.thing().unwrap();
            let from = change
                .old
                .filter(|old| old.path != thing.path)
                .map_or(String::new(), |old| format!(" from {}", old.path));
            let says: Vec<String> =
                change.differences.iter().map(|it| format!(" {}: {:?} {:?}", it.what, it.old, it.new)).collect();
            let parts: Vec<String> = change.parts.iter().map(|(count, word)| format!(" +{count} {word}")).collect();
            format!("{} {} {}{from}{}{}", change.word(), thing.kind, thing.path, says.concat(), parts.concat())
        });
        lines.collect()
    }

    #[test]
    fn what_keeps_its_id_is_the_same_whatever_its_name() {
        let old = ["package p #p", "class p.A #a", "attribute p.A.x #x =1", "attribute p.A.y #y"];
        let new = ["package p #p", "class p.B #a", "attribute p.B.x #x =0..1", "attribute p.B.z #y"];
        assert_eq!(
            told(&old, &new),
            [
                "renamed class p.B from p.A",
                "changed attribute p.B.x from p.A.x multiplicity: Some(\"1\") Some(\"0..1\")",
                "renamed attribute p.B.z from p.A.y"
            ]
        );
    }

    #[test]
    fn parts_are_told_with_what_came_or_went() {
        let old = ["package p", "class p.A", "attribute p.A.x", "attribute p.A.y"];
        let new = ["package p", "class p.B", "attribute p.B.x", "literal p.B.z"];
        assert_eq!(told(&old, &new), ["removed class p.A +2 attribute", "added class p.B +1 attribute +1 literal"]);
    }

    #[test]
    fn names_of_classes_are_replaced_as_whole_words() {
        let renamed = [("Order", "Purchase"), ("Person", "Contact")];
        assert_eq!(renamed_in("owner: Person [1]", &renamed), "owner: Contact [1]");
        assert_eq!(renamed_in("OrderLine, shop.Order, PreOrder", &renamed), "OrderLine, shop.Purchase, PreOrder");
    }

    #[test]
    fn what_went_to_another_owner_has_moved() {
        let old = ["package p #p", "package q #q", "class p.A #a", "attribute p.A.x #x"];
        let new = ["package p #p", "package q #q", "class q.A #a", "attribute q.A.x #x"];
        assert_eq!(told(&old, &new), ["moved class q.A from p.A"]);
    }

    #[test]
    fn ids_that_are_new_at_each_export_say_nothing() {
        let old = ["package p #1", "class p.A #2", "class p.B #3", "attribute p.A.x #4"];
        let new = ["package p #5", "class p.A #3", "class p.B #2", "attribute p.A.x #9"];
        assert_eq!(told(&old, &new), Vec::<String>::new());
    }

    #[test]
    fn another_kind_of_classifier_is_a_change() {
        let (old, new) = (["class A #a"], ["interface A #a"]);
        assert_eq!(told(&old, &new), ["changed interface A kind: Some(\"class\") Some(\"interface\")"]);
    }
}
