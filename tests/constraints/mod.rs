//! Constraints: that the grammar is what the parser reads, and that the database, `full_clean` and an interpreter of the test's own refuse the
//! same rows, and that what is derived is what the interpreter derives.

pub(crate) mod archive;
mod grammar;
mod migrations;
mod refused;
mod rule;

use std::fs;

use serde_json::{Value, json};

use crate::support::compile::{compile_bytes, write_project};
use crate::support::postgres::Server;
use crate::support::python::python;
use crate::support::random::Random;
use crate::support::{judge_dir, root, say};
use rule::{Derivation, LEVELS, Owner, Part, Reach, Row, Rule, TEXTS};

/// What a class of the diagram says.
struct Drawn {
    rule: Rule,
    number: Derivation,
    truth: Rule,
}

/// A class diagram with a class for each rule and two derivations.
fn draw(classes: &[Drawn]) -> String {
    let attribute = |owner: &str, name: &str, ty: &str, bounds: &str| {
        let lower = if bounds == "1" {
            String::new()
        } else {
            format!("<lowerValue xmi:type='uml:LiteralInteger' xmi:id='{owner}.{name}.l' value='0'/>")
        };
        let upper = if bounds == "*" {
            format!("<upperValue xmi:type='uml:LiteralUnlimitedNatural' xmi:id='{owner}.{name}.u' value='*'/>")
        } else {
            String::new()
        };
        format!("<ownedAttribute xmi:id='{owner}.{name}' name='{name}' type='{ty}'>{lower}{upper}</ownedAttribute>")
    };
    let class = |name: &str, attributes: &[(&str, &str, &str)], rest: &str| {
        let attributes: String = attributes.iter().map(|(it, ty, bounds)| attribute(name, it, ty, bounds)).collect();
        format!(
            "<packagedElement xmi:type='uml:Class' xmi:id='{name}' name='{name}'>{attributes}{rest}</packagedElement>"
        )
    };
    let mut text = String::from(
        "<uml:Model xmi:version='20131001' xmlns:xmi='http://www.omg.org/spec/XMI/20131001' \
         xmlns:uml='http://www.eclipse.org/uml2/5.0.0/UML' xmi:id='m' name='shop'>\
         <packagedElement xmi:type='uml:Package' xmi:id='p' name='shop'>",
    );
    text += &class("Owner", &[("n", "Integer", "?"), ("open", "Boolean", "1"), ("tools", "Part", "*")], "");
    text += &class("Part", &[("q", "Integer", "1"), ("w", "Integer", "?"), ("on", "Boolean", "1")], "");
    let literals: String = LEVELS.iter().map(|it| format!("<ownedLiteral xmi:id='level.{it}' name='{it}'/>")).collect();
    text += &format!(
        "<packagedElement xmi:type='uml:Enumeration' xmi:id='Level' name='Level'>{literals}</packagedElement>"
    );
    let constraint = |id: &str, name: &str, text: &str| {
        let body = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        format!(
            "<ownedRule xmi:id='{id}' name='{name}'><specification xmi:type='uml:OpaqueExpression' xmi:id='{id}s'>\
             <language>OCL</language><body>{body}</body></specification></ownedRule>"
        )
    };
    for (number, drawn) in classes.iter().enumerate() {
        let mut rest = constraint(&format!("r{number}"), "rule", &drawn.rule.text());
        for (name, ty, text) in [("v", "Decimal", drawn.number.text()), ("t", "Boolean", drawn.truth.text())] {
            rest += &format!(
                "<ownedAttribute xmi:id='{name}{number}' name='{name}' type='{ty}' isDerived='true'/>{}",
                constraint(&format!("d{name}{number}"), name, &format!("context C{number}::{name} derive: {text}"))
            );
        }
        let attributes = [
            ("a", "Integer", "1"),
            ("b", "Integer", "?"),
            ("c", "Decimal", "1"),
            ("d", "Decimal", "?"),
            ("flag", "Boolean", "1"),
            ("mark", "Boolean", "?"),
            ("name", "String", "1"),
            ("note", "String", "?"),
            ("day", "Date", "1"),
            ("due", "Date", "?"),
            ("level", "Level", "1"),
            ("rank", "Level", "?"),
            ("owner", "Owner", "?"),
            ("parts", "Part", "*"),
        ];
        text += &class(&format!("C{number}"), &attributes, &rest);
    }
    text += "</packagedElement>";
    for name in ["Integer", "Decimal", "String", "Boolean", "Date"] {
        text += &format!("<packagedElement xmi:type='uml:PrimitiveType' xmi:id='{name}' name='{name}'/>");
    }
    text + "</uml:Model>"
}

fn small(random: &mut Random, low: i64, high: i64) -> i64 {
    low + i64::try_from(random.below(usize::try_from(high - low + 1).unwrap_or(1))).unwrap_or(0)
}

