//! Exact decimal numbers, as far as samples need them.

use std::cmp::Ordering;

use crate::python::Expr;

/// `mantissa / 10^scale`
#[derive(Clone, Copy, Debug)]
pub struct Number {
    mantissa: i128,
    scale: u32,
}

impl Number {
    /// A whole number.
    pub const fn whole(mantissa: i128) -> Self {
        Self { mantissa, scale: 0 }
    }

    /// `mantissa / 10^scale`
    pub const fn scaled(mantissa: i128, scale: u32) -> Self {
        Self { mantissa, scale }
    }

    /// Reads `-12.50`; no exponents.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let scale = u32::try_from(part.len()).ok()?;
        let digits = part.bytes().all(|byte| byte.is_ascii_digit());
        let mantissa = format!("{whole}{part}").parse().ok().filter(|_| digits)?;
        Some(Self { mantissa, scale })
    }

    /// The number that a literal or a `Decimal("..")` says.
    pub fn of(expr: &Expr) -> Option<Self> {
        match expr {
            Expr::Int(text) => Self::parse(text),
            Expr::Float(value) => Self::parse(&value.to_string()),
            Expr::Call { name: "Decimal", args, .. } => match args.as_slice() {
                [Expr::Str(text) | Expr::Int(text)] => Self::parse(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// The least multiple of `10^-scale` that is not below.
    pub fn ceil(self, scale: u32) -> Option<i128> {
        let floor = self.floor(scale)?;
        Some(if Self::scaled(floor, scale).compare(self)? == Ordering::Less { floor.checked_add(1)? } else { floor })
    }

    /// The greatest multiple of `10^-scale` that is not above.
    pub fn floor(self, scale: u32) -> Option<i128> {
        match scale.checked_sub(self.scale) {
            Some(more) => self.mantissa.checked_mul(10_i128.checked_pow(more)?),
            None => Some(self.mantissa.div_euclid(10_i128.checked_pow(self.scale - scale)?)),
        }
    }

    /// Which is the greater; `None` if they are too far apart in size to say.
    pub fn compare(self, other: Self) -> Option<Ordering> {
        let scale = self.scale.max(other.scale);
        let raised = |number: Self| number.mantissa.checked_mul(10_i128.checked_pow(scale.checked_sub(number.scale)?)?);
        Some(raised(self)?.cmp(&raised(other)?))
    }

    /// `+`, `-` or `*` of two; `None` for other operators and where the result is too large.
    pub fn combine(self, operator: &str, other: Self) -> Option<Self> {
        if operator == "*" {
            let mantissa = self.mantissa.checked_mul(other.mantissa)?;
            return Some(Self { mantissa, scale: self.scale.checked_add(other.scale)? });
        }
        let scale = self.scale.max(other.scale);
        let raised = |number: Self| number.mantissa.checked_mul(10_i128.checked_pow(scale.checked_sub(number.scale)?)?);
        let (left, right) = (raised(self)?, raised(other)?);
        let mantissa = match operator {
            "+" => left.checked_add(right)?,
            "-" => left.checked_sub(right)?,
            _ => return None,
        };
        Some(Self { mantissa, scale })
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.compare(*other) == Some(Ordering::Equal)
    }
}

/// `-12.50` from -1250 and 2.
pub fn decimal_text(mantissa: i128, scale: u32) -> String {
    let sign = if mantissa < 0 { "-" } else { "" };
    let places = scale as usize;
    let digits = format!("{:0>width$}", mantissa.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_towards_what_is_allowed() {
        let number = Number::parse("-1.25").unwrap();
        assert_eq!((number.floor(1), number.ceil(1)), (Some(-13), Some(-12)));
        assert_eq!((number.floor(2), number.ceil(3)), (Some(-125), Some(-1250)));
        assert_eq!(Number::parse("1.50"), Number::parse("1.5"));
        assert!(Number::parse("1e5").is_none() && Number::parse("").is_none() && Number::parse("1.-5").is_none());
    }

    #[test]
    fn decimals_have_all_their_places() {
        assert_eq!(decimal_text(5, 2), "0.05");
        assert_eq!(decimal_text(-1250, 2), "-12.50");
        assert_eq!(decimal_text(7, 0), "7");
    }
}
