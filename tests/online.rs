//! Migrations while others work (`[evolution] compatible`): applied on both databases, forwards and backwards, and on PostgreSQL
//! beside a program that goes on writing.

use std::fs;

use umlaut::django::{ModelKey, State};
use umlaut::evolve;
use umlaut::lock::Past;
use umlaut::sql::Database;

use crate::django;
use crate::evolution::Bench;
use crate::support::postgres::Server;

const BEFORE: &[&str] = &[
    "Customer#c: name#cn:String",
    "Order#o: code#oc:String count#on:Integer weight#oo:Integer[0..1] customer#or:Customer[0..1]",
];

/// A key, a unique column, an index, a condition, a demand, and a new required column.
const AFTER: &[&str] = &[
    "Customer#c: name#cn:String",
    "Order#o: code#oc:String count#on:Integer weight#oo:Integer customer#or:Customer[0..1] payer#op:Customer[0..1] rank#ok:Integer=1",
];

const SETTINGS: &str = "[model.\"shop.Order.code\"]\nunique = true\n\
    [model.\"shop.Order.count\"]\nindex = true\nmin = 0\n\
    [model.\"shop.Order\"]\nunique = \"code+count\"\nindex = \"count,code\"\n\
    [model.\"shop.Order.weight\"]\nmigration_default = 7\n";

/// Goes on writing as servers with the old models do, until a file comes; then it says how often, and how long it waited at most.
const WRITER: &str = "
import json, os, sys, time
import psycopg
count, longest, faults = 0, 0, []
with psycopg.connect(os.environ['DATABASE_URL'], autocommit=True) as connection:
    open(sys.argv[1] + '/started', 'w').close()
    while not os.path.exists(sys.argv[1] + '/stop'):
        begin = time.monotonic()
        try:
            connection.execute(
                'INSERT INTO shop_order (code, count, weight) VALUES (%s, %s, %s)', [f'w{count}', count, 1]
            )
            count += 1
        except psycopg.Error as fault:
            faults.append(str(fault))
        longest = max(longest, time.monotonic() - begin)
print(json.dumps({'count': count, 'longest': longest, 'faults': faults[:3]}))
";

const ROWS: &str = "Order.objects.bulk_create([Order(code=f'o{i}', count=i) for i in range(3000)])";

/// Builds the second version over the first, as `compatible` says.
fn built(bench: &Bench, compatible: &str) {
    bench.builds(BEFORE);
    bench.manage(&["migrate", "-v", "0"]);
    bench.shell(ROWS);
    let accept = "accept = [\"shop.Order.code\", \"shop.Order.count\", \"shop.Order\"]";
    bench.settings(&format!("[evolution]\ncompatible = \"{compatible}\"\n{accept}\n{SETTINGS}"));
    // Old servers go on without the value that is demanded now.
    let said = if compatible == "rolling" { vec!["U1318"] } else { Vec::new() };
    assert_eq!(bench.build(AFTER), said);
}

/// Applies it all, and takes it all back.
fn there_and_back(bench: &Bench) {
    bench.manage(&["migrate", "-v", "0"]);
    bench.manage(&["makemigrations", "--check", "--dry-run"]);
    let constraints = "with connection.cursor() as cursor:\n    found = \
        connection.introspection.get_constraints(cursor, 'shop_order')\n\
        print(sorted((tuple(it['columns']), it['unique'], it['index'] and not it['unique'], it['check'], \
        bool(it['foreign_key'])) for it in found.values() if it['columns'] != ['id']))";
    let online = bench.python(constraints);
    assert_eq!(bench.shell("print(Order.objects.filter(weight=7, rank=1).count() >= 3000)"), "True");
    bench.manage(&["migrate", "shop", "0001", "-v", "0"]);
    let without = bench.python(constraints);
    assert_ne!(online, without);
    assert_eq!(bench.python("with connection.cursor() as c:\n    c.execute('SELECT count(*) >= 3000 FROM shop_order'); print(bool(c.fetchone()[0]))"), "True");
    bench.manage(&["migrate", "-v", "0"]);
    assert_eq!(bench.python(constraints), online);
    bench.manage(&["migrate", "shop", "zero", "-v", "0"]);
    bench.manage(&["migrate", "-v", "0"]);
    assert_eq!(bench.python(constraints), online);
}

