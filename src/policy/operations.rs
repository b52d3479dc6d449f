//! Operations (django-mapping 11): which need no stub, and what the methods of the others are called.

use super::naming;
use super::reserved::{self, ReservedBy};

/// An operation as drawn, as far as it matters here.
#[derive(Clone, Copy, Debug)]
pub struct Drawn<'a> {
    /// Its name.
    pub name: &'a str,
    /// The name of its class.
    pub class: &'a str,
    /// How many values go in.
    pub inputs: usize,
    /// «create», «constructor»
    pub is_created: bool,
    /// «destroy», «destructor»
    pub is_destroyed: bool,
}

/// Why an operation needs no stub, if it needs none; `is_attribute` knows the attributes and ends of its class, in `snake_case`.
pub fn needless(drawn: &Drawn<'_>, is_attribute: impl Fn(&str) -> bool) -> Option<&'static str> {
    let (name, raw) = (naming::snake(drawn.name), drawn.name.trim());
    if drawn.is_destroyed || raw.starts_with('~') || matches!(raw, "__del__" | "finalize") {
        return Some("a destructor: Python frees objects itself");
    }
    if drawn.is_created || raw == "__init__" || (!name.is_empty() && name == naming::snake(drawn.class)) {
        return Some("a constructor: Django makes objects itself");
    }
    let of = |prefix: &str| name.strip_prefix(prefix).is_some_and(&is_attribute);
    if drawn.inputs == 0 && (is_attribute(&name) || ["get_", "is_", "has_"].into_iter().any(of)) {
        return Some("reads an attribute, which Python does without a method");
    }
    if drawn.inputs == 1 && of("set_") {
        return Some("sets an attribute, which Python does without a method");
    }
    None
}

/// Whether an operation says what stands for the object as text.
pub fn is_text(drawn: &Drawn<'_>) -> bool {
    drawn.inputs == 0 && matches!(naming::snake(drawn.name).as_str(), "to_string" | "str")
}

/// Whether the name of a type says that there is no value. Tools write it with a prefix: `EAJava_void`.
pub fn is_nothing(ty: &str) -> bool {
    let last = ty.trim().rsplit(['_', '.', ':', '#', '/']).next().unwrap_or_default().to_lowercase();
    matches!(last.as_str(), "void" | "none" | "unit" | "nothing")
}

/// What a name would have replaced or met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clash {
    /// Something of Django's: `delete`.
    Django,
    /// Something of Python's.
    Reserved(ReservedBy),
    /// A field or a relation of the model.
    Field,
    /// An operation of the same class with other parameters.
    Operation,
}

/// The name of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The name that it would have, and why it has not.
    pub instead_of: Option<(String, Clash)>,
}

/// Where the method stands.
#[derive(Clone, Copy, Debug)]
pub struct Home<'a> {
    /// The name of its class.
    pub class: &'a str,
    /// Whether it is a method of querysets.
    pub is_rows: bool,
    /// Whether its class is the user who signs in, or below it.
    pub is_user: bool,
}

/// The name of an operation's method. `is_field` knows what the model has besides, `is_method` its methods so far.
/// `None` if nothing drawn can be part of a name.
pub fn name(
    drawn: &str,
    home: &Home<'_>,
    is_field: impl Fn(&str) -> bool,
    is_method: impl Fn(&str) -> bool,
) -> Option<Named> {
    let adapted = naming::field_name(drawn)?;
    let reserved = adapted.reserved();
    let wanted = reserved.map_or(adapted.name.as_str(), |(name, _)| name).to_owned();
    let clash = |name: &str| {
        if is_of_django(name, home) {
            return Some(Clash::Django);
        }
        match reserved::field(name) {
            Some(ReservedBy::ModelApi | ReservedBy::PrimaryKey) if home.is_rows => None,
            Some(ReservedBy::ModelApi | ReservedBy::PrimaryKey) => Some(Clash::Django),
            Some(by) => Some(Clash::Reserved(by)),
            None if !home.is_rows && is_field(name) => Some(Clash::Field),
            None => None,
        }
    };
    let Some(first) = clash(&wanted).or_else(|| is_method(&wanted).then_some(Clash::Operation)) else {
        return Some(Named { name: wanted, instead_of: None });
    };
    // An overloaded operation stays recognizable; others say whose they are.
    let base =
        if first == Clash::Operation { wanted.clone() } else { format!("{wanted}_{}", naming::snake(home.class)) };
    let is_free = |name: &String| clash(name).is_none() && !is_method(name);
    let numbered = (2..).map(|number: usize| format!("{base}_{number}"));
    let name = std::iter::once(base.clone()).chain(numbered).find(is_free)?;
    Some(Named { name, instead_of: Some((wanted, first)) })
}

/// Whether Django gives classes of this kind something called `name`.
fn is_of_django(name: &str, home: &Home<'_>) -> bool {
    if home.is_rows {
        return reserved::queryset(name);
    }
    let is_generated = name.starts_with("get_") && name.ends_with("_display")
        || name.starts_with("get_next_by_")
        || name.starts_with("get_previous_by_");
    is_generated || home.is_user && reserved::user_model(name)
}

