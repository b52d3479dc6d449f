//! How a binary relation is stored (django-mapping 3.2).

use crate::django::FieldKind;
use crate::uml::Multiplicity;
use crate::uml::model::Aggregation;

/// What leads to an interface or abstract model with more implementing classes than this is no key to each of them.
pub const MANY_TARGETS: usize = 4;

/// What an end says about the class at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// How many of its objects one object at the other end has.
    pub multiplicity: Multiplicity,
    /// Whether it is the part.
    pub aggregation: Aggregation,
    /// Whether one can navigate to it.
    pub navigable: Option<bool>,
    /// Whether qualifiers stand at it.
    pub qualified: bool,
}

/// How a relation is stored. Ends are given by their index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A foreign key on the class at end `holder`.
    ForeignKey {
        /// The end whose class holds it.
        holder: usize,
        /// Whether it may be empty.
        null: bool,
    },
    /// A one-to-one on the class at end `holder`.
    OneToOne {
        /// The end whose class holds it.
        holder: usize,
        /// Whether it may be empty.
        null: bool,
    },
    /// Many-to-many, declared on the class at end `owner`.
    ManyToMany {
        /// The end whose class declares it.
        owner: usize,
    },
}

impl Shape {
    /// The end whose class holds or declares it.
    pub fn holder(self) -> usize {
        match self {
            Self::ForeignKey { holder, .. } | Self::OneToOne { holder, .. } => holder,
            Self::ManyToMany { owner } => owner,
        }
    }
}

/// What decides between two classes where the multiplicities do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Decided, by this rule.
    Decided(usize, &'static str),
    /// The app that depends on the other decides, see [`by_app`].
    Open,
}

/// Whether the end counts as many: a qualified end at the other side splits its objects, so that there are many in all.
pub fn is_many(ends: &[Side; 2], index: usize) -> bool {
    ends[index].multiplicity.is_many() || ends[1 - index].qualified
}

/// Which end's class holds a relation between two classes, and why; open if only the apps can tell.
pub fn owner(ends: &[Side; 2]) -> Owner {
    let whole = whole(ends);
    match (is_many(ends, 0), is_many(ends, 1)) {
        // Many A for each B, one B for each A: A refers to B.
        (true, false) => Owner::Decided(0, "many to one: the side of the many refers to the one"),
        (false, true) => Owner::Decided(1, "many to one: the side of the many refers to the one"),
        (false, false) => {
            if let Some(whole) = whole {
                return Owner::Decided(1 - whole, "the part refers to its whole");
            }
            match [0, 1].map(|end| ends[end].multiplicity.is_required()) {
                [false, true] => return Owner::Decided(0, "one to one: it needs the other, not the reverse"),
                [true, false] => return Owner::Decided(1, "one to one: it needs the other, not the reverse"),
                _ => {}
            }
            arrow(ends, "one to one: the arrow starts here")
        }
        (true, true) => {
            if let Some(whole) = whole {
                return Owner::Decided(whole, "many to many: the whole lists its parts");
            }
            arrow(ends, "many to many: the arrow starts here")
        }
    }
}

fn arrow(ends: &[Side; 2], rule: &'static str) -> Owner {
    match [0, 1].map(|end| ends[end].navigable == Some(true)) {
        [true, false] => Owner::Decided(1, rule),
        [false, true] => Owner::Decided(0, rule),
        _ => Owner::Open,
    }
}

/// The end at the whole, if exactly one end is a part.
pub fn whole(ends: &[Side; 2]) -> Option<usize> {
    match [0, 1].map(|end| ends[end].aggregation != Aggregation::None) {
        [true, false] => Some(1),
        [false, true] => Some(0),
        _ => None,
    }
}

