//! Resolve: the passes that decide, each in a file, in this order. Each writes its own part of the facts.

mod apps;
mod attributes;
mod defaults;
mod deletion;
mod ends;
mod indexes;
mod inheritance;
mod links;
mod names;
mod order;
mod relations;
mod remarks;
mod roles;
mod shapes;
mod tags;
mod types;

use crate::account::Elements;
use crate::diagnostic::Report;
use crate::facts::Facts;
use crate::graph::RelationGraph;
use crate::settings::Settings;
use crate::uml::Model;

/// What every pass reads.
pub(crate) struct Context<'a> {
    /// What was drawn.
    pub(crate) model: &'a Model,
    /// Its relations.
    pub(crate) graph: &'a RelationGraph,
    /// The settings.
    pub(crate) settings: &'a Settings,
    /// The elements, for their paths.
    pub(crate) elements: &'a Elements,
}

/// Decides everything that the Django project needs. It always comes to an end with complete facts: what cannot be built is
/// reported and replaced by what its code says.
pub fn resolve(
    model: &Model,
    graph: &RelationGraph,
    settings: &Settings,
    elements: &Elements,
    report: &mut Report,
) -> Facts {
    let cx = Context { model, graph, settings, elements };
    let mut facts = Facts::default();
    facts.set_tags(tags::run(&cx));
    facts.set_roles(roles::run(&cx, &facts, report));
    facts.set_connections(ends::run(&cx, &facts, report));
    facts.set_apps(apps::run(&cx, &facts, report));
    facts.set_connections(shapes::run(&cx, &facts, report));
    facts.set_types(types::run(&cx, &facts, report));
    facts.set_inheritance(inheritance::run(&cx, &facts, report));
    facts.set_tables(relations::run(&cx, &facts, report));
    facts.set_deletion(deletion::run(&cx, &facts, report));
    facts.set_names(names::run(&cx, &facts, report));
    facts.set_indexes(indexes::run(&cx, &facts));
    facts.set_order(order::run(&facts));
    remarks::run(&cx, &facts, report);
    facts
}
