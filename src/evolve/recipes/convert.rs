//! What becomes of the values of an attribute that has another type.

/// What becomes of the values of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::evolve) enum Conversion {
    /// Databases do it themselves, and all of them alike.
    Plain,
    /// They are read as people would write them.
    Read,
    /// They are read, and lose what is named.
    Cut(&'static str),
    /// Nothing that anybody could mean.
    Meaningless,
}

/// What values are, whatever the width of their column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Decimal,
    Float,
    Boolean,
    Date,
    DateTime,
    Time,
    Duration,
    Uuid,
    Address,
    Json,
    Binary,
}

/// What becomes of the values of a field of class `old` when it gets class `new`; of classes that are not known, what Django
/// makes of them.
pub(in crate::evolve) fn conversion(old: &str, new: &str) -> Conversion {
    let (Some(old), Some(new)) = (kind(old), kind(new)) else { return Conversion::Plain };
    match (old, new) {
        _ if old == new => Conversion::Plain,
        (Kind::Integer, Kind::Decimal | Kind::Float | Kind::Text)
        | (Kind::Decimal, Kind::Float)
        | (Kind::Float, Kind::Decimal)
        | (Kind::Date, Kind::DateTime) => Conversion::Plain,
        (Kind::Binary | Kind::Json, _) | (_, Kind::Binary) => Conversion::Meaningless,
        (Kind::Text, _)
        | (_, Kind::Text)
        | (Kind::Boolean, Kind::Integer)
        | (Kind::Integer | Kind::Decimal | Kind::Float, Kind::Boolean | Kind::Integer) => Conversion::Read,
        (Kind::DateTime, Kind::Date) => Conversion::Cut("its time of day"),
        (Kind::DateTime, Kind::Time) => Conversion::Cut("its day"),
        _ => Conversion::Meaningless,
    }
}

/// Whether columns of the two classes hold the same kind of value.
pub(in crate::evolve) fn is_same_kind(old: &str, new: &str) -> bool {
    kind(old) == kind(new)
}

fn kind(class: &str) -> Option<Kind> {
    Some(match class {
        "CharField" | "TextField" | "SlugField" | "EmailField" | "URLField" | "FileField" | "ImageField"
        | "FilePathField" => Kind::Text,
        "SmallIntegerField"
        | "IntegerField"
        | "BigIntegerField"
        | "PositiveSmallIntegerField"
        | "PositiveIntegerField"
        | "PositiveBigIntegerField" => Kind::Integer,
        "DecimalField" => Kind::Decimal,
        "FloatField" => Kind::Float,
        "BooleanField" => Kind::Boolean,
        "DateField" => Kind::Date,
        "DateTimeField" => Kind::DateTime,
        "TimeField" => Kind::Time,
        "DurationField" => Kind::Duration,
        "UUIDField" => Kind::Uuid,
        "GenericIPAddressField" => Kind::Address,
        "JSONField" => Kind::Json,
        "BinaryField" => Kind::Binary,
        _ => return None,
    })
}
