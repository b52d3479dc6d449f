//! Hierarchies that are kept otherwise: joined tables become one table and joined tables again, and rows stay what they are.

use crate::django;
use crate::evolution::Bench;
use crate::support::postgres::Server;

const PARTIES: &[&str] = &[
    "Tag#t: name#tn:String",
    "Party#p: name#pn:String note#po:String[0..1] guide#pg:Person[0..1]",
    "Person#r(Party): born#rb:Integer code#rc:String nick#rn:String[0..1] tags#rt:Tag[0..*] boss#rx:Person[0..1] likes#rl:Party[0..*] uses#ru:Bank[0..*]",
    "Firm#f(Party): vat#fv:String code#fc:String since#fs:Integer=1900",
    "Bank#b(Firm): bic#bb:String head#bh:Person[0..1]",
    "Bill#l: payer#lp:Party firm#lf:Firm[0..1] seen#ls:Person[0..*] bank#lb:Bank",
    "package crm",
    "Stall#s(Firm): sign#ss:String",
    "Call#c: person#cp:Person",
];

const SINGLE: &str = "[model.\"shop.Party\"]\ninheritance = \"single\"\n";

const ROWS: &str = "from crm.models import Call, Stall\n\
    tag = Tag.objects.create(name='x')\n\
    p = Party.objects.create(name='p')\n\
    a = Person.objects.create(name='a', born=1, code='c', nick='n')\n\
    b = Person.objects.create(name='b', born=2, code='d', boss=a)\n\
    b.tags.add(tag)\n\
    f = Firm.objects.create(name='f', vat='v', code='e', note='of f')\n\
    k = Bank.objects.create(name='k', vat='w', code='g', bic='i', since=1700, head=a)\n\
    s = Stall.objects.create(name='s', vat='u', code='h', sign='#')\n\
    b.likes.add(p, a.pk)\n\
    a.uses.add(k)\n\
    Party.objects.filter(name='f').update(guide=b)\n\
    Bill.objects.create(payer_id=b.pk, firm_id=k.pk, bank=k).seen.add(b, a)\n\
    Bill.objects.create(payer_id=s.pk, firm_id=s.pk, bank=k)\n\
    Call.objects.create(person=b)\n";

/// What rows are, whichever tables hold them.
const ARE: &str = "from crm.models import Call, Stall\n\
    name = lambda row: row and row.name\n\
    names = lambda rows: sorted(map(name, rows.all()))\n\
    print([(x.pk, x.name, x.born, x.code, x.nick, name(x.boss), names(x.tags), names(x.likes), names(x.uses)) for x in Person.objects.order_by('pk')],\n\
    [(x.pk, x.name, x.note, x.vat, x.code, x.since, name(x.guide)) for x in Firm.objects.order_by('pk')],\n\
    [(x.pk, x.vat, x.bic, name(x.head)) for x in Bank.objects.order_by('pk')],\n\
    [(x.pk, x.vat, x.sign) for x in Stall.objects.order_by('pk')],\n\
    names(Party.objects),\n\
    [(x.payer.name, name(x.firm), names(x.seen), x.bank.bic) for x in Bill.objects.order_by('pk')],\n\
    Call.objects.get().person.name, sep='\\n')\n";

const WERE: &str = "\
[(2, 'a', 1, 'c', 'n', None, [], [], ['k']), (3, 'b', 2, 'd', '', 'a', ['x'], ['a', 'p'], [])]
[(4, 'f', 'of f', 'v', 'e', 1900, 'b'), (5, 'k', '', 'w', 'g', 1700, None), (6, 's', '', 'u', 'h', 1900, None)]
[(5, 'w', 'i', 'a')]
[(6, 'u', '#')]
['a', 'b', 'f', 'k', 'p', 's']
[('b', 'k', ['a', 'b'], 'i'), ('s', 's', [], 'i')]
b";

/// What the tables are: columns, whether they may be empty, and where keys lead.
const TABLES: &str = "with connection.cursor() as cursor:\n\
    \x20   look = connection.introspection\n\
    \x20   for table in sorted(it.name for it in look.get_table_list(cursor)):\n\
    \x20       if table.startswith(('shop_', 'crm_')):\n\
    \x20           columns = sorted((it.name, it.null_ok) for it in look.get_table_description(cursor, table))\n\
    \x20           constraints = look.get_constraints(cursor, table).values()\n\
    \x20           kept = sorted((it['columns'] or [], it['primary_key'], it['unique'], it['check'], it['index']) for it in constraints)\n\
    \x20           print(table, columns, sorted((column, to[:2]) for column, to in look.get_relations(cursor, table).items()), kept)\n";