/// A row with what the interpreter says of it.
fn row(random: &mut Random, drawn: &Drawn, owners: &[Owner<'_>], parts: &[Part]) -> Value {
    let owner = random.chance(70).then(|| random.below(owners.len()));
    let numbers: Vec<usize> = (0..parts.len()).collect();
    let count = random.below(4);
    let mut chosen = random.sample(&numbers, count);
    chosen.sort_unstable();
    chosen.dedup();
    let row = Row {
        a: small(random, -2, 4),
        b: random.chance(60).then(|| small(random, -2, 4)),
        c: small(random, -10, 40),
        d: random.chance(60).then(|| small(random, -10, 40)),
        flag: random.chance(50),
        mark: random.chance(60).then(|| random.chance(50)),
        name: random.choose::<&str>(&TEXTS),
        note: if random.chance(60) { random.choose::<&str>(&TEXTS) } else { "" },
        day: small(random, 0, 4),
        due: random.chance(60).then(|| small(random, 0, 4)),
        level: random.below(3),
        rank: random.chance(60).then(|| random.below(3)),
        owner: owner.map(|owner| &owners[owner]),
        parts: chosen.iter().map(|&part| &parts[part]).collect(),
    };
    json!({
        "values": {
            "a": row.a, "b": row.b, "c": row.c, "d": row.d, "flag": row.flag, "mark": row.mark, "name": row.name,
            "note": row.note, "day": row.day, "due": row.due, "level": LEVELS[row.level], "rank": row.rank.map(|it| LEVELS[it]),
        },
        "owner": owner,
        "parts": chosen,
        "refused": drawn.rule.holds(&row, None) == Some(false),
        "v": drawn.number.value(&row),
        "t": drawn.truth.holds(&row, None) == Some(true),
    })
}

/// `UMLAUT_CONSTRAINTS=200x1000` tries so many constraints and rows, and `UMLAUT_SEED` chooses others.
#[test]
fn database_and_clean_refuse_what_the_constraint_refuses() {
    let asked = std::env::var("UMLAUT_CONSTRAINTS").unwrap_or_else(|_| "40x30".to_owned());
    let (rules, rows) = asked.split_once('x').expect("two numbers");
    let (count, rows): (usize, usize) = (rules.parse().expect("a number"), rows.parse().expect("a number"));
    let seed = std::env::var("UMLAUT_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(7);
    let mut random = Random::new(seed);
    let random = &mut random;
    let drawn = |number: usize| {
        let reach = Reach { far: number % 2 == 1, part: false };
        let rule = Rule::random(random, reach, 2);
        Drawn { rule, number: Derivation::random(random, reach), truth: Rule::random(random, reach, 1) }
    };
    let rules: Vec<Drawn> = (0..count).map(drawn).collect();
    let parts: Vec<Part> =
        [(0, None, true), (1, Some(2), false), (3, Some(-1), true), (-2, Some(0), false), (2, None, false)]
            .map(|(q, w, on)| Part { q, w, on })
            .into();
    let tools: [&[usize]; 4] = [&[], &[0, 1], &[2, 3, 4], &[1]];
    let owners: Vec<Owner<'_>> = [(None, true), (Some(0), true), (Some(2), false), (Some(-1), false)]
        .into_iter()
        .zip(tools)
        .map(|((n, open), tools)| Owner { n, open, tools: tools.iter().map(|&part| &parts[part]).collect() })
        .collect();
    let settings = "[lints]\nU0807 = \"allow\"\n[emit]\nlayers = [\"models\"]\n";
    let outcome = compile_bytes("shop.uml", draw(&rules).into_bytes(), Some(settings));
    let untranslated: Vec<&str> = outcome
        .report
        .diagnostics()
        .iter()
        .filter(|found| ["U1101", "U1102"].contains(&found.code.id))
        .map(|found| found.message.as_str())
        .collect();
    // Random rules are sometimes always false, or ask whether a whole number is 1.5.
    let is_meant = |message: &&str| message.contains("always") || message.contains("a broken one");
    assert!(untranslated.iter().all(is_meant) && untranslated.len() <= count * 3 / 10, "{untranslated:#?}");
    let mut expected = Vec::new();
    for (number, drawn) in rules.iter().enumerate() {
        let rows: Vec<Value> = (0..rows).map(|_| row(random, drawn, &owners, &parts)).collect();
        let title = format!("constraint `rule` of `shop.C{number}` ");
        expected.push(json!({
            "model": format!("C{number}"),
            "ocl": drawn.rule.text(),
            "is_translated": !untranslated.iter().any(|message| message.starts_with(&title)),
            "v": drawn.number.text(),
            "t": drawn.truth.text(),
            "rows": rows,
        }));
    }
    let expected = json!({
        "owners": owners.iter().map(|it| json!({"n": it.n, "open": it.open})).collect::<Vec<_>>(),
        "tools": tools,
        "parts": parts.iter().map(|it| json!({"q": it.q, "w": it.w, "on": it.on})).collect::<Vec<_>>(),
        "rules": expected,
    });
    let folder = judge_dir().join("constraints");
    write_project(&outcome, &folder);
    fs::write(folder.join("expected.json"), expected.to_string()).expect("the rows can be written");
    crate::django::ruff(&folder);
    crate::django::makemigrations(&folder);
    let server = Server::start();
    let script = root().join("tests/constraints/rows.py");
    for url in ["sqlite://:memory:".to_owned(), server.create("constraints")] {
        let here = folder.to_str().expect("a path");
        let settings = ("DJANGO_SETTINGS_MODULE", "config.settings.local");
        let environment = [settings, ("DATABASE_URL", url.as_str()), ("PYTHONPATH", here)];
        let said = python(&[script.to_str().expect("a path")], &folder, &environment);
        let said = String::from_utf8(said.stdout).expect("text");
        say(&format!("constraints on {}: {}", url.split(':').next().unwrap_or_default(), said.trim()));
        let counts: Value = serde_json::from_str(said.trim()).expect("counts");
        let at_least = |name: &str, least: usize| {
            let found = counts[name].as_u64().and_then(|it| usize::try_from(it).ok()).unwrap_or(0);
            assert!(found >= least, "{name}: {counts}");
        };
        at_least("checks", count / 4);
        at_least("cleaned", count / 4);
        at_least("refused", rows * count / 12);
        at_least("generated", count / 8);
        at_least("computed", count * 3 / 4);
    }
}
