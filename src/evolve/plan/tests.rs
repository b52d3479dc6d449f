//! Plans of small states, in short: `shop/0001 <auth.0012_alter_user_first_name_max_length: Tag(id) M(id tags) +D.a ix.m`.

use super::*;
use crate::django::DjangoVersion;
use crate::django::state::query;
use crate::django::state::{BaseState, FieldState, ModelState, Relation};
use crate::python::Expr;

/// A state from lines `app.Model: field, key>app.Target, many>>app.Target, many>>app.Target/app.Through, #index, =constraint`.
///
/// A field with `!` is the primary key (else there is `id`), a model after `:` in brackets is a concrete parent.
fn state(user: &str, models: &[&str]) -> State {
    let key = |dotted: &str| {
        let (app, name) = dotted.split_once('.').unwrap();
        ModelKey::new(app, name).lowered()
    };
    let models = models.iter().map(|line| {
        let (head, items) = line.split_once(':').unwrap_or((line, ""));
        let (name, parent) = head.trim_end_matches(']').split_once('[').map_or((head, None), |(n, p)| (n, Some(p)));
        let mut model = ModelState {
            key: key(name),
            name: name.split_once('.').unwrap().1.to_owned(),
            fields: Vec::new(),
            options: Vec::new(),
            indexes: Vec::new(),
            constraints: Vec::new(),
            bases: Vec::new(),
            managers: Vec::new(),
        };
        if let Some(parent) = parent {
            model.bases.push(BaseState::Model(key(parent)));
            model.fields.push(field("parent_ptr", true, Some((key(parent), None, false, true))));
        } else if !items.contains('!') {
            model.fields.push(field("id", true, None));
        }
        for item in items.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            if let Some(name) = item.strip_prefix('#') {
                model.indexes.push(named(name));
            } else if let Some(name) = item.strip_prefix('=') {
                model.constraints.push(named(name));
            } else {
                let is_key = item.contains('!');
                let item = item.replace('!', "");
                let made = match item.split_once('>') {
                    None => field(&item, is_key, None),
                    Some((name, target)) => {
                        let (target, through) =
                            target.split_once('/').map_or((target, None), |(t, w)| (t, Some(key(w))));
                        let many = target.starts_with('>');
                        let to = key(target.trim_start_matches('>'));
                        field(name, is_key, Some((to, through, many, false)))
                    }
                };
                model.fields.push(made);
            }
        }
        (model.key.clone(), model)
    });
    State { models: models.collect(), ..State::before(DjangoVersion::default(), &key(user)) }
}

/// An index or constraint.
fn named(name: &str) -> Expr {
    let kwargs = vec![("name", Expr::str(name))];
    Expr::Call { module: "django.db.models", name: "Index", args: Vec::new(), kwargs }
}

fn field(name: &str, primary_key: bool, to: Option<(ModelKey, Option<ModelKey>, bool, bool)>) -> FieldState {
    FieldState {
        name: name.to_owned(),
        call: Expr::None,
        primary_key,
        relation: to.map(|(to, through, many_to_many, parent_link)| Relation {
            to,
            through,
            through_fields: None,
            many_to_many,
            parent_link,
        }),
    }
}

fn lines(plan: &Plan) -> Vec<String> {
    let line = |migration: &Migration| {
        let dependencies = migration.dependencies.iter().map(|dependency| match dependency {
            Dependency::Migration { app, name } => format!(" <{app}.{}", &name[..4]),
            Dependency::UserModel => " <user".to_owned(),
        });
        let operations = migration.operations.iter().map(|operation| match operation {
            Operation::CreateModel(model) => {
                let fields: Vec<&str> = model.fields.iter().map(|field| field.name.as_str()).collect();
                let options = model.options.iter().map(|(key, _)| format!(" {key}"));
                format!(" {}({}{})", model.name, fields.join(" "), options.collect::<String>())
            }
            Operation::AddField { model, field, .. } => format!(" +{model}.{}", field.name),
            Operation::RemoveField { model, field } => format!(" -{model}.{field}"),
            Operation::RenameField { model, old, new } => format!(" {model}.{old}>{new}"),
            Operation::AlterField { model, field, .. } => format!(" ~{model}.{}", field.name),
            Operation::DeleteModel { name } => format!(" -{name}"),
            Operation::AddIndex { model, index } => format!(" #{model}.{}", query::name(index)),
            Operation::RemoveIndex { model, index } => format!(" -#{model}.{index}"),
            Operation::AddConstraint { model, constraint } => format!(" ={model}.{}", query::name(constraint)),
            Operation::RemoveConstraint { model, constraint } => format!(" -={model}.{constraint}"),
            other => panic!("no plan of these tests has {other:?}"),
        });
        let (dependencies, operations): (String, String) = (dependencies.collect(), operations.collect());
        format!("{}/{}{dependencies}:{operations}", migration.app, &migration.name[..4])
    };
    plan.evolution.migrations.iter().map(line).collect()
}

