//! Several files as one model, folders, and files in archives, as the command line takes them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

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

fn document(name: &str, content: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='UTF-8'?><uml:Model xmlns:xmi='http://www.omg.org/spec/XMI/20131001' \
         xmlns:uml='http://www.eclipse.org/uml2/5.0.0/UML' xmi:id='_{name}' name='{name}'>{content}</uml:Model>"
    )
}

/// A folder with a shop whose orders lead to a customer in another folder, and with what else lies about.
fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let write = |path: &str, content: &[u8]| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(path, content).expect("a file can be written");
    };
    fs::create_dir(folder.path().join(".git")).expect("a folder can be made");
    let order = "<packagedElement xmi:type='uml:Package' xmi:id='_p' name='sales'><packagedElement xmi:type='uml:Class' xmi:id='_o' name='Order'>\
         <ownedAttribute xmi:id='_a' name='customer'><type xmi:type='uml:Class' href='../base/people.uml#_c'/></ownedAttribute>\
         </packagedElement></packagedElement>";
    let customer = "<packagedElement xmi:type='uml:Package' xmi:id='_q' name='people'>\
         <packagedElement xmi:type='uml:Class' xmi:id='_c' name='Customer'/></packagedElement>";
    write("models/shop/shop.uml", document("shop", order).as_bytes());
    write("models/base/people.uml", document("base", customer).as_bytes());
    write("models/notes.txt", b"draw invoices");
    write("models/shop.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    write("models/.hidden.uml", b"<broken");
    write("other.uml", document("other", "<packagedElement xmi:type='uml:Class' xmi:id='_x' name='X'/>").as_bytes());
    folder
}

#[test]
fn several_files_are_one_model_only_if_somebody_says_so() {
    let folder = shop();
    let files = ["models/shop/shop.uml", "models/base/people.uml"];
    for args in
        [&["check", files[0], files[1]][..], &["check", "models"], &["explain", files[0], files[1], "sales.Order"]]
    {
        let output = umlaut(folder.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(text(&output.stderr).contains("--together"), "{}", text(&output.stderr));
    }
    for args in [
        &["check", "--together", files[0], files[1]][..],
        &["check", "models", "--together"],
        &["check", "models", files[0], "models", "--together"],
        &["graph", "models", "--together"],
        &["dump", "models", "--together", "--stage", "model"],
        &["explain", files[1], files[0], "sales.Order.customer", "--together"],
        &["explain", "models", "sales.Order.customer", "--together"],
    ] {
        let output = umlaut(folder.path(), args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", text(&output.stderr));
    }
}

#[test]
fn the_order_of_files_does_not_matter_and_the_root_names_the_project() {
    let folder = shop();
    let files = ["models/shop/shop.uml", "models/base/people.uml"];
    let mut found = Vec::new();
    for (out, args) in [("a", &[files[0], files[1]][..]), ("b", &[files[1], files[0]]), ("c", &["models"])] {
        let output = umlaut(folder.path(), &[&["build", "--together", "--out", out], args].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let project = folder.path().join(out);
        let models = fs::read_to_string(project.join("sales/models.py")).expect("the app is written");
        found.push((models, fs::read_to_string(project.join("pyproject.toml")).expect("it is written")));
    }
    assert_eq!(found[0], found[1]);
    assert_eq!(found[0], found[2]);
    assert!(found[0].0.contains("ForeignKey") && found[0].1.contains("name = \"shop\""), "{}", found[0].1);
}

#[test]
fn what_is_no_model_in_a_folder_is_passed_over() {
    let folder = shop();
    let output = umlaut(folder.path(), &["check", "models", "--together", "-W", "U0208"]);
    let said = text(&output.stderr);
    assert!(
        said.contains("2 files in `models` are passed over") && said.contains("models/shop.png` is a picture"),
        "{said}"
    );
    assert!(!said.contains("hidden"), "{said}");
    fs::create_dir(folder.path().join("empty")).expect("a folder can be made");
    fs::write(folder.path().join("empty/notes.txt"), "nothing").expect("a file can be written");
    fs::write(folder.path().join("empty/more.txt"), "nothing here").expect("a file can be written");
    let output = umlaut(folder.path(), &["check", "empty", "--together"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("U1602"), "{}", text(&output.stderr));
}

#[test]
fn a_project_that_we_wrote_is_no_part_of_the_folder() {
    let folder = shop();
    for _ in 0..2 {
        let output = umlaut(folder.path(), &["build", "models", "--together", "--out", "models/site", "-W", "U0208"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("2 files in `models`"), "{}", text(&output.stderr));
    }
}

#[test]
fn one_file_of_an_archive_can_be_named_and_its_neighbours_are_read_along() {
    let folder = shop();
    let read = |path: &str| fs::read(folder.path().join(path)).expect("it was written");
    let mut archive = tar::Builder::new(Vec::new());
    for path in ["models/shop/shop.uml", "models/base/people.uml", "other.uml"] {
        let content = read(path);
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_cksum();
        archive.append_data(&mut header, path, content.as_slice()).expect("memory");
    }
    fs::write(folder.path().join("old.tar"), archive.into_inner().expect("memory")).expect("it can be written");
    let output = umlaut(folder.path(), &["check", "old.tar"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("U0209") && said.contains("old.tar!/other.uml"), "{said}");
    assert_eq!(umlaut(folder.path(), &["check", "old.tar", "--together"]).status.code(), Some(0));
    let output = umlaut(folder.path(), &["dump", "old.tar!/models/shop/shop.uml", "--stage", "model"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(said.contains("class Customer") && !said.contains("class X"), "{said}");
    let output = umlaut(folder.path(), &["check", "old.tar!/othr.uml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("old.tar!/other.uml"), "{}", text(&output.stderr));
}
