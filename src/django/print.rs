//! The project as compact text: for `umlaut dump --stage project` and for tests of the middle pass.

use std::fmt::Write;

use super::behavior::{Annotation, Stub, StubKind};
use super::constraint::{ConstraintKind, IndexKind, TextFunction};
use super::field::{Exposure, FieldKind, Kept, Value};
use super::generic::Generic;
use super::method::MethodKind;
use super::model::{Access, Base, Model, ModelKind, StrMethod};
use super::project::Project;
use super::rule::Rule;
use crate::python::repr::{Imports, repr};

/// One line for each app, enumeration, model, field, index and constraint, in the project's order.
pub fn print(project: &Project) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "project {} user {}", project.name, project.user.dotted());
    if !project.shared.is_empty() {
        let _ = writeln!(out, "app {} (shared)", project.core);
        for model in &project.shared {
            print_model(&mut out, model);
        }
    }
    for app in &project.apps {
        let before = app.api_prefix.as_ref().map_or_else(String::new, |text| format!(" api-prefix={text}"));
        let _ = writeln!(out, "app {}{before}", app.label);
        for protocol in &app.protocols {
            let bases = &protocol.bases;
            let bases = if bases.is_empty() { String::new() } else { format!("({})", bases.join(", ")) };
            let _ = writeln!(out, "  protocol {}{bases}", protocol.name);
            for method in &protocol.methods {
                let _ = writeln!(out, "    {}", stub_text(method));
            }
        }
        for choices in &app.choices {
            let members: Vec<String> =
                choices.members.iter().map(|member| format!("{}={}", member.name, member.value)).collect();
            let _ = writeln!(out, "  choices {} {}", choices.name, members.join(" "));
        }
        for model in &app.models {
            print_model(&mut out, model);
        }
    }
    out
}

fn stub_text(stub: &Stub) -> String {
    let typed = |it: &Annotation| {
        let (many, optional) = (if it.is_many { "*" } else { "" }, if it.is_optional { "?" } else { "" });
        format!("{}.{}{many}{optional}", it.module, it.name)
    };
    let inputs: Vec<String> = stub.parameters.iter().map(|(name, ty)| format!("{name}: {}", typed(ty))).collect();
    let results: Vec<String> = stub.results.iter().map(typed).collect();
    let query = if stub.is_query { " query" } else { "" };
    let kind = match stub.kind {
        StubKind::Method => "def",
        StubKind::ClassMethod => "classmethod",
        StubKind::Property => "property",
        StubKind::Text => "text",
        StubKind::Rows => "queryset",
    };
    format!("{kind} {}({}) -> ({}){query}", stub.name, inputs.join(", "), results.join(", "))
}

