//! What an association end without multiplicity means (django-mapping 3.1).

use crate::decision::Decision;
use crate::source::Span;
use crate::uml::Multiplicity;
use crate::uml::model::AbsentMultiplicity;

/// What is known about an end whose multiplicity was not drawn.
#[expect(clippy::struct_excessive_bools)]
#[derive(Clone, Copy, Debug)]
pub struct Undrawn {
    /// What its tool means by that.
    pub absent: AbsentMultiplicity,
    /// Whether the class at this end is the whole of a composition.
    pub is_whole: bool,
    /// Whether one can navigate to this end.
    pub navigable: bool,
    /// Whether one can navigate to the other end.
    pub other_navigable: bool,
    /// Whether it is the second end.
    pub is_second: bool,
    /// Where it is shown.
    pub at: Span,
}

/// The multiplicity of an end that was not drawn; the flag says whether it is worth a word.
pub fn undrawn(end: Undrawn) -> (Decision<Multiplicity>, bool) {
    let (multiplicity, rule) = if end.absent == AbsentMultiplicity::One {
        return (Decision::rule(Multiplicity::ONE, "not written means 1 in files of this tool", end.at), false);
    } else if end.is_whole {
        (Multiplicity::ONE, "nobody drew it: a part has one whole")
    } else if end.navigable != end.other_navigable {
        if end.navigable {
            (Multiplicity::OPTIONAL, "nobody drew it: an arrow leads to at most one")
        } else {
            (Multiplicity::MANY, "nobody drew it: many may point at the same")
        }
    } else if end.is_second && !end.navigable {
        (Multiplicity::OPTIONAL, "nobody drew it, nor an arrow: the second end is at most one")
    } else if end.navigable {
        // Arrows at both ends: an arrow leads to at most one.
        (Multiplicity::OPTIONAL, "nobody drew it: an arrow leads to at most one")
    } else {
        (Multiplicity::MANY, "nobody drew it, nor an arrow: the first end is many")
    };
    (Decision::rule(multiplicity, rule, end.at), true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn read(is_whole: bool, navigable: bool, other_navigable: bool, is_second: bool) -> String {
        let at = Span::new(Sources::default().add("", ""), 0..0);
        let absent = AbsentMultiplicity::Unknown;
        undrawn(Undrawn { absent, is_whole, navigable, other_navigable, is_second, at }).0.value.to_string()
    }

    #[test]
    fn an_undrawn_multiplicity_follows_diamond_then_arrow_then_order() {
        assert_eq!(read(true, false, true, false), "1");
        assert_eq!(read(false, true, false, false), "0..1");
        assert_eq!(read(false, false, true, true), "*");
        assert_eq!(read(false, false, false, true), "0..1");
        assert_eq!(read(false, false, false, false), "*");
    }
}
