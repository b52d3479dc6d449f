//! Values that the database computes and stores: generated columns.

use super::condition::rounded;
use super::{Absent, Arithmetic, Function, Names, Term};
use crate::django::expr::Formula;
use crate::python::Expr;

impl<R> Term<R> {
    /// The value as a formula of one row that every database computes alike: sums and products of numbers, texts in a row.
    ///
    /// Of an exact number that has more, `most` places are kept. `None` for anything else, and for columns as they are: a copy of a
    /// column is none.
    pub fn generated(&self, names: &impl Names<R>, most: Option<u32>) -> Option<Formula> {
        match self {
            Self::Negative(_) | Self::Arithmetic(..) if self.has_optional_text(names) => None,
            Self::Negative(_) | Self::Arithmetic(..) => match (most, self.places(names)) {
                (Some(most), Some(places)) if places > most => Some(rounded(self.formula(names)?, most)),
                _ => self.exact(names),
            },
            Self::Function(Function::Concat, parts) => {
                let mut args = Vec::new();
                for part in parts {
                    args.push(match part {
                        // A text that may be missing makes the whole missing; databases take it for an empty one.
                        Self::Value { of, field, absent: Absent::Never } if of.is_own() => {
                            Formula::Field(names.field(field)?)
                        }
                        Self::Literal(text @ Expr::Str(_)) => Formula::Literal(text.clone()),
                        _ => return None,
                    });
                }
                let fields = args.iter().filter(|arg| matches!(arg, Formula::Field(_))).count();
                let module = "django.db.models.functions.text";
                (fields > 0).then_some(Formula::Function { module, name: "Concat", args })
            }
            _ => None,
        }
    }

    /// Whether it measures a text that may be missing: that has no length, and databases say 0.
    fn has_optional_text(&self, names: &impl Names<R>) -> bool {
        match self {
            Self::Function(_, args) => args.iter().any(|arg| arg.has_optional_text(names)),
            Self::Negative(of) => of.has_optional_text(names),
            Self::Arithmetic(_, left, right) => left.has_optional_text(names) || right.has_optional_text(names),
            value => value.column(names).is_some_and(|(_, absent)| absent == Absent::EmptyText),
        }
    }

    /// Whether it has a product.
    pub fn multiplies(&self) -> bool {
        match self {
            Self::Arithmetic(operator, left, right) => {
                *operator == Arithmetic::Times || left.multiplies() || right.multiplies()
            }
            Self::Negative(of) => of.multiplies(),
            _ => false,
        }
    }

    /// The most characters of joined texts, where `length` knows those of columns.
    pub fn length(&self, length: &impl Fn(&R) -> Option<u32>) -> Option<u32> {
        match self {
            Self::Value { field, .. } => length(field),
            Self::Literal(Expr::Str(text)) => u32::try_from(text.chars().count()).ok(),
            Self::Function(Function::Concat, parts) => {
                parts.iter().try_fold(0_u32, |sum, part| Some(sum.saturating_add(part.length(length)?)))
            }
            _ => None,
        }
    }

    /// The most digits of an exact number before and behind its point, where `digits` knows those of columns.
    pub fn digits(&self, digits: &impl Fn(&R) -> Option<(u32, u32)>) -> Option<(u32, u32)> {
        let of_text = |text: &str| {
            let (whole, part) = text.trim_start_matches('-').split_once('.').unwrap_or((text, ""));
            Some((u32::try_from(whole.len()).ok()?, u32::try_from(part.len()).ok()?))
        };
        match self {
            Self::Value { field, .. } => digits(field),
            Self::Literal(Expr::Int(text)) => of_text(text),
            Self::Function(Function::Size, _) => Some((10, 0)),
            Self::Literal(Expr::Call { name: "Decimal", args, .. }) => match args.as_slice() {
                [Expr::Str(text)] => of_text(text),
                _ => None,
            },
            Self::Negative(of) => of.digits(digits),
            Self::Arithmetic(operator, left, right) => {
                let ((whole, places), (more, other)) = (left.digits(digits)?, right.digits(digits)?);
                match operator {
                    Arithmetic::Plus | Arithmetic::Minus => Some((whole.max(more) + 1, places.max(other))),
                    Arithmetic::Times => Some((whole + more, places + other)),
                    Arithmetic::Divide => None,
                }
            }
            _ => None,
        }
    }
}
