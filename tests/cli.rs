//! The command line: exit statuses, what goes to which stream, and bad input.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use crate::support::root;

fn umlaut(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_umlaut"))
        .args(args)
        .current_dir(folder)
        .env_remove("CLICOLOR_FORCE")
        .output()
        .expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An empty folder. Settings are searched upwards as far as the root of a repository, which it is.
fn empty() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    fs::create_dir(folder.path().join(".git")).expect("a folder can be made");
    folder
}

/// A folder with the shop's model in it.
fn with_shop() -> tempfile::TempDir {
    let folder = empty();
    fs::copy(root().join("samples/shop/model.xmi"), folder.path().join("shop.xmi")).expect("the sample can be copied");
    folder
}

#[test]
fn build_writes_a_project_and_says_how_to_start_it() {
    let folder = with_shop();
    let output = umlaut(folder.path(), &["build", "shop.xmi"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(said.contains("wrote build/shop") && said.contains("manage.py migrate"), "{said}");
    assert!(folder.path().join("build/shop/manage.py").is_file());
    assert!(folder.path().join("build/shop/sales/migrations/0001_initial.py").is_file());

    let again = umlaut(folder.path(), &["build", "shop.xmi"]);
    assert_eq!(again.status.code(), Some(0));
    assert!(text(&again.stdout).contains("up to date"), "{}", text(&again.stdout));
    let check = umlaut(folder.path(), &["build", "shop.xmi", "--check"]);
    assert_eq!(check.status.code(), Some(0), "{}", text(&check.stdout));
}

#[test]
fn a_file_edited_by_hand_is_never_overwritten() {
    let folder = with_shop();
    assert_eq!(umlaut(folder.path(), &["build", "shop.xmi"]).status.code(), Some(0));
    let models = folder.path().join("build/shop/sales/models.py");
    let edited = fs::read_to_string(&models).expect("it was written").replace("Someone who orders", "Edited");
    fs::write(&models, &edited).expect("it can be edited");
    let output = umlaut(folder.path(), &["build", "shop.xmi"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("U1501") && said.contains("sales/models.py"), "{said}");
    assert_eq!(fs::read_to_string(&models).expect("it is still there"), edited);
}

#[test]
fn a_changed_model_gets_a_second_migration_and_keeps_its_first() {
    let folder = with_shop();
    assert_eq!(umlaut(folder.path(), &["build", "shop.xmi"]).status.code(), Some(0));
    let model = folder.path().join("shop.xmi");
    let changed = fs::read_to_string(&model).expect("it is there").replace("name=\"street\"", "name=\"road\"");
    let changed = changed.replace("isUnique(street)", "isUnique(road)");
    fs::write(&model, changed).expect("it can be changed");
    let output = umlaut(folder.path(), &["build", "shop.xmi"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let migration = |name: &str| {
        let files = fs::read_dir(folder.path().join("build/shop/sales/migrations")).expect("the folder is there");
        let mut paths = files.map(|file| file.expect("a file").path());
        let is_it =
            |path: &std::path::PathBuf| path.file_name().is_some_and(|it| it.to_string_lossy().starts_with(name));
        fs::read_to_string(paths.find(is_it).expect("it was written")).expect("it can be read")
    };
    assert!(migration("0001_initial.py").contains("'street'") && !migration("0001_initial.py").contains("'road'"));
    assert!(migration("0002_").contains("migrations.RenameField("));
}

#[test]
fn explain_tells_a_code_and_every_decision_of_an_element() {
    let folder = with_shop();
    let page = umlaut(folder.path(), &["explain", "dangling-reference"]);
    assert_eq!(page.status.code(), Some(0));
    assert!(text(&page.stdout).starts_with("# U0301"), "{}", text(&page.stdout));

    let output = umlaut(folder.path(), &["explain", "shop.xmi", "sales.Order.customer"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    for part in ["ForeignKey", "PROTECT", "orders", "shop.xmi:"] {
        assert!(said.contains(part), "{part} is missing:\n{said}");
    }
    let json = umlaut(folder.path(), &["explain", "shop.xmi", "sales.Order.customer", "--json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).expect("it is JSON");
    assert_eq!(value["django"], "sales.Order.customer");

    let unknown = umlaut(folder.path(), &["explain", "shop.xmi", "sales.Order.custmer"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("sales.Order.customer"), "{}", text(&unknown.stderr));
}

#[test]
fn inspect_counts_what_a_model_holds_and_what_becomes_of_it() {
    let folder = with_shop();
    let outline = umlaut(folder.path(), &["inspect", "shop.xmi"]);
    assert_eq!(outline.status.code(), Some(0), "{}", text(&outline.stderr));
    let said = text(&outline.stdout);
    assert!(said.contains("package sales") && said.contains(" classes"), "{said}");

    let output = umlaut(folder.path(), &["inspect", "shop.xmi", "--account", "--json"]);
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let drawn = fs::read_to_string(folder.path().join("shop.xmi")).expect("the model");
    for (key, mark) in [
        ("classes", "xmi:type=\"uml:Class\""),
        ("enumerations", "xmi:type=\"uml:Enumeration\""),
        ("literals", "<ownedLiteral"),
        ("generalizations", "<generalization"),
        ("comments", "<ownedComment"),
    ] {
        assert_eq!(value["read"][key], drawn.matches(mark).count(), "{key}");
    }
    let kinds = value["kinds"].as_array().expect("a table");
    assert!(kinds.iter().all(|row| row["missing"] == 0), "{kinds:#?}");
    let sum = |row: &serde_json::Value| {
        ["lowered", "carried", "diagnosed", "ignored", "missing"]
            .iter()
            .filter_map(|fate| row[fate].as_u64())
            .sum::<u64>()
    };
    assert!(kinds.iter().all(|row| Some(sum(row)) == row["read"].as_u64()), "{kinds:#?}");
    let table = umlaut(folder.path(), &["inspect", "shop.xmi", "--account"]);
    assert!(text(&table.stdout).contains("lowered"), "{}", text(&table.stdout));

    fs::write(folder.path().join("picture.png"), b"\x89PNG\r\n\x1a\n").expect("it can be written");
    assert_eq!(umlaut(folder.path(), &["inspect", "picture.png"]).status.code(), Some(1));
    let built = umlaut(folder.path(), &["build", "picture.png", "--keep-going", "--out", "picture"]);
    assert_eq!(built.status.code(), Some(1));
    assert!(!folder.path().join("picture").exists(), "there is nothing to go on with");
}

#[test]
fn every_field_of_the_shop_has_a_reason_with_a_place() {
    let outcome = crate::support::compile::sample("shop");
    let mut count = 0;
    for app in outcome.project.apps.iter().filter(|app| Some(&app.label) != outcome.project.accounts.as_ref()) {
        for field in app.models.iter().flat_map(|model| &model.fields) {
            count += 1;
            assert!(!field.origin.reasons.is_empty(), "{}.{} has no reason", app.label, field.name);
        }
    }
    assert!(count > 30, "only {count} fields");
}

#[test]
fn graphs_and_dumps_are_results_on_standard_output() {
    let folder = with_shop();
    for (args, start) in [
        (&["graph", "shop.xmi"][..], "<svg"),
        (&["graph", "shop.xmi", "--as", "dot", "--around", "Order"], "digraph"),
        (&["dump", "shop.xmi", "--stage", "project"], "project shop"),
        (&["dump", "shop.xmi", "--stage", "migrations"], "==> "),
        (&["dump", "shop.xmi", "--stage", "graph"], "catalog."),
    ] {
        let output = umlaut(folder.path(), args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", text(&output.stderr));
        assert!(text(&output.stdout).starts_with(start), "{args:?}: {}", text(&output.stdout));
    }
    let model = umlaut(folder.path(), &["dump", "shop.xmi", "--stage", "model"]);
    assert!(text(&model.stdout).contains("class Order"), "{}", text(&model.stdout));
}

#[test]
fn unknown_settings_are_errors_with_the_nearest_name() {
    let folder = with_shop();
    fs::write(folder.path().join("umlaut.toml"), "[rules]\nuntypd = \"string\"\n").expect("it can be written");
    let output = umlaut(folder.path(), &["check", "shop.xmi"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("U1402") && said.contains("untyped") && said.contains("umlaut.toml:2"), "{said}");
    assert_eq!(umlaut(folder.path(), &["check", "shop.xmi", "--isolated"]).status.code(), Some(0));
}

#[test]
fn wrong_usage_is_2_and_help_is_0() {
    let folder = empty();
    for (args, status) in [
        (&["--help"][..], 0),
        (&["build", "--help"], 0),
        (&["--version"], 0),
        (&["bild"], 2),
        (&["check", "nowhere.xmi"], 2),
        (&["check", "."], 2),
        (&["check", "a.xmi", "-D", "U9999"], 2),
        (&["explain", "U9999"], 2),
    ] {
        assert_eq!(umlaut(folder.path(), args).status.code(), Some(status), "{args:?}");
    }
}

#[test]
fn bad_input_gives_a_coded_finding_within_seconds_and_writes_nothing() {
    let shop = fs::read(root().join("samples/shop/model.xmi")).expect("the sample can be read");
    let deep = format!("<a>{}", "<a>".repeat(100_000));
    let open = r#"<uml:Model xmlns:xmi="http://www.omg.org/spec/XMI/20131001" xmlns:uml="http://www.eclipse.org/uml2/5.0.0/UML" name="m">"#;
    let nested = format!("{open}{}", r#"<packagedElement xmi:type="uml:Package" name="p">"#.repeat(100_000));
    let latin = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><uml:Model xmlns:uml=\"http://www.eclipse.org/uml2/5.0.0/UML\" name=\"caf\xe9\"/>";
    let inputs: Vec<(&str, Vec<u8>, &str)> = vec![
        ("cut.xmi", shop[..shop.len() / 2].to_vec(), "U0105"),
        ("encoding.xmi", latin.to_vec(), "U0101"),
        ("notes.xmi", b"Dear diary,\nno XML today.\n".to_vec(), "U0102"),
        ("empty.xmi", Vec::new(), "U0102"),
        ("database.eap", b"SQLite format 3\0and so on".to_vec(), "U0102"),
        ("page.xml", b"<html><body/></html>".to_vec(), "U0201"),
        ("deep.xmi", deep.into_bytes(), "U0201"),
        ("nested.xmi", nested.into_bytes(), "U0108"),
    ];
    let folder = empty();
    for (name, bytes, code) in inputs {
        fs::write(folder.path().join(name), &bytes).expect("the input can be written");
        let mut child = Command::new(env!("CARGO_BIN_EXE_umlaut"))
            .args(["build", name, "--out", "out", "--format", "short"])
            .current_dir(folder.path())
            .stdout(fs::File::create(folder.path().join("said")).expect("a file can be made"))
            .spawn()
            .expect("the program starts");
        // An unoptimised build on a busy machine is slow; a hang is not.
        let mut status = None;
        for _ in 0..1200 {
            status = child.try_wait().expect("the program can be asked");
            if status.is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        if status.is_none() {
            child.kill().expect("it can be stopped");
        }
        let said = fs::read_to_string(folder.path().join("said")).expect("what it said is text");
        assert_eq!(
            status.and_then(|status| status.code()),
            Some(1),
            "{name}: {}",
            said.lines().take(5).collect::<String>()
        );
        assert!(said.contains(&format!("[{code}")), "{name}: {}", said.lines().take(5).collect::<String>());
        assert!(said.lines().all(|line| line.len() < 4096), "{name}: a line of the output is too long");
        assert!(!folder.path().join("out").exists(), "{name}: something was written");
    }
}

#[test]
fn one_finding_in_a_line_of_five_megabytes_is_printed_readably() {
    let folder = empty();
    let filler: String = (0..40_000)
        .map(|n| format!(r#"<packagedElement xmi:type="uml:DataType" xmi:id="_d{n}" name="D{n}"><ownedComment/></packagedElement>"#))
        .collect();
    let model = format!(
        r#"<uml:Model xmi:version="20131001" xmlns:xmi="http://www.omg.org/spec/XMI/20131001" xmlns:uml="http://www.eclipse.org/uml2/5.0.0/UML" xmi:id="_m" name="m">{filler}<packagedElement xmi:type="uml:Class" xmi:id="_c" name="Customer"><ownedAttribute xmi:id="_a" name="email" type="_gone"/></packagedElement></uml:Model>"#
    );
    fs::write(folder.path().join("line.xmi"), model).expect("the input can be written");
    let output = umlaut(folder.path(), &["check", "line.xmi"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("U0301") && said.contains("_gone"), "{said}");
    assert!(said.len() < 4096, "{} bytes", said.len());
}

#[test]
fn no_option_lowers_a_fixed_code() {
    let folder = with_shop();
    for option in ["-A", "-W"] {
        let output = umlaut(folder.path(), &["check", "shop.xmi", option, "dangling-reference"]);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        assert!(
            text(&output.stderr).contains("the level of `dangling-reference` is fixed"),
            "{}",
            text(&output.stderr)
        );
    }
    let output = umlaut(folder.path(), &["check", "shop.xmi", "-D", "dangling-reference"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn graphs_tell_reasons_in_every_form() {
    let folder = with_shop();
    let graph = |options: &[&str]| {
        let output = umlaut(folder.path(), &[&["graph", "shop.xmi"], options].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let why = "on_delete PROTECT: a plain association, lower bound 1";
    for form in ["svg", "text", "dot", "json"] {
        for options in [&["--as", form][..], &["--as", form, "--cascades"]] {
            let said = graph(options);
            assert!(said.contains(why), "{options:?}: {said}");
        }
    }
    let value: serde_json::Value = serde_json::from_str(&graph(&["--as", "json", "--cascades"])).expect("it is JSON");
    let edges = value["edges"].as_array().expect("edges");
    assert!(
        edges.iter().any(|edge| {
            edge["from"] == "sales.Order" && edge["to"] == "sales.Customer" && edge["from_label"] == "customer PROTECT"
        }),
        "{value:#}"
    );
    assert!(graph(&["--cascades"]).contains("CASCADE: goes with it"));
    let near = graph(&["--cascades", "--around", "Payment", "--as", "text"]);
    assert!(near.contains("sales.Order\n") && !near.contains("sales.Customer"), "{near}");
}
