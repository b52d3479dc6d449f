//! The chapter of the book on the mapping: its tables are answers of the policy functions, asked for every case that there is.

use std::fmt::Write as _;

use umlaut::decision::Because;
use umlaut::django::constraint::IndexKind;
use umlaut::django::field::Exposure;
use umlaut::django::project::Database;
use umlaut::django::{FieldKind, OnDelete};
use umlaut::policy::deletion::{KeyNature, generic as policy_generic, on_delete};
use umlaut::policy::ends::{Undrawn, undrawn};
use umlaut::policy::exposure::exposure;
use umlaut::policy::indexes::{self, Filter, FilterIndex};
use umlaut::policy::inheritance::{Hierarchy, is_abstract};
use umlaut::policy::presence::presence;
use umlaut::policy::relations::{Owner, Shape, Side, by_app, generic_key, owner, shape, whole};
use umlaut::policy::reserved;
use umlaut::source::{Sources, Span};
use umlaut::uml::Multiplicity;
use umlaut::uml::model::{AbsentMultiplicity, Aggregation, Visibility};

use crate::support::compile::expect_file;
use crate::support::root;

const BOUNDS: [Multiplicity; 4] = [Multiplicity::OPTIONAL, Multiplicity::ONE, Multiplicity::MANY, SOME];

/// `1..*`
const SOME: Multiplicity = Multiplicity { lower: 1, ..Multiplicity::MANY };

/// What is drawn at the line between A and B.
const DRAWN: [(&str, Aggregation, Option<bool>); 4] = [
    ("a line", Aggregation::None, None),
    ("an arrow to B", Aggregation::None, Some(true)),
    ("B is a shared part of A", Aggregation::Shared, None),
    ("B is a part of A", Aggregation::Composite, None),
];

fn side(multiplicity: Multiplicity) -> Side {
    Side { multiplicity, aggregation: Aggregation::None, navigable: None, qualified: false }
}

fn name(because: &Because) -> &str {
    match because {
        Because::Rule { name, .. } => name,
        other => panic!("no rule: {other:?}"),
    }
}

fn somewhere() -> Span {
    Span::new(Sources::default().add("", ""), 0..0)
}

