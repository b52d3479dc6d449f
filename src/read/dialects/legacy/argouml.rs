//! ArgoUML in all its generations, and its offspring Poseidon, which grew out of it.

use super::{Legacy, PLAIN, Signs};

static ARGOUML: Legacy = Legacy { tool: "ArgoUML", well_known: profile_element, ..PLAIN };
static NOVOSOFT: Legacy = Legacy { tool: "ArgoUML", ..PLAIN };
static POSEIDON: Legacy = Legacy { tool: "Poseidon", noise: &["gentleware-"], ..PLAIN };

pub(super) fn recognise(signs: &Signs<'_>) -> Option<&'static Legacy> {
    if signs.exporter("ArgoUML") || signs.root == "uml" {
        return Some(&ARGOUML);
    }
    if signs.exporter("Novosoft") || signs.exporter("Argo/UML") || signs.has_upper_case_ids {
        return Some(&NOVOSOFT);
    }
    (signs.exporter("Netbeans XMI Writer") || signs.mark("Gentleware") || signs.mark("UML2")).then_some(&POSEIDON)
}

/// The ends of the ids of what the profiles of ArgoUML define, by profile.
const PROFILES: &[(&str, &[(&str, &str)])] = &[];

/// The name of an element of one of the profiles that ArgoUML brings along.
fn profile_element(document: &str, fragment: &str) -> Option<&'static str> {
    let file = document.rsplit('/').next().unwrap_or(document);
    let (_, elements) = PROFILES.iter().find(|(profile, _)| *profile == file)?;
    elements.iter().find(|(id, _)| *id == fragment).map(|(_, name)| *name)
}