fn print_model(out: &mut String, model: &Model) {
    let bases: Vec<String> = model
        .bases
        .iter()
        .map(|base| match base {
            Base::Model(key) => key.dotted(),
            Base::AbstractUser => "AbstractUser".to_owned(),
            Base::Core { module, class } => format!("{module}.{class}"),
        })
        .collect();
    let kind = match model.kind {
        ModelKind::Abstract => "abstract model",
        ModelKind::Concrete => "model",
        ModelKind::Proxy => "proxy",
    };
    let bases = if bases.is_empty() { String::new() } else { format!("({})", bases.join(", ")) };
    let _ = writeln!(out, "  {kind} {}{bases}", model.name);
    for constant in &model.constants {
        let _ = writeln!(out, "    constant {}: {} = {:?}", constant.name, constant.annotation, constant.value);
    }
    for field in &model.fields {
        let mut line = format!("    {}: {}", field.name, kind_text(&field.kind));
        for (set, word) in [
            (field.primary_key, "primary_key"),
            (field.null, "null"),
            (field.blank, "blank"),
            (field.unique, "unique"),
            (!field.editable, "not-editable"),
            (field.is_signed(), "signed"),
            (field.kept == Some(Kept::Deletion), "mark-of-deletion"),
            (field.kept == Some(Kept::Version), "version"),
            (field.set_once, "set-once"),
            (field.exposure == Exposure::Written, "secret"),
            (field.exposure == Exposure::Kept, "not shown"),
            (field.db_index == Some(true), "index"),
            (field.db_index == Some(false), "no-index"),
        ] {
            if set {
                let _ = write!(line, " {word}");
            }
        }
        if let Some(choices) = &field.choices {
            let _ = write!(line, " choices={}", choices.dotted());
        }
        match field.default.as_deref() {
            Some(Value::Expr(expr)) => {
                let _ = write!(line, " default={expr:?}");
            }
            Some(Value::Member { choices, member }) => {
                let _ = write!(line, " default={}.{member}", choices.dotted());
            }
            None => {}
        }
        for (name, value) in [("db_default", &field.db_default), ("migration_default", &field.filling)] {
            match value.as_deref() {
                Some(Value::Expr(expr)) => _ = write!(line, " {name}={expr:?}"),
                Some(Value::Member { choices, member }) => _ = write!(line, " {name}={}.{member}", choices.dotted()),
                None => {}
            }
        }
        if let Some(name) = &field.db_collation {
            let _ = write!(line, " db_collation={name}");
        }
        if let Some(path) = &field.storage {
            let _ = write!(line, " storage={path}");
        }
        if let Some(class) = &field.widget {
            let _ = write!(line, " widget={class}");
        }
        for (name, text) in
            [("verbose_name", &field.verbose_name), ("help_text", &field.help_text), ("db_comment", &field.db_comment)]
        {
            if let Some(text) = text {
                let _ = write!(line, " {name}={text:?}");
            }
        }
        if let Some(column) = &field.db_column {
            let _ = write!(line, " db_column={column:?}");
        }
        if let Some(name) = &field.related_query_name {
            let _ = write!(line, " related_query_name={name}");
        }
        if field.no_constraint {
            line.push_str(" db_constraint=False");
        }
        if field.least > 0 {
            let _ = write!(line, " least={}", field.least);
        }
        if let Some(inline) = field.inline {
            let _ = write!(line, " inline={inline:?}");
        }
        for validator in &field.validators {
            let _ = write!(line, " {validator:?}");
        }
        let _ = writeln!(out, "{line}");
    }
    if let Some(kind) = &model.kind_of {
        let (member, below) = (kind.member.as_ref().map_or("", |(member, _)| member), kind.below.join(" "));
        let _ = writeln!(
            out,
            "    kind {}={}.{member} [{below}] filters={}",
            kind.field,
            kind.choices.dotted(),
            kind.filters
        );
    }
    if let Some(lookup) = &model.lookup {
        for row in &lookup.rows {
            let values: Vec<String> = row.values.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
            let _ = writeln!(out, "    row {}={:?} {}", lookup.key, row.code, values.join(" "));
        }
    }
    for generic in &model.generics {
        let Generic { name, kind, key, on_delete, .. } = generic;
        let _ = writeln!(out, "    {name}: GenericForeignKey({kind}, {key}) {on_delete:?}");
    }
    for relation in &model.generic_relations {
        let (class, to) = (relation.class(), relation.to.dotted());
        let _ = writeln!(out, "    {}: {class}({to}, {})", relation.name, relation.kind);
    }
    for stub in model.behavior.iter().flat_map(|behavior| &behavior.stubs) {
        let _ = writeln!(out, "    {}", stub_text(stub));
    }
    if !model.composite_key.is_empty() {
        let _ = writeln!(out, "    key {}", model.composite_key.join(" "));
    }
    if model.is_singleton {
        out.push_str("    singleton\n");
    }
    if model.meta.is_external {
        out.push_str("    external\n");
    }
    if !model.natural_key.is_empty() {
        let _ = writeln!(out, "    natural_key {}", model.natural_key.join(" "));
    }
    let meta = &model.meta;
    if !meta.ordering.is_empty() {
        let _ = writeln!(out, "    ordering {}", meta.ordering.join(" "));
    }
    for (name, text) in [
        ("verbose_name", &meta.verbose_name),
        ("verbose_name_plural", &meta.verbose_name_plural),
        ("db_table", &meta.db_table),
        ("db_table_comment", &meta.db_table_comment),
    ] {
        if let Some(text) = text {
            let _ = writeln!(out, "    {name} {text:?}");
        }
    }
    if !meta.permissions.is_empty() {
        let _ = writeln!(out, "    permissions {:?}", meta.permissions);
    }
    if let Some(names) = &meta.default_permissions {
        let _ = writeln!(out, "    default_permissions {names:?}");
    }
    if !meta.get_latest_by.is_empty() {
        let _ = writeln!(out, "    get_latest_by {}", meta.get_latest_by.join(" "));
    }
    if let Some(StrMethod::Template(parts)) = &model.str_method {
        let _ = writeln!(out, "    str {parts:?}");
    }
    if model.no_admin {
        let _ = writeln!(out, "    no admin");
    }
    match model.api {
        Access::Write => {}
        Access::None => out.push_str("    no api\n"),
        Access::Read => out.push_str("    api read\n"),
        Access::Public => out.push_str("    api public\n"),
    }
    for index in &meta.indexes {
        let kind = if index.kind == IndexKind::Plain { String::new() } else { format!(" {:?}", index.kind) };
        let _ = write!(out, "    index {} ({}){kind}", index.name, columns(&index.fields, &index.functions));
        if let Some(condition) = &index.condition {
            let _ = write!(out, " where {}", when(condition));
        }
        if !index.include.is_empty() {
            let _ = write!(out, " include ({})", index.include.join(", "));
        }
        out.push('\n');
    }
    for constraint in &meta.constraints {
        let _ = match &constraint.kind {
            ConstraintKind::Unique { fields, functions, condition } => {
                let partial = condition.as_ref().map_or_else(String::new, |given| format!(" where {}", when(given)));
                writeln!(out, "    unique {} ({}){partial}", constraint.name, columns(fields, functions))
            }
            ConstraintKind::NoOverlap { start, end, by, range } => {
                let by = if by.is_empty() { String::new() } else { format!(" by {}", by.join(", ")) };
                writeln!(out, "    no overlap {} ({start}..{end}){by} {}", constraint.name, range.function())
            }
            ConstraintKind::Check(condition) => writeln!(out, "    check {} {condition:?}", constraint.name),
        };
    }
    for method in &model.methods {
        let _ = match &method.kind {
            MethodKind::Across { link, to, .. } => writeln!(out, "    property {}: {link}.{to}", method.name),
            MethodKind::Union(follows) => {
                let names: Vec<&str> = follows.iter().map(|follow| follow.name.as_str()).collect();
                writeln!(out, "    property {}: all of {}", method.name, names.join(", "))
            }
            MethodKind::Qualified { rows, fields, .. } => {
                writeln!(out, "    method {}({}): {rows}", method.name, fields.join(", "))
            }
        };
    }
    for query in &model.queries {
        let _ = writeln!(out, "    computed {}: {:?}", query.name, query.result);
    }
    for (word, names) in [("search", &model.lists.search), ("filter", &model.lists.filter), ("sort", &model.lists.sort)]
    {
        if !names.is_empty() {
            let _ = writeln!(out, "    {word} {}", names.join(", "));
        }
    }
    for rule in &model.rules {
        let _ = match rule {
            Rule::Covered { children } => writeln!(out, "    rule one of {}", children.join(", ")),
            Rule::Invariant { test, .. } => writeln!(out, "    rule {test:?}"),
            Rule::Limit { by, most } => writeln!(out, "    rule at most {most} by {}", by.join(", ")),
            Rule::Kind { field } => writeln!(out, "    rule {field} is set"),
            Rule::Generic { name } => writeln!(out, "    rule {name} leads to a row"),
            Rule::Subset { field, via, of, is_key } => {
                let via = via.as_ref().map_or_else(String::new, |via| format!("{via}."));
                writeln!(out, "    rule {field} {} {via}{of}", if *is_key { "is" } else { "is one of" })
            }
            Rule::Disjoint { siblings } => writeln!(out, "    rule none of {}", siblings.join(", ")),
            Rule::Narrowed { field, validators, required } => {
                let required = if *required { " required" } else { "" };
                writeln!(out, "    rule {field}{required} {validators:?}")
            }
            Rule::NoOverlap { start, end, by } => {
                let by = if by.is_empty() { String::new() } else { format!(" by {}", by.join(", ")) };
                writeln!(out, "    rule no overlap {start}..{end}{by}")
            }
        };
    }
}

