//! A model of any size, the same every time, as a tool of our days would write it in XMI 2.x.

use std::fmt::Write;

const WORDS: [&str; 12] = [
    "Order", "Invoice", "Customer", "Parcel", "Route", "Contract", "Machine", "Ticket", "Lesson", "Account", "Sample",
    "Shelf",
];
const TYPES: [&str; 4] = ["String", "Integer", "Boolean", "Real"];
/// Classes of one package.
const PACKAGE: usize = 100;

/// A model of so many classes: one package for each 100, one enumeration for each 10; four attributes, a comment and an
/// association with each class, a generalization with each fifth. With `lines`, each element has a line, else all is in one.
pub fn model(classes: usize, lines: bool) -> String {
    let mut model = Writer { text: String::new(), lines, open: Vec::new() };
    model.text.push_str(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <xmi:XMI xmlns:xmi=\"http://www.omg.org/spec/XMI/20131001\" xmlns:uml=\"http://www.omg.org/spec/UML/20131001\">",
    );
    model.open("uml:Model", "xmi:type=\"uml:Model\" xmi:id=\"m\" name=\"generated\"");
    for package in 0..classes.div_ceil(PACKAGE) {
        model
            .open("packagedElement", &format!("xmi:type=\"uml:Package\" xmi:id=\"p{package}\" name=\"area{package}\""));
        for class in package * PACKAGE..classes.min((package + 1) * PACKAGE) {
            model.class(class);
        }
        model.close();
    }
    model.close();
    model.text.push_str("</xmi:XMI>");
    model.text
}

struct Writer {
    text: String,
    lines: bool,
    open: Vec<&'static str>,
}

impl Writer {
    fn indent(&mut self) {
        if self.lines {
            let _ = write!(self.text, "\n{:1$}", "", 2 * self.open.len() + 2);
        }
    }

    fn open(&mut self, tag: &'static str, attributes: &str) {
        self.indent();
        let _ = write!(self.text, "<{tag} {attributes}>");
        self.open.push(tag);
    }

    fn close(&mut self) {
        let tag = self.open.pop().expect("an element is open");
        self.indent();
        let _ = write!(self.text, "</{tag}>");
    }

    fn empty(&mut self, tag: &str, attributes: &str) {
        self.indent();
        let _ = write!(self.text, "<{tag} {attributes}/>");
    }

    fn class(&mut self, number: usize) {
        let word = WORDS[number % WORDS.len()];
        if number.is_multiple_of(10) {
            let id = format!("e{number}");
            self.open(
                "packagedElement",
                &format!("xmi:type=\"uml:Enumeration\" xmi:id=\"{id}\" name=\"State{number}\""),
            );
            for literal in ["open", "waiting", "done", "cancelled"] {
                self.empty(
                    "ownedLiteral",
                    &format!("xmi:type=\"uml:EnumerationLiteral\" xmi:id=\"{id}-{literal}\" name=\"{literal}\""),
                );
            }
            self.close();
        }
        self.open("packagedElement", &format!("xmi:type=\"uml:Class\" xmi:id=\"c{number}\" name=\"{word}{number}\""));
        self.open("ownedComment", &format!("xmi:type=\"uml:Comment\" xmi:id=\"c{number}-doc\""));
        self.indent();
        let _ = write!(self.text, "<body>What everybody calls {word} &amp; nothing else, number {number}.</body>");
        self.close();
        if number % 5 == 1 {
            let general = number - 1;
            self.empty(
                "generalization",
                &format!("xmi:type=\"uml:Generalization\" xmi:id=\"c{number}-g\" general=\"c{general}\""),
            );
        }
        for (place, ty) in TYPES.iter().enumerate() {
            let id = format!("c{number}-a{place}");
            self.open(
                "ownedAttribute",
                &format!("xmi:type=\"uml:Property\" xmi:id=\"{id}\" name=\"value{number}_{place}\""),
            );
            self.empty("type", &format!("href=\"http://www.omg.org/spec/UML/20131001/PrimitiveTypes.xmi#{ty}\""));
            if place % 2 == 0 {
                self.empty("lowerValue", &format!("xmi:type=\"uml:LiteralInteger\" xmi:id=\"{id}-l\" value=\"0\""));
            }
            self.close();
        }
        let state = number - number % 10;
        self.empty(
            "ownedAttribute",
            &format!("xmi:type=\"uml:Property\" xmi:id=\"c{number}-s\" name=\"state\" type=\"e{state}\""),
        );
        self.close();
        if number > 0 {
            self.association(number);
        }
    }

    /// From each class to one before it, so that the graph has no cycles and many neighbours.
    fn association(&mut self, number: usize) {
        let (id, whole) = (format!("r{number}"), number - 1 - number % 7 % number);
        self.open(
            "packagedElement",
            &format!("xmi:type=\"uml:Association\" xmi:id=\"{id}\" memberEnd=\"{id}-a {id}-b\""),
        );
        for (end, class, upper) in [("a", number, "*"), ("b", whole, "1")] {
            self.open(
                "ownedEnd",
                &format!(
                    "xmi:type=\"uml:Property\" xmi:id=\"{id}-{end}\" name=\"end{number}_{end}\" type=\"c{class}\" association=\"{id}\""
                ),
            );
            let metaclass = "xmi:type=\"uml:LiteralUnlimitedNatural\"";
            self.empty("upperValue", &format!("{metaclass} xmi:id=\"{id}-{end}-u\" value=\"{upper}\""));
            self.close();
        }
        self.close();
    }
}
