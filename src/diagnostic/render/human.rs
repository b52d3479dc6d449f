//! For people at a terminal: codespan-reporting over excerpts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

use codespan_reporting::diagnostic::{Diagnostic as Shown, Label as ShownLabel, LabelStyle, Severity};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::{self, Chars, Config, termcolor};

use super::super::{Diagnostic, Level, Report, Role};
use super::{Options, counted, lines, one_line, others};
use crate::account::Elements;
use crate::source::excerpt::{Excerpt, Tables};
use crate::source::{SourceId, Sources, Span};

/// All findings, errors first, and what it comes to. Nothing if there is nothing to say.
pub fn render(report: &Report, sources: &Sources, elements: &Elements, options: &Options) -> String {
    let mut out = findings(report, sources, elements, options);
    out.push_str(&summary(report, options));
    out
}

/// The findings, errors first, without a summary. Each ends with an empty line.
pub fn findings(report: &Report, sources: &Sources, elements: &Elements, options: &Options) -> String {
    let mut shown: Vec<&Diagnostic> = report.diagnostics().iter().collect();
    shown.sort_by_key(|diagnostic| diagnostic.level);
    let mut tables = Tables::new(sources);
    let mut config = Config { tab_width: 4, ..Config::default() };
    config.chars = if options.ascii { Chars::ascii() } else { Chars::box_drawing() };
    let mut out = Vec::new();
    for diagnostic in shown.into_iter().take(options.max.unwrap_or(usize::MAX)) {
        let page = Page::new(diagnostic, sources, &mut tables, options.width);
        let said = page.say(diagnostic, elements);
        // Writing to memory does not fail; should an excerpt be refused, the message still goes out.
        let written = if options.color {
            let mut writer = termcolor::Ansi::new(&mut out);
            term::emit_to_write_style(&mut writer, &config, &page, &said)
        } else {
            term::emit_to_io_write(&mut out, &config, &page, &said)
        };
        if written.is_err() {
            out.extend_from_slice(format!("{}\n", one_line(&diagnostic.message)).as_bytes());
        }
        if !out.ends_with(b"\n\n") {
            out.push(b'\n');
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The closing lines: how many findings there are, of which codes, and what was not shown.
pub fn summary(report: &Report, options: &Options) -> String {
    let found = report.diagnostics();
    let Some(first) = found.iter().min_by_key(|diagnostic| diagnostic.level) else { return String::new() };
    let mut parts = Vec::new();
    for level in [Level::Error, Level::Warning, Level::Note] {
        let count = report.count(level);
        if count > 0 {
            parts.push(counted(count, level.word()));
        }
    }
    let files: BTreeSet<SourceId> = found.iter().filter_map(|diagnostic| Some(diagnostic.place()?.source)).collect();
    let mut codes: BTreeMap<&str, (Level, usize)> = BTreeMap::new();
    for diagnostic in found {
        let entry = codes.entry(diagnostic.code.id).or_insert((diagnostic.level, 0));
        *entry = (entry.0.min(diagnostic.level), entry.1 + 1);
    }
    let mut codes: Vec<_> = codes.into_iter().collect();
    codes.sort_by_key(|&(id, (level, count))| (level, std::cmp::Reverse(count), id));
    let mut listed: Vec<String> = codes.iter().take(5).map(|(id, (_, count))| format!("{id} ×{count}")).collect();
    match codes.len().saturating_sub(5) {
        0 => {}
        1 => listed.push("1 other".to_owned()),
        rest => listed.push(format!("{rest} others")),
    }
    let place = if files.is_empty() { String::new() } else { format!(" in {}", counted(files.len(), "file")) };
    let mut out = format!("{}{place} ({})", parts.join(", "), listed.join(", "));
    if options.ascii {
        out = out.replace('×', "x");
    }
    let hidden = found.len().saturating_sub(options.max.unwrap_or(usize::MAX));
    if hidden > 0 {
        let _ = write!(out, "; {hidden} more not shown\n`--max-diagnostics none` shows them all");
    }
    let _ = writeln!(out, "\n`umlaut explain {}` says more", first.code.id);
    out
}

/// What codespan-reporting sees of the sources: the excerpts for one diagnostic.
struct Page {
    files: Vec<File>,
    /// For each label of the diagnostic its file and bytes there.
    labels: Vec<Option<(usize, Range<usize>)>>,
}

struct File {
    name: String,
    excerpt: Excerpt,
    /// The line index under which each row is known: not adjoining rows lie so far apart that a break is drawn.
    indices: Vec<usize>,
}

impl Page {
    fn new(diagnostic: &Diagnostic, sources: &Sources, tables: &mut Tables<'_>, width: usize) -> Self {
        let mut order: Vec<SourceId> = Vec::new();
        for label in &diagnostic.labels {
            if !order.contains(&label.span.source) {
                order.push(label.span.source);
            }
        }
        let mut page = Self { files: Vec::new(), labels: vec![None; diagnostic.labels.len()] };
        for source in order {
            let (numbers, spans): (Vec<usize>, Vec<Span>) = diagnostic
                .labels
                .iter()
                .enumerate()
                .filter(|(_, label)| label.span.source == source)
                .map(|(number, label)| (number, label.span))
                .unzip();
            let (text, lines) = tables.get(source);
            let excerpt = Excerpt::new(text, lines, &spans, width);
            for (number, mark) in numbers.into_iter().zip(&excerpt.marks) {
                page.labels[number] = mark.as_ref().map(|mark| (page.files.len(), mark.range.clone()));
            }
            let mut indices: Vec<usize> = Vec::with_capacity(excerpt.rows.len());
            for row in &excerpt.rows {
                indices.push(indices.last().map_or(0, |last| last + if row.adjoins { 1 } else { 3 }));
            }
            page.files.push(File { name: one_line(&sources.get(source).name), excerpt, indices });
        }
        page
    }

    /// The diagnostic in the words of codespan-reporting.
    fn say(&self, diagnostic: &Diagnostic, elements: &Elements) -> Shown<usize> {
        let severity = match diagnostic.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Note | Level::Allow => Severity::Note,
        };
        let mut labels = Vec::new();
        let mut unseen = 0;
        for (label, place) in diagnostic.labels.iter().zip(&self.labels) {
            let Some((file, range)) = place else {
                unseen += 1;
                continue;
            };
            let style = match label.role {
                Role::Here => LabelStyle::Primary,
                Role::Because => LabelStyle::Secondary,
            };
            labels.push(ShownLabel::new(style, *file, range.clone()).with_message(one_line(&label.text)));
        }
        let mut notes: Vec<String> =
            diagnostic.notes.iter().map(|note| lines(note).collect::<Vec<_>>().join("\n")).collect();
        if unseen > 0 {
            notes.push(format!("{} not shown", counted(unseen, "more place")));
        }
        notes.extend(others(diagnostic, elements));
        notes.extend(diagnostic.help.iter().map(|help| {
            let text: Vec<String> = lines(help).collect();
            format!("help: {}", text.join("\n      "))
        }));
        Shown::new(severity)
            .with_code(diagnostic.code.id)
            .with_message(one_line(&diagnostic.message))
            .with_labels(labels)
            .with_notes(notes)
    }

    fn file(&self, id: usize) -> Result<&File, Error> {
        self.files.get(id).ok_or(Error::FileMissing)
    }
}

impl File {
    /// The row that is known under `index`.
    fn row(&self, index: usize) -> Result<usize, Error> {
        let max = self.indices.last().copied().unwrap_or(0);
        self.indices.binary_search(&index).map_err(|_| Error::LineTooLarge { given: index, max })
    }
}

impl<'a> Files<'a> for Page {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.file(id)?.name)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.file(id)?.excerpt.text)
    }

    fn line_index(&'a self, id: usize, byte_index: usize) -> Result<usize, Error> {
        let file = self.file(id)?;
        let row = file.excerpt.rows.partition_point(|row| row.range.start <= byte_index).saturating_sub(1);
        Ok(file.indices.get(row).copied().unwrap_or(0))
    }

    fn line_number(&'a self, id: usize, line_index: usize) -> Result<usize, Error> {
        let file = self.file(id)?;
        Ok(file.excerpt.rows[file.row(line_index)?].line)
    }

    fn column_number(&'a self, id: usize, _line_index: usize, byte_index: usize) -> Result<usize, Error> {
        // Only places of labels are asked for.
        let marks = self.file(id)?.excerpt.marks.iter().flatten();
        let here = marks.filter(|mark| mark.range.start == byte_index).map(|mark| mark.position.column).next();
        Ok(here.unwrap_or(1))
    }

    fn line_range(&'a self, id: usize, line_index: usize) -> Result<Range<usize>, Error> {
        let file = self.file(id)?;
        Ok(file.excerpt.rows[file.row(line_index)?].range.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{ElementKind, Met};
    use crate::diagnostic::codes;

    fn span(sources: &Sources, source: SourceId, place: &str) -> Span {
        let start = sources.get(source).text.find(place).unwrap();
        Span::new(source, start..start + place.len())
    }

    #[test]
    fn a_finding_reads_as_the_handbook_shows_it() {
        let mut sources = Sources::default();
        let shop = sources.add(
            "shop.xmi",
            "<packagedElement xmi:type=\"uml:Class\" xmi:id=\"_c7\" name=\"Customer\">\n  <ownedAttribute xmi:id=\"_a3\" \
             name=\"email\" type=\"_gone\"/>\n",
        );
        let mut elements = Elements::default();
        let here = span(&sources, shop, "_gone");
        let mut others = Vec::new();
        for name in ["a", "b", "c", "d", "e"] {
            others.push(elements.enter(Met { name: Some(name), ..Met::new(ElementKind::Attribute, here) }));
        }
        let mut report = Report::default();
        let mut diagnostic =
            Diagnostic::new(&codes::U0301, "attribute `shop.Customer.email` has a type that is not in the model")
                .here(here, "no element has this id")
                .because(span(&sources, shop, "Customer"), "in this class")
                .help("name the type in umlaut.toml\n[types]\n\"_gone\" = \"email\"")
                .help("export again");
        diagnostic.others = others;
        report.add(diagnostic);
        report.finish(&[]);
        let printed = render(&report, &sources, &elements, &Options::default());
        assert_eq!(
            printed,
            "\
error[U0301]: attribute `shop.Customer.email` has a type that is not in the model
  ┌─ shop.xmi:2:51
  │
1 │ <packagedElement xmi:type=\"uml:Class\" xmi:id=\"_c7\" name=\"Customer\">
  │                                                          -------- in this class
2 │   <ownedAttribute xmi:id=\"_a3\" name=\"email\" type=\"_gone\"/>
  │                                                   ^^^^^ no element has this id
  │
  = 5 more with the same cause: `a`, `b`, `c` and 2 others
  = help: name the type in umlaut.toml
          [types]
          \"_gone\" = \"email\"
  = help: export again

1 error in 1 file (U0301 ×1)
`umlaut explain U0301` says more
"
        );
    }

    #[test]
    fn two_files_and_two_rows_of_one_long_line_are_drawn_in_one_finding() {
        let mut sources = Sources::default();
        let gap = "x".repeat(400);
        let model = sources.add("m.xmi", format!("{gap}first{gap}second{gap}"));
        let settings = sources.add("umlaut.toml", "on_delete = \"set_null\"\n");
        let mut report = Report::default();
        report.add(
            Diagnostic::new(&codes::U0801, "two")
                .here(span(&sources, model, "second"), "here")
                .because(span(&sources, model, "first"), "because")
                .because(span(&sources, settings, "\"set_null\""), "set"),
        );
        let options = Options { width: 44, ..Options::default() };
        let printed = findings(&report, &sources, &Elements::default(), &options);
        assert_eq!(
            printed,
            "\
error[U0801]: two
  ┌─ m.xmi:1:806
  │
1 │ …xxxxxxxxxxxxxxxxfirstxxxxxxxxxxxxxxxxx…
  │                  ----- because
  ·
1 │ …xxxxxxxxxxxxxxxxsecondxxxxxxxxxxxxxxxx…
  │                  ^^^^^^ here
  │
  ┌─ umlaut.toml:1:13
  │
1 │ on_delete = \"set_null\"
  │             ---------- set

"
        );
    }

    #[test]
    fn colours_are_there_when_asked_for_and_only_then() {
        let mut sources = Sources::default();
        let source = sources.add("a\u{1b}[2J.xmi", "text");
        let mut report = Report::default();
        report.add(
            Diagnostic::new(&codes::U0301, "of `\u{1b}[31m`").here(span(&sources, source, "text"), "\u{202e}label"),
        );
        let plain = render(&report, &sources, &Elements::default(), &Options { ascii: true, ..Options::default() });
        assert!(!plain.contains(['\u{1b}', '\u{202e}']), "{plain}");
        assert!(plain.contains("--> a␛[2J.xmi:1:1"), "{plain}");
        let color = render(&report, &sources, &Elements::default(), &Options { color: true, ..Options::default() });
        assert!(color.starts_with('\u{1b}'));
    }

    #[test]
    fn errors_win_when_the_list_is_cut() {
        let mut sources = Sources::default();
        let source = sources.add("t", "abcdef");
        let mut report = Report::default();
        for start in 0..4 {
            report.add(Diagnostic::new(&codes::U0501, "warned").here(Span::new(source, start..start + 1), "w"));
        }
        report.add(Diagnostic::new(&codes::U0301, "wrong").here(Span::new(source, 5..6), "e"));
        report.finish(&[]);
        let printed = render(&report, &sources, &Elements::default(), &Options { max: Some(1), ..Options::default() });
        assert!(printed.starts_with("error[U0301]"), "{printed}");
        assert!(printed.ends_with(
            "1 error, 4 warnings in 1 file (U0301 ×1, U0501 ×4); 4 more not shown\n`--max-diagnostics none` shows them \
             all\n`umlaut explain U0301` says more\n"
        ));
    }

    #[test]
    fn ten_thousand_findings_on_one_line_of_five_megabytes_are_printed_at_once() {
        let mut sources = Sources::default();
        let source = sources.add("t.xmi", "<a é=\"1\"/>".repeat(5_000_000 / 11));
        let length = sources.get(source).text.len();
        let mut report = Report::default();
        for index in 0..10_000 {
            let start = index * (length / 10_000);
            report.add(
                Diagnostic::new(&codes::U0501, "m")
                    .here(Span::new(source, start..start + 20), "here")
                    .because(Span::new(source, length - start - 1..length - start), "because"),
            );
        }
        report.finish(&[]);
        let options = Options { max: None, ..Options::default() };
        let printed = render(&report, &sources, &Elements::default(), &options);
        assert!(printed.len() < 10_000 * 4_000, "{} bytes for each finding", printed.len() / 10_000);
        assert!(printed.lines().all(|line| line.chars().count() < 130));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(300))]
        #[test]
        fn any_text_and_any_places_can_be_printed(
            text in "([a-z<>\" ]|\\PC|[\r\n\t\u{1b}\u{202e}注𝐱]){0,200}",
            repeat in 1..40_usize,
            places in proptest::collection::vec((0..9000_usize, 0..300_usize), 1..9),
            width in 0..200_usize,
        ) {
            let mut sources = Sources::default();
            let source = sources.add("t", text.repeat(repeat));
            let mut diagnostic = Diagnostic::new(&codes::U0301, text.clone());
            for (index, (start, length)) in places.into_iter().enumerate() {
                let span = Span::new(source, start..start + length);
                diagnostic = if index == 0 { diagnostic.here(span, text.clone()) } else { diagnostic.because(span, "b") };
            }
            let mut report = Report::default();
            report.add(diagnostic);
            report.finish(&[]);
            let options = Options { width, ..Options::default() };
            let printed = findings(&report, &sources, &Elements::default(), &options);
            let starts = printed.starts_with("error[U0301]: ");
            proptest::prop_assert!(starts, "{}", printed);
            let raw = printed.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}');
            proptest::prop_assert!(!raw, "{:?}", printed);
        }
    }
}
