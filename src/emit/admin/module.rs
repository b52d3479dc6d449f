//! `admin.py` of an app.

use std::collections::{BTreeMap, BTreeSet};

use super::choose;
use crate::django::field::{Inline, Kept};
use crate::django::shape::Shape;
use crate::django::{App, ModelKey, Project, Rule};
use crate::python::{Class, Code, Def, Doctext, Imports, Module, Stmt};
use crate::util::words;

/// `admin.py`
pub(super) fn module(
    project: &Project,
    app: &App,
    shapes: &[Shape<'_>],
    parts: &BTreeMap<&ModelKey, Vec<choose::Part<'_, '_>>>,
) -> Module {
    let mut file = File {
        project,
        imports: Imports::new(project.packages()),
        names: app.models.iter().map(|model| model.name.clone()).collect(),
        shared: BTreeMap::new(),
        body: Vec::new(),
    };
    // Names of our own classes give way to models, those of imports to both.
    let names: Vec<String> = shapes.iter().map(|shape| file.name(&shape.key.name, "Admin")).collect();
    for name in &names {
        file.imports.reserve(name);
    }
    for (shape, name) in shapes.iter().zip(&names) {
        file.page(shape, parts.get(&shape.key).map_or(&[], Vec::as_slice), name);
    }
    let doc = format!("Admin pages of the {} app.", app.label.replace('_', " "));
    Module { doc: Doctext::ours(doc), imports: file.imports, body: file.body }
}

struct File<'p> {
    project: &'p Project,
    imports: Imports,
    /// Names of classes.
    names: BTreeSet<String>,
    /// The classes of parts whose owners are rows of several tables: they are the same for all, by part and reference.
    shared: BTreeMap<(ModelKey, String), String>,
    body: Vec<Stmt>,
}

