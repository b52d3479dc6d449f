//! Building again after the diagram has changed: what the next migrations are, and what happens to the rows.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use umlaut::diagnostic::Report;
use umlaut::django::built::Changes;
use umlaut::django::{DjangoVersion, Project, State};
use umlaut::emit::{Context, Parts, registry};
use umlaut::evolve;
use umlaut::lock::Past;
use umlaut::output::FileSet;

use crate::django;
use crate::support::postgres::Server;
use crate::support::python::{command, python, try_python};
use crate::support::{projects, try_run};

/// A diagram from lines `Class#id(Parent): name#id:Type[0..1]=default other`. Lines that are XML stand as they are. All is in
/// the package `shop`, or, after a line `package name`, in that one.
pub(crate) fn diagram(lines: &[&str]) -> String {
    let bare = |line: &str| line.split(['#', ':', '(']).next().unwrap().trim_start_matches('~').to_owned();
    let id_of = |class: &str| {
        let line = lines.iter().find(|line| bare(line) == class).unwrap();
        line.split(['#', '(', ':']).nth(1).unwrap().trim().to_owned()
    };
    let mut text = String::from(
        "<xmi:XMI xmlns:xmi=\"http://www.omg.org/spec/XMI/20131001\" xmlns:uml=\"http://www.omg.org/spec/UML/20131001\">\n\
         <uml:Model xmi:id=\"m\" name=\"shop\"><packagedElement xmi:type=\"uml:Package\" xmi:id=\"shop\" name=\"shop\">\n",
    );
    for line in lines {
        if let Some(package) = line.strip_prefix("package ") {
            let id = format!("xmi:id=\"p-{package}\"");
            text += &format!("</packagedElement><packagedElement xmi:type=\"uml:Package\" {id} name=\"{package}\">\n");
            continue;
        }
        if line.starts_with('<') {
            text += line;
            continue;
        }
        let (line, is_abstract) = line.strip_prefix('~').map_or((*line, ""), |line| (line, " isAbstract=\"true\""));
        let (head, members) = line.split_once(": ").unwrap_or((line, ""));
        let (head, parent) = head
            .trim_end_matches([':', ')'])
            .split_once('(')
            .map_or((head.trim_end_matches(':'), None), |(a, b)| (a, Some(b)));
        let (name, id) = head.split_once('#').unwrap();
        text += &format!("<packagedElement xmi:type=\"uml:Class\" xmi:id=\"{id}\" name=\"{name}\"{is_abstract}>\n");
        if let Some(parent) = parent {
            text += &format!("<generalization xmi:id=\"{id}g\" general=\"{}\"/>\n", id_of(parent));
        }
        for member in members.split_whitespace() {
            let (member, default) = member.split_once('=').map_or((member, None), |(a, b)| (a, Some(b)));
            let (member, bounds) = member.split_once('[').map_or((member, "1]"), |(a, b)| (a, b));
            let (lower, upper) = bounds.trim_end_matches(']').split_once("..").unwrap_or(("1", "1"));
            let mut parts = member.split([':', '#']);
            let (name, id, kind) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
            let is_class = lines.iter().any(|line| line.contains('#') && bare(line) == kind);
            text += &format!("<ownedAttribute xmi:id=\"{id}\" name=\"{name}\"");
            if is_class {
                text += &format!(" type=\"{}\"", id_of(kind));
            }
            text += ">";
            if !is_class {
                text += &format!(
                    "<type xmi:type=\"uml:PrimitiveType\" href=\"http://www.omg.org/spec/UML/20131001/PrimitiveTypes.xmi#{kind}\"/>"
                );
            }
            text += &format!("<lowerValue xmi:type=\"uml:LiteralInteger\" xmi:id=\"{id}l\" value=\"{lower}\"/>");
            text +=
                &format!("<upperValue xmi:type=\"uml:LiteralUnlimitedNatural\" xmi:id=\"{id}u\" value=\"{upper}\"/>");
            if let Some(default) = default {
                text += &format!("<defaultValue xmi:type=\"uml:LiteralString\" xmi:id=\"{id}d\" value=\"{default}\"/>");
            }
            text += "</ownedAttribute>\n";
        }
        text += "</packagedElement>\n";
    }
    text + "</packagedElement></uml:Model></xmi:XMI>\n"
}

