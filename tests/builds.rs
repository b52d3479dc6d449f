//! Real files from the corpus become projects that Django accepts, with the migrations that Django would write.
//!
//! The corpus is no part of this repository: where it is missing, this says so and goes on.

use std::panic::catch_unwind;
use std::path::Path;
use std::process::Command;

use crate::django;
use crate::support::{describe, root, say, try_run};

/// Files of Papyrus and Eclipse, of the OMG and of Enterprise Architect, small and large.
const FILES: &[&str] = &[
    "ea/CityGML-3.0CM__CityGML_3.0_CityObjectGroup.xml",
    "ea/CityGML-3.0CM__CityGML_3.0_Generics.xml",
    "ea/HMMG__ISO_19105_Edition_2.xml",
    "ea/aas-specs__IDTA-01001-3-0-1.norm.xmi",
    "ea/cacore-sdk__sdkexample.xmi",
    "ea/uml4net__EAExport.xmi",
    "ea/uml4net__EnterpriseArchitectAggregation.xmi",
    "ea/xmi__ea-xmi-2.5.1.xmi",
    "ea/xmi__xmi-v2-4-2-default.xmi",
    "eclipse-uml2/UML2RCA__associationClass.uml",
    "papyrus/UML-RT_StateMachines_Transfo__LibraryBorrowingMachine_Design.uml",
    "eclipse-uml2/UML2RCA__multipleGeneralization.uml",
    "eclipse-uml2/dresdenocl__royalandloyal.uml",
    "eclipse-uml2/dresdenocl__simple.uml",
    "eclipse-uml2/dresdenocl__testModel.uml",
    "eclipse-uml2/dresdenocl__university_complex.uml",
    "eclipse-uml2/openmdx__test.openmdx.app1.uml",
    "omg/qtmodeling__MOF.xmi",
    "omg/uml4net__UMLDI.xmi",
    "omg/uml4net__ptc-24-02-28.xmi",
    "papyrus/FallUML2013__Test4.uml",
    "papyrus/FallUML2013__xmicomparerclass.uml",
    "papyrus/PegasusMDD__ClassDiagram.uml",
    "papyrus/Repositorio-de-papyruss__model.uml",
    "papyrus/UML2RCA__naryAssociation.uml",
    "papyrus/uml2cloud__cloudSystem.uml",
];

#[test]
fn real_files_build_and_django_accepts_them() {
    let corpus = root().join("../shared/corpus/modern");
    if !corpus.is_dir() {
        say(&format!("NOT TESTED: the corpus of real files is not at {}\n", corpus.display()));
        return;
    }
    assert!(FILES.len() >= 20, "{} files", FILES.len());
    let failed: Vec<&str> =
        FILES.iter().copied().filter(|name| catch_unwind(|| judge(&corpus.join(name))).is_err()).collect();
    assert!(failed.is_empty(), "{} of {}: {failed:#?}", failed.len(), FILES.len());
}

fn judge(model: &Path) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let project = folder.path().join("project");
    build(model, &project);
    django::check(&project);
    django::oracle(&project, None);
}

/// Builds although there are errors: 0 and 1 are what may come of a real file, and the project is written.
fn build(model: &Path, out: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_umlaut"));
    command.args(["build", "--isolated", "--keep-going", "--format", "short", "--out"]).arg(out).arg(model);
    let output = try_run(&mut command);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", describe(&command, &output));
    assert!(out.join("manage.py").is_file(), "{}", describe(&command, &output));
}
