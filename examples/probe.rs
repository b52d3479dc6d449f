fn main() {
    let settings = umlaut::settings::Settings::default();
    let (mut so, mut el, mut re) = Default::default();
    let files: Vec<_> = std::env::args()
        .skip(1)
        .map(|p| umlaut::read::InputFile { bytes: std::fs::read(&p).unwrap(), name: p })
        .collect();
    let d = umlaut::read::read(files, &settings, &mut so, &mut el, &mut re);
    println!("missing: {:?}", umlaut::link::missing_documents(&d, &settings));
    let (m, _) = umlaut::link::link(d, &settings, &mut el, &mut re);
    print!("{}", umlaut::uml::print::print(&m));
    let _: &umlaut::source::Sources = &so;
    if std::env::var("RAW").is_err() {
        re.finish(&settings.lints);
    }
    for d in re.diagnostics() {
        println!(
            "{} {} {:?} [{}]",
            d.code.id,
            d.message,
            d.notes,
            d.labels
                .iter()
                .map(|l| format!("{}:{}", l.text, so.text(l.span).chars().take(60).collect::<String>()))
                .collect::<Vec<_>>()
                .join(" | ")
        );
    }
}
