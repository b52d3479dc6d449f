//! The compiler as a list: one call for each verb, in order.
//!
//! It is a pure function of texts and settings. Nothing before [`emit`](crate::emit) stops at an error, so that one run
//! tells everything; errors only close the gate before writing, and `keep_going` opens it.

use std::collections::BTreeSet;

use crate::account::{Account, Element, Elements};
use crate::check;
use crate::decision::Reason;
use crate::diagnostic::{Report, codes};
use crate::django::{self, Evolution, Project};
use crate::emit;
use crate::evolve;
use crate::facts::{AttributeKind, Translated};
use crate::failure::Failure;
use crate::graph::RelationGraph;
use crate::link;
use crate::lock::{self, Lock, Past};
use crate::lower;
use crate::output::{File, FileSet, Ownership};
use crate::policy;
use crate::profile;
use crate::read::{self, InputFile};
use crate::resolve;
use crate::settings::{self, Settings};
use crate::source::Sources;
use crate::uml::Model;
use crate::uml::draft::Draft;

/// What a compilation starts from.
pub struct Input<'a> {
    /// The files of the model.
    pub files: Vec<InputFile>,
    /// Gives the documents that a file refers to and that were not given.
    pub loader: &'a dyn Loader,
    /// The settings, complete.
    pub settings: Settings,
    /// The texts that were read before: the settings file.
    pub sources: Sources,
    /// What was found before: in the settings file.
    pub report: Report,
    /// Emits although there are errors.
    pub keep_going: bool,
}

/// Finds what lies around a model: documents that other documents refer to, and what earlier builds left.
pub trait Loader {
    /// The document at `path`, which is relative to where the given files' names are; `None` if it is not there or may
    /// not be read.
    fn load(&self, path: &str) -> Option<InputFile>;

    /// What earlier builds of the project called `name` left; nothing unless somebody knows where that would be.
    fn past(&self, name: &str) -> Past {
        let _ = name;
        Past::default()
    }
}

/// Loads nothing.
pub struct NoLoader;

impl Loader for NoLoader {
    fn load(&self, _path: &str) -> Option<InputFile> {
        None
    }
}

/// Everything that a compilation yields; each stage can be looked at.
pub struct Outcome {
    /// All texts.
    pub sources: Sources,
    /// All elements that were met.
    pub elements: Elements,
    /// All findings, finished.
    pub report: Report,
    /// What was drawn.
    pub model: Model,
    /// Its relations.
    pub graph: RelationGraph,
    /// Attributes for which nothing is stored, and why.
    pub without_column: Vec<(Element, Vec<Reason>)>,
    /// Operations without a stub, and why.
    pub without_stub: Vec<(Element, Reason)>,
    /// Constraints, and what became of them.
    pub constraints: Vec<(Element, Translated)>,
    /// What it becomes.
    pub project: Project,
    /// Its migrations.
    pub evolution: Evolution,
    /// What became of the elements.
    pub account: Account,
    /// Its files; `None` if an error stopped the writing, or nothing was to be written.
    pub files: Option<FileSet>,
}

/// Compiles: understands the model and, if the gate is open, writes its project.
///
/// # Errors
///
/// Only what is no finding about the model: a template that cannot be rendered, or a mistake of ours.
pub fn compile(input: Input<'_>) -> Result<Outcome, Failure> {
    let (keep_going, layers) = (input.keep_going, input.settings.layers.clone());
    let mut outcome = understand(input);
    // Of a file that is no model there is nothing to go on with.
    let is_model = !outcome.model.documents.is_empty();
    if outcome.report.is_sound() || keep_going && is_model {
        let mut files = emit::emit(&outcome.project, &outcome.evolution, &layers)?;
        let lock = Lock::of(&outcome.project, &outcome.elements).print();
        files.add(lock::FILE, File { content: lock, ownership: Ownership::Generated, elements: Vec::new() })?;
        outcome.files = Some(files);
    }
    Ok(outcome)
}

/// Everything before the gate: all that is to be said about a model, and the project that it becomes, without its files.
pub fn understand(input: Input<'_>) -> Outcome {
    stages(input, |model, graph| (model, graph))
}

