//! What a change means for rows and tables that stay: one change each, and what is said about it.

use std::fs;
use std::process::Command;

use crate::evolution::diagram;
use crate::support::{root, try_run};

/// A version of a model: its text and its settings.
type Version = (String, String);

/// What is said about the change from one version to the next.
#[track_caller]
fn last(old: &Version, new: &Version, more: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    let mut last = String::new();
    for (model, settings) in [old, new] {
        fs::write(folder.path().join("shop.xmi"), model).unwrap();
        fs::write(folder.path().join("umlaut.toml"), settings).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_umlaut"));
        command.args(["build", "shop.xmi", "--out", "shop"]).args(more).current_dir(folder.path());
        let output = try_run(&mut command);
        last = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    }
    last
}

/// The same, a line each, without places.
#[track_caller]
fn said(old: &Version, new: &Version) -> Vec<String> {
    let text = last(old, new, &["--format", "short"]);
    text.lines().filter_map(|line| line.split_once("[U13").map(|(_, rest)| format!("U13{rest}"))).collect()
}

/// The same for the lines of [`diagram`].
#[track_caller]
fn changes(old: &[&str], new: &[&str], settings: [&str; 2]) -> Vec<String> {
    said(&(diagram(old), settings[0].to_owned()), &(diagram(new), settings[1].to_owned()))
}

#[test]
fn what_went_and_what_came_is_asked_about_if_it_looks_alike() {
    let old = ["Person#p: surname#a:String age#b:Integer born#c:String"];
    let new = ["Person#p: lastName#d:String age#b:Integer born#c:String"];
    assert_eq!(
        changes(&old, &new, ["", ""]),
        // That it would need a value is only told once it is known to be new.
        ["U1301]: `shop.Person.surname` is gone and `shop.Person.lastName` is new: 81 % alike"]
    );
    // The answer is written down.
    let renamed = "[evolution]\nrename = [\"shop.Person.surname -> shop.Person.lastName\"]\n";
    assert_eq!(changes(&old, &new, ["", renamed]), Vec::<String>::new());
    let accepted = "[evolution]\naccept = [\"shop.Person.surname\"]\n";
    assert_eq!(
        changes(&old, &new, ["", accepted]),
        ["U1305]: new attribute `Person.last_name` is required, but existing rows have no value"]
    );
    // Classes, too.
    assert_eq!(
        changes(&["Customer#p: name#a:String"], &["Customers#q: name#b:String"], ["", ""]),
        ["U1301]: `shop.Customer` is gone and `shop.Customers` is new: 94 % alike"]
    );
    // What does not look alike is none.
    assert_eq!(
        changes(&["Person#p: note#a:String[0..1] x#x:String"], &["Person#p: points#d:Integer=1 x#x:String"], ["", ""]),
        ["U1302]: `Person.note` is gone; its column and data would be dropped"]
    );
}

#[test]
fn ids_that_mean_something_else_are_told() {
    let old = ["A#a: x#x:String", "B#b: y#y:String z#z:String"];
    let new = ["A#a: x#x:String", "B#b: y#y:String z#z:String b#q:C[0..1]", "C#c: w#w:String"];
    assert_eq!(changes(&old, &new, ["", ""]).len(), 1);
    let reused = ["A#a: x#x:String", "B#b:", "y#y: v#z:String"];
    let lines = changes(&old, &reused, ["", "[evolution]\naccept = [\"shop.B.y\", \"shop.B.z\"]\n"]);
    assert_eq!(
        lines,
        ["U1304]: id `y` was an attribute or an end (`shop.B.y`) and is a class now (`shop.y`); it is taken for new"]
    );
}

