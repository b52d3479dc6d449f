//! `umlaut explain`: a code's page, or every decision about an element with its reason and place.

use std::fmt::Write;
use std::path::PathBuf;

use super::args::{Explain, Global, Model};
use super::places::{Places, printable};
use super::session::{Wanted, compile_model};
use super::{exit, out};
use crate::account::Element;
use crate::decision::{Because, Reason};
use crate::diagnostic::codes;
use crate::django::project::Origin;
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
    let (outcome, _) = compile_model(&model, global, Wanted::Findings)?;
    let things = things(&outcome);
    let found = find(&things, path, &outcome);
    if found.is_empty() {
        let known: Vec<&str> = things.iter().flat_map(|thing| [thing.uml.as_str(), thing.django.as_str()]).collect();
        let near = words::nearest(path, known.iter().copied()).join("`, `");
        return Err(Failure::Usage {
            message: format!("nothing in `{named}` is called `{path}`"),
            help: if near.is_empty() {
                "`umlaut dump --stage model` prints all names".to_owned()
            } else {
                format!("there is `{near}`")
            },
        });
    }
    let places = Places::new(&outcome.sources);
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

/// Something that can be explained.
struct Thing<'a> {
    /// Its path in the model.
    uml: String,
    /// Its path in Django: `shop.Order.customer`.
    django: String,
    /// In a few words, what it became.
    became: String,
    origin: &'a Origin,
    /// Reasons that stand beside its origin: those of indexes and constraints.
    more: Vec<&'a Reason>,
}

fn things(outcome: &Outcome) -> Vec<Thing<'_>> {
    let mut things = Vec::new();
    let path = |element: Element| outcome.elements.path(element);
    for app in &outcome.project.apps {
        if let Some(origin) = &app.origin {
            let (django, became) = (app.label.clone(), format!("the app `{}`", app.label));
            things.push(Thing { uml: path(origin.element), django, became, origin, more: Vec::new() });
        }
        for choices in &app.choices {
            let django = format!("{}.{}", app.label, choices.name);
            let became = format!("the enumeration `{}`", choices.name);
            let origin = &choices.origin;
            things.push(Thing { uml: path(origin.element), django: django.clone(), became, origin, more: Vec::new() });
            for member in &choices.members {
                let (origin, became) = (&member.origin, format!("the value `{}`", member.value));
                let django = format!("{django}.{}", member.name);
                things.push(Thing { uml: path(origin.element), django, became, origin, more: Vec::new() });
            }
        }
    }
    let shared = outcome.project.shared.iter().map(|model| (outcome.project.core.as_str(), model));
    let own = outcome.project.apps.iter().flat_map(|app| app.models.iter().map(|model| (app.label.as_str(), model)));
    for (app, model) in shared.chain(own) {
        let django = format!("{app}.{}", model.name);
        let became = if model.is_concrete() { "a model" } else { "an abstract model" }.to_owned();
        let more = model.meta.constraints.iter().flat_map(|it| &it.reasons);
        let more: Vec<&Reason> = more.chain(model.meta.indexes.iter().flat_map(|it| &it.reasons)).collect();
        let origin = &model.origin;
        things.push(Thing { uml: path(origin.element), django: django.clone(), became, origin, more });
        for constant in &model.constants {
            let (origin, django) = (&constant.origin, format!("{django}.{}", constant.name));
            let became = "a class constant".to_owned();
            things.push(Thing { uml: path(origin.element), django, became, origin, more: Vec::new() });
        }
        for field in &model.fields {
            let (origin, django) = (&field.origin, format!("{django}.{}", field.name));
            let became = format!("a field of `{}`", model.name);
            things.push(Thing { uml: path(origin.element), django, became, origin, more: Vec::new() });
        }
    }
    things
}

/// Everything that `path` names: by Django path, by model path, by id, else by a shorter end of either.
fn find<'a, 'b>(things: &'a [Thing<'b>], path: &str, outcome: &Outcome) -> Vec<&'a Thing<'b>> {
    if let Some(id) = path.strip_prefix("id:") {
        let has_id = |thing: &&Thing| outcome.elements.get(thing.origin.element).id.as_deref() == Some(id);
        return things.iter().filter(has_id).collect();
    }
    let exact: Vec<&Thing> = things.iter().filter(|thing| thing.django == path || thing.uml == path).collect();
    if !exact.is_empty() {
        return exact;
    }
    let end = format!(".{path}");
    things.iter().filter(|thing| thing.django.ends_with(&end) || thing.uml.ends_with(&end)).collect()
}

fn print(text: &mut String, thing: &Thing, outcome: &Outcome, places: &Places) {
    let seen = outcome.elements.get(thing.origin.element);
    let head = format!("{}: {} → {} ({})", thing.uml, seen.kind.word(), thing.became, thing.django);
    let _ = writeln!(text, "{head:<76} {}", places.name(seen.span));
    for reason in thing.origin.reasons.iter().chain(thing.more.iter().copied()) {
        let (decision, why) = (printable(&reason.decision), printable(&reason.why));
        let _ = writeln!(text, "  {decision:<32} {why:<44} {}", because(&reason.because, places));
    }
}

fn because(because: &Because, places: &Places) -> String {
    match because {
        Because::Tag(span) => format!("tag, {}", places.name(*span)),
        Because::Setting { key, at: Some(span) } => format!("setting `{key}`, {}", places.name(*span)),
        Because::Setting { key, at: None } => format!("setting `{key}`"),
        Because::Rule { name, at: Some(span) } => format!("rule: {name}, {}", places.name(*span)),
        Because::Rule { name, at: None } => format!("rule: {name}"),
    }
}

fn as_json(thing: &Thing, outcome: &Outcome, places: &Places) -> serde_json::Value {
    let reasons: Vec<serde_json::Value> = thing
        .origin
        .reasons
        .iter()
        .chain(thing.more.iter().copied())
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
    let seen = outcome.elements.get(thing.origin.element);
    serde_json::json!({
        "element": thing.uml, "kind": seen.kind.word(), "id": seen.id.as_deref(), "django": thing.django,
        "became": thing.became, "place": places.name(seen.span), "reasons": reasons,
    })
}