/// The plan from nothing.
fn first(state: &State) -> Plan {
    let nothing = State::before(state.django, &state.user);
    plan(&Start { state: &nothing, leaves: &Leaves::new() }, state, &[], &Fillings::new())
}

/// Plans that Django comes to as well.
#[track_caller]
fn assert_plan(user: &str, models: &[&str], expected: &[&str]) {
    let plan = first(&state(user, models));
    assert!(plan.refused.is_none(), "{:?}", plan.refused);
    assert_eq!(lines(&plan), expected);
}

#[test]
fn a_circle_inside_an_app_is_closed_by_the_last_operation() {
    assert_plan(
        "u.User",
        &[
            "shop.Customer: name, favourite>shop.Order",
            "shop.Order: customer>shop.Customer",
            "shop.Line: order>shop.Order",
        ],
        &["shop/0001: Customer(id name) Order(id customer) Line(id order) +customer.favourite"],
    );
}

#[test]
fn a_circle_of_two_apps_splits_the_first() {
    assert_plan(
        "u.User",
        &["hr.Dept: head>payroll.Employee", "hr.Site", "payroll.Employee: dept>hr.Dept"],
        &[
            "hr/0001: Dept(id) Site(id)",
            "hr/0002 <hr.0001 <payroll.0001: +dept.head",
            "payroll/0001 <hr.0001: Employee(id dept)",
        ],
    );
}

#[test]
fn what_follows_a_field_that_stays_behind_stays_too() {
    assert_plan(
        "u.User",
        &["d.A", "d.D: a>>d.A/d.M", "d.M: a>d.A, d>d.D, #ix, =once"],
        &["d/0001: A(id) D(id) M(id a d) +d.a #m.ix =m.once"],
    );
}

#[test]
fn indexes_and_constraints_fold_in_and_end_the_options() {
    assert_plan("u.User", &["a.A: x, #ix, =ck"], &["a/0001: A(id x indexes constraints)"]);
    assert_plan("u.User", &["a.A: b>a.B, #ix", "a.B"], &["a/0001: B(id) A(id b indexes)"]);
}

#[test]
fn models_with_a_shared_target_come_out_in_descending_order() {
    assert_plan(
        "u.User",
        &["a.M: t>>a.Tag", "a.N: t>>a.Tag", "a.O: t>>a.Tag", "a.Tag"],
        &["a/0001: Tag(id) O(id t) N(id t) M(id t)"],
    );
}

#[test]
fn a_user_in_a_circle_is_created_first_and_completed_later() {
    assert_plan(
        "accounts.User",
        &[
            "accounts.Badge: label, given_by>accounts.User",
            "accounts.User: groups>>auth.Group, employer>companies.Company, badges>>accounts.Badge",
            "accounts.Profile: user!>accounts.User",
            "companies.Company: owner>accounts.User, roles>>auth.Group",
        ],
        &[
            "accounts/0001: User(id) Badge(id label) Profile(user)",
            "accounts/0002 <accounts.0001 <auth.0012 <companies.0001: +user.employer +user.groups +badge.given_by +user.badges",
            "companies/0001 <auth.0012 <user: Company(id owner roles)",
        ],
    );
}

#[test]
fn a_child_waits_for_its_parent_in_another_app() {
    assert_plan(
        "u.User",
        &["a.Truck[z.Vehicle]: load", "z.Vehicle: wheels"],
        &["a/0001 <z.0001: Truck(parent_ptr load)", "z/0001: Vehicle(id wheels)"],
    );
}

#[test]
fn apps_that_django_refuses_are_planned_and_named() {
    let plan = first(&state("u.User", &["a.A1: b!>b.B2", "a.A2", "b.B1: a!>a.A2", "b.B2"]));
    let refused = plan.refused.as_ref().unwrap();
    assert_eq!(refused.apps, ["a", "b"]);
    assert_eq!(refused.models, [ModelKey::new("a", "a1"), ModelKey::new("b", "b1")]);
    assert_eq!(lines(&plan), ["a/0001: A2(id)", "a/0002 <a.0001 <b.0001: A1(b)", "b/0001 <a.0001: B1(a) B2(id)"]);
    // The same with other names.
    assert_plan(
        "u.User",
        &["a.A9: b!>b.B2", "a.A2", "b.B9: a!>a.A2", "b.B2"],
        &["a/0001: A2(id)", "a/0002 <a.0001 <b.0001: A9(b)", "b/0001 <a.0001: B2(id) B9(a)"],
    );
}

