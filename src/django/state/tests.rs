//! What becomes of classes; `tests/migrations.rs` asks Django the same.

use super::*;
use crate::account::Element;
use crate::django::field::OnDelete;
use crate::django::{App, Base, DjangoVersion, Field, FieldKind, ForeignKey, Model, ModelKind, Origin, Project};

fn origin() -> Origin {
    Origin { element: Element::new(0), reasons: Vec::new() }
}

fn field(name: &str, kind: FieldKind) -> Field {
    Field::new(name, kind, origin())
}

fn model(name: &str, kind: ModelKind, bases: Vec<Base>, fields: &[&str]) -> Model {
    let fields = fields.iter().map(|name| field(name, FieldKind::Text)).collect();
    Model { bases, fields, ..Model::new(name, kind, origin()) }
}

fn base(app: &str, name: &str) -> Base {
    Base::Model(ModelKey::new(app, name))
}

fn state(shared: Vec<Model>, models: Vec<Model>) -> State {
    State::of(&Project {
        name: "sample".to_owned(),
        title: "Sample".to_owned(),
        doc: None,
        source_name: "sample.xmi".to_owned(),
        django: DjangoVersion::default(),
        databases: Vec::new(),
        user: ModelKey::new("a", "Member"),
        core: "core".to_owned(),
        accounts: None,
        shared,
        apps: vec![App {
            label: "a".to_owned(),
            verbose_name: None,
            doc: None,
            choices: Vec::new(),
            protocols: vec![],
            models,
            api_prefix: None,
            origin: None,
        }],
        notes: Vec::new(),
    })
}

/// The field names, the primary key with `!`.
fn names(state: &State, model: &str) -> String {
    let fields = &state.models[&ModelKey::new("a", model)].fields;
    let names: Vec<String> =
        fields.iter().map(|field| format!("{}{}", field.name, if field.primary_key { "!" } else { "" })).collect();
    names.join(" ")
}

#[test]
fn fields_of_abstract_classes_stand_in_the_order_of_their_creation() {
    let state = state(
        vec![model("Early", ModelKind::Abstract, vec![], &["early"])],
        vec![
            model("Late", ModelKind::Abstract, vec![], &["late", "replaced"]),
            model("Both", ModelKind::Concrete, vec![base("a", "Late"), base("core", "Early")], &["replaced", "own"]),
        ],
    );
    assert_eq!(names(&state, "both"), "id! early late replaced own");
    let both = &state.models[&ModelKey::new("a", "both")];
    assert_eq!(both.bases, []);
    assert_eq!(both.options, [("abstract", Expr::Bool(false))]);
}

#[test]
fn a_child_gets_a_key_to_each_parent_and_the_first_is_its_own() {
    let key = Field { primary_key: true, ..field("second_id", FieldKind::BigAuto) };
    let mut second = model("Second", ModelKind::Concrete, vec![], &[]);
    second.fields.push(key);
    let state = state(
        vec![],
        vec![
            model("First", ModelKind::Concrete, vec![], &[]),
            second,
            model("Middle", ModelKind::Abstract, vec![base("a", "First")], &["note"]),
            model("Child", ModelKind::Concrete, vec![base("a", "Middle"), base("a", "Second")], &[]),
        ],
    );
    // Django numbers automatic fields downwards.
    assert_eq!(names(&state, "child"), "second_ptr first_ptr! note");
    let parent = |name: &str| BaseState::Model(ModelKey::new("a", name));
    assert_eq!(state.models[&ModelKey::new("a", "child")].bases, [parent("first"), parent("second")]);
}

#[test]
fn a_user_brings_fields_options_and_its_manager() {
    let mut profile = model("Profile", ModelKind::Concrete, vec![], &[]);
    let key = ForeignKey {
        to: ModelKey::new("a", "Member"),
        on_delete: OnDelete::Cascade,
        related_name: None,
        parent_link: false,
        to_field: None,
        limit: None,
    };
    profile.fields.push(Field { primary_key: true, ..field("user", FieldKind::OneToOne(Box::new(key))) });
    let members = vec![model("Member", ModelKind::Concrete, vec![Base::AbstractUser], &["email"]), profile];
    let state = state(vec![], members);
    assert_eq!(
        names(&state, "member"),
        "id! password last_login is_superuser username first_name last_name is_staff is_active date_joined email groups \
         user_permissions"
    );
    let member = &state.models[&ModelKey::new("a", "member")];
    assert_eq!(
        member.options.iter().map(|(key, _)| *key).collect::<Vec<_>>(),
        ["verbose_name", "verbose_name_plural", "abstract"]
    );
    assert_eq!(member.managers.len(), 1);
    let user = &state.models[&ModelKey::new("a", "profile")].fields[0];
    let Expr::Call { kwargs, .. } = &user.call else { panic!("a call") };
    let setting = Expr::Ref { module: "django.conf", name: "settings.AUTH_USER_MODEL" };
    assert!(kwargs.contains(&("to", setting)) && kwargs.contains(&("serialize", Expr::Bool(false))));
}

#[test]
fn classes_in_a_circle_of_inheritance_are_left_out() {
    let state = state(
        vec![],
        vec![
            model("Egg", ModelKind::Concrete, vec![base("a", "Hen")], &[]),
            model("Hen", ModelKind::Concrete, vec![base("a", "Egg")], &[]),
            model("Fox", ModelKind::Concrete, vec![], &[]),
        ],
    );
    assert_eq!(state.models.len(), 1);
}
