//! The ids of a document.

use std::hash::BuildHasher;

use hashbrown::HashTable;

use crate::account::Element;
use crate::util::texts::{Text, Texts};

/// The elements of a document by their ids. A tree would compare ids, which are long and alike, a dozen times for each reference.
///
/// The ids stand in one text in the order in which they were met, and the table has no more than their numbers: those that refer to
/// each other mostly stand together, and a large table of all of them would not fit into the caches of a processor.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    table: HashTable<u32>,
    entries: Vec<Entry>,
    texts: Texts,
    state: foldhash::fast::RandomState,
}

/// An id with its hash, so that a table that grows looks at no id.
#[derive(Clone, Copy, Debug)]
struct Entry {
    id: Text,
    element: Element,
    hash: u32,
}

impl Ids {
    /// The element with the id `id`.
    pub fn get(&self, id: &str) -> Option<&Element> {
        self.find(id, self.hash(id))
    }

    /// Makes room for so many ids more.
    pub fn reserve(&mut self, more: usize) {
        self.entries.reserve(more);
        let entries = &self.entries;
        self.table.reserve(more, |&number| spread(entries[number as usize].hash));
    }

    /// Whether an element has the id `id`.
    pub fn contains_key(&self, id: &str) -> bool {
        self.get(id).is_some()
    }

    /// All ids, in the order in which they were met.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Element)> {
        self.entries.iter().map(|entry| (self.texts.get(entry.id), entry.element))
    }

    /// Notes that `element` has the id `id`. The first element keeps an id, and is given back if there was one.
    pub fn insert(&mut self, id: &str, element: Element) -> Option<Element> {
        let hash = self.hash(id);
        if let Some(&first) = self.find(id, hash) {
            return Some(first);
        }
        // A document has fewer elements than its bytes, and of these no more than 4 billion.
        let number = u32::try_from(self.entries.len()).ok()?;
        let id = self.texts.keep(id)?;
        self.entries.push(Entry { id, element, hash });
        let entries = &self.entries;
        self.table.insert_unique(spread(hash), number, |&number| spread(entries[number as usize].hash));
        None
    }

    fn find(&self, id: &str, hash: u32) -> Option<&Element> {
        let entry = |number: u32| &self.entries[number as usize];
        let is = |number: &u32| entry(*number).hash == hash && self.texts.get(entry(*number).id) == id;
        self.table.find(spread(hash), is).map(|&number| &entry(number).element)
    }

    fn hash(&self, id: &str) -> u32 {
        let hash = self.state.hash_one(id);
        // Half of it is enough for 4 billion elements.
        #[expect(clippy::cast_possible_truncation)]
        let half = hash as u32;
        half
    }
}

/// Half a hash as the table wants it: it looks at the bits at both ends.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}
