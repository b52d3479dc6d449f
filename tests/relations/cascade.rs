//! The cascade that a model declares is the cascade that happens: random models are compiled and migrated, rows are deleted,
//! and what remains is compared with what the decisions say.

use std::fmt::Write;
use std::fs;

use serde_json::{Map, Value, json};
use umlaut::django::generic::Gone;
use umlaut::django::shape::Shape;
use umlaut::django::{FieldKind, ModelKey, Project};

use super::draw::{Drawing, End, Owner, end};
use super::{script, write};
use crate::support::compile::{compile_bytes, findings};
use crate::support::postgres::Server;
use crate::support::random::Random;
use crate::support::say;

/// Models in one project: each has an app of its own.
const APPS: usize = 12;

const NAMES: [&str; 9] = ["Ant", "Bee", "Cat", "Dog", "Elk", "Fox", "Gnu", "Hen", "Ibis"];
const BOUNDS: [&str; 8] = ["0..1", "0..1", "1", "1", "0..*", "0..*", "1..*", "0..3"];
const RULES: [&str; 6] = ["cascade", "protect", "restrict", "set_null", "do_nothing", "set_default"];
const TEXT: &str = "<type xmi:type='uml:PrimitiveType' \
                    href='pathmap://UML_LIBRARIES/UMLPrimitiveTypes.library.uml#String'/>";

struct Artist {
    random: Random,
    drawing: Drawing,
    /// What `umlaut.toml` says.
    settings: String,
    /// How many associations there are.
    count: usize,
}

impl Artist {
    /// Another model, in an app of its own.
    fn model(&mut self, number: usize) {
        self.drawing.package(&format!("zoo{number}"));
        let count = self.random.between(3, NAMES.len());
        let names: Vec<String> = NAMES[..count].iter().map(|name| format!("{name}{number}")).collect();
        let mut is_interface = Vec::new();
        for (index, name) in names.iter().enumerate() {
            is_interface.push(index > 1 && self.random.chance(10));
            let is_abstract = self.random.chance(20);
            let header = if is_abstract { " isAbstract='true'" } else { "" };
            let kind = if is_interface[index] { "Interface" } else { "Class" };
            self.drawing.add_class(name, kind, header, "");
            if self.random.chance(50) && !is_interface[index] {
                self.attribute(name);
            }
        }
        let is_interface = |name: &String| is_interface[names.iter().position(|it| it == name).unwrap()];
        let mut free: Vec<String> = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let above: Vec<String> =
                names[..index].iter().filter(|it| is_interface(it) == is_interface(name)).cloned().collect();
            if !above.is_empty() && self.random.chance(35) {
                let general = self.random.choose(&above).clone();
                self.drawing.generalization(name, &general);
            } else if !is_interface(name) {
                free.push(name.clone());
            }
        }
        for interface in names.iter().filter(|name| is_interface(name)) {
            for name in names.iter().filter(|name| !is_interface(name)) {
                if self.random.chance(30) {
                    let text = format!(
                        "<interfaceRealization xmi:id='{name}.{interface}' client='{name}' supplier='{interface}' \
                         contract='{interface}' implementingClassifier='{name}'/>"
                    );
                    self.drawing.inside(name, &text);
                }
            }
        }
        for _ in 0..self.random.between(3, 9) {
            self.relation(&names, &mut free);
        }
    }

    fn attribute(&mut self, class: &str) {
        let upper = if self.random.chance(30) {
            format!(
                "<lowerValue xmi:type='uml:LiteralInteger' xmi:id='{class}.l'/>\
                 <upperValue xmi:type='uml:LiteralUnlimitedNatural' xmi:id='{class}.u' value='*'/>"
            )
        } else {
            String::new()
        };
        let text = format!("<ownedAttribute xmi:id='{class}.label' name='label'>{TEXT}{upper}</ownedAttribute>");
        self.drawing.inside(class, &text);
    }

    fn relation(&mut self, names: &[String], free: &mut Vec<String>) {
        let id = format!("rel{}", self.count);
        self.count += 1;
        let kind = self.random.below(100);
        let ends: Vec<End> = (0..if kind < 10 { 3 } else { 2 }).map(|index| self.end(names, &id, index)).collect();
        match kind {
            0..10 => self.drawing.association(&id, &ends),
            10..22 if !free.is_empty() => {
                let class = free.swap_remove(self.random.below(free.len()));
                if ends.iter().all(|end| end.class != class) {
                    self.drawing.association_class(&class, &ends);
                }
            }
            22..32 => {
                let (near, far) = (&ends[0], &ends[1]);
                self.drawing.attribute(&near.class, &End { role: format!("{id}part"), ..far.clone() });
            }
            _ => {
                let mut ends = ends;
                let part = self.random.below(2);
                ends[part].aggregation = ["none", "none", "shared", "composite", "composite"][self.random.below(5)];
                self.drawing.association(&id, &ends);
                if self.random.chance(25) {
                    let (end, rule) = (self.random.below(2), *self.random.choose(&RULES));
                    let _ = writeln!(self.settings, "[model.\"id:{id}.{end}\"]\non_delete = \"{rule}\"");
                }
            }
        }
    }

    fn end(&mut self, names: &[String], id: &str, index: usize) -> End {
        let class = self.random.choose(names).clone();
        let bounds = *self.random.choose(&BOUNDS);
        let mut more = String::new();
        if bounds.ends_with('*') && self.random.chance(15) {
            more.push_str([" isOrdered='true'", " isUnique='false'"][self.random.below(2)]);
        }
        let owner = if self.random.chance(70) { Owner::Association } else { Owner::Hidden };
        End { owner, more, ..end(&class, &format!("{id}{}", ["a", "b", "c"][index]), bounds) }
    }
}

