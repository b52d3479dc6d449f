use super::*;
use crate::account::{ElementKind, Met};
use crate::diagnostic::Level;
use crate::source::{Sources, Span};

const MODELS: &str = "shop/models.py";
const MIGRATION: &str = "shop/migrations/0001_initial.py";

/// A diagram with one class, and a place to try builds of it.
struct Bench {
    elements: Elements,
    order: Element,
    previous: Previous,
    report: Report,
}

impl Bench {
    fn new() -> Self {
        let source = Sources::default().add("shop.xmi", "<a/>");
        let mut elements = Elements::default();
        let order = elements.enter(Met {
            kind: ElementKind::Class,
            span: Span::new(source, 0..4),
            id: Some("_1"),
            name: Some("Order"),
            owner: None,
        });
        Self { elements, order, previous: Previous::default(), report: Report::default() }
    }

    fn file(&self, content: &str, ownership: Ownership) -> File {
        File { content: content.to_owned(), ownership, elements: vec![self.order] }
    }

    fn plan(&mut self, files: &[(&str, &str, Ownership)]) -> Plan {
        let mut set = FileSet::default();
        for (path, content, ownership) in files {
            set.add(*path, self.file(content, *ownership)).unwrap();
        }
        self.report = Report::default();
        plan(&set, &self.previous, &self.elements, &mut self.report)
    }

    /// Does what a plan says to the disk that this bench imagines.
    fn carry_out(&mut self, plan: Plan) {
        for step in plan.steps {
            match step.content {
                Some(content) => self.put(&step.path, &content),
                None if step.action == Action::Remove => {
                    self.previous.existing.remove(&step.path);
                }
                None => {}
            }
        }
        self.previous.manifest = plan.manifest;
    }

    fn put(&mut self, path: &str, content: &str) {
        self.previous.existing.insert(path.to_owned(), Existing::File(content.as_bytes().to_vec()));
    }

    fn codes(&self) -> Vec<&str> {
        self.report.diagnostics().iter().map(|diagnostic| diagnostic.code.id).collect()
    }
}

fn actions(plan: &Plan) -> Vec<(&str, Action)> {
    plan.steps.iter().map(|step| (step.path.as_str(), step.action)).collect()
}

#[test]
fn the_second_build_changes_nothing() {
    let mut bench = Bench::new();
    let files = [(MODELS, "a\n", Ownership::Generated), (MIGRATION, "m\n", Ownership::Sealed)];
    let first = bench.plan(&files);
    assert_eq!(actions(&first), [(MIGRATION, Action::Create), (MODELS, Action::Create)]);
    bench.carry_out(first);
    let second = bench.plan(&files);
    assert!(second.changes_nothing());
    assert_eq!(actions(&second), [(MIGRATION, Action::Keep), (MODELS, Action::Keep)]);
    assert_eq!(second.manifest, bench.previous.manifest);
    assert!(bench.codes().is_empty());
}

#[test]
fn the_manifest_says_what_a_file_comes_from() {
    let mut bench = Bench::new();
    let plan = bench.plan(&[(MODELS, "a\n", Ownership::Generated)]);
    let entry = plan.manifest.get(MODELS).unwrap();
    assert_eq!(entry.elements, [Source { path: "Order".to_owned(), id: Some("_1".to_owned()) }]);
    assert_eq!(entry.sha256, sha256(b"a\n"));
}

#[test]
fn what_we_wrote_is_updated() {
    let mut bench = Bench::new();
    let first = bench.plan(&[(MODELS, "a\n", Ownership::Generated), ("README.md", "r\n", Ownership::Shared)]);
    bench.carry_out(first);
    let second = bench.plan(&[(MODELS, "b\n", Ownership::Generated), ("README.md", "s\n", Ownership::Shared)]);
    assert_eq!(second.paths(Action::Update).collect::<Vec<_>>(), ["README.md", MODELS]);
    assert!(bench.codes().is_empty());
}

#[test]
fn what_was_edited_by_hand_is_named_and_left() {
    let mut bench = Bench::new();
    let first = bench.plan(&[(MODELS, "a\nb\nc\n", Ownership::Generated)]);
    bench.carry_out(first);
    bench.put(MODELS, "a\nmine\nc\n");
    for content in ["a\nb\nc\n", "a\nb\nd\n"] {
        let plan = bench.plan(&[(MODELS, content, Ownership::Generated)]);
        assert_eq!(actions(&plan), [(MODELS, Action::Leave)]);
        assert_eq!(bench.codes(), ["U1501"]);
        let diagnostic = &bench.report.diagnostics()[0];
        assert_eq!(diagnostic.level, Level::Error);
        assert_eq!(diagnostic.message, "`shop/models.py` was changed since it was written");
        assert_eq!(diagnostic.notes, ["line 2 is the first that differs: it is now `mine`"]);
        // It still counts as edited next time.
        assert_eq!(plan.manifest.get(MODELS), bench.previous.manifest.get(MODELS));
    }
}

#[test]
fn the_first_change_is_described() {
    let note = |there: &str| first_change(there.as_bytes(), "a\nb\n").unwrap();
    assert_eq!(note("a\nb\nc\n"), "line 3 is the first that differs: it is now `c`");
    assert_eq!(note("a\n"), "line 2 and what followed it is gone");
    assert_eq!(note("a\n\nb\n"), "line 2 is the first that differs: it is empty now");
    assert_eq!(note("a\r\nb\r\n"), "line 1 is the first that differs: its line end is not `\\n`");
    assert_eq!(note("a\nb\n\n"), "line 4 and what follows it was added");
    assert!(note(&"x".repeat(200)).ends_with("x…`"));
    assert_eq!(first_change(b"a\nb\n", "a\nb\n"), None);
}