fn columns(fields: &[String], functions: &[(String, TextFunction)]) -> String {
    let shown = fields.iter().map(|field| {
        let name = field.trim_start_matches('-');
        match functions.iter().find(|(known, _)| known == name) {
            Some((_, function)) => field.replace(name, &format!("{}({name})", function.name())),
            None => field.clone(),
        }
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// A condition as Django's migrations write it.
fn when(condition: &super::expr::Condition) -> String {
    let text = repr(&super::deconstruct::condition(condition), &mut Imports::default());
    text.replace("models.", "")
}

fn kind_text(kind: &FieldKind) -> String {
    match kind {
        FieldKind::ForeignKey(key) | FieldKind::OneToOne(key) => {
            let class = if matches!(kind, FieldKind::ForeignKey(_)) { "ForeignKey" } else { "OneToOne" };
            let link = if key.parent_link { " parent_link" } else { "" };
            let reverse = key.related_name.as_deref().unwrap_or("(default)");
            let to = key.to_field.as_ref().map_or_else(String::new, |name| format!(" to_field={name}"));
            let limit = key.limit.as_ref().map_or_else(String::new, |limit| format!(" limit {}", when(limit)));
            format!("{class}({}) {} related_name={reverse}{link}{to}{limit}", key.to.dotted(), key.on_delete.name())
        }
        FieldKind::ManyToMany(relation) => {
            let through = relation.through.as_ref().map_or_else(String::new, |it| format!(" through={}", it.dotted()));
            let reverse = relation.related_name.as_deref().unwrap_or("(default)");
            format!("ManyToMany({}){through} related_name={reverse}", relation.to.dotted())
        }
        FieldKind::Array(base) => {
            let choices = base.choices.as_ref().map_or_else(String::new, |key| format!(" choices={}", key.dotted()));
            let validators: String = base.validators.iter().map(|validator| format!(" {validator:?}")).collect();
            format!("Array({}{choices}{validators})", kind_text(&base.kind))
        }
        FieldKind::Generated { formula, output } => format!("Generated({}) {formula:?}", kind_text(&output.kind)),
        FieldKind::Custom { class, kwargs } => {
            let kwargs: Vec<String> = kwargs.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
            format!("{class}({})", kwargs.join(", "))
        }
        other => format!("{other:?}"),
    }
}
