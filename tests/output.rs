//! Writing: what happens to a real folder.

use std::fs;
use std::path::{Path, PathBuf};

use umlaut::account::Elements;
use umlaut::diagnostic::Report;
use umlaut::failure::Failure;
use umlaut::output::{Action, File, FileSet, Ownership, Plan, disk, plan};

use crate::support::compile::sample;

type Content<'a> = (&'a str, &'a str, Ownership);

const PROJECT: &[Content] = &[
    ("manage.py", "print()\n", Ownership::Generated),
    ("shop/__init__.py", "", Ownership::Generated),
    ("shop/apps.py", "apps\n", Ownership::Generated),
    ("shop/models.py", "models\n", Ownership::Generated),
    ("shop/migrations/0001_initial.py", "first\n", Ownership::Sealed),
    ("shop/api/views.py", "views\n", Ownership::Generated),
];

fn files(contents: &[Content]) -> FileSet {
    let mut files = FileSet::default();
    for (path, content, ownership) in contents {
        let file = File { content: (*content).to_owned(), ownership: *ownership, elements: Vec::new() };
        files.add(*path, file).unwrap();
    }
    files
}

/// A build as the pipeline does it: nothing is written if there is an error.
fn build(dir: &Path, contents: &[Content]) -> (Plan, Vec<&'static str>) {
    let (plan, report) = planned(dir, contents);
    if report.is_sound() {
        disk::write(dir, &plan).unwrap();
    }
    (plan, report.diagnostics().iter().map(|diagnostic| diagnostic.code.id).collect())
}

fn planned(dir: &Path, contents: &[Content]) -> (Plan, Report) {
    let files = files(contents);
    let previous = disk::read_previous(dir, &files).unwrap();
    let mut report = Report::default();
    (plan::plan(&files, &previous, &Elements::default(), &mut report), report)
}

/// Everything in a folder with its bytes and its time, so that a file that was touched shows.
fn state(dir: &Path) -> Vec<(PathBuf, Vec<u8>, std::time::SystemTime)> {
    let (mut folders, mut found) = (vec![dir.to_path_buf()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let time = path.metadata().unwrap().modified().unwrap();
                found.push((path.strip_prefix(dir).unwrap().to_path_buf(), fs::read(&path).unwrap(), time));
            }
        }
    }
    found.sort();
    found
}

fn paths(dir: &Path) -> Vec<String> {
    state(dir).iter().map(|(path, ..)| path.to_string_lossy().into_owned()).collect()
}

#[test]
fn a_build_writes_the_files_and_its_manifest_and_nothing_else() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("build/shop");
    build(&dir, PROJECT);
    assert_eq!(
        paths(&dir),
        [
            ".umlaut/manifest/project.jsonl",
            ".umlaut/manifest/shop.jsonl",
            "manage.py",
            "shop/__init__.py",
            "shop/api/views.py",
            "shop/apps.py",
            "shop/migrations/0001_initial.py",
            "shop/models.py",
        ]
    );
    assert_eq!(fs::read_to_string(dir.join("shop/models.py")).unwrap(), "models\n");
    assert!(!dir.join(".umlaut/stage").exists());
}

#[test]
fn building_twice_touches_nothing() {
    let temp = tempfile::tempdir().unwrap();
    build(temp.path(), PROJECT);
    let before = state(temp.path());
    let (plan, codes) = build(temp.path(), PROJECT);
    assert!(plan.changes_nothing());
    assert!(codes.is_empty());
    assert_eq!(state(temp.path()), before);
}

#[test]
fn only_what_differs_is_touched() {
    let temp = tempfile::tempdir().unwrap();
    build(temp.path(), PROJECT);
    let before = state(temp.path());
    let mut changed = PROJECT.to_vec();
    changed[0].1 = "print(1)\n";
    build(temp.path(), &changed);
    let after = state(temp.path());
    let differing: Vec<_> = before
        .iter()
        .zip(&after)
        .filter(|(before, after)| before != after)
        .map(|(before, _)| before.0.to_string_lossy().into_owned())
        .collect();
    assert_eq!(differing, [".umlaut/manifest/project.jsonl", "manage.py"]);
}

#[test]
fn an_edited_file_stops_the_build_before_anything_is_written() {
    let temp = tempfile::tempdir().unwrap();
    build(temp.path(), PROJECT);
    fs::write(temp.path().join("shop/models.py"), "mine\n").unwrap();
    let before = state(temp.path());
    let mut changed = PROJECT.to_vec();
    changed[0].1 = "print(1)\n";
    let (_, codes) = build(temp.path(), &changed);
    assert_eq!(codes, ["U1501"]);
    assert_eq!(state(temp.path()), before);

    // Even a plan that is carried out all the same leaves the file.
    let (plan, _) = planned(temp.path(), &changed);
    disk::write(temp.path(), &plan).unwrap();
    assert_eq!(fs::read_to_string(temp.path().join("shop/models.py")).unwrap(), "mine\n");
    assert_eq!(fs::read_to_string(temp.path().join("manage.py")).unwrap(), "print(1)\n");
}

#[test]
fn stale_files_go_with_their_empty_folders() {
    let temp = tempfile::tempdir().unwrap();
    build(temp.path(), PROJECT);
    let (_, codes) = build(temp.path(), &PROJECT[..5]);
    assert_eq!(codes, ["U1503"]);
    assert!(!temp.path().join("shop/api").exists());
    assert!(temp.path().join("shop/models.py").exists());
    assert!(!fs::read_to_string(temp.path().join(".umlaut/manifest/shop.jsonl")).unwrap().contains("views"));
}