fn shell(bench: &Bench, code: &str) -> String {
    bench.python(&format!("from shop.models import *\n{code}"))
}

fn migrate(bench: &Bench) {
    bench.manage(&["migrate", "-v", "0"]);
}

/// Goes back to where the project was, and on again.
fn back_and_on(bench: &Bench, before: &[(String, String)]) {
    for (app, name) in before {
        bench.manage(&["migrate", app, name, "-v", "0"]);
    }
    migrate(bench);
    assert_eq!(shell(bench, ARE), WERE);
}

/// The tables of a project that is built and migrated at once.
fn tables(url: Option<String>, settings: &str) -> String {
    let bench = Bench::with(url);
    bench.settings(settings);
    bench.builds(PARTIES);
    migrate(&bench);
    bench.python(TABLES)
}

fn judge(name: &str, server: Option<&Server>) {
    let url = |of: &str| server.map(|server| server.create(&format!("{name}_{of}")));
    let (joined, single) = (tables(url("joined"), ""), tables(url("single"), SINGLE));
    let bench = Bench::with(url("changed"));
    bench.builds(PARTIES);
    migrate(&bench);
    assert_eq!(shell(&bench, &format!("{ROWS}{ARE}")), WERE);
    for (settings, expected) in [(SINGLE, &single), ("", &joined)] {
        let before = bench.leaves();
        bench.settings(settings);
        bench.builds(PARTIES);
        let files = bench.leaves();
        assert_ne!(files, before);
        django::makemigrations(&bench.project());
        migrate(&bench);
        assert_eq!(shell(&bench, ARE), WERE);
        assert_eq!(bench.python(TABLES), *expected);
        back_and_on(&bench, &before);
        assert_eq!(bench.python(TABLES), *expected);
        bench.builds(PARTIES);
        assert_eq!(bench.leaves(), files);
    }
}

#[test]
fn joined_tables_become_one_and_joined_again_on_sqlite() {
    judge("hierarchy", None);
}

#[test]
fn joined_tables_become_one_and_joined_again_on_postgresql() {
    let server = Server::start();
    judge("hierarchy", Some(&server));
}

#[test]
fn rows_of_two_kinds_and_of_none_are_named() {
    let bench = Bench::new();
    let lines = [
        "~Party#p: name#pn:String",
        "Person#r(Party): born#rb:Integer",
        "Firm#f(Party): vat#fv:String",
        "Bill#b: payer#bp:Party",
    ];
    bench.builds(&lines);
    migrate(&bench);
    shell(
        &bench,
        "a = Person.objects.create(name='a', born=1)\nFirm(pk=a.pk, vat='v').save_base(raw=True, force_insert=True)\n",
    );
    bench.settings(SINGLE);
    bench.builds(&lines);
    let refused = |bench: &Bench| {
        let output = bench.try_manage(&["migrate", "-v", "0"]);
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned()
    };
    assert_eq!(
        refused(&bench),
        "ValueError: shop.Party 1 is a firm and of the kind 'person' as well; correct it and migrate again"
    );
    let sql = |text: &str| bench.python(&format!("with connection.cursor() as c:\n    c.execute(\"{text}\")"));
    sql("DELETE FROM shop_firm");
    sql("INSERT INTO shop_party (name) VALUES ('nobody')");
    assert_eq!(refused(&bench), "ValueError: shop.Party 2 is of no kind; correct it and migrate again");
    sql("DELETE FROM shop_party WHERE id = 2");
    migrate(&bench);
    assert_eq!(
        shell(&bench, "print([(x.name, x.born, x.kind) for x in Person.objects.all()])"),
        "[('a', 1, 'person')]"
    );
}

#[test]
fn tables_that_are_left_for_old_servers_take_their_rows_back() {
    let bench = Bench::new();
    let rolling = "[evolution]\ncompatible = \"rolling\"\n";
    bench.settings(rolling);
    bench.builds(PARTIES);
    migrate(&bench);
    shell(&bench, ROWS);
    let before = bench.leaves();
    bench.settings(&format!("{rolling}{SINGLE}"));
    assert_eq!(bench.build(PARTIES), ["U1309", "U1318"]);
    django::makemigrations(&bench.project());
    migrate(&bench);
    assert_eq!(shell(&bench, ARE), WERE);
    back_and_on(&bench, &before);
}
