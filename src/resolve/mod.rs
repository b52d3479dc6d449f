//! Resolve: the passes that decide, each in a file, in this order. Each writes its own part of the facts.

mod apps;
mod asked;
mod attributes;
mod defaults;
mod deletion;
mod ends;
mod indexes;
mod inheritance;
mod links;
mod names;
mod operations;
mod order;
mod qualifiers;
mod refine;
mod relations;
mod remarks;
mod roles;
mod rules;
mod shapes;
mod soft_delete;
mod tags;
mod types;

use crate::account::Elements;
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::facts::Facts;
use crate::graph::RelationGraph;
use crate::settings::Settings;
use crate::source::Sources;
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
    /// The texts, for places inside of what they say.
    pub(crate) sources: &'a Sources,
}

/// Says that not every database of the project has something (U0905), and what becomes of it.
pub(crate) fn not_here(what: &str, needs: &str, becomes: &str) -> Diagnostic {
    Diagnostic::new(&codes::U0905, format!("{what} needs {needs}; {becomes}"))
        .help("say with `databases` under `[project]` what the models run on")
}

/// What all U0905 say of the place that asks.
pub(crate) const NOT_HERE: &str = "not on every database of the project";

/// Decides everything that the Django project needs. It always comes to an end with complete facts: what cannot be built is
/// reported and replaced by what its code says.
pub fn resolve(
    model: &Model,
    graph: &RelationGraph,
    settings: &Settings,
    elements: &Elements,
    sources: &Sources,
    report: &mut Report,
) -> Facts {
    let cx = Context { model, graph, settings, elements, sources };
    let mut facts = Facts::default();
    facts.set_tags(tags::run(&cx));
    facts.set_roles(roles::run(&cx, &facts, report));
    facts.set_connections(ends::run(&cx, &facts, report));
    facts.set_apps(apps::run(&cx, &facts, report));
    facts.set_connections(shapes::run(&cx, &facts, report));
    facts.set_definitions(rules::definitions(&cx, facts.tags()));
    facts.set_types(types::run(&cx, &facts, report));
    facts.set_inheritance(inheritance::run(&cx, &facts, report));
    facts.set_tables(relations::run(&cx, &facts, report));
    facts.set_deletion(deletion::run(&cx, &facts, report));
    soft_delete::run(&cx, &mut facts);
    facts.set_names(names::run(&cx, &facts, report));
    let (derivations, verdicts) = rules::derive(&cx, &facts, report);
    facts.set_derivations(derivations);
    facts.set_operations(operations::run(&cx, &facts, report));
    facts.set_asked(asked::run(&cx, &facts, report));
    facts.set_invariants(rules::run(&cx, &facts, &verdicts, report));
    facts.set_indexes(indexes::run(&cx, &facts, report));
    facts.set_order(order::run(&facts));
    remarks::run(&cx, &facts, report);
    facts
}

#[cfg(test)]
mod tests {
    use crate::account::Elements;
    use crate::diagnostic::Report;
    use crate::django::{Base, Project};
    use crate::read::InputFile;
    use crate::settings::Settings;
    use crate::source::Sources;

    /// Compiles the content of a package to a project.
    fn project(content: &str) -> (Project, Report) {
        let text = format!(
            "<xmi:XMI xmi:version='20131001' xmlns:xmi='http://www.omg.org/spec/XMI/20131001' \
             xmlns:uml='http://www.eclipse.org/uml2/5.0.0/UML'><uml:Model xmi:id='m' name='m'>\
             <packagedElement xmi:type='uml:Package' xmi:id='p' name='shop'>{content}</packagedElement></uml:Model></xmi:XMI>"
        );
        let (mut sources, mut elements, mut report) = (Sources::default(), Elements::default(), Report::default());
        let settings = Settings::default();
        let files = vec![InputFile::new("shop.uml", text.into_bytes())];
        let drafts = crate::read::read(files, &settings, &mut sources, &mut elements, &mut report);
        let (model, graph) = crate::link::link(drafts, &settings, &mut elements, &mut report);
        let facts = super::resolve(&model, &graph, &settings, &elements, &sources, &mut report);
        let project = crate::lower::lower(&model, &graph, &facts, &settings, "shop.uml");
        crate::django::checks::check(&project, &elements, &mut report);
        (project, report)
    }

    fn class(id: &str, inside: &str) -> String {
        format!("<packagedElement xmi:type='uml:Class' xmi:id='{id}' name='{id}'>{inside}</packagedElement>")
    }

    #[test]
    fn a_long_chain_of_generalizations_ends_soon_and_in_order() {
        let classes: Vec<String> = (0..800)
            .map(|number| {
                let general = format!("<generalization xmi:id='g{number}' general='C{}'/>", number + 1);
                class(&format!("C{number}"), if number < 799 { &general } else { "" })
            })
            .collect();
        let (project, report) = project(&classes.concat());
        assert_eq!(report.diagnostics().iter().filter(|found| found.code.id == "U1901").count(), 0);
        let shop = project.app("shop").expect("an app");
        assert_eq!(shop.models.len(), 800);
        assert_eq!(shop.models[0].name, "C799");
        assert!(matches!(&shop.models[1].bases[..], [Base::Model(base)] if base.name == "C799"));
    }

    #[test]
    fn many_required_cycles_are_all_opened() {
        let mut content = String::new();
        for number in 0..60 {
            let ends: String = (0..3)
                .map(|step| {
                    let other = (number + step * 7 + 1) % 60;
                    format!("<ownedAttribute xmi:id='a{number}_{step}' name='r{step}' type='C{other}'/>")
                })
                .collect();
            content.push_str(&class(&format!("C{number}"), &ends));
        }
        let (project, report) = project(&content);
        assert!(report.diagnostics().iter().any(|found| found.code.id == "U0608"));
        // What is still required never leads back.
        let shop = project.app("shop").expect("an app");
        let place = |name: &str| shop.models.iter().position(|model| model.name == name).expect("a model");
        let required: Vec<(usize, usize)> = shop
            .models
            .iter()
            .flat_map(|model| model.fields.iter().map(move |field| (model, field)))
            .filter(|(_, field)| !field.null)
            .filter_map(|(model, field)| Some((place(&model.name), place(&field.foreign_key()?.to.name))))
            .collect();
        assert!(!required.is_empty());
        assert_eq!(crate::graph::order::cycles(shop.models.len(), &required), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn every_field_can_say_why_it_is_as_it_is() {
        let inside = "<ownedAttribute xmi:id='b' name='boss' type='Person'>\
                      <lowerValue xmi:type='uml:LiteralInteger' xmi:id='l'/></ownedAttribute>";
        let (project, _) = project(&class("Person", inside));
        let person = &project.app("shop").expect("an app").models[0];
        let reasons: Vec<&str> = person.fields[0].origin.reasons.iter().map(|reason| &*reason.decision).collect();
        assert_eq!(
            reasons,
            ["ForeignKey on Person", "null", "name `boss`", "related_name `people`", "on_delete SET_NULL", "index"]
        );
    }
}
