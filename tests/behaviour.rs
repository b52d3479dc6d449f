//! What golden cases become behaves as the diagram says, on the databases that they are for: the projects' own tests say so.

use std::fs;

use crate::django;
use crate::support::compile::compile_bytes;
use crate::support::postgres::Server;
use crate::support::{judge_dir, root};

/// The cases, and whether they are for PostgreSQL alone.
const CASES: &[(&str, bool)] = &[
    ("indexes", false),
    ("indexes-postgresql", true),
    ("fulltext", true),
    ("composite-keys", false),
    ("kinds", false),
    ("proxies", false),
    ("generalization-sets", false),
    ("archived", false),
    ("constraints", false),
];

#[test]
fn indexes_and_kinds_behave_as_drawn() {
    let server = Server::start();
    for (case, is_postgresql_alone) in CASES {
        let folder = root().join("tests/cases/project").join(case);
        let bytes = fs::read(folder.join("input.xmi")).expect("the case can be read");
        let toml = fs::read_to_string(folder.join("umlaut.toml")).ok();
        let files = compile_bytes("input.xmi", bytes, toml.as_deref()).files.expect("it is written in spite of errors");
        let project = judge_dir().join("behaviour").join(case);
        if project.exists() {
            fs::remove_dir_all(&project).expect("the old project can be removed");
        }
        for (path, file) in files.iter() {
            let path = project.join(path);
            fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
            fs::write(path, &file.content).expect("the file can be written");
        }
        django::ruff(&project);
        django::makemigrations(&project);
        if !is_postgresql_alone {
            django::pytest(&project, None);
        }
        django::pytest(&project, Some(&server.create(&case.replace('-', "_"))));
    }
}
