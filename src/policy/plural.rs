//! English plurals (django-mapping 8): regular rules, and tables of what does not follow them.

/// Words whose plural follows no rule. Singular first.
const IRREGULAR: &[(&str, &str)] = &[
    ("analysis", "analyses"),
    ("appendix", "appendices"),
    ("axis", "axes"),
    ("basis", "bases"),
    ("cactus", "cacti"),
    ("calf", "calves"),
    ("child", "children"),
    ("corpus", "corpora"),
    ("crisis", "crises"),
    ("criterion", "criteria"),
    ("curriculum", "curricula"),
    ("diagnosis", "diagnoses"),
    ("elf", "elves"),
    ("emphasis", "emphases"),
    ("ephemeris", "ephemerides"),
    ("erratum", "errata"),
    ("foot", "feet"),
    ("fungus", "fungi"),
    ("genus", "genera"),
    ("goose", "geese"),
    ("half", "halves"),
    ("hypothesis", "hypotheses"),
    ("knife", "knives"),
    ("leaf", "leaves"),
    ("life", "lives"),
    ("loaf", "loaves"),
    ("locus", "loci"),
    ("louse", "lice"),
    ("man", "men"),
    ("matrix", "matrices"),
    ("mouse", "mice"),
    ("nucleus", "nuclei"),
    ("oasis", "oases"),
    ("ovum", "ova"),
    ("ox", "oxen"),
    ("parenthesis", "parentheses"),
    ("passerby", "passersby"),
    ("penny", "pence"),
    ("person", "people"),
    ("phenomenon", "phenomena"),
    ("prognosis", "prognoses"),
    ("quiz", "quizzes"),
    ("radius", "radii"),
    ("schema", "schemas"),
    ("self", "selves"),
    ("sheaf", "sheaves"),
    ("shelf", "shelves"),
    ("stimulus", "stimuli"),
    ("stratum", "strata"),
    ("synopsis", "synopses"),
    ("synthesis", "syntheses"),
    ("thesis", "theses"),
    ("thief", "thieves"),
    ("tooth", "teeth"),
    ("vertex", "vertices"),
    ("wife", "wives"),
    ("wolf", "wolves"),
    ("woman", "women"),
];

/// Words that are their own plural.
const UNCOUNTABLE: &[&str] = &[
    "advice",
    "aircraft",
    "baggage",
    "bison",
    "cash",
    "cattle",
    "chassis",
    "chess",
    "clothes",
    "clothing",
    "data",
    "deer",
    "dice",
    "economics",
    "electronics",
    "equipment",
    "ethics",
    "feedback",
    "firmware",
    "fish",
    "furniture",
    "gold",
    "goods",
    "hardware",
    "headquarters",
    "homework",
    "information",
    "infrastructure",
    "jewelry",
    "knowledge",
    "logistics",
    "luggage",
    "malware",
    "mathematics",
    "means",
    "media",
    "merchandise",
    "metadata",
    "middleware",
    "money",
    "moose",
    "music",
    "news",
    "offspring",
    "people",
    "physics",
    "police",
    "politics",
    "rice",
    "scissors",
    "series",
    "sheep",
    "shrimp",
    "software",
    "species",
    "staff",
    "statistics",
    "stuff",
    "traffic",
    "trousers",
    "weather",
    "wildlife",
];

/// Words in `-o` that take `-es`.
const O_TAKES_ES: &[&str] = &["cargo", "echo", "embargo", "hero", "mango", "potato", "tomato", "torpedo", "veto"];

/// Endings in `-ch` that are spoken as `k` and take `-s`.
const CH_AS_K: &[&str] = &["epoch", "eunuch", "loch", "monarch", "patriarch", "stomach", "tech"];

/// Singular words in `-i` and `-u`: what ends in `-is` or `-us` is a singular otherwise.
const SINGULAR_IN_VOWEL: &[&str] = &[
    "alibi", "api", "cpu", "emu", "gpu", "gui", "guru", "kpi", "menu", "poi", "roi", "ski", "sku", "taxi", "uri",
    "wiki",
];

/// Singular words that end like a plural.
const SINGULAR_IN_S: &[&str] = &[
    "alias",
    "atlas",
    "basis",
    "bias",
    "bus",
    "campus",
    "canvas",
    "census",
    "chaos",
    "christmas",
    "circus",
    "consensus",
    "corpus",
    "cosmos",
    "focus",
    "gas",
    "genius",
    "iris",
    "lens",
    "locus",
    "minus",
    "plus",
    "radius",
    "sinus",
    "status",
    "surplus",
    "syllabus",
    "tennis",
    "trellis",
    "us",
    "versus",
    "virus",
    "yes",
];