#[test]
fn the_manifest_of_an_app_goes_with_its_last_file() {
    let temp = tempfile::tempdir().unwrap();
    build(temp.path(), &PROJECT[..4]);
    build(temp.path(), &PROJECT[..1]);
    assert_eq!(paths(temp.path()), [".umlaut/manifest/project.jsonl", "manage.py"]);
}

#[test]
fn a_foreign_file_is_in_the_way() {
    let temp = tempfile::tempdir().unwrap();
    fs::write(temp.path().join("manage.py"), "theirs\n").unwrap();
    let (_, codes) = build(temp.path(), PROJECT);
    assert_eq!(codes, ["U1504"]);
    assert_eq!(paths(temp.path()), ["manage.py"]);
}

#[test]
fn an_interrupted_write_is_finished_by_the_next_run() {
    let temp = tempfile::tempdir().unwrap();
    let (plan, _) = planned(temp.path(), PROJECT);
    // Something appears between planning and writing, so that the write stops in the middle.
    fs::write(temp.path().join("shop"), "in the way").unwrap();
    let error = disk::write(temp.path(), &plan).unwrap_err();
    assert!(matches!(error, Failure::Io { .. }), "{error:?}");
    assert!(temp.path().join("manage.py").exists(), "the first file was moved");
    assert!(temp.path().join(".umlaut/stage/journal.jsonl").exists());
    assert!(!temp.path().join(".umlaut/manifest").exists());

    fs::remove_file(temp.path().join("shop")).unwrap();
    let (plan, codes) = build(temp.path(), PROJECT);
    assert!(plan.changes_nothing(), "reading what is there has finished the write: {plan:?}");
    assert!(codes.is_empty());
    assert_eq!(fs::read_to_string(temp.path().join("shop/models.py")).unwrap(), "models\n");
    assert!(!temp.path().join(".umlaut/stage").exists());
}

#[test]
fn finishing_an_interrupted_write_keeps_what_was_edited_since() {
    let temp = tempfile::tempdir().unwrap();
    build(temp.path(), &PROJECT[..1]);
    let mut changed = PROJECT.to_vec();
    changed[0].1 = "print(1)\n";
    let (plan, _) = planned(temp.path(), &changed);
    fs::write(temp.path().join("shop"), "in the way").unwrap();
    disk::write(temp.path(), &plan).unwrap_err();
    fs::write(temp.path().join("manage.py"), "mine\n").unwrap();
    fs::remove_file(temp.path().join("shop")).unwrap();
    let (_, codes) = build(temp.path(), &changed);
    assert_eq!(codes, ["U1501"]);
    assert_eq!(fs::read_to_string(temp.path().join("manage.py")).unwrap(), "mine\n");
}

#[test]
fn a_stage_without_journal_is_thrown_away() {
    let temp = tempfile::tempdir().unwrap();
    fs::create_dir_all(temp.path().join(".umlaut/stage/files")).unwrap();
    fs::write(temp.path().join(".umlaut/stage/files/manage.py"), "half").unwrap();
    build(temp.path(), PROJECT);
    assert_eq!(fs::read_to_string(temp.path().join("manage.py")).unwrap(), "print()\n");
    assert!(!temp.path().join(".umlaut/stage").exists());
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_the_project() {
    use std::os::unix::fs::symlink;
    let temp = tempfile::tempdir().unwrap();
    let (dir, outside) = (temp.path().join("project"), temp.path().join("outside"));
    fs::create_dir_all(&dir).unwrap();
    fs::create_dir_all(&outside).unwrap();

    symlink(&outside, dir.join("shop")).unwrap();
    let (_, codes) = build(&dir, PROJECT);
    assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>(), ["U1506"].iter().collect());
    fs::remove_file(dir.join("shop")).unwrap();

    // Also one that appears between planning and writing.
    let (plan, _) = planned(&dir, PROJECT);
    symlink(&outside, dir.join("shop")).unwrap();
    disk::write(&dir, &plan).unwrap_err();
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
    fs::remove_file(dir.join("shop")).unwrap();
    build(&dir, PROJECT);

    fs::remove_dir_all(dir.join(".umlaut")).unwrap();
    symlink(&outside, dir.join(".umlaut")).unwrap();
    let error = disk::read_previous(&dir, &files(PROJECT)).unwrap_err();
    assert!(matches!(error, Failure::Io { .. }));
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
}

#[test]
fn an_output_directory_that_is_a_file_is_a_failure() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("file");
    fs::write(&path, "x").unwrap();
    assert!(matches!(disk::read_previous(&path, &files(PROJECT)), Err(Failure::Io { .. })));
}

#[test]
fn samples_are_written_once() {
    for name in ["library", "shop"] {
        let (temp, outcome) = (tempfile::tempdir().unwrap(), sample(name));
        let files = outcome.files.unwrap();
        let build = || {
            let (previous, mut report) = (disk::read_previous(temp.path(), &files).unwrap(), Report::default());
            let plan = plan::plan(&files, &previous, &outcome.elements, &mut report);
            assert!(report.diagnostics().is_empty(), "{:?}", report.diagnostics());
            disk::write(temp.path(), &plan).unwrap();
            plan
        };
        assert_eq!(build().paths(Action::Create).count(), files.len());
        let before = state(temp.path());
        assert!(build().changes_nothing());
        assert_eq!(state(temp.path()), before);
    }
}
