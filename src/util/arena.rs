//! Arenas: values in a vector, named by typed indices.
//!
//! Trees and graphs are stored flat, so that walking, printing and dropping them never recurses with the input.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::ops::{Index, IndexMut};

/// The place of a `T` in its [`Arena`], counted from 1, so that an optional id is no larger.
pub struct Id<T>(NonZeroU32, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// The id of the element at `index`.
    ///
    /// Arenas hold fewer than `u32::MAX` elements; a larger index is clamped to that and then names no element.
    pub fn new(index: usize) -> Self {
        let number = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        Self(NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN), PhantomData)
    }

    /// The position in the arena.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.index())
    }
}

/// Values of one kind in the order in which they were met.
#[derive(Clone, Debug)]
pub struct Arena<T>(Vec<T>);

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Arena<T> {
    /// An empty arena.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for so many values more, so that they are not moved while they become many.
    pub fn reserve(&mut self, more: usize) {
        self.0.reserve(more);
    }

    /// Stores `value` and names it.
    pub fn push(&mut self, value: T) -> Id<T> {
        let id = Id::new(self.0.len());
        self.0.push(value);
        id
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = Id<T>> + ExactSizeIterator + use<T> {
        (0..self.0.len()).map(Id::new)
    }

    /// All values with their ids, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Id<T>, &T)> + ExactSizeIterator {
        self.0.iter().enumerate().map(|(index, value)| (Id::new(index), value))
    }

    /// All values, in order.
    pub fn values(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// All values, in order, to be changed.
    pub fn values_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.0.iter_mut()
    }

    /// The value that `id` names, if `id` is of this arena.
    pub fn get(&self, id: Id<T>) -> Option<&T> {
        self.0.get(id.index())
    }
}

impl<T> Index<Id<T>> for Arena<T> {
    type Output = T;

    fn index(&self, id: Id<T>) -> &T {
        &self.0[id.index()]
    }
}
impl<T> IndexMut<Id<T>> for Arena<T> {
    fn index_mut(&mut self, id: Id<T>) -> &mut T {
        &mut self.0[id.index()]
    }
}

/// A side table: values for some of the elements of an [`Arena`], in the arena's order.
#[derive(Clone, Debug)]
pub struct Map<K, V>(Vec<Option<V>>, PhantomData<fn() -> K>);

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self(Vec::new(), PhantomData)
    }
}

impl<K, V> Map<K, V> {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes `value` for `key` and gives back what was noted before.
    pub fn insert(&mut self, key: Id<K>, value: V) -> Option<V> {
        if self.0.len() <= key.index() {
            self.0.resize_with(key.index() + 1, || None);
        }
        self.0[key.index()].replace(value)
    }

    /// What is noted for `key`.
    pub fn get(&self, key: Id<K>) -> Option<&V> {
        self.0.get(key.index())?.as_ref()
    }

    /// What is noted for `key`, to be changed.
    pub fn get_mut(&mut self, key: Id<K>) -> Option<&mut V> {
        self.0.get_mut(key.index())?.as_mut()
    }

    /// Whether something is noted for `key`.
    pub fn contains(&self, key: Id<K>) -> bool {
        self.get(key).is_some()
    }

    /// All notes in the order of the arena.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Id<K>, &V)> {
        self.0.iter().enumerate().filter_map(|(index, value)| Some((Id::new(index), value.as_ref()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_table_answers_only_for_what_was_noted() {
        let mut arena = Arena::new();
        let first = arena.push("a");
        let second = arena.push("b");
        let mut map = Map::new();
        map.insert(second, 2);
        assert_eq!(map.get(first), None);
        assert_eq!(map.get(second), Some(&2));
        assert_eq!(map.iter().collect::<Vec<_>>(), [(second, &2)]);
    }
}