/// Singular words in `-e` whose plural looks like one of a word in `-s`, `-x`, `-z`, `-ch` or `-sh`.
const SINGULAR_IN_SE: &[&str] = &[
    "ache",
    "axe",
    "base",
    "cache",
    "case",
    "cause",
    "clause",
    "close",
    "course",
    "database",
    "dose",
    "ease",
    "excuse",
    "expense",
    "exercise",
    "franchise",
    "house",
    "horse",
    "increase",
    "invoice",
    "lease",
    "license",
    "niche",
    "nose",
    "nurse",
    "pause",
    "phase",
    "phrase",
    "premise",
    "prize",
    "promise",
    "pulse",
    "purchase",
    "purpose",
    "release",
    "response",
    "rose",
    "sense",
    "showcase",
    "size",
    "suitcase",
    "synapse",
    "tense",
    "use",
    "usecase",
    "vase",
    "verse",
    "warehouse",
];

/// The plural of a name in `snake_case`: that of its last word. A plural stays.
pub fn plural(name: &str) -> String {
    with_last_word(name, plural_word)
}

/// The singular of a name in `snake_case`: that of its last word. A singular stays.
pub fn singular(name: &str) -> String {
    with_last_word(name, singular_word)
}

/// The last word starts after the last character that is no letter.
fn with_last_word(name: &str, change: fn(&str) -> Option<String>) -> String {
    let start = name
        .rfind(|c: char| !c.is_alphabetic())
        .map_or(0, |at| at + name[at..].chars().next().map_or(1, char::len_utf8));
    let (head, word) = name.split_at(start);
    let lower = word.to_lowercase();
    if word.is_empty() && change("thing").is_some_and(|changed| changed == "things") && !name.is_empty() {
        return format!("{name}s");
    }
    match change(&lower) {
        // The case of what stays is kept: `ISBN` gives `ISBNs`.
        Some(changed) => {
            let common = word.chars().zip(lower.chars()).zip(changed.chars()).take_while(|((_, l), c)| l == c).count();
            let kept: String = word.chars().take(common).collect();
            let added: String = changed.chars().skip(common).collect();
            format!("{head}{kept}{added}")
        }
        None => name.to_owned(),
    }
}

fn is_plural(word: &str) -> bool {
    singular_word(word).is_some()
}

fn plural_word(word: &str) -> Option<String> {
    if word.is_empty() || UNCOUNTABLE.contains(&word) {
        return if word.is_empty() { None } else { Some(word.to_owned()) };
    }
    if let Some((_, plural)) = IRREGULAR.iter().find(|(singular, _)| *singular == word) {
        return Some((*plural).to_owned());
    }
    if is_plural(word) || word == "s" {
        return None;
    }
    // `salesman`, `grandchild`, but not `human`, `german`.
    if !["human", "german", "roman", "talisman", "shaman", "norman", "ottoman"].contains(&word)
        && let Some(stem) = word.strip_suffix("man").filter(|stem| stem.len() > 1)
    {
        return Some(format!("{stem}men"));
    }
    for (singular, plural) in [("child", "children"), ("person", "people"), ("wife", "wives"), ("shelf", "shelves")] {
        if let Some(stem) = word.strip_suffix(singular) {
            return Some(format!("{stem}{plural}"));
        }
    }
    if let Some(stem) = word.strip_suffix("ysis") {
        return Some(format!("{stem}yses"));
    }
    if let Some(stem) = word.strip_suffix('y') {
        let after_vowel = stem.ends_with(['a', 'e', 'i', 'o', 'u']) && !stem.ends_with("qu");
        return Some(if after_vowel || stem.is_empty() { format!("{word}s") } else { format!("{stem}ies") });
    }
    let takes_es = word.ends_with(['s', 'x', 'z'])
        || word.ends_with("sh")
        || (word.ends_with("ch") && !CH_AS_K.iter().any(|hard| word.ends_with(hard)))
        || O_TAKES_ES.contains(&word);
    Some(if takes_es { format!("{word}es") } else { format!("{word}s") })
}

