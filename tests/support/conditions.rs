//! Random conditions over the fields of a random model.

use umlaut::django::expr::{Condition, Formula, Operand};
use umlaut::python::Expr;

use super::projects::Generator;

impl Generator {
    /// Up to four comparisons, joined in some way.
    pub fn condition(&mut self, names: &[String], nullable: &[String], numbers: &[String]) -> Condition {
        let mut condition = self.lookup(names, nullable, numbers);
        for _ in 0..self.random.below(4) {
            let other = self.lookup(names, nullable, numbers);
            condition = match self.random.below(4) {
                0 => Condition::And(vec![condition, other]),
                1 => Condition::Or(vec![condition, other]),
                2 => Condition::Xor(vec![condition, other]),
                _ => Condition::Or(vec![other, Condition::Not(Box::new(condition))]),
            };
        }
        condition
    }

    fn lookup(&mut self, names: &[String], nullable: &[String], numbers: &[String]) -> Condition {
        let lookup = |field: &String, lookup, value| Condition::Lookup { field: field.clone(), lookup, value };
        if !numbers.is_empty() && self.random.chance(60) {
            let field = self.random.choose(numbers).clone();
            return match self.random.below(4) {
                3 => self.comparison(&field),
                0 => lookup(&field, "gte", Operand::Literal(Expr::int(0))),
                1 => lookup(&field, "", Operand::Literal(Expr::int(3))),
                _ => lookup(&field, "lt", Operand::Field(self.random.choose(numbers).clone())),
            };
        }
        let pool = if nullable.is_empty() { names } else { nullable };
        let field = self.random.choose(pool).clone();
        lookup(&field, "isnull", Operand::Literal(Expr::Bool(self.random.chance(50))))
    }

    /// A comparison whose left side is computed.
    fn comparison(&mut self, field: &str) -> Condition {
        // Of one type: Django does not mix floats and decimals.
        let other = Formula::Field(field.to_owned());
        let operator = *self.random.choose(&["+", "-", "*"]);
        let left =
            Formula::Binary { left: Box::new(Formula::Field(field.to_owned())), operator, right: Box::new(other) };
        let lookup =
            *self.random.choose(&["Exact", "LessThan", "LessThanOrEqual", "GreaterThan", "GreaterThanOrEqual"]);
        let right = match self.random.below(3) {
            0 => Formula::Field(field.to_owned()),
            _ => Formula::Literal(Expr::int(i32::try_from(self.random.below(90)).unwrap_or(0))),
        };
        Condition::Compare { left, lookup, right }
    }
}
