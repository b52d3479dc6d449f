//! What else relations can be: each kind once, and a script that breaks every rule of theirs and sees it refused.

use std::fs;

use umlaut::django::DjangoVersion;

use super::draw::{Drawing, End, Owner, end};
use super::{script, write};
use crate::support::compile::{compile_for, findings};
use crate::support::postgres::Server;

/// A primitive type as Eclipse refers to it.
fn typed(name: &str) -> String {
    let library = "pathmap://UML_LIBRARIES/UMLPrimitiveTypes.library.uml";
    format!("<type xmi:type='uml:PrimitiveType' href='{library}#{name}'/>")
}

fn part(class: &str, role: &str, bounds: &'static str) -> End {
    End { aggregation: "composite", ..end(class, role, bounds) }
}

fn qualified(by: &str, end: End) -> End {
    let inside = format!("<qualifier xmi:id='{}.{by}' name='{by}'>{}</qualifier>", end.class, typed("String"));
    End { inside, ..end }
}

fn more(more: &str, end: End) -> End {
    End { more: more.to_owned(), ..end }
}

fn draw() -> Drawing {
    let mut it = Drawing::default();
    it.package("town");
    for name in [
        "House",
        "Car",
        "Window",
        "Person",
        "Firm",
        "Account",
        "Team",
        "Player",
        "Bank",
        "Customer",
        "Library",
        "Book",
        "Office",
        "Employment",
        "Supplier",
        "Piece",
        "Project",
        "Playlist",
        "Song",
        "Student",
        "Course",
        "Boat",
        "Shelf",
        "Novel",
        "Film",
        "Company",
        "Product",
        "Order",
        "Forum",
        "Thread",
        "Post",
        "Reader",
        "Vehicle",
        "Truck",
    ] {
        it.class(name);
    }
    it.add_class("Holder", "Interface", "", "");
    for name in ["Person", "Firm"] {
        let text = format!(
            "<interfaceRealization xmi:id='{name}.holder' client='{name}' supplier='Holder' contract='Holder'/>"
        );
        it.inside(name, &text);
    }
    it.generalization("Truck", "Vehicle");

    // A part of one of two wholes.
    it.association("glazes", &[end("House", "house", "0..1"), part("Window", "windows", "*")]);
    it.association("shields", &[end("Car", "car", "0..1"), part("Window", "panes", "*")]);
    // One of two associations.
    it.association("privately", &[end("Person", "person", "1"), end("Account", "accounts", "*")]);
    it.association("officially", &[end("Firm", "firm", "0..1"), end("Account", "accounts", "*")]);
    it.rest(
        "<ownedRule xmi:id='xor' name='either' constrainedElement='privately officially'>\
         <specification xmi:type='uml:OpaqueExpression' xmi:id='xor.s'><body>xor</body></specification></ownedRule>",
    );
    // An upper bound, and a subset.
    it.association("plays", &[end("Team", "team", "0..1"), end("Player", "players", "0..3")]);
    let captain = more(" subsettedProperty='plays.1'", End { owner: Owner::Class, ..end("Player", "captain", "0..1") });
    it.association("leads", &[end("Team", "led", "*"), captain]);
    // Qualifiers: of one to many, and of many to many.
    it.association("serves", &[qualified("number", end("Bank", "bank", "1")), end("Customer", "customer", "0..1")]);
    it.association("lends", &[qualified("shelfmark", end("Library", "libraries", "*")), end("Book", "book", "0..1")]);
    // Classes of associations: with one object at an end, and with associations and a parent of their own.
    it.association_class("Employment", &[end("Firm", "employer", "0..1"), end("Person", "staff", "*")]);
    it.association("sits", &[end("Office", "office", "0..1"), end("Employment", "desks", "*")]);
    it.association_class("Reader", &[end("Library", "library", "*"), end("Person", "people", "*")]);
    it.generalization("Reader", "Vehicle");
    // Three ends, one of them determined by the others.
    it.association(
        "supplies",
        &[end("Supplier", "supplier", "*"), end("Piece", "piece", "*"), end("Project", "project", "0..1")],
    );
    // Bags, orders and bounds of links.
    let songs = more(" isOrdered='true' isUnique='false'", end("Song", "songs", "*"));
    it.association("lists", &[end("Playlist", "playlists", "*"), songs]);
    it.association("attends", &[end("Student", "students", "*"), end("Course", "courses", "0..2")]);
    it.association("likes", &[end("Person", "friends", "*"), end("Person", "friends", "*")]);
    // Something that has no table of its own.
    it.association("owns", &[end("Holder", "owner", "1"), end("Boat", "boats", "*")]);
    // A union of its subsets.
    let items = more(" isDerived='true' isDerivedUnion='true'", end("Product", "items", "*"));
    it.association("keeps", &[end("Shelf", "keeper", "0..1"), items]);
    let subset = |end: End| more(" subsettedProperty='keeps.1'", end);
    it.association("reads", &[end("Shelf", "library_shelf", "0..1"), subset(end("Novel", "novels", "*"))]);
    it.association("shows", &[end("Shelf", "film_shelf", "*"), subset(end("Film", "films", "*"))]);
    // What is deleted together.
    it.association("makes", &[end("Company", "company", "1"), part("Product", "products", "*")]);
    it.association("takes", &[end("Company", "company", "1"), part("Order", "orders", "*")]);
    it.association("wants", &[end("Product", "product", "1"), end("Order", "wanted", "*")]);
    // By a function.
    it.class("Gate");
    it.association("guards", &[end("Person", "guard", "1"), end("Gate", "gates", "*")]);
    // By the database.
    it.association("has", &[end("Forum", "forum", "1"), part("Thread", "threads", "*")]);
    it.association("holds", &[end("Thread", "thread", "1"), part("Post", "posts", "*")]);
    it.association("answers", &[end("Post", "parent", "0..1"), end("Post", "replies", "*")]);
    it.association("tags", &[end("Thread", "tagged", "*"), end("Thread", "related", "*")]);
    it
}

const SETTINGS: &str = "[model.\"town.Forum\"]\ndb_cascade = true\n\
                        [model.\"town.guards.guard\"]\non_delete = \"SET(town.rules.somebody)\"\n";

#[test]
fn every_rule_of_a_relation_is_kept_by_the_database_or_by_clean() {
    let xmi = draw().xmi();
    // Older versions of Django cannot let the database delete.
    let newest = DjangoVersion::default();
    let outcome = compile_for(newest, "town.uml", xmi.clone().into_bytes(), Some(SETTINGS));
    assert!(outcome.report.is_sound(), "{}", findings(&outcome));
    let folder = write("behaviour", &outcome);
    fs::write(folder.join("town.uml"), xmi).unwrap();
    crate::django::ruff(&folder);
    // The user's own.
    let function = "from django.apps import apps\n\n\n\
                    def somebody():\n    return apps.get_model(\"town\", \"Person\").objects.latest(\"pk\")\n";
    fs::write(folder.join("town/rules.py"), function).unwrap();
    crate::django::makemigrations(&folder);
    let server = Server::start();
    for url in ["sqlite://:memory:".to_owned(), server.create("behaviour")] {
        let said = script("behaviour.py", &folder, &url, &[]);
        let count: usize = said.trim().parse().unwrap();
        assert!(count > 40, "{count} rules on {url}");
    }
    crate::django::pytest(&folder, None);
}