fn singular_word(word: &str) -> Option<String> {
    if let Some((singular, _)) = IRREGULAR.iter().find(|(_, plural)| *plural == word) {
        return Some((*singular).to_owned());
    }
    if UNCOUNTABLE.contains(&word) || SINGULAR_IN_S.contains(&word) {
        return None;
    }
    for (plural, singular) in
        [("children", "child"), ("people", "person"), ("wives", "wife"), ("shelves", "shelf"), ("women", "woman")]
    {
        if let Some(stem) = word.strip_suffix(plural) {
            return Some(format!("{stem}{singular}"));
        }
    }
    if let Some(stem) = word.strip_suffix("men").filter(|stem| stem.len() > 3) {
        // `salesmen`, not `specimen` or `regimen`.
        if !["speci", "regi", "acu", "abdo", "sta", "albu", "bitu"].contains(&stem) {
            return Some(format!("{stem}man"));
        }
        return None;
    }
    if let Some(stem) = word.strip_suffix("yses") {
        return Some(format!("{stem}ysis"));
    }
    let stem = word.strip_suffix('s').filter(|stem| stem.chars().count() > 1)?;
    if stem.ends_with('s') || (stem.ends_with(['i', 'u']) && !SINGULAR_IN_VOWEL.iter().any(|word| stem.ends_with(word)))
    {
        // `address`, `status`, `analysis`.
        return None;
    }
    if SINGULAR_IN_SE.contains(&stem) {
        return Some(stem.to_owned());
    }
    if let Some(base) = stem.strip_suffix("ie").filter(|base| base.chars().count() > 1) {
        let ends_in_ie = ["cookie", "movie", "calorie", "pie", "tie", "zombie", "selfie", "prairie", "lie", "die"];
        return Some(if ends_in_ie.contains(&stem) { stem.to_owned() } else { format!("{base}y") });
    }
    if let Some(base) = stem.strip_suffix('e') {
        let es = base.ends_with("ss")
            || base.ends_with(['x', 'z'])
            || base.ends_with("sh")
            || base.ends_with("ch")
            || base.ends_with("us")
            || ["alias", "atlas", "bias", "canvas", "gas", "lens", "iris"].contains(&base)
            || O_TAKES_ES.contains(&base);
        return Some(if es && !base.ends_with("ehous") && !base.ends_with("hous") {
            base.to_owned()
        } else {
            stem.to_owned()
        });
    }
    Some(stem.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIRS: &[(&str, &str)] = &[
        ("order", "orders"),
        ("order_line", "order_lines"),
        ("category", "categories"),
        ("day", "days"),
        ("key", "keys"),
        ("address", "addresses"),
        ("class", "classes"),
        ("box", "boxes"),
        ("tax", "taxes"),
        ("batch", "batches"),
        ("branch", "branches"),
        ("wish", "wishes"),
        ("status", "statuses"),
        ("bus", "buses"),
        ("alias", "aliases"),
        ("child", "children"),
        ("grandchild", "grandchildren"),
        ("person", "people"),
        ("salesperson", "salespeople"),
        ("woman", "women"),
        ("salesman", "salesmen"),
        ("human", "humans"),
        ("analysis", "analyses"),
        ("criterion", "criteria"),
        ("hero", "heroes"),
        ("photo", "photos"),
        ("invoice", "invoices"),
        ("house", "houses"),
        ("warehouse", "warehouses"),
        ("course", "courses"),
        ("case", "cases"),
        ("database", "databases"),
        ("response", "responses"),
        ("purchase", "purchases"),
        ("size", "sizes"),
        ("quiz", "quizzes"),
        ("movie", "movies"),
        ("leaf", "leaves"),
        ("chief", "chiefs"),
        ("employee", "employees"),
        ("value", "values"),
        ("queue", "queues"),
        ("type", "types"),
        ("index", "indexes"),
        ("vertex", "vertices"),
        ("epoch", "epochs"),
        ("search", "searches"),
        ("taxi", "taxis"),
        ("menu", "menus"),
        ("submenu", "submenus"),
        ("monarch", "monarchs"),
        ("api", "apis"),
        ("diagnosis", "diagnoses"),
        ("process", "processes"),
        ("match", "matches"),
        ("cache", "caches"),
        ("gas", "gases"),
        ("axis", "axes"),
        ("image", "images"),
        ("language", "languages"),
        ("service", "services"),
        ("policy", "policies"),
        ("lens", "lenses"),
        ("license", "licenses"),
        ("bonus", "bonuses"),
        ("colloquy", "colloquies"),
    ];

    #[test]
    fn plurals_and_singulars_lead_to_each_other() {
        for (one, many) in PAIRS {
            assert_eq!(plural(one), *many);
            assert_eq!(plural(many), *many, "a plural stays");
            assert_eq!(singular(many), *one);
            assert_eq!(singular(one), *one, "a singular stays");
        }
    }

    #[test]
    fn what_cannot_be_counted_stays() {
        for word in ["information", "equipment", "news", "series", "meta_data", "staff", "raw_data"] {
            assert_eq!(plural(word), word);
            assert_eq!(singular(word), word);
        }
    }

    #[test]
    fn what_is_no_word_is_left_in_peace_or_gets_an_s() {
        assert_eq!(plural(""), "");
        assert_eq!(singular(""), "");
        assert_eq!(singular("s"), "s");
        assert_eq!(plural("order2"), "order2s");
        assert_eq!(plural("order2s"), "order2s");
        assert_eq!(plural("ISBN"), "ISBNs");
        assert_eq!(plural("order line"), "order lines");
    }

    proptest::proptest! {
        #[test]
        fn the_plural_of_a_word_is_its_own_plural(word in "[a-z]{2,12}[b-hj-tv-y]") {
            let once = plural(&word);
            // `lens` is a word of its own, whatever a `len` may be.
            proptest::prop_assume!(!SINGULAR_IN_S.contains(&once.as_str()));
            proptest::prop_assert_eq!(plural(&once), once);
        }
    }
}