impl File<'_> {
    /// A name for a class of ours.
    fn name(&mut self, model: &str, suffix: &str) -> String {
        let mut name = format!("{model}{suffix}");
        let mut number = 2;
        while !self.names.insert(name.clone()) {
            name = format!("{model}{suffix}{number}");
            number += 1;
        }
        name
    }

    fn admin(&mut self, name: &str) -> Code {
        Code::name(&self.imports.from("django.contrib", "admin")).attr(name)
    }

    fn model(&mut self, key: &ModelKey) -> Code {
        Code::name(&self.imports.from(&format!("{}.models", key.app), &key.name))
    }

    /// The page of a model, after the inlines that it shows.
    fn page(&mut self, shape: &Shape<'_>, parts: &[choose::Part<'_, '_>], name: &str) {
        let inlines: Vec<String> = parts.iter().map(|part| self.inline(*part, &shape.key)).collect();
        let decorator = self.admin("register").call().arg(self.model(&shape.key));
        let (base, mut body) = if shape.is_user {
            let base = self.imports.alias("django.contrib.auth.admin", "UserAdmin", "BaseUserAdmin");
            let body = user_body(self.project, shape, &base);
            (Code::name(&base), body)
        } else if shape.model.lookup.is_some() || shape.model.is_singleton {
            let core = format!("{}.admin", self.project.core);
            let class = if shape.model.is_singleton { "SingletonAdmin" } else { "ReadOnlyAdmin" };
            (Code::name(&self.imports.from(&core, class)), body(self.project, shape))
        } else {
            (self.admin("ModelAdmin"), body(self.project, shape))
        };
        let is_signed = choose::is_signed(shape) || parts.iter().any(|part| choose::is_signed(part.shape));
        let mixin = is_signed.then(|| self.imports.from(&format!("{}.admin", self.project.core), "SigningMixin"));
        let bases = mixin.iter().map(|name| Code::name(name)).chain([base]).collect();
        if !inlines.is_empty() {
            body.push(Stmt::assign("inlines", Code::tuple(inlines.iter().map(|name| Code::name(name)))));
        }
        body.extend(self.fixed(shape));
        body.extend(self.widgets(shape));
        self.body.push(Stmt::Class(Class {
            decorators: vec![decorator],
            name: name.to_owned(),
            bases,
            doc: Some(Doctext { text: plural(shape), fallback: "Admin pages.".to_owned() }),
            body,
            ..Class::default()
        }));
    }

    /// `def get_readonly_fields`: what is set once can be filled in while a row is made.
    fn fixed(&mut self, shape: &Shape<'_>) -> Option<Stmt> {
        let fixed = choose::fixed_fields(shape);
        if fixed.is_empty() {
            return None;
        }
        let request = Code::name(&self.imports.from("django.http", "HttpRequest"));
        let row = Code::binary("|", vec![self.model(&shape.key), Code::none()]);
        let names = self.imports.builtin("tuple").subscript([self.imports.builtin("str"), Code::ellipsis()]);
        let all = self
            .imports
            .builtin("super")
            .call()
            .attr("get_readonly_fields")
            .call()
            .arg(Code::name("request"))
            .arg(Code::name("obj"));
        let fixed = Code::strings(fixed);
        let unsaved = Code::name("obj").compare("is", Code::none());
        Some(Stmt::Def(Def {
            name: "get_readonly_fields".to_owned(),
            params: vec![
                ("self".to_owned(), None),
                ("request".to_owned(), Some(request)),
                ("obj".to_owned(), Some(row)),
            ],
            returns: Some(names),
            doc: Some(Doctext::ours("What is set once cannot be changed afterwards.")),
            body: vec![
                Stmt::assign("shown", Code::tuple([all.starred()])),
                Stmt::If(unsaved, vec![Stmt::Return(Code::name("shown"))]),
                Stmt::Return(Code::tuple([Code::name("shown").starred(), fixed.starred()])),
            ],
            ..Def::default()
        }))
    }

    /// `form = ..`, behind the class of that form: fields that are filled in with a widget of their own.
    fn widgets(&mut self, shape: &Shape<'_>) -> Option<Stmt> {
        let asked = shape.fields.iter().filter_map(|member| Some((member.field, member.field.widget.as_ref()?)));
        let given: Vec<(Code, Code)> = asked
            .map(|(field, class)| (Code::str(&field.name), self.imports.reference(class.module(), class.name())))
            .collect();
        let form = (shape.is_versioned() && !shape.is_user)
            .then(|| Code::name(&self.imports.from(&format!("{}.admin", self.project.core), "VersionForm")));
        if given.is_empty() {
            return form.map(|form| Stmt::assign("form", form));
        }
        let name = self.name(&shape.key.name, "Form");
        self.imports.reserve(&name);
        let (base, meta) = if let Some(form) = form {
            (form, Vec::new())
        } else if shape.is_user {
            let base = Code::name(&self.imports.from("django.contrib.auth.forms", "UserChangeForm"));
            (base.clone(), vec![base.attr("Meta")])
        } else {
            (Code::name(&self.imports.from("django", "forms")).attr("ModelForm"), Vec::new())
        };
        let body = vec![Stmt::assign("widgets", Code::dict(given))];
        let meta = Class { name: "Meta".to_owned(), bases: meta, body, ..Class::default() };
        let text = format!("The form of one {}", spoken(&shape.key.name));
        self.body.push(Stmt::Class(Class {
            name: name.clone(),
            bases: vec![base],
            doc: Some(Doctext { text, fallback: "A form.".to_owned() }),
            body: vec![Stmt::Class(meta)],
            ..Class::default()
        }));
        Some(Stmt::assign("form", Code::name(&name)))
    }

    /// `def get_formset`: Django shows so many rows, but does not demand them unless it is told to.
    fn counted(&mut self) -> Stmt {
        let request = Code::name(&self.imports.from("django.http", "HttpRequest"));
        let (object, returns) = (self.imports.builtin("object"), self.imports.builtin("type"));
        let call = self.imports.builtin("super").call().attr("get_formset").call();
        let call = call.arg(Code::name("request")).arg(Code::name("obj")).kwarg("validate_min", Code::bool(true));
        Stmt::Def(Def {
            name: "get_formset".to_owned(),
            params: vec![
                ("self".to_owned(), None),
                ("request".to_owned(), Some(request)),
                ("obj".to_owned(), Some(object.clone())),
                ("**kwargs".to_owned(), Some(object)),
            ],
            returns: Some(returns),
            doc: Some(Doctext::ours("There must be so many.")),
            body: vec![Stmt::Return(call.arg(Code::name("kwargs").starred().starred()))],
            ..Def::default()
        })
    }

    fn inline(&mut self, part: choose::Part<'_, '_>, owner: &ModelKey) -> String {
        let shape = part.shape;
        let shared = part.generic.map(|generic| (shape.key.clone(), generic.name.clone()));
        if let Some(name) = shared.as_ref().and_then(|key| self.shared.get(key)) {
            return name.clone();
        }
        let name = self.name(&shape.key.name, "Inline");
        self.shared.extend(shared.map(|key| (key, name.clone())));
        self.imports.reserve(&name);
        let mut body = vec![Stmt::assign("model", self.model(&shape.key))];
        match part.generic {
            Some(generic) => {
                body.push(Stmt::assign("ct_field", Code::str(&generic.kind)));
                body.push(Stmt::assign("ct_fk_field", Code::str(&generic.key)));
            }
            None => body.push(Stmt::assign("fk_name", Code::str(&part.key.name))),
        }
        body.push(Stmt::assign("extra", Code::int(0)));
        let mut rules = shape.line.iter().flat_map(|model| &model.rules);
        let most = rules.find_map(|rule| match rule {
            Rule::Limit { by, most } if *by == part.fields() => Some(*most),
            _ => None,
        });
        let most = most.or((part.generic.is_some() && part.is_single()).then_some(1));
        let least = Some(part.key.least).filter(|least| *least > 0);
        body.extend(least.map(|least| Stmt::assign("min_num", Code::int(least))));
        body.extend(most.map(|most| Stmt::assign("max_num", Code::int(most))));
        names(
            &mut body,
            "autocomplete_fields",
            &choose::autocomplete_fields(self.project, shape, Some(&part.key.name)),
        );
        // Who saved each of them would be a query for each; how often is on its own page.
        let mut shown = choose::readonly_fields(shape);
        shown.retain(|name| {
            shape.field(name).is_some_and(|member| !matches!(member.field.kept, Some(Kept::Signer | Kept::Version)))
        });
        names(&mut body, "readonly_fields", &shown);
        body.extend(self.widgets(shape));
        body.extend(least.map(|_| self.counted()));
        let is_stacked = part.key.inline == Some(Inline::Stacked);
        let base = match (part.generic.is_some(), is_stacked) {
            (false, true) => self.admin("StackedInline"),
            (false, false) => self.admin("TabularInline"),
            (true, stacked) => {
                let class = if stacked { "GenericStackedInline" } else { "GenericTabularInline" };
                Code::name(&self.imports.from("django.contrib.contenttypes.admin", class))
            }
        };
        let owner = if part.generic.is_some() { "row".to_owned() } else { spoken(&owner.name) };
        let text = format!("{} of one {owner}", plural(shape));
        self.body.push(Stmt::Class(Class {
            name: name.clone(),
            bases: vec![base],
            doc: Some(Doctext { text, fallback: "Parts.".to_owned() }),
            body,
            ..Class::default()
        }));
        name
    }
}

