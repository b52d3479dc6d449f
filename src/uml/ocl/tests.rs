use super::*;
use crate::uml::ocl::{Helper, RuleKind, TypeName};

fn printed(text: &str) -> String {
    let rules = parse(text, false).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    rules.tree.print(rules.rules[0].root)
}

#[test]
fn operators_bind_as_in_the_standard() {
    for (text, expected) in [
        ("a and b or c implies d xor e", "a and b or c implies d xor e"),
        ("a and (b or c)", "a and (b or c)"),
        ("(a implies b) implies c", "a implies b implies c"),
        ("a implies (b implies c)", "a implies (b implies c)"),
        ("not a = b", "not a = b"),
        ("not (a = b)", "not (a = b)"),
        ("1 - (2 - 3) - -4", "1 - (2 - 3) - -4"),
        ("- - x", "-(-x)"),
        ("self.lines->forAll(l : Line | l.quantity > 0)", "self.lines->forAll(l | l.quantity > 0)"),
        ("lines->collect(price)->sum() < 3", "lines->collect(price)->sum() < 3"),
        ("if a then b else c endif", "if a then b else c endif"),
        ("let x : Integer = a + 1, y = 2 in x > y", "let x : Integer = a + 1 in let y = 2 in x > y"),
        ("Set{1, 3..5}->includes(x)", "Set{1, 3..5}->includes(x)"),
        ("status = Status::paid or status = #open", "status = Status::paid or status = #open"),
        ("_'context'.isOpen()", "context.isOpen()"),
        ("a <> not null", "a <> not (null)"),
        ("a <> not null.b", "a <> not (null).b"),
        ("not null->size() = 1", "not (null)->size() = 1"),
        ("not nullable", "not nullable"),
        ("context => x", "_'context' implies x"),
        ("Context || x", "_'Context' or x"),
        ("_'and' = 1", "_'and' = 1"),
        ("price≥0 && !sold || a != b", "price >= 0 and not sold or a <> b"),
        ("price IS NOT NULL AND a between 1 and 3", "price <> null and (a >= 1 and a <= 3)"),
        ("status in ('a', 'b')", "Set{'a', 'b'}->includes(status)"),
        ("a not in (1)", "not Set{1}->includes(a)"),
    ] {
        assert_eq!(printed(text), expected, "{text}");
        assert_eq!(printed(expected), expected, "{expected}");
    }
}

#[test]
fn several_rules_stand_in_one_text() {
    let text =
        "context sales::Order inv positive: total > 0 inv: lines->notEmpty() context Order::total : Real derive: 1";
    let rules = parse(text, false).expect("rules").rules;
    let kinds: Vec<(RuleKind, Option<&str>)> = rules.iter().map(|rule| (rule.kind, rule.name.as_deref())).collect();
    assert_eq!(kinds, [(RuleKind::Invariant, Some("positive")), (RuleKind::Invariant, None), (RuleKind::Derive, None)]);
    assert_eq!(rules[2].context.as_deref(), Some(&["Order".to_owned(), "total".to_owned()][..]));
    let defined = parse("def: half(x : Integer) : Real = total / 2", false).expect("a rule").rules;
    assert_eq!((defined[0].kind, defined[0].name.as_deref()), (RuleKind::Define, Some("half")));
    let ty = |path: &[&str], is_many| TypeName { path: path.iter().map(|&name| name.to_owned()).collect(), is_many };
    let helper = |text| parse(text, false).expect("a rule").rules.remove(0).helper.map(|helper| *helper);
    assert_eq!(
        helper("def: late(on : Date, _'a b' : Set(Bag(x::Y))) : Sequence(sales::Order) = orders"),
        Some(Helper {
            parameters: Some(vec![("on".to_owned(), ty(&["Date"], false)), ("a b".to_owned(), ty(&["x", "Y"], true))]),
            ty: Some(ty(&["sales", "Order"], true)),
        })
    );
    assert_eq!(helper("def: half = total / 2"), Some(Helper { parameters: None, ty: None }));
    assert_eq!(helper("def: none() = 1"), Some(Helper { parameters: Some(vec![]), ty: None }));
    for text in ["def: (a) = 1", "def: f(a) = 1", "def: f(a : ) = 1", "def: f(a : Set(B) = 1", "def: f(,) = 1"] {
        assert!(parse(text, false).is_err(), "{text}");
    }
}

#[test]
fn shorthands_speak_about_their_attribute() {
    for (text, expected) in [
        ("> 0", "self > 0"),
        (">= 1 and < 5", "self >= 1 and self < 5"),
        ("1..5", "self >= 1 and self <= 5"),
        ("-3..*", "self >= -3"),
        ("not null", "self <> null"),
        ("is not null", "self <> null"),
        ("in (1, 2)", "Set{1, 2}->includes(self)"),
        ("unique", "unique"),
        ("price > 0", "price > 0"),
    ] {
        let rules = parse(text, true).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(rules.tree.print(rules.rules[0].root), expected);
    }
    let rules = parse("<> 'self' and self.a <> self.b", true).unwrap();
    let named = rules.tree.about("kind").print(rules.rules[0].root);
    assert_eq!(named, "kind <> 'self' and self.a <> self.b");
    assert!(parse("> 0", false).is_err());
    assert!(parse("1..5", false).is_err());
}

#[test]
fn errors_point_at_what_does_not_fit() {
    for (text, at, message) in [
        ("", 0..0, "nothing more"),
        ("a >", 3..3, "nothing more"),
        ("a b", 2..3, "nothing more is expected"),
        ("self.(a)", 5..6, "a name"),
        ("a@pre > 1", 1..5, "before an operation"),
        ("if a then b endif", 12..17, "`else`"),
        ("lines[1]", 5..6, "brackets"),
        ("'open", 0..5, "a value"),
        ("f(a", 3..3, "`)`"),
    ] {
        let error = parse(text, false).expect_err(text);
        assert_eq!(error.at, at, "{text}: {error:?}");
        assert!(error.message.contains(message), "{text}: {error:?}");
    }
}

#[test]
fn depth_is_bounded_and_length_is_not() {
    let deep = format!("{}a{}", "(".repeat(100_000), ")".repeat(100_000));
    assert!(parse(&deep, false).expect_err("too deep").message.contains("100"));
    let nots = format!("{}a", "not ".repeat(100_000));
    assert!(parse(&nots, false).expect_err("too deep").message.contains("100"));
    let steps = format!("a{}", ".b".repeat(100_000));
    assert!(parse(&steps, false).expect_err("too deep").message.contains("100"));
    // As deep as may be, and printed with parentheses that it was not written with.
    let deepest = |count: usize| format!("{}x", "2 * let x : Real = 1 in ".repeat(count));
    let depth = (1..100).take_while(|&count| parse(&deepest(count), false).is_ok()).last().unwrap();
    let tree = parse(&deepest(depth), false).unwrap();
    let printed = tree.tree.print(tree.rules[0].root);
    assert!(depth > 40 && printed.matches('(').count() > 40, "{depth}");
    assert_eq!(parse(&printed, false).unwrap().tree.print(tree.rules[0].root), printed);
    let list = format!("Set{{{}}}->includes(a)", vec!["1"; 100_000].join(", "));
    assert!(parse(&list, false).is_ok());
}