/// The last rules for the owner, if nothing drawn decides: the class whose app depends on the other's; else, for one-to-one,
/// the class whose name sorts last, which is unclear; else the first member end's class.
///
/// `depends` says for each end whether its app depends on the app of the other end. The flag tells that nothing decided.
pub fn by_app(ends: &[Side; 2], depends: [bool; 2], names: [&str; 2]) -> (usize, &'static str, bool) {
    match depends {
        [true, false] => return (0, "its app depends on the other's already", false),
        [false, true] => return (1, "its app depends on the other's already", false),
        _ => {}
    }
    if is_many(ends, 0) {
        (0, "many to many: the class of the first end", false)
    } else {
        (usize::from(names[0] <= names[1]), "nothing drawn decides: the class whose name sorts last", true)
    }
}

/// The shape of a relation once its owner is known.
pub fn shape(ends: &[Side; 2], owner: usize) -> Shape {
    let null = !ends[1 - owner].multiplicity.is_required();
    match (is_many(ends, 0), is_many(ends, 1)) {
        (true, true) => Shape::ManyToMany { owner },
        (false, false) => Shape::OneToOne { holder: owner, null },
        _ => Shape::ForeignKey { holder: owner, null },
    }
}

/// The column that holds the key of a row of any of several tables, whose own keys are these, and why.
pub fn generic_key(keys: impl IntoIterator<Item = FieldKind>) -> (FieldKind, &'static str) {
    let keys: Vec<FieldKind> = keys.into_iter().collect();
    let all = |is: fn(&FieldKind) -> bool| keys.iter().all(is);
    let is_whole = |kind: &FieldKind| {
        matches!(
            kind,
            FieldKind::BigAuto
                | FieldKind::SmallInteger
                | FieldKind::Integer
                | FieldKind::BigInteger
                | FieldKind::PositiveSmallInteger
                | FieldKind::PositiveInteger
                | FieldKind::PositiveBigInteger
        )
    };
    if all(|kind| *kind == FieldKind::BigAuto) {
        (FieldKind::PositiveBigInteger, "the keys count from 1")
    } else if all(is_whole) {
        (FieldKind::BigInteger, "all keys are whole numbers")
    } else if all(|kind| *kind == FieldKind::Uuid) {
        (FieldKind::Uuid, "all keys are UUIDs")
    } else {
        (FieldKind::Char { max_length: 255 }, "keys of several types are kept as text")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(multiplicity: Multiplicity) -> Side {
        Side { multiplicity, aggregation: Aggregation::None, navigable: None, qualified: false }
    }

    fn decide(ends: [Side; 2]) -> Shape {
        let owner = match owner(&ends) {
            Owner::Decided(owner, _) => owner,
            Owner::Open => by_app(&ends, [false, false], ["Alpha", "Beta"]).0,
        };
        shape(&ends, owner)
    }

    #[test]
    fn multiplicities_give_kind_holder_and_presence() {
        let (one, optional, many) = (side(Multiplicity::ONE), side(Multiplicity::OPTIONAL), side(Multiplicity::MANY));
        assert_eq!(decide([many, one]), Shape::ForeignKey { holder: 0, null: false });
        assert_eq!(decide([optional, many]), Shape::ForeignKey { holder: 1, null: true });
        assert_eq!(decide([optional, one]), Shape::OneToOne { holder: 0, null: false });
        assert_eq!(decide([one, optional]), Shape::OneToOne { holder: 1, null: false });
        assert_eq!(decide([one, one]), Shape::OneToOne { holder: 1, null: false });
        assert_eq!(decide([optional, optional]), Shape::OneToOne { holder: 1, null: true });
        assert_eq!(decide([many, many]), Shape::ManyToMany { owner: 0 });
    }

    #[test]
    fn the_part_holds_the_column_whatever_the_multiplicities() {
        let whole = side(Multiplicity::OPTIONAL);
        let part = Side { aggregation: Aggregation::Composite, ..side(Multiplicity::ONE) };
        assert_eq!(decide([whole, part]), Shape::OneToOne { holder: 1, null: true });
    }

    #[test]
    fn a_qualifier_makes_many_of_one() {
        let library = Side { qualified: true, ..side(Multiplicity::ONE) };
        assert_eq!(decide([library, side(Multiplicity::OPTIONAL)]), Shape::ForeignKey { holder: 1, null: false });
    }
}