/// The name of a parameter; `is_taken` knows those before it.
pub fn parameter(drawn: Option<&str>, ty: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let adapted = drawn.and_then(naming::field_name).or_else(|| naming::field_name(ty));
    let wanted = adapted.map(|adapted| match adapted.reserved() {
        // What a model has is no matter here.
        Some((name, _)) => name.to_owned(),
        None => adapted.name,
    });
    let wanted = wanted.unwrap_or_else(|| "value".to_owned());
    // As PEP 8 has it.
    let is_reserved = reserved::is_keyword(&wanted) || reserved::builtin_function(&wanted);
    // `l` looks like a digit.
    let base =
        if is_reserved || matches!(wanted.as_str(), "self" | "cls" | "l") { format!("{wanted}_") } else { wanted };
    let numbered = (2..).map(|number: usize| format!("{}_{number}", base.trim_end_matches('_')));
    let free = std::iter::once(base.clone()).chain(numbered).find(|name| !is_taken(name));
    free.unwrap_or(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(name: &str, inputs: usize) -> Drawn<'_> {
        Drawn { name, class: "Order", inputs, is_created: false, is_destroyed: false }
    }

    fn named(name: &str) -> Named {
        let home = Home { class: "OrderLine", is_rows: false, is_user: false };
        super::name(name, &home, |name| name == "total", |name| name == "ship").expect("a name")
    }

    #[test]
    fn constructors_destructors_and_accessors_need_no_stub() {
        let is_attribute = |name: &str| name == "open" || name == "total_price";
        for (name, inputs, needs) in [
            ("Order", 3, false),
            ("order", 0, false),
            ("~Order", 0, false),
            ("finalize", 0, false),
            ("getTotalPrice", 0, false),
            ("setTotalPrice", 1, false),
            ("isOpen", 0, false),
            ("open", 0, false),
            ("getTotalPrice", 1, true),
            ("setTotalPrice", 2, true),
            ("setOther", 1, true),
            ("open", 1, true),
            ("cancel", 0, true),
        ] {
            assert_eq!(needless(&drawn(name, inputs), is_attribute).is_none(), needs, "{name} with {inputs}");
        }
        assert!(needless(&Drawn { is_created: true, ..drawn("fresh", 0) }, is_attribute).is_some());
        assert!(needless(&Drawn { is_destroyed: true, ..drawn("drop", 0) }, is_attribute).is_some());
        assert!(is_text(&drawn("toString", 0)) && !is_text(&drawn("toString", 1)));
    }

    #[test]
    fn names_give_way_to_django_python_fields_and_each_other() {
        for (drawn, name, clash) in [
            ("cancelAll", "cancel_all", None),
            ("delete", "delete_order_line", Some(Clash::Django)),
            ("pk", "pk_order_line", Some(Clash::Django)),
            ("get_status_display", "get_status_display_order_line", Some(Clash::Django)),
            ("import", "import_order_line", Some(Clash::Reserved(ReservedBy::Keyword))),
            ("total", "total_order_line", Some(Clash::Field)),
            ("ship", "ship_2", Some(Clash::Operation)),
            ("2nd", "n_2nd", None),
        ] {
            let found = named(drawn);
            assert_eq!((found.name.as_str(), found.instead_of.map(|(_, clash)| clash)), (name, clash), "{drawn}");
        }
        let rows = Home { class: "Order", is_rows: true, is_user: false };
        let on_rows = |name: &str| super::name(name, &rows, |_| false, |_| false).expect("a name").name;
        assert_eq!(on_rows("filter"), "filter_order");
        assert_eq!(on_rows("overdue"), "overdue");
        let user = Home { class: "Member", is_rows: false, is_user: true };
        assert_eq!(super::name("hasPerm", &user, |_| false, |_| false).expect("a name").name, "has_perm_member");
        assert_eq!(super::name("", &user, |_| false, |_| false), None);
    }

    #[test]
    fn parameters_have_names_that_hide_nothing() {
        let free = |_: &str| false;
        assert_eq!(parameter(Some("dueDate"), "Date", free), "due_date");
        assert_eq!(parameter(Some("id"), "Integer", free), "id_");
        assert_eq!(parameter(Some("self"), "Integer", free), "self_");
        assert_eq!(parameter(Some("save"), "Integer", free), "save");
        assert_eq!(parameter(Some("class"), "Integer", free), "class_");
        assert_eq!(parameter(None, "OrderLine", free), "order_line");
        assert_eq!(parameter(None, "", free), "value");
        assert_eq!(parameter(Some("a"), "", |name| name == "a"), "a_2");
        assert_eq!(parameter(Some("id"), "", |name| name == "id_"), "id_2");
    }

    #[test]
    fn what_is_nothing_is_told_by_its_last_word() {
        for name in ["void", "Void", "EAJava_void", "java.lang.void", "none"] {
            assert!(is_nothing(name), "{name}");
        }
        assert!(!is_nothing("Voidable") && !is_nothing(""));
    }
}
