//! The time that each stage of the compiler takes for generated models of growing size, in processor time.
//!
//! `cargo bench --bench stages` prints a table and fails where a stage is not linear: [`DEFECT`] times as long for ten times as
//! much. `cargo bench --bench stages -- 100000` adds the largest model.
#![allow(clippy::cast_precision_loss, clippy::expect_used, clippy::print_stdout, clippy::print_stderr)]

#[path = "../support/generate.rs"]
#[allow(unreachable_pub)]
mod generate;

use std::process::ExitCode;

use cpu_time::ThreadTime;
use umlaut::account::Elements;
use umlaut::diagnostic::Report;
use umlaut::read::{self, InputFile};
use umlaut::settings::Settings;
use umlaut::source::Sources;
use umlaut::{check, django, emit, evolve, link, lower, resolve};

/// Doubling the input may take 2.3 times as long.
const DEFECT: f64 = 16.0;
/// Shorter times say nothing.
const NOISE: f64 = 20.0;

const STAGES: [&str; 11] =
    ["read", "link", "check", "resolve", "lower", "checks", "evolve", "report", "emit", "drop", "whole"];

fn main() -> ExitCode {
    let mut sizes = vec![1_000, 10_000];
    sizes.extend(std::env::args().skip(1).filter_map(|argument| argument.parse::<usize>().ok()));
    let mut rows: Vec<Vec<f64>> = Vec::new();
    println!("{:>8} {}", "classes", STAGES.map(|stage| format!("{stage:>9}")).concat());
    for &size in &sizes {
        let row = milliseconds(size);
        println!("{size:>8} {}", row.iter().map(|time| format!("{time:>9.1}")).collect::<String>());
        rows.push(row);
    }
    let mut is_linear = true;
    for (index, pair) in rows.windows(2).enumerate() {
        let tenfold = sizes[index + 1] as f64 / sizes[index] as f64 / 10.0;
        for (stage, (small, large)) in STAGES.iter().zip(pair[0].iter().zip(&pair[1])) {
            if *large > NOISE && large / small.max(1.0) > DEFECT * tenfold {
                eprintln!("`{stage}` is not linear: {small:.1} ms become {large:.1} ms");
                is_linear = false;
            }
        }
    }
    if is_linear { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// How long each stage takes.
fn milliseconds(classes: usize) -> Vec<f64> {
    let files = vec![InputFile::new("generated.xmi", generate::model(classes, true))];
    // The largest of the models has more classes than are allowed.
    let mut settings = Settings::default();
    settings.limits.classes = 1_000_000;
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let mut row = Vec::new();
    let start = ThreadTime::now();
    let mut last = 0.0;
    let mut lap = |row: &mut Vec<f64>| {
        let now = start.elapsed().as_secs_f64() * 1e3;
        row.push(now - last);
        last = now;
    };
    let drafts = read::read(files, &settings, &mut sources, &mut elements, &mut report);
    lap(&mut row);
    let (model, graph) = link::link(drafts, &settings, &mut elements, &mut report);
    lap(&mut row);
    check::check(&model, &graph, &elements, &mut report);
    lap(&mut row);
    let facts = resolve::resolve(&model, &graph, &settings, &elements, &sources, &mut report);
    lap(&mut row);
    let project = lower::lower(&model, &graph, &facts, &settings, "generated.xmi");
    lap(&mut row);
    django::checks::check(&project, &elements, &mut report);
    lap(&mut row);
    let evolution = evolve::initial(&project, &mut report);
    lap(&mut row);
    report.finish(&settings.lints);
    lap(&mut row);
    let files = emit::emit(&project, &evolution, &settings.layers).expect("the project can be written");
    lap(&mut row);
    drop((files, evolution, project, facts, graph, model, elements, sources, report));
    lap(&mut row);
    row.push(row.iter().sum());
    row
}