#[test]
fn a_circle_of_primary_keys_ends_although_it_cannot_work() {
    let plan = first(&state("u.User", &["a.A: b!>b.B", "b.B: a!>a.A"]));
    assert!(plan.refused.is_some());
    assert_eq!(plan.evolution.migrations.len(), 2);
    let plan = first(&state("u.User", &["a.A: b!>a.B", "a.B: a!>a.A"]));
    assert_eq!(plan.evolution.migrations.len(), 1);
}

#[test]
fn a_thousand_models_in_circles_are_planned() {
    let count = 1_000;
    let models: Vec<String> = (0..count)
        .map(|index| {
            let to = |step: usize| format!("big.M{:04}", (index * 31 + step * 17) % count);
            format!("big.M{:04}: a>{}, b>{}, c>>{}, #ix", index * 7_919 % count, to(1), to(2), to(3))
        })
        .collect();
    let models: Vec<&str> = models.iter().map(String::as_str).collect();
    let plan = first(&state("u.User", &models));
    let [migration] = plan.evolution.migrations.as_slice() else { panic!("one migration") };
    let tables = migration.operations.iter().filter(|operation| matches!(operation, Operation::CreateModel(_)));
    assert_eq!(tables.count(), count);
}

fn computed(name: &str, from: &str) -> FieldState {
    let source = Expr::Call { module: "django.db.models", name: "F", args: vec![Expr::str(from)], kwargs: Vec::new() };
    let kwargs = vec![("expression", source)];
    let call = Expr::Call { module: "django.db.models", name: "GeneratedField", args: Vec::new(), kwargs };
    FieldState { name: name.to_owned(), call, primary_key: false, relation: None }
}

/// The plan from `old` to `new`, and the state that it leads to.
fn change(old: &State, new: &State, renames: &[FieldRename]) -> (Plan, State) {
    let leaves = old.models.keys().map(|key| (key.app.clone(), "0001_initial".to_owned())).collect();
    let plan = plan(&Start { state: old, leaves: &leaves }, new, renames, &Fillings::new());
    let mut state = old.clone();
    for migration in &plan.evolution.migrations {
        migration.operations.iter().for_each(|operation| state.apply(&migration.app, operation));
    }
    (plan, state)
}

fn rename(model: &str, old: &str, new: &str) -> FieldRename {
    let (app, model) = model.split_once('.').unwrap();
    FieldRename { model: ModelKey::new(app, model), old: old.to_owned(), new: new.to_owned() }
}

#[test]
fn what_is_computed_from_a_renamed_column_is_made_anew() {
    let mut old = state("u.User", &["a.A: x"]);
    let mut new = state("u.User", &["a.A: y"]);
    let key = ModelKey::new("a", "a");
    old.models.get_mut(&key).unwrap().fields.push(computed("sum", "x"));
    new.models.get_mut(&key).unwrap().fields.push(computed("sum", "y"));
    let (plan, end) = change(&old, &new, &[rename("a.a", "x", "y")]);
    assert_eq!(lines(&plan), ["a/0002 <a.0001: -a.sum a.x>y +a.sum"]);
    assert_eq!(end, new);
}

#[test]
fn names_that_are_swapped_keep_their_columns() {
    let old = state("u.User", &["a.A: x, y, z"]);
    let new = state("u.User", &["a.A: x, y"]);
    // What was `x` is `y` now, what was `y` is `x`.
    let (plan, _) = change(&old, &new, &[rename("a.a", "x", "y"), rename("a.a", "y", "x")]);
    assert_eq!(lines(&plan), ["a/0002 <a.0001: a.x>x_before a.y>x a.x_before>y -a.z"]);
    // What was `z` is `y` now, and the old `y` is gone.
    let (plan, _) = change(&old, &new, &[rename("a.a", "z", "y")]);
    assert_eq!(lines(&plan), ["a/0002 <a.0001: a.y>y_before a.z>y -a.y_before"]);
}

#[test]
fn nothing_changes_nothing() {
    let old = state("u.User", &["a.A: x, b>a.B, many>>a.B, #ix, =ck", "a.B[a.A]: y"]);
    let (plan, _) = change(&old, &old, &[]);
    assert_eq!(lines(&plan), Vec::<String>::new());
}
