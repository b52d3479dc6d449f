//! The front end (read and link) against the bare event pass of the XML parser over the same bytes, in processor time.
//!
//! `cargo bench --bench front` prints a table and fails above [`DEFECT`]; a word after `--` chooses the models that have it in
//! their name. `cargo bench --bench front -- write FOLDER` writes the generated models for `process.py`.
#![allow(
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr
)]

#[path = "../support/generate.rs"]
#[allow(unreachable_pub)]
mod generate;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;

use umlaut::account::Elements;
use umlaut::diagnostic::Report;
use umlaut::link;
use umlaut::read::{self, InputFile};
use umlaut::settings::Settings;
use umlaut::source::{Sources, decode};

/// So many times the bare pass is a defect.
const DEFECT: f64 = 6.0;
/// A model is measured again and again for so long; the shortest time counts.
const BUDGET: Duration = Duration::from_secs(3);
const LARGE_FILES: &str = "../shared/corpus/modern/perf";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [command, folder] = &arguments[..]
        && command == "write"
    {
        write(Path::new(folder));
        return ExitCode::SUCCESS;
    }
    if let [command, name] = &arguments[..]
        && command == "one"
    {
        let (_, bytes) = models(name).find(|(known, _)| known == name).expect("there is such a model");
        return if is_quick(name, &bytes) { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let wanted = arguments.first().map_or("", String::as_str);
    println!("{:<44} {:>9} {:>10} {:>10} {:>7} {:>8}", "model", "bytes", "bare", "front", "times", "MB/s");
    // Each in a process of its own, as the compiler has them: what the one before left in memory slows the next.
    let this = std::env::current_exe().expect("the benchmark is a file");
    let slow = models(wanted).filter(|(name, _)| {
        !Command::new(&this).args(["one", name]).status().expect("the benchmark can be run").success()
    });
    if slow.count() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Measures one model and prints its line of the table. Whether the front end is quick enough for it.
fn is_quick(name: &str, bytes: &[u8]) -> bool {
    let text = decode::decode(bytes.to_vec()).text;
    let bare = shortest(|| bare_pass(&text));
    let front = shortest(|| front_end(name, bytes));
    let times = front.as_secs_f64() / bare.as_secs_f64();
    let speed = bytes.len() as f64 / 1e6 / front.as_secs_f64();
    let milliseconds = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1e3);
    println!(
        "{name:<44} {:>9} {:>10} {:>10} {times:>6.2}x {speed:>8.0}",
        bytes.len(),
        milliseconds(bare),
        milliseconds(front)
    );
    if times > DEFECT {
        eprintln!("the front end takes {times:.2} times as long as the bare pass; more than {DEFECT} is a defect");
    }
    times <= DEFECT
}

/// The large files of the corpus, and generated models, as far as their names have `wanted`.
fn models(wanted: &str) -> impl Iterator<Item = (String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(LARGE_FILES);
    let mut paths: Vec<PathBuf> = match std::fs::read_dir(&folder) {
        Ok(entries) => entries.map(|entry| entry.expect("the folder can be read").path()).collect(),
        Err(error) => {
            eprintln!("NOT MEASURED: the large files of the corpus: {}: {error}", folder.display());
            Vec::new()
        }
    };
    paths.sort();
    let name = |path: &Path| path.file_name().expect("a file has a name").to_string_lossy().into_owned();
    let read = move |path: PathBuf| (name(&path), std::fs::read(&path).expect("the file can be read"));
    let generated = [(1_000, true), (10_000, true), (100_000, true), (10_000, false)];
    let generated = generated.map(|(classes, lines)| {
        (format!("generated, {classes} classes{}", if lines { "" } else { " in one line" }), classes, lines)
    });
    let large = paths.into_iter().filter(move |path| name(path).contains(wanted)).map(read);
    let generated = generated.into_iter().filter(move |(name, ..)| name.contains(wanted));
    large.chain(generated.map(|(name, classes, lines)| (name, generate::model(classes, lines).into_bytes())))
}

fn write(folder: &Path) {
    std::fs::create_dir_all(folder).expect("the folder can be made");
    for classes in [1_000, 10_000, 100_000] {
        for (lines, form) in [(true, "lines"), (false, "line")] {
            let path = folder.join(format!("generated-{classes}-{form}.xmi"));
            std::fs::write(path, generate::model(classes, lines)).expect("the model can be written");
        }
    }
}

/// The shortest of many measurements.
fn shortest(mut measure: impl FnMut() -> Duration) -> Duration {
    let start = Instant::now();
    let mut best = measure();
    while start.elapsed() < BUDGET {
        best = best.min(measure());
    }
    best
}

/// All events of the decoded text, as forgiving as our own reader: it must not stop at the first fault.
fn bare_pass(text: &str) -> Duration {
    let start = ThreadTime::now();
    let mut reader = quick_xml::Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    while !matches!(black_box(reader.read_event()).expect("the model is sound"), quick_xml::events::Event::Eof) {}
    start.elapsed()
}

/// From bytes to a linked model, and all of it given back.
fn front_end(name: &str, bytes: &[u8]) -> Duration {
    let files = vec![InputFile::new(name, bytes)];
    let start = ThreadTime::now();
    // The largest of the models has more classes than are allowed.
    let mut settings = Settings::default();
    settings.limits.classes = 1_000_000;
    let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
    let drafts = read::read(files, &settings, &mut sources, &mut elements, &mut report);
    black_box(link::link(drafts, &settings, &mut elements, &mut report));
    drop((sources, elements, report));
    start.elapsed()
}
