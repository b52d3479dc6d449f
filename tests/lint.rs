//! Migrations for databases that others work with, before the judges of such migrations: squawk and django-migration-linter look at the
//! SQL of an evolution. What they find is known, with the reason why it is right, and nothing else is found.

use std::collections::BTreeSet;

use crate::evolution::Bench;
use crate::support::postgres::Server;

const SCRIPT: &str = include_str!("support/lint.py");

const BEFORE: &[&str] = &[
    "Tag#t: name#tn:String",
    "Customer#c: name#cn:String fax#cf:String[0..1]",
    "Order#o: code#oc:String count#on:Integer weight#oo:Integer[0..1] customer#or:Customer[0..1] tag#ot:Tag[0..1]",
    "Old#x: name#xn:String",
];

/// New: a key, a unique column, indexes, a condition, a demand, required columns, a table, links, wider text and another type. Gone: a column and
/// a table.
const AFTER: &[&str] = &[
    "Tag#t: name#tn:String",
    "Customer#c: name#cn:String email#ce:String[0..1]",
    "Order#o: code#oc:String count#on:Integer weight#oo:Integer customer#or:Customer[0..1] payer#op:Customer[0..1] rank#ok:Integer=1 \
     tag#ot:Tag[0..1] tags#os:Tag[0..*]",
    "Visit#v: reason#vr:String customer#vc:Customer",
];

const ACCEPT: &str =
    "accept = [\"shop.Order.code\", \"shop.Order.count\", \"shop.Order\", \"shop.Customer.fax\", \"shop.Old\"]\n";

/// What is left for old servers, for the second release of `rolling`.
const CONTRACT: &str = "contract = [\"shop.Customer.fax\", \"shop.Old\", \"shop.Order.weight\"]\n";

const SETTINGS: &str = "[model.\"shop.Order.code\"]\nunique = true\nmax_length = 500\n\
    [model.\"shop.Order.count\"]\nindex = true\nmin = 0\n\
    [model.\"shop.Order\"]\nunique = \"code+count\"\nindex = \"count,code\"\n\
    [model.\"shop.Order.weight\"]\nmigration_default = 7\n";

/// What is found although it is right: the rule, what stands in the name of the migration or in the statement, and why it is right.
const ACCEPTED: &[(&str, &str, &str)] = &[
    ("require-statement-timeout", "", "locks are not waited for long; what goes on longer then keeps nobody waiting"),
    ("prefer-robust-stmts", "_alter_order_", "it stands alone, and first takes away what an interrupted one left"),
    ("prefer-robust-stmts", "_order_order_", "the same"),
    ("prefer-robust-stmts", "SET DEFAULT", "it can be done again as it is"),
    ("prefer-text-field", "varchar(", "the type is Django's for a text with a limit"),
    ("prefer-bigint-over-int", "integer", "the type is Django's; the diagram says how large numbers are"),
    ("ban-drop-constraint", "DROP CONSTRAINT IF EXISTS", "what an interrupted migration left"),
    ("ban-drop-constraint", "_required", "the check that stood in for NOT NULL, which has come"),
    ("ban-drop-default", "DROP DEFAULT", "Django's own; `rolling` sets it again in the same transaction"),
    ("changing-column-type", "varchar(500)", "wider: PostgreSQL looks at no row"),
    ("ALTER_COLUMN", "_alter_order_code", "the same"),
    ("ADD_UNIQUE", "_order_", "the constraint takes an index that was built concurrently"),
    ("NOT_NULL", "_alter_order_weight", "a condition that holds already has been looked for while others wrote"),
    ("NOT_NULL", "_customer_email_", "only `restart` does so: no server with the old models writes any more"),
    ("ban-drop-column", "\"fax\"", "the settings accept it"),
    ("DROP_COLUMN", "_remove_customer_fax", "the same"),
    ("ban-drop-table", "\"shop_old\"", "the settings accept it"),
    ("DROP_TABLE", "_delete_old_", "the same"),
    ("adding-required-field", "\"shop_visit\"", "the table was made just before, and nobody writes to it yet"),
    ("adding-foreign-key-constraint", "\"shop_visit\"", "the same"),
    ("require-concurrent-index-creation", "\"shop_visit\"", "the same"),
    ("NOT_NULL", "_visit_customer", "the same"),
    ("CREATE_INDEX", "_visit_customer", "the same"),
    ("CREATE_INDEX_EXCLUSIVE", "_visit_customer", "the same"),
];

#[test]
fn other_judges_of_migrations_find_nothing_but_what_is_known() {
    let server = Server::start();
    let mut unknown = Vec::new();
    let mut met = BTreeSet::new();
    let mut findings: Vec<(&str, [String; 4])> = Vec::new();
    for (form, releases) in [("restart", &[""][..]), ("rolling", &["", CONTRACT])] {
        let bench = Bench::with(Some(server.create(form)));
        bench.builds(BEFORE);
        bench.manage(&["migrate", "-v", "0"]);
        for release in releases {
            bench.settings(&format!("[evolution]\ncompatible = \"{form}\"\n{ACCEPT}{release}{SETTINGS}"));
            let waits = form == "rolling" && release.is_empty();
            assert_eq!(bench.build(AFTER), if waits { vec!["U1318"] } else { vec![] });
            let found: Vec<[String; 4]> = serde_json::from_str(&bench.python(SCRIPT)).unwrap();
            findings.extend(found.into_iter().map(|found| (form, found)));
            assert_eq!(bench.manage(&["showmigrations", "--plan"]).matches("[ ]").count(), 0, "all of it was judged");
        }
    }
    for (form, [tool, rule, migration, statement]) in findings {
        let is_known = |(_, (known, about, _)): &(usize, &(&str, &str, &str))| {
            *known == rule && (migration.contains(about) || statement.contains(about))
        };
        match ACCEPTED.iter().enumerate().find(is_known) {
            Some((place, _)) => drop(met.insert(place)),
            None => unknown.push(format!("{form}: {tool} {rule} in {migration}: {statement}")),
        }
    }
    assert!(unknown.is_empty(), "{} findings, such as\n{}", unknown.len(), unknown.join("\n"));
    let idle: Vec<_> = (0..ACCEPTED.len()).filter(|place| !met.contains(place)).map(|place| ACCEPTED[place]).collect();
    assert!(idle.is_empty(), "not found any more: {idle:?}");
}
