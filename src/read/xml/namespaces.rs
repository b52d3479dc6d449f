//! Which namespaces are ours.

use super::Ns;

/// The namespaces that matter, by prefix: the version in them decides nothing about the shape.
pub(super) fn known_namespace(uri: &str) -> Option<Ns> {
    let rest = uri.strip_prefix("http://").or_else(|| uri.strip_prefix("https://"))?;
    let is_uml = |version: &str| {
        let version = version.trim_end_matches('/');
        let version = version.strip_suffix("uml.xml").unwrap_or(version).trim_end_matches('/');
        version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    if rest == "www.w3.org/2001/XMLSchema-instance" {
        return Some(Ns::Xsi);
    }
    for start in ["schema.omg.org/spec/XMI", "www.omg.org/spec/XMI", "www.omg.org/XMI", "www.omg.org/xmi"] {
        if rest.starts_with(start) {
            return Some(Ns::Xmi);
        }
    }
    for start in ["schema.omg.org/spec/UML", "www.omg.org/spec/UML", "www.omg.org/uml", "www.nomagic.com/magicdraw/UML"]
    {
        if let Some(version) = rest.strip_prefix(start)
            && is_uml(version.trim_start_matches('/'))
        {
            return Some(Ns::Uml);
        }
    }
    let eclipse = rest.strip_prefix("www.eclipse.org/uml2/")?.strip_suffix("/UML")?;
    is_uml(eclipse).then_some(Ns::Uml)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_are_known_whatever_their_version() {
        for uri in [
            "http://schema.omg.org/spec/UML/2.1.2",
            "https://www.omg.org/spec/UML/20161101",
            "http://www.omg.org/spec/UML/20131001/",
            "http://schema.omg.org/spec/UML/2.0/uml.xml",
            "http://www.eclipse.org/uml2/5.0.0/UML",
        ] {
            assert_eq!(known_namespace(uri), Some(Ns::Uml), "{uri}");
        }
        assert_eq!(known_namespace("http://www.omg.org/spec/XMI/20131001"), Some(Ns::Xmi));
        assert_eq!(known_namespace("http://www.eclipse.org/uml2/5.0.0/UML/Profile/Standard"), None);
    }
}
