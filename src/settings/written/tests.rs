use proptest::prelude::*;

use super::*;
use crate::django::project::Database;

fn read(text: &str) -> (Settings, Vec<(String, String, String)>) {
    let (mut sources, mut report) = (Sources::default(), Report::default());
    let settings = load(Some(("umlaut.toml", text)), &mut sources, &mut report);
    let found = report
        .diagnostics()
        .iter()
        .map(|found| {
            let at = found.place().map(|at| sources.text(at).to_owned()).unwrap_or_default();
            (format!("{}: {}", found.code.id, found.message), at, found.help.join("; "))
        })
        .collect();
    (settings, found)
}

#[test]
fn no_file_means_the_defaults() {
    let (mut sources, mut report) = (Sources::default(), Report::default());
    let settings = load(None, &mut sources, &mut report);
    assert_eq!(settings.cascade_warn_at, 10);
    assert!(report.diagnostics().is_empty() && sources.iter().next().is_none());
}

#[test]
fn every_table_is_read() {
    let (settings, found) = read(
        r#"
        [project]
        name = "shop"
        out = "site"
        databases = ["postgresql"]
        [rules]
        untyped = "text"
        help_text = false
        [names]
        plural = "none"
        [types]
        Geld = "decimal(12,2)"
        "_a9" = "email"
        [cascades]
        warn_at = 3
        [documents]
        "http://example.org/t.xmi" = "t.xmi"
        [limits]
        depth = 1_000
        [lints]
        warnings = "deny"
        U0604 = "allow"
        many-valued-attribute = "note"
        [[lints.allow]]
        code = ["U0803", "names"]
        element = "legacy.**"
        reason = "rebuilt next year"
        until = 2027-01-31
        [emit]
        layers = ["models", "admin"]
        [model."shop.Order"]
        ordering = "-placed_at"
        [model."shop.Order.customer"]
        on_delete = "set_null"
        max_length = 40
        skip = true
        "#,
    );
    assert_eq!(found, []);
    assert_eq!(settings.project_name.as_deref(), Some("shop"));
    assert_eq!(settings.databases, [Database::Postgresql]);
    assert!(!settings.rules.help_text && !settings.english_plurals);
    assert_eq!(settings.types["Geld"].0, "decimal(12,2)");
    assert_eq!((settings.cascade_warn_at, settings.limits.depth), (3, 1000));
    assert_eq!(
        settings.lints,
        [
            ("warnings".to_owned(), Level::Error),
            ("U0604".to_owned(), Level::Allow),
            ("many-valued-attribute".to_owned(), Level::Note)
        ]
    );
    assert_eq!(settings.layers, ["models", "admin"]);
    let [allowed] = settings.allowances.as_slice() else { panic!("{settings:?}") };
    assert_eq!(allowed.until, Some(Day(2027, 1, 31)));
    assert_eq!((allowed.codes.join(" "), allowed.element.as_deref()), ("U0803 names".to_owned(), Some("legacy.**")));
    let elements: Vec<_> =
        settings.elements.iter().map(|s| (s.pattern.as_str(), s.key.as_str(), s.value.as_str())).collect();
    assert_eq!(
        elements,
        [
            ("shop.Order", "ordering", "-placed_at"),
            ("shop.Order.customer", "on_delete", "set_null"),
            ("shop.Order.customer", "max_length", "40"),
            ("shop.Order.customer", "skip", "true")
        ]
    );
    let Because::Setting { key, at: Some(_) } = &settings.elements[1].because else { panic!("no place") };
    assert_eq!(key, "model.\"shop.Order.customer\".on_delete");
}

