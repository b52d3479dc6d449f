//! What a type's name says: collections, optionals, sizes, and the name itself.

use super::row;
use crate::uml::wrapped::{self, LIST, Many, collection, last_segment, simple, suffix};

/// What a type's name says, read from outside to inside.
pub(super) struct Said {
    /// Normal forms, the fullest first.
    pub(super) candidates: Vec<String>,
    /// The name without collection, optional and sizes, as written.
    pub(super) element: String,
    pub(super) many: Option<Many>,
    pub(super) optional: bool,
    pub(super) numbers: Vec<u32>,
    pub(super) is_max: bool,
    pub(super) is_oracle_number: bool,
}

impl Said {
    pub(super) fn read(name: &str) -> Self {
        let mut said = Self {
            candidates: Vec::new(),
            element: String::new(),
            many: None,
            optional: false,
            numbers: Vec::new(),
            is_max: false,
            is_oracle_number: false,
        };
        let mut rest = name.trim().to_owned();
        let mut characters = "";
        // Each turn takes one layer off; nobody nests deeper than a few.
        for _ in 0..16 {
            rest = rest.trim().trim_end_matches([',', ';']).trim_end().to_owned();
            if let Some(inner) = rest.strip_suffix('?') {
                said.optional = true;
                rest = inner.to_owned();
            } else if let Some(inner) = rest.strip_suffix(['*', '&']).filter(|inner| !inner.trim().is_empty()) {
                if rest.ends_with('*') && simple(inner).trim_start_matches("const") == "char" {
                    characters = "*";
                }
                rest = inner.to_owned();
            } else if let Some((inner, index)) = suffix(&rest, '[', ']') {
                match simple(inner).as_str() {
                    "byte" | "char" if said.many.is_none() => {
                        characters = "[]";
                        said.numbers.extend(index.trim().parse::<u32>().ok());
                    }
                    // Some people write the multiplicity into the type: `String[0..1]`.
                    _ => match index.replace(' ', "").as_str() {
                        "0..1" => said.optional = true,
                        "1" | "1..1" => {}
                        _ => said.many = Some(LIST),
                    },
                }
                rest = inner.to_owned();
            } else if let Some((outer, inner)) = suffix(&rest, '<', '>') {
                if let Some(many) = collection(outer) {
                    said.many = Some(many);
                    rest = inner.to_owned();
                } else if wrapped::is_optional(outer) {
                    said.optional = true;
                    rest = inner.to_owned();
                } else if wrapped::is_pointer(outer) {
                    rest = inner.to_owned();
                } else if row(&last_segment(outer)).is_some() {
                    rest = outer.to_owned();
                } else {
                    break;
                }
            } else if let Some((outer, inner)) =
                suffix(&rest, '(', ')').filter(|(outer, _)| collection(outer).is_some())
            {
                said.many = collection(outer);
                rest = inner.to_owned();
            } else if let Some(inner) = rest.strip_prefix("const ") {
                rest = inner.to_owned();
            } else if let Some((before, inner, after)) = parentheses(&rest) {
                said.is_max = inner.trim().eq_ignore_ascii_case("max");
                said.numbers = inner
                    .split(',')
                    .filter_map(|part| {
                        let digits: String = part.trim().chars().take_while(char::is_ascii_digit).collect();
                        digits.parse().ok()
                    })
                    .collect();
                rest = format!("{before}{after}");
            } else {
                break;
            }
        }
        rest.trim().clone_into(&mut said.element);
        let library = said.element.contains("XMLPrimitiveTypes");
        let name = said.element.rsplit('#').next().unwrap_or_default();
        let full = simple(name);
        let last = last_segment(name);
        let is_xml = library || full.starts_with("xs:") || full.starts_with("xsd:");
        let mut candidates = vec![full.clone()];
        if is_xml {
            candidates.insert(0, format!("xs:{last}"));
        }
        candidates.push(last);
        // Enterprise Architect: `EAJava_int`.
        if let Some((tool, rest)) = name.split_once('_')
            && tool.starts_with("EA")
            && tool.len() > 2
        {
            candidates.push(simple(rest));
        }
        // The types of building models: `IfcLabel`.
        if let Some(rest) = name.strip_prefix("Ifc").filter(|rest| rest.starts_with(char::is_uppercase)) {
            candidates.push(simple(rest));
        }
        for candidate in &mut candidates {
            candidate.push_str(characters);
        }
        said.is_oracle_number = candidates.iter().any(|candidate| candidate == "number");
        if candidates.iter().any(|candidate| candidate == "tinyint") && said.numbers == [1] {
            candidates.insert(0, "boolean".to_owned());
        }
        said.candidates = candidates;
        said
    }
}

/// The text before, in and after the first parentheses.
fn parentheses(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.find('(').filter(|&at| at > 0)?;
    let close = open + text[open..].find(')')?;
    Some((&text[..open], &text[open + 1..close], &text[close + 1..]))
}
