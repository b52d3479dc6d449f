//! `umlaut explain`: a code's page, or every decision about an element with its reason and place.

use std::fmt::Write;
use std::path::PathBuf;

use super::args::{Explain, Global, Model};
use super::places::{Places, printable};
use super::session::{Wanted, compile_model};
use super::things::{Thing, because, find, things};
use super::{exit, out};
use crate::account::Fate;
use crate::decision::Because;
use crate::diagnostic::codes;
use crate::failure::Failure;
use crate::pipeline::Outcome;
use crate::util::words;

pub(super) fn run(args: &Explain, global: &Global) -> Result<u8, Failure> {
    let (path, models) = match args.words.as_slice() {
        [models @ .., path] if !models.is_empty() => (path, models),
        words => return code(words.first().map_or("", String::as_str)),
    };
    let named = models.join("`, `");
    let model = Model { models: models.iter().map(PathBuf::from).collect(), together: args.together };
    let (outcome, _) = compile_model(&model, global, Wanted::Model)?;
    let things = things(&outcome);
    let found = find(&things, path, &outcome);
    let places = Places::new(&outcome.sources);
    if found.is_empty() {
        let text = fates(path, &outcome, &places, args.json);
        if !text.is_empty() {
            out(&text);
            return Ok(exit::SUCCESS);
        }
        let near = near(&things, path, &outcome).join("`, `");
        return Err(Failure::Usage {
            message: format!("nothing in `{named}` is called `{path}`"),
            help: if near.is_empty() {
                "`umlaut dump --stage model` prints all names".to_owned()
            } else {
                format!("there is `{near}`")
            },
        });
    }
    let mut text = String::new();
    for thing in found {
        if args.json {
            let _ = writeln!(text, "{}", as_json(thing, &outcome, &places));
        } else {
            print(&mut text, thing, &outcome, &places);
        }
    }
    out(&text);
    Ok(exit::SUCCESS)
}

/// Prints the page of a code.
fn code(name: &str) -> Result<u8, Failure> {
    let Some(code) = codes::find(name) else {
        let known = codes::ALL.iter().flat_map(|code| [code.id, code.slug]);
        let near = words::nearest(name, known).join("`, `");
        return Err(Failure::Usage {
            message: format!("there is no code `{name}`"),
            help: if near.is_empty() {
                "to explain an element of a model: umlaut explain MODEL PATH".to_owned()
            } else {
                format!("there is `{near}`")
            },
        });
    };
    out(code.page);
    Ok(exit::SUCCESS)
}

/// What became of elements that nothing was decided about: comments, operations, what was left out.
fn fates(path: &str, outcome: &Outcome, places: &Places, json: bool) -> String {
    let id = path.strip_prefix("id:");
    let end = format!(".{path}");
    let mut text = String::new();
    for (element, seen) in outcome.elements.iter() {
        let at = outcome.elements.path(element);
        let is_meant = match id {
            Some(id) => outcome.elements.id(element) == Some(id),
            None => at == path || at.ends_with(&end),
        };
        if !is_meant {
            continue;
        }
        let (fate, code) = match outcome.account.fate(element) {
            Fate::Lowered => ("part of something that is there", None),
            Fate::Carried => ("its text is kept", None),
            Fate::Diagnosed(code) => ("left out", Some(code)),
            Fate::Ignored | Fate::Missing => ("nothing: it has no part in what is stored", None),
        };
        if json {
            let line = serde_json::json!({
                "element": at, "kind": seen.kind.word(), "id": outcome.elements.id(element), "django": null,
                "became": fate, "code": code.map(|code| code.id), "place": places.name(seen.span), "reasons": [],
            });
            let _ = writeln!(text, "{line}");
            continue;
        }
        let head = format!("{at}: {} → {fate}", seen.kind.word());
        let _ = writeln!(text, "{head:<76} {}", places.name(seen.span));
        if let Some(code) = code {
            let _ = writeln!(text, "  {} {}: `umlaut explain {}` says more", code.id, code.slug, code.id);
        }
    }
    text
}

/// The names that are near to a path that names nothing: those that end alike first.
fn near(things: &[Thing<'_>], path: &str, outcome: &Outcome) -> Vec<String> {
    let mut known: Vec<String> = things
        .iter()
        .flat_map(|thing| {
            [Some(outcome.elements.path(thing.element)), Some(thing.django.clone()), thing.reverse.clone()]
        })
        .flatten()
        .filter(|name| !name.is_empty())
        .collect();
    known.sort();
    known.dedup();
    let last = path.rsplit('.').next().unwrap_or(path);
    let alike: Vec<String> =
        known.iter().filter(|name| name.rsplit('.').next() == Some(last)).take(3).cloned().collect();
    if !alike.is_empty() {
        return alike;
    }
    let near = words::nearest(path, known.iter().map(String::as_str));
    if !near.is_empty() {
        return near.into_iter().map(str::to_owned).collect();
    }
    // A single name that is nearly the end of a path.
    let ends: Vec<&str> = known.iter().filter_map(|name| name.rsplit('.').next()).collect();
    let Some(end) = words::nearest(last, ends).first().copied() else { return Vec::new() };
    known.iter().filter(|name| name.rsplit('.').next() == Some(end)).take(3).cloned().collect()
}

fn print(text: &mut String, thing: &Thing, outcome: &Outcome, places: &Places) {
    let seen = outcome.elements.get(thing.element);
    let path = outcome.elements.path(thing.element);
    let django = if thing.django.is_empty() { String::new() } else { format!(" ({})", thing.django) };
    let head = format!("{path}: {} → {}{django}", seen.kind.word(), thing.became);
    let _ = writeln!(text, "{:<76} {}", printable(&head), places.name(seen.span));
    for reason in &thing.reasons {
        let (decision, why) = (printable(&reason.decision), printable(&reason.why));
        let _ = writeln!(text, "  {decision:<32} {why:<44} {}", because(&reason.because, places));
    }
}

fn as_json(thing: &Thing, outcome: &Outcome, places: &Places) -> serde_json::Value {
    let reasons: Vec<serde_json::Value> = thing
        .reasons
        .iter()
        .map(|reason| {
            let (kind, name, at) = match &reason.because {
                Because::Tag(span) => ("tag", None, Some(*span)),
                Because::Setting { key, at } => ("setting", Some(key.as_str()), *at),
                Because::Rule { name, at } => ("rule", Some(*name), *at),
            };
            serde_json::json!({
                "decision": reason.decision, "why": reason.why, "because": kind, "name": name,
                "place": at.map(|span| places.name(span)),
            })
        })
        .collect();
    let seen = outcome.elements.get(thing.element);
    let also: Vec<String> = thing.also.iter().map(|&element| outcome.elements.path(element)).collect();
    serde_json::json!({
        "element": outcome.elements.path(thing.element), "kind": seen.kind.word(), "id": outcome.elements.id(thing.element),
        "also": also, "reverse": thing.reverse, "django": (!thing.django.is_empty()).then_some(&thing.django), "became": thing.became,
        "place": places.name(seen.span), "reasons": reasons,
    })
}