fn yes(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

fn relations(page: &mut String) {
    page.push_str(
        "\n## Associations of two classes\n\nBetween classes A and B, with the multiplicities at their ends: *a* at A says how many A \
         there are for each B. Upper bounds above 1 count as many. The classes are in one app.\n",
    );
    for (drawn, aggregation, navigable) in DRAWN {
        let _ = write!(
            page,
            "\n### Drawn: {drawn}\n\n| a | b | becomes | on_delete | why |\n| --- | --- | --- | --- | --- |\n"
        );
        for a in BOUNDS {
            for b in BOUNDS {
                // What no model may have: a part of many wholes.
                let composed = aggregation == Aggregation::Composite;
                if composed && a.is_many() {
                    continue;
                }
                let back = navigable.map(|_| false);
                let ends = [Side { navigable: back, ..side(a) }, Side { aggregation, navigable, ..side(b) }];
                let (holder, why) = match owner(&ends) {
                    Owner::Decided(holder, why) => (holder, why),
                    Owner::Open => {
                        let (holder, why, _) = by_app(&ends, [false, false], ["A", "B"]);
                        (holder, why)
                    }
                };
                let found = shape(&ends, holder);
                let (class, other) = if holder == 0 { ("A", "B") } else { ("B", "A") };
                let optional = |null: bool| if null { ", may be empty" } else { "" };
                let becomes = match found {
                    Shape::ForeignKey { null, .. } => format!("`ForeignKey` on {class} to {other}{}", optional(null)),
                    Shape::OneToOne { null, .. } => format!("`OneToOneField` on {class} to {other}{}", optional(null)),
                    Shape::ManyToMany { .. } => format!("`ManyToManyField` on {class} to {other}"),
                };
                let nature = match (whole(&ends), aggregation) {
                    (Some(end), Aggregation::Composite) if end != holder => KeyNature::Whole,
                    (Some(_), _) => KeyNature::Shared,
                    (None, _) => KeyNature::Plain,
                };
                let rule = match found {
                    Shape::ForeignKey { null, .. } | Shape::OneToOne { null, .. } => {
                        format!("`{}`", on_delete(nature, !null).0.name())
                    }
                    Shape::ManyToMany { .. } => "links: `CASCADE`".to_owned(),
                };
                let _ = writeln!(page, "| {a} | {b} | {becomes} | {rule} | {why} |");
            }
        }
    }
    page.push_str(
        "\nA lower bound of 1 where no column is (at the side of the many, or at the other side of a one-to-one) is no rule of the \
         database (U0607). If the two classes are in different apps and one app depends on the other already, its class holds what \
         otherwise the order of names decides. A relation with an association class, an order, or values that may repeat gets a \
         model of its own.\n",
    );
}

fn undrawn_ends(page: &mut String) {
    page.push_str(
        "\n## Ends without multiplicity\n\nSome tools write nothing for 1, others leave it out where the box is empty. There it is \
         decided by what else is drawn (U0602):\n\n| the whole of a composition | arrow to it | arrow away | which end | read as | \
         why |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for is_whole in [true, false] {
        for (navigable, other_navigable) in [(true, false), (false, true), (true, true), (false, false)] {
            for is_second in [false, true] {
                let end = Undrawn {
                    absent: AbsentMultiplicity::Unknown,
                    is_whole,
                    navigable,
                    other_navigable,
                    is_second,
                    at: somewhere(),
                };
                let (decided, _) = undrawn(end);
                let _ = writeln!(
                    page,
                    "| {} | {} | {} | {} | {} | {} |",
                    yes(is_whole),
                    yes(navigable),
                    yes(other_navigable),
                    if is_second { "second" } else { "first" },
                    decided.value,
                    name(&decided.because)
                );
            }
        }
    }
}

fn deletion(page: &mut String) {
    page.push_str(
        "\n## Deletion\n\nWhat happens to the row that holds a key when the row that it leads to goes. *Required* is the lower bound at \
         that row's end.\n\n| the key | required | on_delete | why |\n| --- | --- | --- | --- |\n",
    );
    for (nature, words) in [
        (KeyNature::Whole, "of a part to its whole (composition)"),
        (KeyNature::Shared, "of a shared aggregation"),
        (KeyNature::Plain, "of a plain association"),
        (KeyNature::Link, "of a link to one of its ends"),
        (KeyNature::Owner, "of a value to its owner (attribute with many values)"),
        (KeyNature::Parent, "to a parent that could not be a base"),
    ] {
        for required in [true, false] {
            let (rule, why) = on_delete(nature, required);
            let _ = writeln!(page, "| {words} | {} | `{}` | {why} |", yes(required), rule.name());
        }
    }
    page.push_str(
        "\n`PROTECT` becomes `RESTRICT` where deleting a third row takes both along: the deletion of that one is then allowed, that of \
         the target alone still refused. `umlaut graph --cascades` draws all of it.\n",
    );
}

fn generic(page: &mut String) {
    page.push_str(
        "\n## Associations to classes without table\n\nAn association to an interface, or to a class that a tag made abstract, is a key to \
         each class that implements it, one of which is set. Where more than four do, or the association has the tag `generic`, it is a \
         reference by content type (U0704): `payer_type` says which class, `payer_id` which row, an index finds both, and \
         `GenericForeignKey` makes one attribute `payer` of them. The API reads and writes the class as `app.model`.\n\n\
         | keys of the classes | `payer_id` | why |\n| --- | --- | --- |\n",
    );
    let uuid = || FieldKind::Uuid;
    let keys = [
        ("`id`", vec![FieldKind::BigAuto; 2]),
        ("`id` and whole numbers", vec![FieldKind::BigAuto, FieldKind::Integer]),
        ("UUIDs", vec![uuid(), uuid()]),
        ("of several types", vec![FieldKind::BigAuto, uuid()]),
    ];
    for (what, keys) in keys {
        let (kind, why) = generic_key(keys);
        let _ = writeln!(page, "| {what} | `{kind:?}` | {why} |");
    }
    page.push_str(
        "\nDjango has no `on_delete` for it. What a rule becomes, by tag or as for other keys:\n\n| rule | becomes |\n| --- | --- |\n",
    );
    let rules = [OnDelete::Cascade, OnDelete::Protect, OnDelete::Restrict, OnDelete::SetNull, OnDelete::DoNothing];
    for rule in rules {
        let becomes = match policy_generic(&rule) {
            Some(OnDelete::Cascade) => "`GenericRelation` on each class: Django deletes what leads there",
            Some(OnDelete::Protect) => {
                "`core.relations.ProtectedRelation` on each class: refused while something leads there"
            }
            _ => "nothing: what is gone is read as `None`",
        };
        let _ = writeln!(page, "| {} | {becomes} |", rule.name());
    }
}

fn absence(page: &mut String) {
    page.push_str(
        "\n## Attributes that may be absent\n\n| lower bound | text | unique | becomes | why |\n| --- | --- | --- | --- | --- |\n",
    );
    for required in [true, false] {
        for is_text in [true, false] {
            for unique in [false, true] {
                let found = presence(required, is_text, unique, None);
                let mut becomes = Vec::new();
                becomes.extend(found.null.then_some("`null=True`"));
                becomes.extend(found.blank.then_some("`blank=True`"));
                becomes.extend(found.empty.then_some("`default=\"\"`"));
                let becomes = if becomes.is_empty() { "required".to_owned() } else { becomes.join(", ") };
                let bound = if required { "1" } else { "0" };
                let _ = writeln!(page, "| {bound} | {} | {} | {becomes} | {} |", yes(is_text), yes(unique), found.why);
            }
        }
    }
}

fn visibility(page: &mut String) {
    page.push_str(
        "\nWith `[rules] visibility = true` what the diagram draws as not public is left out of the API and of lists, searches and \
         filters:\n\n| visibility | a row needs it | in the API | why |\n| --- | --- | --- | --- |\n",
    );
    for drawn in [Visibility::Public, Visibility::Protected, Visibility::Private, Visibility::Package] {
        for demanded in [true, false] {
            let (found, why) = exposure(drawn, demanded);
            let shown = match found {
                Exposure::Shown => "read and written",
                Exposure::Written => "written, never shown",
                Exposure::Kept => "not there",
            };
            let _ = writeln!(page, "| {} | {} | {shown} | {why} |", drawn.word(), yes(demanded));
        }
    }
}

fn inheritance(page: &mut String) {
    page.push_str(
        "\n## Generalization\n\nWhether a class is an abstract model, whose children have tables of their own, or has a table to which \
         theirs are joined. *Referred to*: an association leads to it, or an attribute has it as its type.\n\n| class | referred to | below \
         a class with a table | becomes | why |\n| --- | --- | --- | --- | --- |\n",
    );
    for (class, is_interface, is_drawn_abstract) in
        [("interface", true, false), ("abstract", false, true), ("other", false, false)]
    {
        for referred in [false, true] {
            for below_a_table in [false, true] {
                let at = somewhere();
                let decided = is_abstract(Hierarchy {
                    is_interface,
                    is_abstract: is_drawn_abstract,
                    referred_to: referred.then_some(at),
                    below_a_table,
                    at,
                });
                let becomes = if decided.value { "an abstract model" } else { "a table" };
                let why = name(&decided.because);
                let _ = writeln!(page, "| {class} | {} | {} | {becomes} | {why} |", yes(referred), yes(below_a_table));
            }
        }
    }
    page.push_str(
        "\nThe tag `inheritance = single` puts a class and all below it into one table: the classes below are proxies, `kind` says of which \
         class a row is, their managers leave out the others, and `save()` sets it (`bulk_create()` does not call it). What one class needs \
         is NULL in rows of others, and a check for each class says what its rows must have. Attributes of one name and type share a \
         column. A power type that is an enumeration is the `kind`, also of joined tables.\n\nAn interface without attributes is no model: it is \
         a `typing.Protocol` in `protocols.py` of its app, with what it promises, for type checkers. Nothing inherits from it; the classes that \
         realize it have its operations in `behaviors.py`.\n",
    );
}

fn lists(page: &mut String) {
    page.push_str(
        "\n## Indexes of lists\n\nWhat «filterable» gets, by its field and by whether the class has an `ordering`:\n\n\
         | field | unique | ordered class | index | why |\n| --- | --- | --- | --- | --- |\n",
    );
    let kinds: [(&str, Option<FieldKind>, bool); 7] = [
        ("a number, a date, a short text", Some(FieldKind::Integer), false),
        ("with the literals of an enumeration", Some(FieldKind::Char { max_length: 16 }), true),
        ("BooleanField", Some(FieldKind::Boolean), false),
        ("JSONField", Some(FieldKind::Json), false),
        ("TextField, BinaryField, FileField", Some(FieldKind::Text), false),
        ("a key", None, false),
        ("any", Some(FieldKind::Integer), false),
    ];
    for (number, (field, kind, has_choices)) in kinds.iter().enumerate() {
        let unique = number == kinds.len() - 1;
        for ordered in [false, true] {
            let of = Filter { kind: kind.as_ref(), has_choices: *has_choices, unique, ordered };
            let decided = indexes::filter(of);
            let index = match decided.value {
                FilterIndex::None => "none",
                FilterIndex::Own => "on its column",
                FilterIndex::Ordered => "on its column, then what the class is ordered by",
                FilterIndex::Partial => "on what the class is ordered by, where it is true",
                FilterIndex::Document => "GIN on its parts, on PostgreSQL",
            };
            let (unique, ordered) = (yes(unique), yes(ordered));
            let _ = writeln!(page, "| {field} | {unique} | {ordered} | {index} | {} |", name(&decided.because));
        }
    }
    page.push_str(
        "\nWhat «searchable» gets, by the databases that the models run on:\n\n| databases | index | why |\n| --- | --- | --- |\n",
    );
    let (sqlite, postgresql) = (Database::Sqlite, Database::Postgresql);
    for databases in [vec![postgresql], vec![sqlite, postgresql], vec![sqlite]] {
        let names: Vec<String> = databases.iter().map(|database| format!("{database:?}")).collect();
        let decided = indexes::search(&databases);
        let (index, why) = match &decided {
            Some(decided) if decided.value == IndexKind::Trigram => ("GIN of trigrams", name(&decided.because)),
            Some(decided) => ("`core.indexes.TrigramIndex`", name(&decided.because)),
            None => ("none (U0905)", "no other database finds parts of a text by an index"),
        };
        let _ = writeln!(page, "| {} | {index} | {why} |", names.join(", "));
    }
    page.push_str(
        "\n«sortable» gets an index on its column and the key, and so does an `ordering`; «event» and «log» a BRIN index on when. \
         An index that is the beginning of another one, or of a unique constraint, is left out: U0903 says so if it was asked \
         for.\n",
    );
}

fn names(page: &mut String) {
    page.push_str(
        "\n## Reserved names\n\nA field of such a name gets `_field` behind it, a way back `_rel`, a class `Model`, an app `_app` (U0404, \
         U0406); names in the diagram stay in `verbose_name`.\n",
    );
    for (what, by, names) in reserved::LISTS {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let _ = write!(page, "\n**{}**, {}: {}.\n", capitalized(what), by.words(), names.join(", "));
    }
}

fn capitalized(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

#[test]
fn the_chapter_on_the_mapping_is_what_the_policy_answers() {
    let mut page = String::from(
        "# Mapping\n\n<!-- Written by `UMLAUT_BLESS=1 cargo test reference` from the answers of the compiler's own functions. -->\n\n\
         What the rules decide if nothing else is said. [Types](types.md) have a page of their own; a [stereotype or tag](profile.md) \
         in the diagram wins over a [setting](settings.md), a setting over the rule. `umlaut explain` tells for each element which \
         rule it was, in the words of the column *why*.\n",
    );
    relations(&mut page);
    undrawn_ends(&mut page);
    deletion(&mut page);
    generic(&mut page);
    absence(&mut page);
    visibility(&mut page);
    inheritance(&mut page);
    lists(&mut page);
    names(&mut page);
    expect_file(&root().join("book/src/reference/mapping.md"), &page);
}
