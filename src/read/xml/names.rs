//! The names of tags and attributes. A document has few and says them again and again: each is kept once, and found and compared
//! without looking at its characters.

use std::hash::BuildHasher;

use hashbrown::HashTable;

use super::{Ns, short};

/// A name as numbers: up to sixteen bytes they are all of it. Those of names in the program are known when that is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packed {
    head: u64,
    tail: u64,
    length: u32,
}

/// The most bytes that [`Packed`] is all of.
const WHOLE: u32 = 16;

impl Packed {
    #[inline]
    pub(super) fn of(name: &str) -> Self {
        Self::at(name.as_bytes(), 0, name.len())
    }

    /// The name between two places of a text.
    #[inline]
    pub(super) fn at(text: &[u8], start: usize, end: usize) -> Self {
        let length = end - start;
        let (head, tail) = if length >= 8 {
            (word(text, start), if length > 8 { word(text, end - 8) } else { 0 })
        } else if text.len() >= start + 8 {
            (word(text, start) & !(u64::MAX << (length * 8)), 0)
        } else {
            let rest = text.get(start..end).unwrap_or_default();
            (rest.iter().rev().fold(0, |head, &byte| head << 8 | u64::from(byte)), 0)
        };
        Self { head, tail, length: short(length) }
    }

    /// A number that differs for most names; its upper bits do best.
    #[inline]
    fn spread(self) -> u64 {
        (self.head ^ self.tail.rotate_left(25) ^ u64::from(self.length)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    /// Whether the numbers do not say all.
    #[inline]
    fn is_long(self) -> bool {
        self.length > WHOLE
    }
}

/// Eight bytes of a text; nothing beyond its end.
#[inline]
pub(super) fn word(text: &[u8], at: usize) -> u64 {
    match text.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()) {
        Some(bytes) => u64::from_le_bytes(bytes),
        None => 0,
    }
}

/// A set of names, a bit for each: it says quickly of most names that they are not in it. Elements are asked for every feature that
/// they may have, and have few of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks(pub(super) u64);

impl Marks {
    #[inline]
    pub(super) fn of(name: Packed) -> Self {
        Self(1 << (name.spread() >> 58))
    }

    #[inline]
    pub(super) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    #[inline]
    pub(super) fn may_have(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A name in the table, by its place there.
pub(super) type NameId = u32;

/// A name with what it means where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'a> {
    packed: Packed,
    pub(super) mark: Marks,
    pub(super) ns: Ns,
    /// With its prefix, and without.
    pub(super) written: &'a str,
    pub(super) local: &'a str,
    /// How many elements have it as their tag, and how many an attribute.
    pub(super) tags: u32,
    pub(super) attributes: u32,
}

/// All names of a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Names<'a>(Vec<Name<'a>>);

impl<'a> Names<'a> {
    #[inline]
    pub(super) fn get(&self, name: NameId) -> &Name<'a> {
        &self.0[name as usize]
    }

    /// Whether a name without its prefix is `wanted`, which is `text` as numbers.
    #[inline]
    pub(super) fn is(&self, name: NameId, wanted: Packed, text: &str) -> bool {
        let name = self.get(name);
        name.packed == wanted && (!wanted.is_long() || name.local == text)
    }

    /// All names that without their prefix are one `of`.
    pub(super) fn all(&self, of: impl Fn(&str) -> bool) -> impl Iterator<Item = (NameId, &Name<'a>)> {
        let all = self.0.iter().enumerate().map(|(id, name)| (short(id), name));
        all.filter(move |(_, name)| of(name.local))
    }

    #[inline]
    pub(super) fn count_tag(&mut self, name: NameId) {
        self.0[name as usize].tags += 1;
    }

    #[inline]
    pub(super) fn count_attribute(&mut self, name: NameId) {
        self.0[name as usize].attributes += 1;
    }
}

/// So many names are found at once; documents have fewer.
const SLOTS: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 10;

/// Finds names in the table by how they are written.
#[derive(Debug)]
pub(super) struct Finder {
    slots: Vec<Slot>,
    /// What a name means may change with every declaration of a namespace. What was noted before is not believed.
    declarations: u32,
    /// All names of the table by how they are written, and their namespaces.
    known: HashTable<NameId>,
    state: foldhash::fast::RandomState,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    packed: Packed,
    name: NameId,
    declarations: u32,
}

/// A name as it stands in the document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Tags and attributes are told apart, because a default namespace is one of tags only.
    pub(super) is_tag: bool,
}

impl Finder {
    pub(super) fn new() -> Self {
        let nothing = Slot { packed: Packed::of(""), name: 0, declarations: 0 };
        Self {
            slots: vec![nothing; SLOTS],
            declarations: 1,
            known: HashTable::new(),
            state: foldhash::fast::RandomState::default(),
        }
    }

    /// Namespaces were declared, or are no longer.
    pub(super) fn forget(&mut self) {
        self.declarations = self.declarations.wrapping_add(1);
    }

    /// A name that was met since the last declaration.
    #[inline]
    pub(super) fn find(&self, names: &Names<'_>, text: &[u8], name: Written) -> Option<NameId> {
        let packed = Packed::at(text, name.start, name.end);
        let slot = &self.slots[slot(packed, name.is_tag)];
        let is_it = slot.packed == packed
            && slot.declarations == self.declarations
            && (!packed.is_long() || *names.get(slot.name).written.as_bytes() == text[name.start..name.end]);
        is_it.then_some(slot.name)
    }

    /// Enters a name that was not found: where it begins without its prefix, and what it means here.
    pub(super) fn enter<'a>(
        &mut self,
        names: &mut Names<'a>,
        text: &'a str,
        name: Written,
        local: usize,
        ns: Ns,
    ) -> NameId {
        let Written { start, end, is_tag } = name;
        let written = &text[start..end];
        let is_known = |id: &NameId| {
            let known = names.get(*id);
            known.ns == ns && known.written == written
        };
        let hash = self.state.hash_one(written);
        let id = if let Some(&id) = self.known.find(hash, is_known) {
            id
        } else {
            let id = short(names.0.len());
            let local = &text[local..end];
            let packed = Packed::of(local);
            names.0.push(Name { packed, mark: Marks::of(packed), ns, written, local, tags: 0, attributes: 0 });
            let hash_of = |id: &NameId| self.state.hash_one(names.get(*id).written);
            self.known.insert_unique(hash, id, hash_of);
            id
        };
        let packed = Packed::at(text.as_bytes(), start, end);
        self.slots[slot(packed, is_tag)] = Slot { packed, name: id, declarations: self.declarations };
        id
    }
}

#[inline]
fn slot(packed: Packed, is_tag: bool) -> usize {
    let slot = (packed.spread() >> (64 - SLOT_BITS)) as usize;
    slot ^ usize::from(is_tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart_whatever_their_length() {
        let names = ["", "a", "b", "name", "nam", "ownedEnd", "ownedEnds", "packagedElement", "packagedElements"];
        for (at, &one) in names.iter().enumerate() {
            for &other in &names[..at] {
                assert_ne!(Packed::of(one), Packed::of(other));
            }
            let text = format!("<{one} {one}");
            let end = text.len();
            assert_eq!(Packed::at(text.as_bytes(), 1, 1 + one.len()), Packed::of(one));
            assert_eq!(Packed::at(text.as_bytes(), end - one.len(), end), Packed::of(one));
        }
    }
}
