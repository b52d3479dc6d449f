//! Two versions of one model from the corpus: the first is built, gets rows, and the second is built over it.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::python::try_python;
use crate::support::{corpus, say, try_run};

/// Files of one repository that are versions of one model, the older first, or near enough: what a tool's own examples became.
const VERSIONS: &[(&str, &str, &str)] = &[
    ("legacy", "mof-metamodels/argouml-01-02-15_Diff.xml", "mof-metamodels/argouml-01-12-02_Diff.xml"),
    ("legacy", "argouml/xmi2odoo-test_001.xmi", "argouml/xmi2odoo-test_002.xmi"),
    ("legacy", "argouml/xmi2odoo-test_002.zargo", "argouml/xmi2odoo-test_003.zargo"),
    ("legacy", "argouml-nsuml/argouml-Alittlebitofeverything.zargo", "argouml/argouml-Alittlebitofeverything.zargo"),
    ("legacy", "umbrello/umbrello-all-elements-2.xmi", "umbrello/umbrello-all-elements-3.xmi"),
    ("legacy", "umbrello/umbrello-all_associations.xmi", "umbrello/umbrello-all-associations.xmi"),
    ("legacy", "ea-xmi11/xmi2rdbm-TestModel07.xml", "ea-xmi11/xmi2rdbm-TestModel10.xml"),
    ("legacy", "poseidon/mdagenerator-state.xmi", "argouml/mdagenerator-state.xmi"),
    ("modern", "modelio/uml2jpa__model_2.uml", "modelio/uml2jpa__model_3.uml"),
    ("legacy", "argouml/sdmetricsopenc-testModel01.xmi", "argouml/sdmetricsopenc-testModel04.xmi"),
];

/// Makes a row of each model, and tells how many there are by table.
const FILL: &str = "
import json
from django.db import connection, transaction
from tests import factories
for name in dir(factories):
    made = getattr(factories, name)
    if name.endswith('Factory') and name != 'ModelFactory' and made._meta.model and not made._meta.abstract:
        for full in (False, True):
            try:
                with transaction.atomic():
                    made(full_row=full)
            except Exception:
                pass
";

const COUNT: &str = "
import json
from django.apps import apps
from django.db import connection
counts = {}
with connection.cursor() as cursor:
    for table in connection.introspection.table_names(cursor):
        cursor.execute('SELECT count(*) FROM \"%s\"' % table)
        counts[table] = cursor.fetchone()[0]
own = {m._meta.db_table for m in apps.get_models() if not m.__module__.startswith('django.')}
print(json.dumps({table: count for table, count in counts.items() if table in own}))
";

struct Bench<'a> {
    folder: &'a Path,
}

impl Bench<'_> {
    /// Builds a version; the findings about the change.
    fn build(&self, bytes: &[u8], file: &str) -> Vec<Value> {
        fs::write(self.folder.join(file), bytes).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_umlaut"));
        command.args(["build", file, "--out", "project", "--keep-going", "--format", "json"]).current_dir(self.folder);
        let output = try_run(&mut command);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.filter(|line| line["code"].as_str().is_some_and(|code| code.starts_with("U13"))).collect()
    }

    fn manage(&self, args: &[&str]) -> Result<String, String> {
        let args: Vec<&str> = ["manage.py"].iter().chain(args).copied().collect();
        let url = format!("sqlite:///{}", self.folder.join("db.sqlite3").display());
        let output = try_python(&args, &self.folder.join("project"), &[("DATABASE_URL", &url)]);
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned())
        }
    }

    fn counts(&self) -> Value {
        serde_json::from_str(&self.manage(&["shell", "-v", "0", "-c", COUNT]).unwrap()).unwrap()
    }
}

/// What `accept` must hold so that the finding is answered.
fn acceptable(finding: &Value) -> Vec<String> {
    let helps = finding["help"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let lists = helps.filter_map(|help| help.split_once("accept = [")?.1.split_once(']'));
    lists.flat_map(|(list, _)| list.split(", ").map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Takes a pair through; what came of it, and whether that is as it should be.
fn judge(part: &Path, old: &str, new: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    let bench = Bench { folder: folder.path() };
    let file = format!("model.{}", new.rsplit('.').next().unwrap());
    let bytes = |path: &str| fs::read(part.join(path)).unwrap();
    bench.build(&bytes(old), &file);
    if !folder.path().join("project/manage.py").is_file() {
        return Ok("nothing is built of the first".to_owned());
    }
    bench.manage(&["migrate", "-v", "0"])?;
    bench.manage(&["shell", "-v", "0", "-c", FILL])?;
    let before = bench.counts();
    let migrations = |folder: &Path| -> usize {
        let apps = fs::read_dir(folder.join("project")).unwrap().flatten();
        let folders = apps.filter_map(|app| fs::read_dir(app.path().join("migrations")).ok());
        folders.flatten().flatten().filter(|it| it.file_name().to_string_lossy().starts_with('0')).count()
    };
    let first = migrations(folder.path());
    // Rehearsed in a copy, because what is written cannot be taken back.
    let mut accepted: Vec<String> = Vec::new();
    let findings = loop {
        let text = format!("[evolution]\naccept = [{}]\n", accepted.join(", "));
        fs::write(folder.path().join("umlaut.toml"), text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_umlaut"));
        fs::write(folder.path().join(&file), bytes(new)).unwrap();
        command.args(["diff", &file, "--out", "project", "--format", "json"]).current_dir(folder.path());
        let output = try_run(&mut command);
        let told: Value = serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)))?;
        let risks: Vec<Value> = told["risks"].as_array().unwrap().clone();
        let more: Vec<String> = risks.iter().flat_map(acceptable).filter(|path| !accepted.contains(path)).collect();
        if more.is_empty() {
            break risks;
        }
        accepted.extend(more);
    };
    let refused: Vec<&str> =
        findings.iter().filter(|it| it["level"] == "error").filter_map(|it| it["code"].as_str()).collect();
    if !refused.is_empty() {
        return Ok(format!("{} accepted, refused: {}", accepted.len(), refused.join(" ")));
    }
    bench.build(&bytes(new), &file);
    bench
        .manage(&["makemigrations", "--check", "--dry-run", "-v", "0"])
        .map_err(|it| format!("makemigrations: {it}"))?;
    bench.manage(&["migrate", "-v", "0"]).map_err(|it| format!("migrate: {it}"))?;
    let after = bench.counts();
    for (table, count) in before.as_object().unwrap() {
        if after.get(table).is_some_and(|now| now != count) {
            return Err(format!("{table} had {count} rows and has {}", after[table]));
        }
    }
    let rows: u64 = before.as_object().unwrap().values().filter_map(Value::as_u64).sum();
    let kept: u64 = after.as_object().unwrap().values().filter_map(Value::as_u64).sum();
    let written = migrations(folder.path()) - first;
    Ok(format!("{} accepted, {written} migrations, {kept} of {rows} rows left", accepted.len()))
}

#[test]
fn versions_of_real_models_are_built_over_each_other() {
    let mut wrong = Vec::new();
    for (part, old, new) in VERSIONS {
        let Some(folder) = corpus::folder(part) else { return };
        match judge(&folder, old, new) {
            Ok(verdict) => say(&format!("{old} -> {new}: {verdict}\n")),
            Err(fault) => wrong.push(format!("{old} -> {new}: {fault}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