#[test]
fn what_is_not_ours_is_in_the_way_unless_it_is_the_same() {
    let mut bench = Bench::new();
    bench.put(MODELS, "theirs\n");
    let plan = bench.plan(&[(MODELS, "a\n", Ownership::Generated)]);
    assert_eq!((actions(&plan), bench.codes()), (vec![(MODELS, Action::Leave)], vec!["U1504"]));
    assert!(plan.manifest.get(MODELS).is_none(), "a file that was never written is not listed");

    bench.put(MODELS, "a\n");
    let plan = bench.plan(&[(MODELS, "a\n", Ownership::Generated)]);
    assert_eq!((actions(&plan), bench.codes()), (vec![(MODELS, Action::Keep)], vec![]));
    assert!(plan.manifest.get(MODELS).is_some());

    bench.previous.existing.insert(MODELS.to_owned(), Existing::Folder);
    bench.plan(&[(MODELS, "a\n", Ownership::Generated)]);
    assert_eq!(bench.codes(), ["U1504"]);

    bench.previous.existing.insert(MODELS.to_owned(), Existing::Behind("shop".to_owned()));
    bench.plan(&[(MODELS, "a\n", Ownership::Generated)]);
    assert_eq!(bench.codes(), ["U1506"]);
}

#[test]
fn a_damaged_manifest_is_named_where_it_matters() {
    let mut bench = Bench::new();
    bench.put(MODELS, "theirs\n");
    bench.previous.damaged.push((".umlaut/manifest/shop.jsonl".to_owned(), 3));
    bench.plan(&[(MODELS, "a\n", Ownership::Generated)]);
    assert!(bench.report.diagnostics()[0].notes[0].contains("line 3 of `.umlaut/manifest/shop.jsonl`"));
}

#[test]
fn seeds_are_written_once() {
    let mut bench = Bench::new();
    let seed = "shop/behaviors.py";
    let first = bench.plan(&[(seed, "stub\n", Ownership::Seed)]);
    assert_eq!(actions(&first), [(seed, Action::Create)]);
    bench.carry_out(first);
    bench.put(seed, "mine\n");
    let second = bench.plan(&[(seed, "new stub\n", Ownership::Seed)]);
    assert_eq!((actions(&second), bench.codes()), (vec![(seed, Action::Keep)], vec![]));
    bench.carry_out(second);
    let gone = bench.plan(&[]);
    assert_eq!((actions(&gone), bench.codes()), (vec![(seed, Action::Keep)], vec!["U1503"]));
}

#[test]
fn migrations_stay_as_they_were_written() {
    let mut bench = Bench::new();
    let first = bench.plan(&[(MIGRATION, "m\n", Ownership::Sealed)]);
    bench.carry_out(first);
    // The next build writes others.
    let next = bench.plan(&[]);
    assert_eq!((actions(&next), bench.codes()), (vec![(MIGRATION, Action::Leave)], vec![]));
    assert!(next.manifest.get(MIGRATION).is_some());

    let changed = bench.plan(&[(MIGRATION, "n\n", Ownership::Sealed)]);
    assert_eq!((actions(&changed), bench.codes()), (vec![(MIGRATION, Action::Leave)], vec!["U1504"]));
    assert!(!bench.report.is_sound());

    bench.put(MIGRATION, "edited\n");
    let edited = bench.plan(&[]);
    assert_eq!((actions(&edited), bench.codes()), (vec![(MIGRATION, Action::Leave)], vec!["U1312"]));
}

#[test]
fn what_is_not_written_any_more_goes_unless_it_was_edited() {
    let mut bench = Bench::new();
    let first = bench.plan(&[("shop/a.py", "a\n", Ownership::Generated), ("shop/b.py", "b\n", Ownership::Generated)]);
    bench.carry_out(first);
    bench.put("shop/b.py", "mine\n");
    let second = bench.plan(&[]);
    assert_eq!(actions(&second), [("shop/a.py", Action::Remove), ("shop/b.py", Action::Leave)]);
    assert_eq!(bench.codes(), ["U1503", "U1503"]);
    assert_eq!(second.manifest, Manifest::default());
    assert!(bench.report.is_sound(), "a stale file does not stop a build");
}

#[test]
fn paths_that_are_not_safe_are_not_planned() {
    let mut bench = Bench::new();
    for path in ["../a.py", "/etc/a.py", "con/models.py", ".umlaut/stage/a"] {
        let plan = bench.plan(&[(path, "a\n", Ownership::Generated)]);
        assert_eq!((actions(&plan), bench.codes()), (vec![], vec!["U1506"]), "{path}");
    }
    bench.plan(&[("Shop/a.py", "a\n", Ownership::Generated), ("shop/b.py", "b\n", Ownership::Generated)]);
    assert_eq!(bench.codes(), ["U1506"]);
    bench.plan(&[("shop/A.py", "a\n", Ownership::Generated), ("shop/a.py", "b\n", Ownership::Generated)]);
    assert_eq!(bench.codes(), ["U1506"]);
}

#[test]
fn a_manifest_cannot_lead_out_of_the_project() {
    let mut bench = Bench::new();
    let (path, ownership) = ("../secret".to_owned(), Ownership::Generated);
    bench.put(&path, "x");
    bench.previous.manifest.insert(Entry { path, ownership, sha256: sha256(b"x"), elements: Vec::new() });
    assert_eq!(bench.plan(&[]).steps, []);
}