/// A program that goes on until it is told to stop.
pub(crate) struct Beside {
    folder: tempfile::TempDir,
    process: Option<std::process::Child>,
}

impl Beside {
    /// What it printed.
    pub(crate) fn stop(mut self) -> String {
        fs::write(self.folder.path().join("stop"), "").unwrap();
        let output = self.process.take().unwrap().wait_with_output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (entry, name) = {
            let entry = entry.unwrap();
            (entry.path(), entry.file_name())
        };
        if entry.is_dir() {
            copy(&entry, &to.join(name));
        } else {
            fs::copy(&entry, to.join(name)).unwrap();
        }
    }
}

impl Drop for Beside {
    /// Whatever became of the test, it does not go on.
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// A folder in which one project is built again and again, and a database.
pub(crate) struct Bench(tempfile::TempDir, Option<String>);

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with(None)
    }

    /// With the database at `url`; with SQLite in a file, if there is none.
    pub(crate) fn with(url: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Settings are searched upwards as far as the root of a repository.
        fs::create_dir(folder.path().join(".git")).unwrap();
        let bench = Self(folder, url);
        bench.settings("");
        bench
    }

    pub(crate) fn project(&self) -> PathBuf {
        self.0.path().join("build/shop")
    }

    /// Writes these settings beside those of the Django that tests are run with.
    pub(crate) fn settings(&self, text: &str) {
        self.settings_for(crate::support::django(), text);
    }

    /// The same beside those of this Django.
    pub(crate) fn settings_for(&self, django: DjangoVersion, text: &str) {
        let django = format!("[project]\ndjango = \"{}\"\n", django.number());
        let text = if text.contains("[project]\n") { text.replace("[project]\n", &django) } else { django + text };
        fs::write(self.0.path().join("umlaut.toml"), text).unwrap();
    }

    /// Adopts the project; whether that was done, and the codes of what is in the way.
    fn adopt(&self, lines: &[&str]) -> (bool, Vec<String>) {
        let (output, codes) = self.run(lines, &["--adopt"]);
        (output.status.success(), codes)
    }

    /// Builds the diagram; the codes of all errors and warnings that are about the change, in order.
    pub(crate) fn build(&self, lines: &[&str]) -> Vec<String> {
        // How long tables are locked is another matter.
        let (output, codes) = self.run(lines, &["-A", "U1307", "-A", "U1308"]);
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() || !codes.is_empty(), "{said}");
        codes
    }

    fn run(&self, lines: &[&str], more: &[&str]) -> (std::process::Output, Vec<String>) {
        fs::write(self.0.path().join("shop.xmi"), diagram(lines)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_umlaut"));
        command.args(["build", "shop.xmi", "--format", "short"]).args(more).current_dir(self.0.path());
        let output = try_run(&mut command);
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let codes = said.split(['[', ']']).filter(|part| part.starts_with("U13") && part.len() == 5);
        let codes = codes.map(str::to_owned).collect();
        (output, codes)
    }

    /// Builds where nothing is to be said.
    #[track_caller]
    pub(crate) fn builds(&self, lines: &[&str]) {
        assert_eq!(self.build(lines), Vec::<String>::new());
    }

    pub(crate) fn migrations(&self) -> Vec<String> {
        let folder = self.project().join("shop/migrations");
        let names = fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| name.starts_with('0')).collect();
        names.sort();
        names
    }

    pub(crate) fn put(&self, path: &str, text: &str) {
        fs::write(self.project().join(path), text).unwrap();
    }

    fn url(&self) -> String {
        self.1.clone().unwrap_or_else(|| format!("sqlite:///{}", self.0.path().join("db.sqlite3").display()))
    }

    pub(crate) fn manage(&self, args: &[&str]) -> String {
        let args: Vec<&str> = ["manage.py"].iter().chain(args).copied().collect();
        let output = python(&args, &self.project(), &[("DATABASE_URL", &self.url())]);
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    pub(crate) fn try_manage(&self, args: &[&str]) -> std::process::Output {
        let args: Vec<&str> = ["manage.py"].iter().chain(args).copied().collect();
        try_python(&args, &self.project(), &[("DATABASE_URL", &self.url())])
    }

    /// Lets the project as it is now be what servers with the old models run.
    pub(crate) fn keep_old(&self) {
        let old = self.old();
        if old.exists() {
            fs::remove_dir_all(&old).unwrap();
        }
        copy(&self.project(), &old);
    }

    fn old(&self) -> PathBuf {
        self.0.path().join("old")
    }

    /// Runs Python with the old models, as `shell` does with the new ones.
    pub(crate) fn old_shell(&self, code: &str) -> String {
        let code = format!("from shop.models import *; {code}");
        let args = ["manage.py", "shell", "-v", "0", "-c", &code];
        let output = python(&args, &self.old(), &[("DATABASE_URL", &self.url())]);
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// The same as `beside` with the old models.
    pub(crate) fn old_beside(&self, code: &str) -> Beside {
        self.beside_in(&self.old(), code)
    }

    /// Runs Python beside, with a folder in which it says that it has begun (`started`), and is told to come to its end (`stop`).
    pub(crate) fn beside(&self, code: &str) -> Beside {
        self.beside_in(&self.project(), code)
    }

    fn beside_in(&self, project: &Path, code: &str) -> Beside {
        let folder = tempfile::tempdir().unwrap();
        let mut command =
            command(&["-c", code, folder.path().to_str().unwrap()], project, &[("DATABASE_URL", &self.url())]);
        let process = command.stdout(Stdio::piped()).spawn().unwrap();
        let beside = Beside { folder, process: Some(process) };
        while !beside.folder.path().join("started").exists() {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        beside
    }

    /// Runs Python in the project, with `call_command` and `connection` of Django; what it prints.
    pub(crate) fn python(&self, code: &str) -> String {
        let code = format!("from django.core.management import call_command\nfrom django.db import connection\n{code}");
        self.manage(&["shell", "-v", "0", "-c", &code])
    }

    /// The last migration of each app that has one.
    pub(crate) fn leaves(&self) -> Vec<(String, String)> {
        let mut leaves = Vec::new();
        let apps = fs::read_dir(self.project()).unwrap().map(|it| it.unwrap().path());
        for app in apps.filter(|app| app.join("migrations").is_dir()) {
            let names = fs::read_dir(app.join("migrations")).unwrap();
            let names = names.map(|it| it.unwrap().file_name().into_string().unwrap());
            let last = names.filter(|name| name.starts_with('0')).max();
            let label = app.file_name().unwrap().to_str().unwrap().to_owned();
            leaves.push((label, last.map_or("zero".to_owned(), |name| name.trim_end_matches(".py").to_owned())));
        }
        leaves.sort();
        leaves
    }

    pub(crate) fn shell(&self, code: &str) -> String {
        self.manage(&["shell", "-v", "0", "-c", &format!("from shop.models import *; {code}")])
    }
}

#[test]
fn rows_survive_what_happens_to_the_diagram() {
    let bench = Bench::new();
    bench.builds(&[
        "Person#p1: surname#a1:String age#a2:Integer[0..1] note#a3:String[0..1]",
        "Pet#p2: name#b1:String owner#b2:Person",
    ]);
    bench.manage(&["migrate", "-v", "0"]);
    bench.shell("p = Person.objects.create(surname='Ada', age=36, note='x'); Pet.objects.create(name='Rex', owner=p)");

    // Two renames, a column that goes, one that comes, a table that comes.
    let changed = [
        "Contact#p1: last_name#a1:String age#a2:Integer[0..1] points#a4:Integer=7",
        "Pet#p2: name#b1:String owner#b2:Contact",
        "Visit#p3: reason#c1:String pet#c2:Pet",
    ];
    assert_eq!(bench.build(&changed), ["U1302"]);
    assert_eq!(bench.migrations(), ["0001_initial.py"]);
    bench.settings("[evolution]\naccept = [\"shop.Person.note\"]\n");
    bench.builds(&changed);
    assert_eq!(bench.migrations().len(), 3);
    django::makemigrations(&bench.project());
    django::ruff(&bench.project());
    bench.manage(&["migrate", "-v", "0"]);
    let rows = bench.shell("print(list(Contact.objects.values()), Pet.objects.get().owner.last_name)");
    assert_eq!(rows, "[{'id': 1, 'last_name': 'Ada', 'age': 36, 'points': 7}] Ada");
    // Nothing has changed now.
    bench.builds(&changed);
    assert_eq!(bench.migrations().len(), 3);

    // Required where it was optional, and all is gone but one class.
    assert_eq!(
        bench.build(&["Contact#p1: last_name#a1:String age#a2:Integer points#a4:Integer=7"]),
        ["U1305", "U1302", "U1302"]
    );
    bench.settings("[evolution]\naccept = [\"shop.Pet\", \"shop.Visit\"]\n");
    bench.builds(&["Contact#p1: last_name#a1:String age#a2:Integer=1 points#a4:Integer=7"]);
    django::makemigrations(&bench.project());
    bench.manage(&["migrate", "-v", "0"]);
    assert_eq!(bench.shell("print(Contact.objects.get().last_name)"), "Ada");
}

#[test]
fn rows_that_are_there_get_what_was_said_for_them() {
    let bench = Bench::new();
    bench.builds(&["Person#p: name#a:String age#b:Integer[0..1]"]);
    bench.manage(&["migrate", "-v", "0"]);
    bench.shell("Person.objects.create(name='Ada'); Person.objects.create(name='Bob', age=36)");
    let changed = ["Person#p: name#a:String age#b:Integer points#c:Integer"];
    assert_eq!(bench.build(&changed), ["U1305", "U1305"]);
    let (age, points) = ("[model.\"shop.Person.age\"]", "[model.\"shop.Person.points\"]");
    bench.settings(&format!("{age}\nmigration_default = 18\n{points}\nmigration_default = 7\n"));
    bench.builds(&changed);
    django::makemigrations(&bench.project());
    django::ruff(&bench.project());
    bench.manage(&["migrate", "-v", "0"]);
    let rows = bench.shell("print(list(Person.objects.values_list('name', 'age', 'points')))");
    assert_eq!(rows, "[('Ada', 18, 7), ('Bob', 36, 7)]");
    // It is for them alone.
    assert_eq!(bench.shell("print([f.has_default() for f in Person._meta.fields])"), "[False, False, False, False]");
    bench.builds(&changed);
    assert_eq!(bench.migrations().len(), 2);
}

#[test]
fn an_app_that_is_gone_stays_until_its_tables_went() {
    let bench = Bench::new();
    let text = diagram(&["Thing#t1: name#t2:String"]);
    let two = text.replace(
        "</uml:Model>",
        "<packagedElement xmi:type=\"uml:Package\" xmi:id=\"q\" name=\"attic\"><packagedElement xmi:type=\"uml:Class\" \
         xmi:id=\"q1\" name=\"Box\"/></packagedElement></uml:Model>",
    );
    let build = |text: &str| {
        fs::write(bench.0.path().join("shop.xmi"), text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_umlaut"));
        crate::support::run(command.args(["build", "shop.xmi"]).current_dir(bench.0.path()));
    };
    build(&two);
    bench.manage(&["migrate", "-v", "0"]);
    bench.settings("[evolution]\naccept = [\"attic.Box\"]\n");
    build(&text);
    django::makemigrations(&bench.project());
    assert!(bench.project().join("attic/migrations/0002_delete_box.py").is_file());
    bench.manage(&["migrate", "-v", "0"]);
    build(&text);
}

#[test]
fn children_that_are_nothing_but_keys_go_with_their_parents() {
    let bench = Bench::new();
    bench.builds(&["Person#p: name#n:String", "Guest#g(Person):", "Vip#v(Guest):", "Thing#t: size#s:Integer"]);
    bench.manage(&["migrate", "-v", "0"]);
    bench.settings("[evolution]\naccept = [\"shop.Person\", \"shop.Guest\", \"shop.Vip\"]\n");
    bench.builds(&["Thing#t: size#s:Integer"]);
    bench.manage(&["migrate", "-v", "0"]);
    bench.manage(&["makemigrations", "--check", "--dry-run"]);
    bench.manage(&["migrate", "shop", "0001", "-v", "0"]);
}

#[test]
fn without_ids_renames_are_named() {
    let bench = Bench::new();
    // Ids that say where something stands are none.
    bench.builds(&["Person#/0/p: surname#/0/a:String age#/0/b:Integer[0..1]"]);
    let changed = ["Person#/0/p: last_name#/0/c:String=x age#/0/b:Integer[0..1]"];
    assert_eq!(bench.build(&changed), ["U1301"]);
    bench.settings("[evolution]\nrename = [\"shop.Person.surname -> shop.Person.last_name\"]\n");
    bench.builds(&changed);
    // Its default came with the new name: renamed first, altered then.
    assert_eq!(
        bench.migrations(),
        ["0001_initial.py", "0002_rename_surname_person_last_name.py", "0003_alter_person_last_name.py"]
    );
    django::makemigrations(&bench.project());
}

#[test]
fn what_the_diagram_says_of_earlier_names_is_believed() {
    let bench = Bench::new();
    bench.builds(&["Person#/0/p: surname#/0/a:String age#/0/b:Integer[0..1]", "Pet#/0/q: owner#/0/c:Person"]);
    bench.manage(&["migrate", "-v", "0"]);
    bench.shell("Pet.objects.create(owner=Person.objects.create(surname='Ada', age=36))");
    let changed = ["Contact#/0/p: last_name#/0/a:String age#/0/b:Integer[0..1]", "Pet#/0/q: holder#/0/c:Contact"];
    bench.settings(
        "[model.\"shop.Contact\"]\nrenamed_from = \"Person\"\n\
         [model.\"shop.Contact.last_name\"]\nrenamed_from = \"shop.Person.surname\"\n\
         [model.\"shop.Pet.holder\"]\nrenamed_from = \"owner\"\n",
    );
    bench.builds(&changed);
    django::makemigrations(&bench.project());
    bench.manage(&["migrate", "-v", "0"]);
    assert_eq!(bench.shell("print(Contact.objects.get().last_name, Pet.objects.get().holder.age)"), "Ada 36");
    // It has done its work.
    assert_eq!(bench.build(&changed), ["U1320", "U1320", "U1320"]);
    bench.settings("[model.\"shop.Pet.born\"]\nrenamed_from = \"birth\"\n");
    let more = [changed[0], "Pet#/0/q: holder#/0/c:Contact born#/0/d:Integer[0..1]"];
    assert_eq!(bench.build(&more), ["U1319"]);
}

#[test]
fn ids_that_are_new_at_each_export_are_not_believed() {
    let bench = Bench::new();
    bench.builds(&["Person#a: x#b:String y#c:String z#d:String"]);
    // The same ids, dealt out anew.
    assert_eq!(bench.build(&["Person#d: x#c:String y#a:String z#b:String"]), ["U1303"]);
    assert_eq!(bench.migrations(), ["0001_initial.py"]);
}

#[test]
fn what_rows_cannot_follow_is_refused() {
    let cases: [(&[&str], &[&str], &[&str]); 7] = [
        (&["A#a:", "B#b(A):"], &["A#a: id#i:UUID", "B#b(A):"], &["U1315"]),
        (&["A#a:", "B#b: x#x:Boolean"], &["A#a:", "C#c: y#y:String", "B#b: x#x:C"], &["U1315"]),
        (&["A#a:", "C#c:", "B#b: a#x:A"], &["A#a:", "C#c:", "B#b: a#x:C"], &["U1311"]),
        (&["A#a:", "B#b: x#x:String"], &["A#a:", "B#b(A): x#x:String"], &["U1315"]),
        (&["A#a:", "B#b: a#x:A[0..*]"], &["A#a:", "B#b: a#x:A"], &["U1311"]),
        (&["A#a: x#x:String[0..1]"], &["A#a: x#x:String"], &[]),
        (&["A#a: x#x:Integer[0..1]"], &["A#a: x#x:Integer"], &["U1305"]),
    ];
    for (before, after, expected) in cases {
        let bench = Bench::new();
        bench.builds(before);
        assert_eq!(bench.build(after), expected, "{before:?} {after:?}");
    }
}

#[test]
fn other_keys_are_refused_where_children_would_have_to_follow() {
    let model = ["A#a: code#c:String", "B#b(A):", "L#l: a#la:A"];
    let bench = Bench::new();
    bench.builds(&model);
    let natural = "[model.\"shop.A\"]\nkey = \"natural\"\n[model.\"shop.A.code\"]\nid = true\n";
    bench.settings(&format!("[evolution]\naccept = [\"shop.A.code\"]\n{natural}"));
    assert_eq!(bench.build(&model), ["U1315"]);
}

#[test]
fn proxies_come_and_go_and_get_no_tables() {
    let bench = Bench::new();
    let (alone, both) = (["A#a: x#x:String"], ["A#a: x#x:String", "B#b(A):"]);
    let (as_proxy, as_table) = ("[model.\"shop.B\"]\nproxy = true\n", "");
    bench.builds(&alone);
    bench.settings(as_proxy);
    bench.builds(&both);
    assert_eq!(bench.migrations()[1..], ["0002_b.py"]);
    django::makemigrations(&bench.project());
    bench.settings(as_table);
    assert_eq!(bench.build(&both), ["U1315"]);
    bench.settings(as_proxy);
    bench.builds(&alone);
    assert_eq!(bench.migrations()[2..], ["0003_delete_b.py"]);
    django::makemigrations(&bench.project());
    let bench = Bench::new();
    bench.builds(&both);
    bench.settings(as_proxy);
    assert_eq!(bench.build(&both), ["U1315"]);
}

#[test]
fn migrations_of_others_are_built_upon() {
    let bench = Bench::new();
    bench.builds(&["Person#a: x#b:String"]);
    let written = "from django.db import migrations, models\n\n\ndef fill(apps, schema_editor):\n    print(f\"{apps} {b'x'}\")\n\n\n\
         class Migration(migrations.Migration):\n    dependencies = [(\"shop\", \"0001_initial\")]\n\n    operations = [\n        \
         migrations.RunPython(fill, migrations.RunPython.noop),\n        migrations.AddField(\"person\", \"y\", models.TextField(default=\"\")),\n    ]\n";
    bench.put("shop/migrations/0002_by_hand.py", written);
    // It added a column that the diagram does not have.
    assert_eq!(bench.build(&["Person#a: x#b:String"]), ["U1302"]);
    bench.settings("[evolution]\naccept = [\"shop.Person.y\"]\n");
    bench.builds(&["Person#a: x#b:String"]);
    assert_eq!(bench.migrations()[2], "0003_remove_person_y.py");
    django::makemigrations(&bench.project());
}

#[test]
fn what_migrations_import_and_count_on_stays() {
    let server = Server::start();
    for url in [None, Some(server.create("counted_on"))] {
        let bench = Bench::with(url);
        let model = ["Person#a: x#b:String y#c:String"];
        bench.settings("[model.\"shop.Person.x\"]\nsearchable = true\n");
        bench.builds(&model);
        // Earlier versions wrote this migration again whenever other extensions were needed.
        let manifest = bench.project().join(".umlaut/manifest/core.jsonl");
        let text = fs::read_to_string(&manifest).unwrap();
        assert!(text.contains("\"path\":\"core/migrations/0001_extensions.py\",\"class\":\"sealed\""), "{text}");
        fs::write(&manifest, text.replace("\"sealed\"", "\"generated\"")).unwrap();
        // No model has the index any more; the first migration still makes it.
        bench.settings("");
        bench.builds(&model);
        assert_eq!(bench.migrations()[1..].len(), 1);
        for path in
            ["core/migrations/0001_extensions.py", "core/migrations/__init__.py", "core/indexes.py", "core/apps.py"]
        {
            assert!(bench.project().join(path).is_file(), "{path}");
        }
        assert!(!fs::read_to_string(&manifest).unwrap().contains("0001_extensions.py\",\"class\":\"generated\""));
        django::makemigrations(&bench.project());
        bench.manage(&["migrate", "-v", "0"]);
        bench.manage(&["migrate", "shop", "zero", "-v", "0"]);
        bench.builds(&model);
        // Nor is there a database any more that has such indexes: what is imported is needed all the same.
        bench.settings("[project]\ndatabases = [\"sqlite\"]\n");
        bench.builds(&model);
        let requirements = fs::read_to_string(bench.project().join("requirements.txt")).unwrap();
        assert!(requirements.contains("psycopg[binary]~="), "{requirements}");
    }
}

#[test]
fn migrations_that_cannot_be_followed_stop_the_build() {
    let model = ["Person#a: x#b:String"];
    let with = |name: &str, operation: &str| {
        format!(
            "from django.db import migrations\nfrom shop.own import Odd\n\n\nclass Migration(migrations.Migration):\n    \
             dependencies = [('shop', '{name}')]\n    operations = [{operation}]\n"
        )
    };
    let bench = Bench::new();
    bench.builds(&model);
    bench.put("shop/migrations/0002_odd.py", &with("0001_initial", "Odd()"));
    assert_eq!(bench.build(&model), ["U1314"]);
    bench.put(
        "shop/migrations/0002_odd.py",
        &with("0001_initial", "migrations.AlterModelTable('person', 'a' if x else 'b')"),
    );
    assert_eq!(bench.build(&model), ["U1314"]);
    bench.put("shop/migrations/0002_odd.py", &with("0001_initial", ""));
    bench.put("shop/migrations/0002_other.py", &with("0001_initial", ""));
    assert_eq!(bench.build(&model), ["U1313"]);
    fs::remove_file(bench.project().join("shop/migrations/0002_odd.py")).unwrap();
    fs::remove_file(bench.project().join("shop/migrations/0002_other.py")).unwrap();
    bench.builds(&model);

    let path = bench.project().join("shop/migrations/0001_initial.py");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}# more\n")).unwrap();
    assert_eq!(bench.build(&model), ["U1312"]);
}

#[test]
fn a_project_of_somebody_else_is_adopted_as_it_is() {
    let bench = Bench::new();
    let model = ["Person#a: x#b:String y#c:Integer[0..1]"];
    bench.builds(&model);
    fs::remove_file(bench.project().join("umlaut.lock")).unwrap();
    fs::remove_dir_all(bench.project().join(".umlaut")).unwrap();
    // As somebody would have written it, and as Django once did.
    let path = "shop/migrations/0002_together.py";
    let text = |together: &str| {
        format!(
            "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = \
             [(\"shop\", \"0001_initial\")]\n    operations = [migrations.AlterUniqueTogether(\"Person\", {together})]\n"
        )
    };
    bench.put(path, &text("{(\"x\", \"y\")}"));
    assert_eq!(bench.adopt(&model), (false, vec!["U1317".to_owned()]));
    assert_eq!(bench.adopt(&["Person#a: x#b:String"]), (false, vec!["U1317".to_owned()]));
    assert!(!bench.project().join("umlaut.lock").exists());
    bench.put(path, &text("None"));
    assert_eq!(bench.adopt(&model), (true, vec![]));
    let text = fs::read_to_string(bench.project().join(".umlaut/manifest/project.jsonl")).unwrap();
    assert!(text.contains(path) && !text.contains("models.py"), "{text}");
    // What is there and is what would be written is ours from now on, and the elements are known by their ids.
    bench.builds(&model);
    let renamed = ["Person#a: name#b:String y#c:Integer[0..1]"];
    bench.builds(&renamed);
    assert_eq!(bench.migrations()[2], "0003_rename_x_person_name.py");
    assert_eq!(bench.adopt(&renamed), (false, vec![]));
}

#[test]
fn what_was_written_is_read_back_as_it_was() {
    for seed in 0..200 {
        let django = DjangoVersion::ALL[usize::from(seed % 4 != 0)];
        let project = Project { django, ..projects::project(seed) };
        let evolution = evolve::initial(&project, &mut Report::default());
        let mut out = FileSet::default();
        let context = Context { project: &project, evolution: &evolution, parts: &Parts::default() };
        registry().into_iter().find(|known| known.name() == "migrations").unwrap().write(context, &mut out).unwrap();
        let past = Past::of(out.iter().map(|(path, file)| (path.to_owned(), file.content.clone())));
        let mut report = Report::default();
        let built = evolve::replay(&past, State::before(project.django, &project.user), &mut report)
            .unwrap_or_else(|| panic!("seed {seed}: {report:?}"));
        let next = evolve::next(&built, &Changes::default(), &project);
        assert_eq!(next.migrations, [], "seed {seed}");
    }
}

#[test]
fn bytes_that_are_no_migration_are_refused_and_nothing_else() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/shop/project/sales/migrations/0001_initial.py");
    let text = fs::read_to_string(folder).unwrap();
    let before = State::before(DjangoVersion::V6_1, &umlaut::django::ModelKey::new("accounts", "User"));
    // Cut off anywhere, and with any character replaced: whatever comes of it, there is no panic.
    for end in (0..text.len()).step_by(7).filter(|&end| text.is_char_boundary(end)) {
        for damaged in [text[..end].to_owned(), format!("{}{}{}", &text[..end], "'(", &text[end..])] {
            let past = Past::of([("sales/migrations/0001_initial.py".to_owned(), damaged)]);
            let _ = evolve::replay(&past, before.clone(), &mut Report::default());
        }
    }
}
