//! Whether a value may be absent, and how that is said (django-mapping 1.1).

/// How a column says that there is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presence {
    /// `null=True`
    pub null: bool,
    /// `blank=True`
    pub blank: bool,
    /// The default is the empty string, unless another one is drawn.
    pub empty: bool,
    /// Why.
    pub why: &'static str,
}

/// How a value of an attribute is absent. `is_text` tells text, whose "nothing" is the empty string unless it is unique.
pub fn presence(required: bool, is_text: bool, unique: bool, wants_null: Option<bool>) -> Presence {
    if let Some(null) = wants_null {
        return Presence { null, blank: !required || null, empty: false, why: "as asked for" };
    }
    match (required, is_text, unique) {
        (true, ..) => Presence { null: false, blank: false, empty: false, why: "lower bound 1" },
        (false, true, false) => Presence {
            null: false,
            blank: true,
            empty: true,
            why: "lower bound 0; text that is absent is empty, never NULL",
        },
        (false, true, true) => Presence {
            null: true,
            blank: true,
            empty: false,
            why: "lower bound 0 and unique; NULL, because several may be absent",
        },
        (false, false, _) => Presence { null: true, blank: true, empty: false, why: "lower bound 0" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_kind_of_nothing_is_stored() {
        assert!(!presence(true, true, false, None).blank);
        assert!(!presence(false, true, false, None).null);
        assert!(presence(false, true, true, None).null);
        assert!(presence(false, false, false, None).null);
    }
}
