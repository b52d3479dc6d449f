//! Changes in two releases (`compatible = "rolling"`): servers with the old models and with the new ones work on one database, before, while and
//! after it changes; then no old one is left, and what was kept for them goes.

use serde_json::Value;

use crate::django;
use crate::evolution::Bench;
use crate::support::postgres::Server;

const BEFORE: &[&str] = &[
    "Customer#c: name#cn:String nick#ck:String",
    "Tag#t: word#tw:String",
    "Clerk#k: pin#kp:Integer",
    "Order#o: code#oc:String note#on:String count#oi:Integer level#ol:Integer=3 weight#ow:Integer[0..1] \
     customer#or:Customer clerk#ok:Clerk tags#ot:Tag[0..*]",
    "Rush#q(Order): speed#qs:Integer",
    "Visit#v: day#vd:Integer by#vb:Customer tags#vt:Tag[0..*]",
];

/// A class and an attribute are called otherwise; texts, numbers, keys, links, a child and a class with keys and links go; a value is
/// demanded where there was none, and a new attribute is required.
const AFTER: &[&str] = &[
    "Client#c: title#cn:String",
    "Tag#t: word#tw:String",
    "Clerk#k: pin#kp:Integer",
    "Order#o: code#oc:String weight#ow:Integer rank#ox:Integer=1",
];

const SETTINGS: &str = "[evolution]\ncompatible = \"rolling\"\n[model.\"shop.Order.weight\"]\nmigration_default = 7\n";

/// What each server does all the time, until a file comes; then it says how often, and what went wrong.
const SERVER: &str = "
import json, os, sys
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings.local')
sys.path.insert(0, os.getcwd())
import django; django.setup()
from shop.models import *
count, faults = 0, []
open(sys.argv[1] + '/started', 'w').close()
while not os.path.exists(sys.argv[1] + '/stop'):
    try:
        WORK
        count += 1
    except Exception as fault:
        faults.append(f'{type(fault).__name__}: {fault}')
print(json.dumps({'count': count, 'faults': faults[:3]}), flush=True)
# Connections are pooled, and their threads take their time.
os._exit(0)
";

/// With the old models: all of them are made, read, changed and deleted.
const OLD: &str = "
        customer = Customer.objects.create(name='Ada', nick='A')
        tag, clerk = Tag.objects.create(word='w'), Clerk.objects.create(pin=count)
        order = Order.objects.create(code='old', note='n', count=count, customer=customer, clerk=clerk)
        order.tags.add(tag)
        rush = Rush.objects.create(code='old', note='n', count=1, customer=customer, clerk=clerk, speed=count)
        visit = Visit.objects.create(day=1, by=customer)
        visit.tags.add(tag)
        order.note, order.level = 'changed', 4
        order.save()
        assert Order.objects.get(pk=order.pk).tags.get() == tag
        assert Order.objects.filter(customer__name='Ada', tags=tag, level=4).get() == order
        assert Rush.objects.get(pk=rush.pk).customer == customer
        assert Visit.objects.filter(by=customer, tags=tag).get() == visit
        [(it.note, it.level, it.nick if hasattr(it, 'nick') else '') for it in Order.objects.all()[:50]]
        Customer.objects.exclude(nick='A').first()
        if count % 2:
            rush.delete()
            visit.delete()
            order.delete()
            customer.delete()
            tag.delete()
        else:
            Order.objects.filter(code='old').update(code='done')
            Tag.objects.filter(word='w').update(word='done')
            Customer.objects.filter(name='Ada').update(name='done')
";

/// With the new ones, also rows that servers with the old ones lead to.
const NEW: &str = "
        client = Client.objects.create(title='Bea')
        order = Order.objects.create(code='new', weight=2, rank=count)
        Order.objects.filter(pk=order.pk).update(weight=3)
        assert Order.objects.get(pk=order.pk).weight == 3
        for old in [Client.objects.filter(title='done'), Tag.objects.filter(word='done'), Order.objects.filter(code='done')]:
            [row.delete() for row in old.order_by('?')[:2]]
        if count % 2:
            order.delete()
            client.delete()
";

/// What is in the database but not what Django keeps for itself.
const SCHEMA: &str = "with connection.cursor() as cursor:
    look = connection.introspection
    tables = sorted(it.name for it in look.get_table_list(cursor) if it.name.startswith('shop_'))
    for table in tables:
        columns = sorted((it.name, it.null_ok, it.type_code) for it in look.get_table_description(cursor, table))
        found = look.get_constraints(cursor, table).values()
        print(table, columns, sorted((it['columns'], it['unique'], it['check'], bool(it['foreign_key'])) for it in found))";