/// The decisions about each table of an app: its references, where they lead and what happens then.
fn decisions(project: &Project, app: &str) -> Value {
    let mut found = Map::new();
    let rule = |name: &str| name.trim_start_matches("DB_").to_owned();
    for model in &project.app(app).unwrap().models {
        let key = ModelKey::new(app, &model.name);
        let Some(shape) = Shape::of(project, &key).filter(|_| model.is_concrete()) else { continue };
        let mut references: Vec<Value> = shape
            .parents
            .iter()
            .map(|parent| json!({ "name": null, "to": parent.name, "rule": "CASCADE", "is_parent": true }))
            .collect();
        for member in shape.fields.iter().filter(|member| member.is_own) {
            let field = member.field;
            match &field.kind {
                // Half of a reference to rows of several tables.
                FieldKind::ForeignKey(link) if link.is_content_type() => {}
                FieldKind::ForeignKey(link) | FieldKind::OneToOne(link) => references.push(json!({
                    "name": field.name, "to": link.to.name, "rule": rule(link.on_delete.name()), "is_parent": false,
                })),
                FieldKind::ManyToMany(many) if many.through.is_none() => {
                    let ends = [&model.name, &many.to.name]
                        .map(|to| json!({ "name": null, "to": to, "rule": "CASCADE", "is_parent": false }));
                    let table = json!({ "links_of": [model.name, field.name], "references": ends });
                    found.insert(format!("{}.{}", model.name, field.name), table);
                }
                _ => {}
            }
        }
        for generic in shape.line.iter().flat_map(|model| &model.generics) {
            if !shape.fields.iter().any(|member| member.is_own && member.field.name == generic.kind) {
                continue;
            }
            let rule = match generic.on_delete {
                Gone::Cascade => "CASCADE",
                Gone::Protect => "PROTECT",
                Gone::Nothing => "NOTHING",
            };
            references.push(json!({
                "name": generic.key, "kind": generic.kind, "rule": rule, "is_parent": false,
            }));
        }
        found.insert(model.name.clone(), json!({ "links_of": null, "references": references }));
    }
    Value::Object(found)
}

/// Compiles and judges the models of a seed; says how often what happened.
fn judge(seed: u64, url: &str) -> Map<String, Value> {
    let random = Random::new(seed);
    let mut artist = Artist { random, drawing: Drawing::default(), settings: String::new(), count: 0 };
    for number in 0..APPS {
        artist.model(number);
    }
    let by_database = seed % 3 == 2;
    let settings =
        format!("[rules]\ndatabase_deletes = {by_database}\n[emit]\nlayers = [\"models\"]\n{}", artist.settings);
    let xmi = artist.drawing.xmi();
    let outcome = compile_bytes("zoo.uml", xmi.clone().into_bytes(), Some(&settings));
    let folder = write(&format!("cascade{seed}"), &outcome);
    fs::write(folder.join("zoo.uml"), xmi).unwrap();
    fs::write(folder.join("umlaut.toml"), settings).unwrap();
    let ours = outcome.report.diagnostics().iter().any(|it| it.code.id == "U1901");
    assert!(!ours, "seed {seed}: {}", findings(&outcome));
    let apps: Map<String, Value> = (0..APPS)
        .map(|number| format!("zoo{number}"))
        .filter(|app| outcome.project.app(app).is_some())
        .map(|app| (app.clone(), decisions(&outcome.project, &app)))
        .collect();
    fs::write(folder.join("decisions.json"), Value::Object(apps).to_string()).unwrap();
    let said = script("cascade.py", &folder, url, &[&seed.to_string()]);
    fs::remove_dir_all(&folder).unwrap();
    serde_json::from_str(&said).unwrap()
}

#[test]
fn the_cascade_that_a_model_declares_is_the_cascade_that_happens() {
    // `UMLAUT_SEEDS=1000..2000` looks further than a test run should take.
    let seeds = std::env::var("UMLAUT_SEEDS").ok().and_then(|range| {
        let (first, end) = range.split_once("..")?;
        Some(first.parse::<u64>().ok()?..end.parse().ok()?)
    });
    let seeds = seeds.unwrap_or(0..4);
    let server = Server::start();
    let mut sum: Map<String, Value> = Map::new();
    for seed in seeds.clone() {
        let url = if seed % 2 == 0 { "sqlite://:memory:".to_owned() } else { server.create(&format!("cascade{seed}")) };
        for (kind, count) in judge(seed, &url) {
            let before = sum.get(&kind).and_then(Value::as_u64).unwrap_or(0);
            sum.insert(kind, json!(before + count.as_u64().unwrap()));
        }
    }
    let models = (seeds.end - seeds.start) * u64::try_from(APPS).unwrap();
    say(&format!("deletions in {models} random models: {}\n", Value::Object(sum.clone())));
    for kind in ["ProtectedError", "RestrictedError", "IntegrityError", "deleted 1", "deleted 2", "deleted 3"] {
        assert!(sum.contains_key(kind), "no {kind} among {sum:?}");
    }
}