#[test]
fn what_blocks_is_done_apart() {
    let bench = Bench::new();
    built(&bench, "restart");
    let text: String = bench
        .migrations()
        .iter()
        .map(|name| fs::read_to_string(bench.project().join("shop/migrations").join(name)).unwrap())
        .collect();
    for operation in ["AddIndexOnline", "AddConstraintOnline", "AlterFieldOnline", "LimitLockWait", "atomic = False"] {
        assert!(text.contains(operation), "{operation} is missing: {text}");
    }
    assert!(!text.contains("AddFieldKeepingDefault"));
    django::makemigrations(&bench.project());
    django::ruff(&bench.project());
    there_and_back(&bench);
    // The next build goes on from there.
    bench.builds(AFTER);
    let count = bench.migrations().len();
    bench.builds(BEFORE_WITH_ALL);
    assert_eq!(bench.migrations().len(), count + 1);
    django::makemigrations(&bench.project());
}

const BEFORE_WITH_ALL: &[&str] = &[
    "Customer#c: name#cn:String age#ca:Integer[0..1]",
    "Order#o: code#oc:String count#on:Integer weight#oo:Integer customer#or:Customer[0..1] payer#op:Customer[0..1] rank#ok:Integer=1",
];

#[test]
fn its_sql_is_told_before() {
    let server = Server::start();
    let bench = Bench::with(Some(server.create("told")));
    built(&bench, "rolling");
    let folder = bench.project().join("shop/migrations");
    let texts = bench.migrations().into_iter().map(|name| {
        let text = fs::read_to_string(folder.join(&name)).unwrap();
        (format!("shop/migrations/{name}"), text)
    });
    let user = ModelKey::new("accounts", "User");
    let before = State::before(crate::support::django(), &user);
    let mut database = Database::new(before.clone());
    for migration in evolve::history(&Past::of(texts), &before) {
        let ours = database.migrate(&migration);
        let theirs = bench.manage(&["sqlmigrate", "shop", &migration.name]);
        assert_eq!(ours.trim(), theirs.trim(), "{}", migration.name);
        bench.manage(&["migrate", "shop", &migration.name, "-v", "0"]);
    }
}

#[test]
fn others_write_while_it_is_done() {
    let server = Server::start();
    for compatible in ["restart", "rolling"] {
        let bench = Bench::with(Some(server.create(compatible)));
        built(&bench, compatible);
        let writer = bench.beside(WRITER);
        bench.manage(&["migrate", "-v", "0"]);
        let said: serde_json::Value = serde_json::from_str(&writer.stop()).unwrap();
        assert!(said["count"].as_u64().unwrap() > 0, "{said}");
        // Who knows nothing of the new required column goes on only under `rolling`.
        let faults = said["faults"].as_array().unwrap();
        if compatible == "rolling" {
            assert!(faults.is_empty(), "{said}");
        } else {
            assert!(faults.iter().all(|fault| fault.as_str().unwrap().contains("\"rank\"")), "{said}");
        }
        there_and_back(&bench);
    }
}

