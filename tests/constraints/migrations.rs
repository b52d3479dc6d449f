//! Rules that come, change and go in a diagram: the next migrations are what Django itself writes.

use std::collections::BTreeMap;
use std::fs;

use crate::evolution::Bench;

/// A rule of the class whose id is `class`.
fn rule(id: &str, class: &str, text: &str) -> String {
    format!(
        "<ownedRule xmi:type=\"uml:Constraint\" xmi:id=\"{id}\" constrainedElement=\"{class}\"><specification \
         xmi:type=\"uml:OpaqueExpression\" xmi:id=\"{id}s\"><language>OCL</language><body>{}</body></specification></ownedRule>\n",
        text.replace('&', "&amp;").replace('<', "&lt;")
    )
}

/// The migrations of the app, without the line that says who wrote them and when.
fn texts(bench: &Bench) -> BTreeMap<String, String> {
    let folder = bench.project().join("shop/migrations");
    let text = |name: &String| fs::read_to_string(folder.join(name)).expect("a migration");
    let texts = bench.migrations().into_iter().map(|name| (name.clone(), text(&name)));
    texts.map(|(name, text)| (name, text.split_once("\n\n").expect("a first line").1.to_owned())).collect()
}

#[test]
fn migrations_of_rules_that_come_change_and_go_are_those_of_django() {
    const POSITIVE: &str = "self.price > 0";
    let steps: [&[(&str, &str, &str)]; 6] = [
        &[("r1", "p", POSITIVE)],
        // Others come beside it: a check over two columns, one of a text, and keys, one of them under a condition.
        &[
            ("r1", "p", POSITIVE),
            ("r2", "p", "self.price >= self.cost"),
            ("r3", "p", "self.name.size() > 2 implies self.cost < 1000"),
            ("r4", "p", "Product.allInstances()->isUnique(name)"),
            ("r5", "s", "Sale.allInstances()->select(s | s.open)->isUnique(product)"),
        ],
        // Two change, and one goes.
        &[
            ("r1", "p", "self.price >= 1"),
            ("r2", "p", "self.price >= self.cost"),
            ("r4", "p", "Product.allInstances()->isUnique(name.toLower())"),
            ("r5", "s", "Sale.allInstances()->select(s | s.open)->isUnique(product)"),
        ],
        // What a rule reads is renamed, and a rule is another class's.
        &[
            ("r1", "s", "self.amount >= 1"),
            ("r2", "p", "self.net >= self.cost"),
            ("r5", "s", "Sale.allInstances()->select(s | not s.open)->isUnique(product)"),
        ],
        &[("r2", "p", "self.net >= self.cost")],
        &[],
    ];
    let bench = Bench::new();
    // That rows may break the new rules is another matter.
    bench.settings("[evolution]\naccept = [\"shop.Product\", \"shop.Sale\"]\n");
    let mut known = 0;
    for (number, rules) in steps.iter().enumerate() {
        let price = if number < 3 { "price" } else { "net" };
        let product = format!("Product#p: name#n:String {price}#pp:Integer cost#pc:Integer");
        let rules: String = rules.iter().map(|(id, class, text)| rule(id, class, text)).collect();
        let sale = "Sale#s: amount#sa:Integer open#so:Boolean product#sp:Product";
        let lines: Vec<&str> =
            [product.as_str(), sale, rules.as_str()].into_iter().filter(|line| !line.is_empty()).collect();
        bench.builds(&lines);
        let ours = texts(&bench);
        let last: Vec<&String> = ours.keys().skip(known).collect();
        assert_eq!(last.len(), 1, "step {number}: {last:?}");
        let path = format!("shop/migrations/{}", last[0]);
        let whole = fs::read_to_string(bench.project().join(&path)).expect("our migration");
        fs::remove_file(bench.project().join(&path)).expect("our migration");
        // The same models, and Django asked in our place. What looks like a rename is one.
        bench.python("import builtins; builtins.input = lambda *_: 'y'; call_command('makemigrations', 'shop')");
        assert_eq!(texts(&bench), ours, "step {number}");
        bench.put(&path, &whole);
        bench.manage(&["migrate", "-v", "0"]);
        known = ours.len();
    }
}