/// A server stops: it did something, and nothing went wrong.
#[track_caller]
fn worked(server: crate::evolution::Beside) {
    let said: Value = serde_json::from_str(&server.stop()).unwrap();
    assert!(said["faults"].as_array().unwrap().is_empty(), "{said}");
    assert!(said["count"].as_u64().unwrap() > 0, "{said}");
}

fn server(work: &str) -> String {
    SERVER.replace("        WORK", work.trim_start_matches('\n'))
}

#[test]
fn old_and_new_servers_work_on_one_database() {
    let postgres = Server::start();
    let bench = Bench::with(Some(postgres.create("rolling")));
    bench.settings(SETTINGS);
    bench.builds(BEFORE);
    bench.manage(&["migrate", "-v", "0"]);
    let before = bench.python(SCHEMA);
    bench.keep_old();
    bench.old_shell(
        "c = Customer.objects.create(name='Eve', nick='E'); k = Clerk.objects.create(pin=0); \
         [Order.objects.create(code=f'o{i}', note='x', count=i, customer=c, clerk=k) for i in range(50)]",
    );

    // The first release: nothing is asked, nothing is lost.
    assert_eq!(bench.build(AFTER), ["U1318"]);
    django::ruff(&bench.project());
    let old = bench.old_beside(&server(OLD));
    bench.manage(&["migrate", "-v", "0"]);
    django::makemigrations(&bench.project());
    let new = bench.beside(&server(NEW));
    std::thread::sleep(std::time::Duration::from_secs(4));
    worked(old);
    worked(new);
    assert_eq!(bench.old_shell("print(Order.objects.filter(note='x', customer__nick='E', weight=7).count())"), "50");
    assert_eq!(
        bench.shell("print(Order.objects.filter(code__startswith='o', rank=1, weight=7).count() >= 50)"),
        "True"
    );
    // Nothing changes while it waits.
    let first = bench.migrations().len();
    assert_eq!(bench.build(AFTER), ["U1318"]);
    assert_eq!(bench.migrations().len(), first);

    // Back, as long as rows of new servers do not stand in the way.
    let tables = ["rush", "visit_tags", "visit", "order_tags", "order", "customer"];
    let empty: String = tables.iter().map(|table| format!("    c.execute('DELETE FROM shop_{table}')\n")).collect();
    bench.python(&format!("with connection.cursor() as c:\n{empty}"));
    bench.manage(&["migrate", "shop", "0001", "-v", "0"]);
    assert_eq!(bench.python(SCHEMA), before);
    bench.manage(&["migrate", "-v", "0"]);

    // The second release: no server with the old models is left.
    bench.shell("[Order.objects.create(code=f'n{i}', weight=i, rank=i) for i in range(50)]");
    bench.keep_old();
    let contract = ["Order.note", "Order.count", "Order.level", "Order.weight", "Order.customer", "Order.clerk"]
        .into_iter()
        .chain(["Client.nick", "Order_tags_link", "Rush", "Visit", "Visit_tags_link"])
        .map(|name| format!("\"shop.{name}\""))
        .collect::<Vec<_>>()
        .join(", ");
    bench.settings(&SETTINGS.replace("\"rolling\"\n", &format!("\"rolling\"\ncontract = [{contract}]\n")));
    bench.builds(AFTER);
    django::ruff(&bench.project());
    let old = bench.old_beside(&server(NEW));
    bench.manage(&["migrate", "-v", "0"]);
    worked(old);
    django::makemigrations(&bench.project());
    assert_eq!(bench.shell("print(Order.objects.filter(code__startswith='n').count() >= 50)"), "True");
    let after = bench.python(SCHEMA);
    for gone in ["note", "count", "level", "customer_id", "clerk_id", "nick", "rush", "visit", "tags"] {
        assert!(!after.contains(gone), "{gone}: {after}");
    }
    // Back and on again, without rows that have no customer.
    bench.shell("Order.objects.all().delete()");
    bench.manage(&["migrate", "shop", "0001", "-v", "0"]);
    assert_eq!(bench.python(SCHEMA), before);
    bench.manage(&["migrate", "-v", "0"]);
    assert_eq!(bench.python(SCHEMA), after);
    bench.builds(AFTER);
}