/// The same, and of the model nothing is kept but its documents. It ends when the project is there, so that a large one leaves
/// its room to the planning of migrations, which needs most.
pub fn findings(input: Input<'_>) -> Outcome {
    stages(input, |model, _| (Model { documents: model.documents, ..Model::default() }, RelationGraph::default()))
}

/// The stages; `keep` gives what is kept of the model once the project is there.
fn stages(input: Input<'_>, keep: impl FnOnce(Model, RelationGraph) -> (Model, RelationGraph)) -> Outcome {
    let Input { files, loader, settings, mut sources, mut report, keep_going: _ } = input;
    let mut elements = Elements::default();
    let name = files.first().map(|file| file.name.clone()).unwrap_or_default();
    let is_one_file = files.len() == 1;

    let mut drafts = read::read(files, &settings, &mut sources, &mut elements, &mut report);
    if is_one_file {
        link::report_strangers(&name, &drafts, &settings, &mut sources, &mut report);
    }
    link::sort_roots_first(&mut drafts, &settings);
    read_along(&mut drafts, loader, &settings, &mut sources, &mut elements, &mut report);
    let (model, graph) = link::link(drafts, &settings, &mut elements, &mut report);
    check::check(&model, &graph, &elements, &mut report);
    let facts = resolve::resolve(&model, &graph, &settings, &elements, &sources, &mut report);
    let mut project = lower::lower(&model, &graph, &facts, &settings, base_name(&name));
    let past = loader.past(&project.name);
    evolve::settle(&past, &mut project, &elements, &mut report);
    // All that is kept of the facts is in the project, and what they leave out is in the traces.
    let traces = lower::traces(&model, &facts, &project, &elements);
    lower::unheard(&model, &facts, &project, &elements, &traces, &mut report);
    let attributes = facts.types().attributes.iter().flat_map(|(_, attributes)| attributes);
    let without_column = attributes
        .filter(|attribute| matches!(attribute.kind, AttributeKind::Nothing))
        .map(|attribute| (model.properties[attribute.property].element, attribute.reasons.clone()))
        .collect();
    let without_stub = facts.operations().left_out.clone();
    let invariants = facts.invariants();
    let constraints = invariants.translated.iter().chain(&invariants.told);
    let constraints = constraints.map(|(element, translated)| (*element, translated.clone())).collect();
    drop(facts);
    let allowing = profile::allowing(&model);
    let (model, graph) = keep(model, graph);
    django::checks::check(&project, &elements, &mut report);
    settings::report_unmatched(&settings, &elements, &mut report);
    policy::types::check_settings(&settings, &mut report);
    let evolution = evolve::evolve(&past, &mut project, &elements, &settings.evolution, &mut report);
    settings::allow(&settings, &allowing, &elements, &mut report);
    report.finish(&settings.lints);
    let account = Account::sum(&elements, &traces, report.told());
    Outcome {
        sources,
        elements,
        report,
        model,
        graph,
        without_column,
        without_stub,
        constraints,
        project,
        evolution,
        account,
        files: None,
    }
}

/// Reads the documents that drafts refer to, and those that they refer to, until nothing new is found.
fn read_along(
    drafts: &mut Vec<Draft>,
    loader: &dyn Loader,
    settings: &Settings,
    sources: &mut Sources,
    elements: &mut Elements,
    report: &mut Report,
) {
    let mut asked = BTreeSet::new();
    loop {
        let missing = link::missing_documents(drafts, settings);
        let new: Vec<String> = missing.into_iter().filter(|path| asked.insert(path.clone())).collect();
        let found: Vec<InputFile> = new.iter().filter_map(|path| loader.load(path)).collect();
        if found.is_empty() {
            return;
        }
        let mut told = Report::default();
        let read = read::read(found, settings, sources, elements, &mut told);
        // What is read because others refer to it need not have classes: a profile has none.
        told.forget(&codes::U0203);
        report.append(told);
        drafts.extend(read.into_iter().map(|draft| Draft { is_given: false, ..draft }));
    }
}

/// The file's name without its folder, as the project's files mention it.
fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}
