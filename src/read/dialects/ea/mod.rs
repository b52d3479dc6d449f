//! Enterprise Architect. Half of what it knows stands in its extension block.

mod extension;

pub(super) use extension::says_is_id;

use super::{AbsentMultiplicity, BoundQuirks, Dialect, Navigability, PLAIN, Signs};

static EA: Dialect = Dialect {
    tool: "Enterprise Architect",
    absent_end: AbsentMultiplicity::Unknown,
    navigability: Navigability::UnspecifiedWithoutArrow,
    bounds: BoundQuirks { zero_upper_is_optional: true, star_below: true },
    wrappers: &["EA_Model"],
    own_part: Some(extension::read),
    ..PLAIN
};

pub(super) fn recognise(signs: &Signs) -> Option<&'static Dialect> {
    let spaced = signs.exporter.split_whitespace().collect::<Vec<_>>().join(" ");
    (spaced.contains("Enterprise Architect") || signs.id("EAPK_") || signs.id("EAID_")).then_some(&EA)
}
