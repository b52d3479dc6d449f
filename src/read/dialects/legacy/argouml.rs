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

/// What one of the profiles that ArgoUML brings along defines.
struct Profile {
    /// The file's name, without the address that stands before.
    file: &'static str,
    /// How ids start.
    ids: &'static str,
    /// The last four digits of the ids, and the names.
    names: &'static [(&'static str, &'static str)],
}

const PROFILES: &[Profile] = &[
    Profile {
        file: "default-uml14.xmi",
        ids: ".:000000000000",
        names: &[
            ("0821", "access"),
            ("0822", "friend"),
            ("0823", "import"),
            ("0824", "association"),
            ("0825", "global"),
            ("0826", "local"),
            ("0827", "parameter"),
            ("0828", "self"),
            ("0829", "become"),
            ("082A", "copy"),
            ("082B", "create"),
            ("082C", "call"),
            ("082D", "instantiate"),
            ("082E", "send"),
            ("0830", "destroy"),
            ("0833", "derive"),
            ("0834", "realize"),
            ("0835", "refine"),
            ("0836", "trace"),
            ("0837", "document"),
            ("0838", "executable"),
            ("0839", "file"),
            ("083A", "library"),
            ("083B", "table"),
            ("083C", "facade"),
            ("083D", "framework"),
            ("083E", "metamodel"),
            ("083F", "stub"),
            ("0840", "implementation"),
            ("0842", "type"),
            ("0843", "implicit"),
            ("0844", "invariant"),
            ("0845", "postcondition"),
            ("0846", "precondition"),
            ("0847", "metaclass"),
            ("0848", "powertype"),
            ("0849", "process"),
            ("084A", "thread"),
            ("084B", "utility"),
            ("084C", "requirement"),
            ("084D", "responsibility"),
            ("084E", "topLevel"),
            ("084F", "systemModel"),
            ("086A", "signalflow"),
            ("0874", "appliedProfile"),
            ("0875", "auxiliary"),
            ("0876", "modelLibrary"),
            ("0877", "profile"),
            ("0878", "source"),
            ("0879", "stateInvariant"),
            ("087C", "documentation"),
        ],
    },
    Profile {
        file: "default-uml14.xmi",
        ids: "-84-17--56-5-43645a83:11466542d86:-8000:000000000000",
        names: &[("087C", "Integer"), ("087D", "UnlimitedInteger"), ("087E", "String"), ("0880", "Boolean")],
    },
    Profile {
        file: "default-uml14.xmi",
        ids: "-64--88-0-101--2259be85:11dd526880c:-8000:000000000000",
        names: &[
            ("E4A7", "derived"),
            ("E4AA", "persistence"),
            ("E4AD", "persistent"),
            ("E4B0", "semantics"),
            ("E4B3", "usage"),
            ("E4B6", "focus"),
        ],
    },
    Profile {
        file: "default-java.xmi",
        ids: ".:000000000000",
        names: &[
            ("0850", "Object"),
            ("0851", "Char"),
            ("0852", "Byte"),
            ("0853", "Boolean"),
            ("0854", "Short"),
            ("0855", "Integer"),
            ("0856", "Long"),
            ("0857", "Float"),
            ("0858", "Double"),
            ("0859", "String"),
            ("085B", "Vector"),
            ("085C", "Collection"),
            ("085D", "Iterator"),
            ("085E", "List"),
            ("085F", "Date"),
            ("0860", "Time"),
            ("0861", "Set"),
            ("0862", "SortedSet"),
            ("0864", "BigDecimal"),
            ("0865", "BigInteger"),
            ("0867", "URL"),
            ("086B", "void"),
            ("086C", "int"),
            ("086D", "short"),
            ("086E", "long"),
            ("086F", "double"),
            ("0870", "float"),
            ("0871", "char"),
            ("0872", "byte"),
            ("0873", "boolean"),
        ],
    },
    Profile {
        file: "default-java.xmi",
        ids: "-64--88-1-3--3c483fe3:119aa9cff00:-8000:000000000000",
        names: &[("07A3", "profile")],
    },
];

/// The name of an element of a profile that every ArgoUML has, and that is in no model.
fn profile_element(document: &str, fragment: &str) -> Option<&'static str> {
    let file = document.rsplit('/').next().unwrap_or(document);
    PROFILES.iter().filter(|profile| profile.file == file).find_map(|profile| {
        let digits = fragment.strip_prefix(profile.ids)?;
        profile.names.iter().find(|(id, _)| *id == digits).map(|(_, name)| *name)
    })
}