/// `order line`
fn spoken(name: &str) -> String {
    words::split(name).join(" ").to_lowercase()
}

/// `Order lines`
fn plural(shape: &Shape<'_>) -> String {
    let given = shape.model.meta.verbose_name_plural.clone();
    let name = given.unwrap_or_else(|| spoken(&shape.key.name) + "s");
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `target = ("a", "b")`, if there is something to say.
fn names(body: &mut Vec<Stmt>, target: &str, names: &[String]) {
    if !names.is_empty() {
        body.push(Stmt::assign(target, Code::strings(names)));
    }
}

fn body(project: &Project, shape: &Shape<'_>) -> Vec<Stmt> {
    let mut body = Vec::new();
    let columns = choose::list_display(shape);
    names(&mut body, "list_display", &columns);
    names(&mut body, "list_filter", &choose::list_filter(shape));
    names(&mut body, "list_select_related", &choose::list_select_related(shape, &columns));
    names(&mut body, "search_fields", &choose::search_fields(shape));
    names(&mut body, "autocomplete_fields", &choose::autocomplete_fields(project, shape, None));
    names(&mut body, "readonly_fields", &choose::readonly_fields(shape));
    if let Some(field) = choose::date_hierarchy(shape) {
        body.push(Stmt::assign("date_hierarchy", Code::str(field)));
    }
    body
}

/// Django's page for users, with what ours has besides.
fn user_body(project: &Project, shape: &Shape<'_>, base: &str) -> Vec<Stmt> {
    let mut body = Vec::new();
    let fields = choose::user_fields(shape);
    let readonly = choose::readonly_fields(shape);
    let section =
        |names: Vec<&str>| Code::tuple([Code::none(), Code::dict([(Code::str("fields"), Code::strings(names))])]);
    let with =
        |attribute: &str, names: Vec<&str>| Code::tuple([Code::name(base).attr(attribute).starred(), section(names)]);
    let changed: Vec<&str> =
        fields.iter().map(|field| field.name.as_str()).chain(readonly.iter().map(String::as_str)).collect();
    if !changed.is_empty() {
        body.push(Stmt::assign("fieldsets", with("fieldsets", changed)));
    }
    let required: Vec<&str> =
        fields.iter().filter(|field| field.is_required()).map(|field| field.name.as_str()).collect();
    if !required.is_empty() {
        body.push(Stmt::assign("add_fieldsets", with("add_fieldsets", required)));
    }
    names(&mut body, "autocomplete_fields", &choose::autocomplete_fields(project, shape, None));
    names(&mut body, "readonly_fields", &readonly);
    body
}