/// SQLite makes tables anew from what models say, whatever else a table has.
#[test]
fn what_is_left_outlives_tables_that_are_made_anew() {
    let bench = Bench::new();
    let build = |lines: &[&str], contract: &str, length: u32| {
        let weight = "[model.\"shop.Order.weight\"]\nmigration_default = 7\n";
        let text = format!("[model.\"shop.Order.code\"]\nmax_length = {length}\n{weight}");
        bench.settings(&format!("[evolution]\ncompatible = \"rolling\"\ncontract = [{contract}]\n{text}"));
        let codes = bench.build(lines);
        django::makemigrations(&bench.project());
        bench.manage(&["migrate", "-v", "0"]);
        codes
    };
    let tag = "Tag#t: word#tw:String";
    let visit = "Visit#v: day#vd:Integer hour#vh:Integer[0..1]";
    let order = "Order#o: code#oc:String weight#ow:Integer[0..1]";
    let before = format!("{order} note#on:String count#oi:Integer[0..1] tag#ot:Tag");
    let after = "Order#o: code#oc:String weight#ow:Integer rank#ok:Integer=1";
    build(&[tag, &before, visit], "", 20);
    bench.keep_old();
    bench.shell(
        "t = Tag.objects.create(word='w'); Order.objects.create(code='a', note='x', count=7, tag=t); \
         Order.objects.create(code='b', note='y', tag=t); Visit.objects.create(day=3, hour=4)",
    );

    // Columns of two tables are left, then one of the tables; the other one is altered meanwhile.
    assert_eq!(build(&[tag, order, "Visit#v: day#vd:Integer"], "", 30), ["U1318"]);
    bench.shell("Order.objects.create(code='c')");
    assert_eq!(build(&[tag, after], "", 40), ["U1318"]);
    let rows = bench.shell("print(list(Order.objects.values_list('code', 'rank', 'weight')))");
    assert_eq!(rows, "[('a', 1, 7), ('b', 1, 7), ('c', 1, 7)]");
    bench.shell("Order.objects.filter(code='c').delete()");
    bench.manage(&["migrate", "shop", "0001", "-v", "0"]);
    let seen = "print(list(Order.objects.values_list('code', 'note', 'count', 'tag__word')), list(Visit.objects.values_list('day', 'hour')))";
    assert_eq!(bench.old_shell(seen), "[('a', 'x', 7, 'w'), ('b', 'y', None, 'w')] [(3, 4)]");
    bench.old_shell("Order.objects.create(code='d', note='', tag=Tag.objects.get(), weight=None).delete()");
    bench.manage(&["migrate", "-v", "0"]);

    // All of it goes, and comes again without its values.
    let contract =
        "\"shop.Order.note\", \"shop.Order.count\", \"shop.Order.tag\", \"shop.Order.weight\", \"shop.Visit\"";
    assert_eq!(build(&[tag, after], contract, 40), Vec::<String>::new());
    let tables =
        bench.python("print([t for t in connection.introspection.table_names() if 'left' in t or 'visit' in t])");
    assert_eq!(tables, "[]");
    bench.shell("Order.objects.all().delete()");
    bench.manage(&["migrate", "shop", "0001", "-v", "0"]);
    assert_eq!(bench.old_shell(seen), "[] []");
    bench.manage(&["migrate", "-v", "0"]);
}

/// A later app has more to do with a class than the app of the class, which waits for all of it.
#[test]
fn classes_of_two_apps_are_left_in_the_order_in_which_they_need_each_other() {
    let bench = Bench::new();
    bench.settings("[evolution]\ncompatible = \"rolling\"\n");
    let (shop, yard) = ("Tag#t: word#tw:String", "Tool#o: name#on:String");
    bench.builds(&[shop, "Pen#p: name#pn:String", "package yard", yard, "Cow#c: pen#cp:Pen pens#cs:Pen[0..*]"]);
    bench.manage(&["migrate", "-v", "0"]);
    bench.python(
        "from shop.models import Pen\nfrom yard.models import Cow\np = Pen.objects.create(name='x')\nCow.objects.create(pen=p).pens.add(p)",
    );
    assert_eq!(bench.build(&[shop, "package yard", yard]), ["U1318"]);
    django::makemigrations(&bench.project());
    bench.manage(&["migrate", "-v", "0"]);
    let left = "with connection.cursor() as c:\n    c.execute('SELECT pen_id FROM yard_cow'); print(c.fetchall())";
    assert_eq!(bench.python(left), "[(1,)]");
    for app in ["shop", "yard"] {
        bench.manage(&["migrate", app, "0001", "-v", "0"]);
    }
}