#[test]
fn what_may_not_fit_any_more_is_told() {
    let model = ["Order#o: code#c:String count#n:Integer open#b:Boolean"];
    let with = |text: &str| format!("[model.\"shop.Order.code\"]\n{text}\n");
    let long = with("max_length = 50");
    assert_eq!(
        changes(&model, &model, [&long, &with("max_length = 20")]),
        ["U1306]: `Order.code` shrinks from 50 to 20 characters"]
    );
    let accepted = with("max_length = 20") + "[evolution]\naccept = [\"shop.Order.code\"]\n";
    assert_eq!(
        changes(&model, &model, [&long, &accepted]),
        ["U1307]: changing `Order.code` from varchar(50) to varchar(20) rewrites the table under an exclusive lock"]
    );
    assert_eq!(changes(&model, &model, [&with("max_length = 20"), &long]), Vec::<String>::new());

    let quiet = "[lints]\nU1308 = \"allow\"\n";
    assert_eq!(
        changes(&model, &model, [&long, &(with("max_length = 50\nunique = true") + quiet)]),
        ["U1310]: `Order.code` is unique now, and rows may be equal"]
    );
    let together = "[model.\"shop.Order\"]\nunique = \"code+count\"\n".to_owned() + quiet;
    let lines = changes(&model, &model, ["", &together]);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("U1310]: `Order.code` and `Order.count` are unique together"), "{lines:?}");
    // What was unique by itself is so together with others, and under a condition.
    let alone = with("max_length = 50\nunique = true") + quiet;
    let under = "[model.\"shop.Order\"]\nunique = \"code where open\"\n".to_owned() + quiet;
    let length = "[model.\"shop.Order.code\"]\nmax_length = 50\n";
    for looser in [&together, &under] {
        assert_eq!(changes(&model, &model, [&alone, &(looser.clone() + length)]), Vec::<String>::new());
    }
    assert_eq!(changes(&model, &model, [&(under + length), &alone]).len(), 1);
    let some = "[model.\"shop.Order\"]\nunique = \"lower(code) where open\"\n".to_owned() + quiet;
    let text = last(&(diagram(&model), String::new()), &(diagram(&model), some), &[]);
    assert!(text.contains("U1310]: `Order.code` is unique under a condition, and rows may be equal"), "{text}");
    let query = "SELECT (LOWER(\"code\")), count(*) FROM shop_order WHERE (\"open\") AND (LOWER(\"code\")) IS NOT NULL \
                 GROUP BY (LOWER(\"code\")) HAVING count(*) > 1";
    assert!(text.contains(query), "{text}");
}

#[test]
fn a_condition_that_lets_more_in_needs_no_answer() {
    let old = fs::read_to_string(root().join("samples/shop/model.xmi")).unwrap();
    let more =
        old.replace("name=\"paid\"/>", "name=\"paid\"/><ownedLiteral xmi:id=\"_OrderStatus_lost\" name=\"lost\"/>");
    let checks = "[rules]\nenum_checks = true\n[lints]\nU1308 = \"allow\"\n".to_owned();
    assert_eq!(said(&(old.clone(), checks.clone()), &(more.clone(), checks.clone())), Vec::<String>::new());
    let lines = said(&(more, checks.clone()), &(old, checks));
    assert!(
        lines.iter().any(|line| line.contains("under a condition that rows may break (`order_status_")),
        "{lines:?}"
    );
}

#[test]
fn rows_that_break_a_condition_can_be_looked_for() {
    let model = fs::read_to_string(root().join("samples/shop/model.xmi")).unwrap();
    let free = model.replace("self.price &gt;= 0", "self.price &gt;= 1");
    assert_ne!(model, free);
    let text = last(&(model, String::new()), &(free, String::new()), &[]);
    assert!(text.contains("look first: `SELECT * FROM catalog_product WHERE NOT (\"price\" >= 1)`"), "{text}");
    assert!(text.contains("if no row does: `[evolution] accept = [\"product_free_ck\"]`"), "{text}");
}

#[test]
fn literals_that_are_gone_are_told() {
    let old = fs::read_to_string(root().join("samples/shop/model.xmi")).unwrap();
    let new = old.replace("<ownedLiteral xmi:id=\"_OrderStatus_paid\" name=\"paid\"/>", "");
    assert_ne!(old, new);
    let lines = said(&(old.clone(), String::new()), &(new.clone(), String::new()));
    assert_eq!(lines, ["U1310]: `Order.status` cannot be 'paid' any more, and rows may have it"]);
    let accepted = "[evolution]\naccept = [\"sales.Order.status\"]\n".to_owned();
    assert_eq!(said(&(old.clone(), String::new()), &(new, accepted)), Vec::<String>::new());
    let more =
        old.replace("name=\"paid\"/>", "name=\"paid\"/><ownedLiteral xmi:id=\"_OrderStatus_lost\" name=\"lost\"/>");
    assert_eq!(said(&(old, String::new()), &(more, String::new())), Vec::<String>::new());
}

#[test]
fn what_locks_large_tables_is_told() {
    let old = ["Order#o: code#c:String count#n:Integer", "Line#l: x#x:String"];
    let index = "[model.\"shop.Order.count\"]\nindex = true\n";
    let lines = changes(&old, &old, ["", index]);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("U1308]: writes to `Order` wait for the index "));
    let key = ["Order#o: code#c:String count#n:Integer", "Line#l: x#x:String order#r:Order[0..1]"];
    assert_eq!(
        changes(&old, &key, ["", ""]),
        ["U1308]: writes to `Line` wait for the index of the new key `order`, until all rows were looked at"]
    );
    // Where there is no PostgreSQL, nothing of it is known.
    let sqlite = "[project]\ndatabases = [\"sqlite\"]\n";
    assert_eq!(changes(&old, &key, [sqlite, sqlite]), Vec::<String>::new());
}