#[test]
fn unknown_keys_are_errors_with_the_nearest_name() {
    for (text, at, help) in [
        ("[ruls]\nhelp_text = true", "ruls", "there is `rules`"),
        ("help_text = true", "help_text", "there is `[rules] help_text`"),
        ("[rules]\nhelp_txt = true", "help_txt", "there is `help_text`"),
        ("[lints]\nU9999 = \"allow\"", "U9999", ""),
        ("[model.\"shop.Order\"]\non_delet = \"cascade\"", "on_delet", "there is `on_delete`"),
        ("[model.shop.Order]\nskip = true", "Order", "write the model path in quotes: `[model.\"shop.Order\"]`"),
    ] {
        let (_, found) = read(text);
        let [(message, place, advice)] = found.as_slice() else { panic!("{text}: {found:?}") };
        assert!(message.starts_with("U1402: there is no "), "{message}");
        assert_eq!(place, at);
        assert!(advice.contains(help), "{advice}");
    }
}

#[test]
fn what_is_planned_says_so() {
    for (text, at) in [("[evolution]\nreversible = true", "reversible"), ("[names]\nunicode = true", "unicode")] {
        let (_, found) = read(text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!((found[0].1.as_str(), found[0].2.as_str()), (at, "take it out"));
    }
}

#[test]
fn wrong_values_are_errors_and_the_default_stays() {
    for (text, at) in [
        ("[cascades]\nwarn_at = \"ten\"", "\"ten\""),
        ("[cascades]\nwarn_at = 0", "0"),
        ("[cascades]\nwarn_at = -1", "-1"),
        ("[limits]\nfile = 99999999999999999999", "99999999999999999999"),
        ("[rules]\nhelp_text = \"yes\"", "\"yes\""),
        ("[project]\ndatabases = [\"sqlite\", \"oracle\"]", "\"oracle\""),
        ("[project]\ndatabases = []", "[]"),
        ("[project]\nname = \"My Shop\"", "\"My Shop\""),
        ("[names]\nplural = \"german\"", "\"german\""),
        ("[lints]\nU0604 = \"loud\"", "\"loud\""),
        ("[lints]\nU0301 = \"allow\"", "\"allow\""),
        ("[[lints.allow]]\ncode = \"U0301\"", "\"U0301\""),
        ("[[lints.allow]]\ncode = [\"U0604\", \"nonsense\"]", "\"nonsense\""),
        ("[[lints.allow]]\ncode = \"U0604\"\nuntil = \"soon\"", "\"soon\""),
        ("[[lints.allow]]\ncode = \"U0604\"\nuntil = 2027-01-31T12:00:00", "2027-01-31T12:00:00"),
        ("[types]\nMoney = 3", "3"),
        ("[model.\"shop.Order.customer\"]\non_delete = \"explode\"", "\"explode\""),
        ("rules = 1", "1"),
        ("[model]\nshop = 1979-05-27", "1979-05-27"),
    ] {
        let (settings, found) = read(text);
        let [(message, place, _)] = found.as_slice() else { panic!("{text}: {found:?}") };
        assert!(message.starts_with("U1403: `"), "{message}");
        assert_eq!(place, at);
        assert_eq!((settings.cascade_warn_at, settings.elements.len(), settings.lints.len()), (10, 0, 0));
    }
}

#[test]
fn what_is_no_toml_has_a_place() {
    let (_, found) = read("[project]\nname \"shop\"\n");
    let [(message, at, _)] = found.as_slice() else { panic!("{found:?}") };
    assert!(message.starts_with("U1401: `umlaut.toml` is not TOML: "), "{message}");
    assert!(!at.is_empty());
    let (_, found) = read("a = [\n");
    assert_eq!(found.len(), 1);
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    for text in [
        "a = ".to_owned() + &"[".repeat(100_000),
        format!("{}a = 1", "a.".repeat(100_000)),
        format!("[{}a]", "a.".repeat(100_000)),
    ] {
        assert!(!read(&text).1.is_empty());
    }
}

proptest! {
    #[test]
    fn no_text_stops_the_reader(text in "(\\[?[a-z\".]{0,12}\\]?( = )?[\\PC]{0,12}\n?){0,6}") {
        let _ = read(&text);
    }
}
