//! Documents that every tool has built in: nobody can give them, and the types in them are known by name.

use crate::uml::draft::Href;

/// How the names of built-in documents start, and whose they are.
const STARTS: &[(&str, &str)] = &[
    ("pathmap://", "Eclipse: UML, Java, Ecore and XML primitive types, metamodels, profiles"),
    ("platform:/plugin/", "Eclipse: what lies in a plug-in"),
    ("http://www.eclipse.org/", "Eclipse: Ecore, UML"),
    ("https://www.eclipse.org/", "Eclipse: Ecore, UML"),
    ("http://schema.omg.org/spec/", "OMG: UML and its primitive types, up to 2.3"),
    ("http://www.omg.org/spec/UML/", "OMG: UML and its primitive types"),
    ("https://www.omg.org/spec/UML/", "OMG: UML and its primitive types"),
    ("http://www.omg.org/spec/MOF/", "OMG: MOF"),
    ("https://www.omg.org/spec/MOF/", "OMG: MOF"),
    ("http://www.omg.org/spec/XMI/", "OMG: XMI"),
    ("https://www.omg.org/spec/XMI/", "OMG: XMI"),
    ("http://www.omg.org/spec/SysML/", "OMG: SysML and its value types"),
    ("https://www.omg.org/spec/SysML/", "OMG: SysML and its value types"),
    ("http://www.sparxsystems.com/", "Enterprise Architect: profiles"),
    ("http://www.w3.org/", "W3C: types of XML Schema"),
];

/// What the names of built-in documents contain, wherever they lie.
const PARTS: &[(&str, &str)] = &[
    ("PrimitiveTypes.xmi", "OMG: primitive types"),
    ("PrimitiveTypes.library.uml", "Eclipse: primitive types"),
    ("Ecore.metamodel", "Eclipse: Ecore"),
    (MAGICDRAW, "MagicDraw: its own types and stereotypes"),
];

const MAGICDRAW: &str = "UML_Standard_Profile";

/// MagicDraw's types, which references lead to by id. The ids are the same in all versions.
const MAGICDRAW_TYPES: &[(&str, &str)] = &[
    ("eee_1045467100323_191782_59", "boolean"),
    ("eee_1045467100323_249638_60", "void"),
    ("eee_1045467100323_917313_65", "int"),
    ("eee_1045467100323_848034_66", "double"),
    ("_be00301_1073305590699_364818_1", "date"),
    ("_9_0_2_91a0295_1110274713995_297054_0", "String"),
    ("donce_1051693917650_319078_0", "Integer"),
    ("_12_0EAPbeta_be00301_1157529792739_987548_11", "Boolean"),
];

/// Documents that belong to the tools or are the OMG's own libraries.
pub(super) fn is_built_in(document: &str) -> bool {
    STARTS.iter().any(|(start, _)| document.starts_with(start)) || PARTS.iter().any(|(part, _)| document.contains(part))
}

/// The name of a type that the place of it in another document tells.
pub(super) fn name_of(href: &Href) -> Option<&str> {
    let (document, fragment) = (href.document(), href.fragment());
    if document.contains(MAGICDRAW)
        && let Some((_, name)) = MAGICDRAW_TYPES.iter().find(|(id, _)| *id == fragment)
    {
        return Some(name);
    }
    // `_3C7B?w3c/w3c/string?`, `//String`, `SysML_dataType.String`, `…-PrimitiveValueTypes_PackageableElement-Boolean_PackageableElement`
    let name = match fragment.split_once('?') {
        Some((_, path)) => path.trim_end_matches('?').rsplit('/').next().unwrap_or_default(),
        None => fragment.trim_start_matches('/').rsplit(['/', '.']).next().unwrap_or_default(),
    };
    let name = match name.strip_suffix("_PackageableElement") {
        Some(path) => path.rsplit('-').next().unwrap_or_default(),
        None => name,
    };
    let is_name = name.starts_with(|c: char| c.is_alphabetic())
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !name.starts_with("EAID_")
        && name.chars().filter(char::is_ascii_digit).count() * 2 < name.chars().count();
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uml::draft::Hrefs;

    fn name(document: &str, fragment: &str) -> Option<String> {
        name_of(&Hrefs::default().place("", document, fragment)).map(str::to_owned)
    }

    #[test]
    fn types_of_built_in_documents_have_names() {
        for (document, fragment, expected) in [
            ("pathmap://UML_LIBRARIES/UMLPrimitiveTypes.library.uml", "String", "String"),
            ("pathmap://UML_LIBRARIES/JavaPrimitiveTypes.library.uml", "float", "float"),
            ("pathmap://UML_LIBRARIES/EcorePrimitiveTypes.library.uml", "EInt", "EInt"),
            ("pathmap://UML_LIBRARIES/XMLPrimitiveTypes.library.uml", "DateTime", "DateTime"),
            ("pathmap://UML_METAMODELS/Ecore.metamodel.uml", "EDate", "EDate"),
            ("platform:/plugin/org.eclipse.uml2.types/model/Types.ecore", "//Boolean", "Boolean"),
            ("http://www.eclipse.org/emf/2002/Ecore", "//EString", "EString"),
            ("http://schema.omg.org/spec/UML/2.1/uml.xml", "Integer", "Integer"),
            ("http://www.omg.org/spec/UML/20131001/PrimitiveTypes.xmi", "UnlimitedNatural", "UnlimitedNatural"),
            ("https://www.omg.org/spec/UML/20161101/PrimitiveTypes.xmi", "Real", "Real"),
            ("PrimitiveTypes.xmi", "String", "String"),
            (
                "http://www.omg.org/spec/SysML/20150709/SysML.xmi",
                "_SysML_Libraries_PackageableElement-PrimitiveValueTypes_PackageableElement-Boolean_PackageableElement",
                "Boolean",
            ),
            ("UML_Standard_Profile.mdzip", "eee_1045467100323_848034_66", "double"),
            ("UML_Standard_Profile.xml", "_9_0_2_91a0295_1110274713995_297054_0", "String"),
        ] {
            assert!(is_built_in(document), "{document}");
            assert_eq!(name(document, fragment).as_deref(), Some(expected), "{document}#{fragment}");
        }
        for document in
            ["crm.uml", "../base/types.xmi", "http://example.org/spec/UML/types.xmi", "models/Primitives.uml"]
        {
            assert!(!is_built_in(document), "{document}");
        }
    }

    #[test]
    fn names_are_told_from_opaque_fragments() {
        for (fragment, expected) in [
            ("String", Some("String")),
            ("//EString", Some("EString")),
            ("_3C7B8A60016D3C8B62E40010?w3c/w3c/string?", Some("string")),
            ("SysML_dataType.String", Some("String")),
            ("_0", None),
            ("_9_0_1fe00f9_1120463274512_", None),
            ("a12345678", None),
        ] {
            assert_eq!(name("x", fragment).as_deref(), expected, "{fragment}");
        }
    }
}