#[test]
fn what_was_interrupted_is_done_again() {
    let server = Server::start();
    let bench = Bench::with(Some(server.create("again")));
    built(&bench, "restart");
    // Two are equal: the index cannot be built, and an invalid one is left.
    bench.shell("Order.objects.filter(count__in=[1, 2]).update(code='same')");
    let output = bench.try_manage(&["migrate", "-v", "0"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("could not create unique index"));
    bench.python("with connection.cursor() as c:\n    c.execute(\"UPDATE shop_order SET code = 'o' || id\")");
    there_and_back(&bench);
}

const ROLLING: &str = "[evolution]\ncompatible = \"rolling\"\n";

#[test]
fn names_stay_while_old_servers_go_on() {
    let bench = Bench::new();
    bench.settings(ROLLING);
    bench.builds(&["Person#p: surname#a:String likes#l:Thing[0..*]", "Thing#t: word#w:String"]);
    bench.manage(&["migrate", "-v", "0"]);
    bench.shell("Person.objects.create(surname='Ada')");
    let changed = ["Person#p: name#a:String wants#l:Item[0..*]", "Item#t: word#w:String age#x:Integer[0..1]"];
    // The links have a column that is called after the class, and nothing can be said of that.
    assert_eq!(bench.build(&changed), ["U1309"]);
    django::makemigrations(&bench.project());
    bench.manage(&["migrate", "-v", "0"]);
    let names = "print(Person._meta.get_field('name').column, Person.wants.through._meta.db_table, Item._meta.db_table, \
        Person.objects.get().name)";
    assert_eq!(bench.shell(names), "surname shop_person_likes shop_thing Ada");
    let count = bench.migrations().len();
    bench.builds(&changed);
    assert_eq!(bench.migrations().len(), count);
    // In a quiet moment they follow.
    bench.settings("");
    bench.builds(&changed);
    django::makemigrations(&bench.project());
    bench.manage(&["migrate", "-v", "0"]);
    assert_eq!(bench.shell(names), "name shop_person_wants shop_item Ada");
    bench.manage(&["migrate", "shop", "zero", "-v", "0"]);
}

#[test]
fn what_old_servers_would_not_find_is_told() {
    let bench = Bench::new();
    bench.settings(ROLLING);
    bench.builds(&["Person#p: surname#a:String age#b:Integer"]);
    // Somebody asks for other names, or a type changes.
    let named =
        "[model.\"shop.Human\"]\ndb_table = \"people\"\n[model.\"shop.Human.surname\"]\ndb_column = \"family\"\n";
    bench.settings(&format!("{ROLLING}{named}"));
    let codes = bench.build(&["Human#p: surname#a:String age#b:String"]);
    assert_eq!(codes, ["U1309", "U1309", "U1309"]);
}

#[test]
fn ranges_must_not_overlap_any_more() {
    let server = Server::start();
    let rows = "Booking.objects.bulk_create([Booking(room=i % 7, begins=i, ends=i + 1) for i in range(2000)])";
    let look = "with connection.cursor() as c:\n    c.execute(\"SELECT conname, convalidated FROM pg_constraint WHERE contype = 'x'\"); print(c.fetchall())";
    for compatible in ["none", "restart", "rolling"] {
        let bench = Bench::with(Some(server.create(&format!("ranges_{compatible}"))));
        let head = format!("[project]\ndatabases = [\"postgresql\"]\n[evolution]\ncompatible = \"{compatible}\"\n");
        let model = ["Booking#b: room#r:Integer begins#s:Integer ends#e:Integer"];
        bench.settings(&head);
        bench.builds(&model);
        bench.manage(&["migrate", "-v", "0"]);
        bench.shell(rows);
        let rule = "[model.\"shop.Booking\"]\nno_overlap = \"begins, ends by room\"\n";
        bench.settings(&format!("{head}{rule}"));
        // Rows may break it, and somebody says that they do not.
        assert_eq!(bench.build(&model), ["U1310"]);
        bench.settings(&format!("{head}accept = [\"shop.Booking\"]\n{rule}"));
        bench.builds(&model);
        django::makemigrations(&bench.project());
        // A row that breaks it stops the migration, and nothing of it is left.
        bench.shell("Booking.objects.create(room=0, begins=0, ends=2)");
        let output = bench.try_manage(&["migrate", "-v", "0"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("could not create exclusion constraint"), "{said}");
        assert_eq!(bench.python(look), "[]");
        bench.shell("Booking.objects.last().delete()");
        bench.manage(&["migrate", "-v", "0"]);
        assert!(bench.python(look).contains("True"));
        let refused = "from django.db import IntegrityError\ntry:\n    Booking.objects.create(room=0, begins=0, ends=2)\nexcept IntegrityError as e:\n    print('overlap' in str(e) or 'exclusion' in str(e))";
        assert_eq!(bench.shell(&format!("pass\n{refused}")), "True");
        assert_eq!(bench.shell("print(Booking.objects.count())"), "2000");
        bench.manage(&["migrate", "shop", "0001", "-v", "0"]);
        assert_eq!(bench.python(look), "[]");
        bench.manage(&["migrate", "-v", "0"]);
    }
}
