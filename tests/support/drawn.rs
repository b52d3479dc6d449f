//! Random valid models, written as tools write them, and what must be found in them again.
//!
//! Shared by the property tests and the fuzz target `model`: both only give numbers to choose by.

use std::fmt::Write;

/// Gives a number below the one asked for.
pub type Choose<'c> = &'c mut dyn FnMut(usize) -> usize;

/// A model as it was drawn.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub packages: Vec<String>,
    pub classifiers: Vec<Classifier>,
    pub associations: Vec<Association>,
}

#[derive(Clone, Debug)]
pub struct Classifier {
    pub kind: Kind,
    pub name: String,
    pub package: Option<usize>,
    pub documentation: Option<String>,
    /// Classifiers before it.
    pub generals: Vec<usize>,
    pub attributes: Vec<Attribute>,
    pub literals: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Class,
    Interface,
    DataType,
    Enumeration,
}

#[derive(Clone, Debug)]
pub struct Attribute {
    pub name: String,
    /// A classifier; else there is no type.
    pub ty: Option<usize>,
    pub bounds: Bounds,
}

/// Both bounds, where they are drawn; `-1` is `*`.
pub type Bounds = Option<(i32, i32)>;

#[derive(Clone, Debug)]
pub struct Association {
    pub name: String,
    pub ends: Vec<End>,
}

#[derive(Clone, Debug)]
pub struct End {
    pub class: usize,
    pub name: String,
    pub bounds: Bounds,
    pub composite: bool,
}

/// How a model is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// By the book: `xmi:type` everywhere, references as children.
    Omg,
    /// References as attributes, no `xmi:type` where a feature implies it.
    Eclipse,
    /// Ids of Enterprise Architect, and its header.
    EnterpriseArchitect,
    /// A wrapper with MagicDraw's header, ends owned by classes.
    MagicDraw,
    /// XMI 1.2 as ArgoUML writes it.
    ArgoUml,
}

/// All forms.
pub const FORMS: [Form; 5] = [Form::Omg, Form::Eclipse, Form::EnterpriseArchitect, Form::MagicDraw, Form::ArgoUml];

const NAMES: [&str; 20] = [
    "Order",
    "order",
    "Kunde",
    "Straße",
    "R&D",
    "a<b",
    "say \"hi\"",
    "it's",
    "naïve name",
    "class",
    "None",
    "名前",
    "🙂",
    "x__y",
    "2nd",
    "_",
    "EARootClass ",
    "a.b",
    "\u{301}e",
    "tab\there",
];
const BOUNDS: [Bounds; 7] = [None, None, Some((0, 1)), Some((1, 1)), Some((0, -1)), Some((1, -1)), Some((2, 5))];

/// Draws a model.
pub fn draw(choose: Choose<'_>) -> Drawn {
    let packages = (0..choose(4)).map(|_| name(choose)).collect::<Vec<_>>();
    let count = 1 + choose(12);
    let kinds: Vec<Kind> = (0..count)
        .map(|_| match choose(8) {
            0 => Kind::Interface,
            1 => Kind::DataType,
            2 | 3 => Kind::Enumeration,
            _ => Kind::Class,
        })
        .collect();
    let classifiers = (0..count).map(|index| classifier(index, &kinds, packages.len(), choose)).collect();
    let ends: Vec<usize> = (0..count).filter(|&index| kinds[index] == Kind::Class).collect();
    let associations = match ends.len() {
        0 => Vec::new(),
        _ => (0..choose(8)).map(|_| association(&ends, choose)).collect(),
    };
    Drawn { packages, classifiers, associations }
}

fn name(choose: Choose<'_>) -> String {
    match choose(12) {
        0 => String::new(),
        1 => "long".repeat(1 + choose(60)),
        _ => NAMES[choose(NAMES.len())].to_owned(),
    }
}

fn classifier(index: usize, kinds: &[Kind], packages: usize, choose: Choose<'_>) -> Classifier {
    let kind = kinds[index];
    let same: Vec<usize> = (0..index).filter(|&other| kinds[other] == kind).collect();
    let mut generals = Vec::new();
    if kind != Kind::Enumeration && !same.is_empty() && choose(4) == 0 {
        generals.push(same[choose(same.len())]);
    }
    let attributes = match kind {
        Kind::Enumeration => Vec::new(),
        _ => (0..choose(5))
            .map(|_| Attribute {
                name: name(choose),
                ty: (choose(3) == 0).then(|| choose(kinds.len())),
                bounds: BOUNDS[choose(BOUNDS.len())],
            })
            .collect(),
    };
    Classifier {
        kind,
        name: name(choose),
        package: (packages > 0 && choose(4) > 0).then(|| choose(packages)),
        documentation: (choose(4) == 0).then(|| name(choose)),
        generals,
        attributes,
        literals: if kind == Kind::Enumeration { (0..choose(5)).map(|_| name(choose)).collect() } else { Vec::new() },
    }
}

fn association(classes: &[usize], choose: Choose<'_>) -> Association {
    let count = if choose(8) == 0 { 3 } else { 2 };
    let ends = (0..count)
        .map(|_| End {
            class: classes[choose(classes.len())],
            name: name(choose),
            bounds: BOUNDS[choose(BOUNDS.len())],
            composite: false,
        })
        .collect();
    let mut association = Association { name: name(choose), ends };
    if count == 2 && choose(3) == 0 {
        association.ends[1].composite = true;
        association.ends[0].bounds = Some((0, 1));
    }
    association
}

/// Writes a model in a form.
pub fn write(drawn: &Drawn, form: Form) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if form == Form::ArgoUml {
        xmi1(drawn, &mut text);
        return text;
    }
    let writer = Xmi2 { drawn, form };
    let model = format!("xmi:id=\"{}\" name=\"drawn\"", writer.id("model", 0));
    let uml = match form {
        Form::Eclipse => "http://www.eclipse.org/uml2/5.0.0/UML",
        Form::EnterpriseArchitect => "http://schema.omg.org/spec/UML/2.1",
        _ => "http://www.omg.org/spec/UML/20131001",
    };
    let spaces = format!("xmlns:xmi=\"http://www.omg.org/spec/XMI/20131001\" xmlns:uml=\"{uml}\"");
    if form == Form::Eclipse {
        let _ = write!(text, "<uml:Model xmi:version=\"20131001\" {spaces} {model}>");
        writer.content(&mut text);
        text.push_str("</uml:Model>");
        return text;
    }
    let exporter = match form {
        Form::EnterpriseArchitect => "<xmi:Documentation exporter=\"Enterprise Architect\" exporterVersion=\"6.5\"/>",
        Form::MagicDraw => {
            "<xmi:Documentation><xmi:exporter>MagicDraw UML</xmi:exporter>\
             <xmi:exporterVersion>18.0</xmi:exporterVersion></xmi:Documentation>"
        }
        _ => "",
    };
    let _ = write!(text, "<xmi:XMI {spaces}>{exporter}<uml:Model xmi:type=\"uml:Model\" {model}>");
    writer.content(&mut text);
    text.push_str("</uml:Model></xmi:XMI>");
    text
}

struct Xmi2<'d> {
    drawn: &'d Drawn,
    form: Form,
}

impl Xmi2<'_> {
    fn id(&self, what: &str, number: usize) -> String {
        match self.form {
            Form::EnterpriseArchitect => format!("EAID_{number:08X}_{what}"),
            Form::Eclipse => format!("_{what}{number}"),
            _ => format!("{what}-{number}"),
        }
    }

    /// `xmi:type`, where the feature does not imply it or the tool writes it all the same.
    fn ty(&self, metaclass: &str, implied: bool) -> String {
        if implied && self.form == Form::Eclipse { String::new() } else { format!("xmi:type=\"uml:{metaclass}\" ") }
    }

    fn content(&self, text: &mut String) {
        for place in std::iter::once(None).chain((0..self.drawn.packages.len()).map(Some)) {
            if let Some(package) = place {
                let _ = write!(
                    text,
                    "<packagedElement xmi:type=\"uml:Package\" xmi:id=\"{}\"{}>",
                    self.id("package", package),
                    named(&self.drawn.packages[package])
                );
            }
            for (index, classifier) in self.drawn.classifiers.iter().enumerate() {
                if classifier.package == place {
                    self.classifier(index, classifier, text);
                }
            }
            if place.is_some() {
                text.push_str("</packagedElement>");
            }
        }
        for (index, association) in self.drawn.associations.iter().enumerate() {
            self.association(index, association, text);
        }
    }

    fn classifier(&self, index: usize, classifier: &Classifier, text: &mut String) {
        let _ = write!(
            text,
            "<packagedElement xmi:type=\"uml:{:?}\" xmi:id=\"{}\"{}>",
            classifier.kind,
            self.id("type", index),
            named(&classifier.name)
        );
        if let Some(documentation) = &classifier.documentation {
            let (ty, id) = (self.ty("Comment", true), self.id("comment", index));
            let _ =
                write!(text, "<ownedComment {ty}xmi:id=\"{id}\"><body>{}</body></ownedComment>", escape(documentation));
        }
        for (place, &general) in classifier.generals.iter().enumerate() {
            let (ty, id) = (self.ty("Generalization", true), self.id("general", index * 100 + place));
            let general = self.id("type", general);
            let _ = write!(text, "<generalization {ty}xmi:id=\"{id}\" general=\"{general}\"/>");
        }
        for (place, attribute) in classifier.attributes.iter().enumerate() {
            let id = self.id("attribute", index * 100 + place);
            self.property("ownedAttribute", &id, &attribute.name, attribute.ty, attribute.bounds, "", text);
        }
        for (place, literal) in classifier.literals.iter().enumerate() {
            let (ty, id) = (self.ty("EnumerationLiteral", true), self.id("literal", index * 100 + place));
            let _ = write!(text, "<ownedLiteral {ty}xmi:id=\"{id}\"{}/>", named(literal));
        }
        if self.form == Form::MagicDraw {
            for (number, association) in self.drawn.associations.iter().enumerate() {
                if association.ends.len() == 2 && association.ends[0].class == index {
                    self.end("ownedAttribute", number, 1, &association.ends[1], text);
                }
            }
        }
        text.push_str("</packagedElement>");
    }

    #[allow(clippy::too_many_arguments)]
    fn property(
        &self,
        tag: &str,
        id: &str,
        name: &str,
        ty: Option<usize>,
        bounds: Bounds,
        more: &str,
        text: &mut String,
    ) {
        let _ = write!(text, "<{tag} {}xmi:id=\"{id}\"{}{more}", self.ty("Property", true), named(name));
        let ty = ty.map(|ty| self.id("type", ty));
        match (&ty, self.form) {
            (Some(ty), Form::Eclipse | Form::MagicDraw) => drop(write!(text, " type=\"{ty}\">")),
            (Some(ty), _) => drop(write!(text, "><type xmi:idref=\"{ty}\"/>")),
            (None, _) => text.push('>'),
        }
        if let Some((lower, upper)) = bounds {
            let upper =
                if upper < 0 && self.form != Form::EnterpriseArchitect { "*".to_owned() } else { upper.to_string() };
            let _ = write!(
                text,
                "<lowerValue xmi:type=\"uml:LiteralInteger\" xmi:id=\"{id}-l\" value=\"{lower}\"/>\
                 <upperValue xmi:type=\"uml:LiteralUnlimitedNatural\" xmi:id=\"{id}-u\" value=\"{upper}\"/>"
            );
        }
        let _ = write!(text, "</{tag}>");
    }

    fn end(&self, tag: &str, association: usize, place: usize, end: &End, text: &mut String) {
        let id = self.id("end", association * 10 + place);
        let aggregation = if end.composite { " aggregation=\"composite\"" } else { "" };
        let more = format!(" association=\"{}\"{aggregation}", self.id("association", association));
        self.property(tag, &id, &end.name, Some(end.class), end.bounds, &more, text);
    }

    fn association(&self, number: usize, association: &Association, text: &mut String) {
        let ids: Vec<String> = (0..association.ends.len()).map(|place| self.id("end", number * 10 + place)).collect();
        let _ = write!(
            text,
            "<packagedElement xmi:type=\"uml:Association\" xmi:id=\"{}\"{}",
            self.id("association", number),
            named(&association.name)
        );
        if self.form == Form::Eclipse {
            let _ = write!(text, " memberEnd=\"{}\">", ids.join(" "));
        } else {
            text.push('>');
            for id in &ids {
                let _ = write!(text, "<memberEnd xmi:idref=\"{id}\"/>");
            }
        }
        for (place, end) in association.ends.iter().enumerate() {
            let is_elsewhere = self.form == Form::MagicDraw && association.ends.len() == 2 && place == 1;
            if !is_elsewhere {
                self.end("ownedEnd", number, place, end, text);
            }
        }
        text.push_str("</packagedElement>");
    }
}

fn xmi1(drawn: &Drawn, text: &mut String) {
    text.push_str(
        "<XMI xmi.version=\"1.2\" xmlns:UML=\"org.omg.xmi.namespace.UML\"><XMI.header><XMI.documentation>\
         <XMI.exporter>ArgoUML (using Netbeans XMI Writer version 1.0)</XMI.exporter></XMI.documentation>\
         <XMI.metamodel xmi.name=\"UML\" xmi.version=\"1.4\"/></XMI.header><XMI.content>\
         <UML:Model xmi.id=\"model\" name=\"drawn\"><UML:Namespace.ownedElement>",
    );
    for place in std::iter::once(None).chain((0..drawn.packages.len()).map(Some)) {
        if let Some(package) = place {
            let _ = write!(
                text,
                "<UML:Package xmi.id=\"package{package}\"{}><UML:Namespace.ownedElement>",
                named(&drawn.packages[package])
            );
        }
        for (index, classifier) in drawn.classifiers.iter().enumerate().filter(|(_, it)| it.package == place) {
            xmi1_classifier(index, classifier, text);
        }
        if place.is_some() {
            text.push_str("</UML:Namespace.ownedElement></UML:Package>");
        }
    }
    for (index, classifier) in drawn.classifiers.iter().enumerate() {
        for &general in &classifier.generals {
            let (tag, of) = (xmi1_tag(classifier.kind), xmi1_tag(drawn.classifiers[general].kind));
            let _ = write!(
                text,
                "<UML:Generalization xmi.id=\"general{index}-{general}\">\
                 <UML:Generalization.child><{tag} xmi.idref=\"type{index}\"/></UML:Generalization.child>\
                 <UML:Generalization.parent><{of} xmi.idref=\"type{general}\"/></UML:Generalization.parent>\
                 </UML:Generalization>"
            );
        }
    }
    for (number, association) in drawn.associations.iter().enumerate() {
        let _ = write!(
            text,
            "<UML:Association xmi.id=\"association{number}\"{}><UML:Association.connection>",
            named(&association.name)
        );
        let whole = association.ends.iter().any(|end| end.composite);
        for (place, end) in association.ends.iter().enumerate() {
            // UML 1.x marks the whole, UML 2.x the end at the part.
            let aggregation = if whole && !end.composite { "composite" } else { "none" };
            let _ = write!(
                text,
                "<UML:AssociationEnd xmi.id=\"end{number}-{place}\"{} isNavigable=\"true\" aggregation=\"{aggregation}\">",
                named(&end.name)
            );
            xmi1_bounds(&format!("end{number}-{place}"), end.bounds, "UML:AssociationEnd.multiplicity", text);
            let _ = write!(
                text,
                "<UML:AssociationEnd.participant><UML:Class xmi.idref=\"type{}\"/></UML:AssociationEnd.participant>\
                 </UML:AssociationEnd>",
                end.class
            );
        }
        text.push_str("</UML:Association.connection></UML:Association>");
    }
    text.push_str("</UML:Namespace.ownedElement></UML:Model></XMI.content></XMI>");
}

fn xmi1_tag(kind: Kind) -> String {
    format!("UML:{kind:?}")
}

fn xmi1_classifier(index: usize, classifier: &Classifier, text: &mut String) {
    let tag = xmi1_tag(classifier.kind);
    let _ = write!(text, "<{tag} xmi.id=\"type{index}\"{}>", named(&classifier.name));
    if let Some(documentation) = &classifier.documentation {
        let _ = write!(
            text,
            "<UML:ModelElement.taggedValue><UML:TaggedValue xmi.id=\"tag{index}\">\
             <UML:TaggedValue.dataValue>{}</UML:TaggedValue.dataValue>\
             <UML:TaggedValue.type><UML:TagDefinition xmi.idref=\"documentation\"/></UML:TaggedValue.type>\
             </UML:TaggedValue></UML:ModelElement.taggedValue>",
            escape(documentation)
        );
    }
    if classifier.kind == Kind::Enumeration {
        text.push_str("<UML:Enumeration.literal>");
        for (place, literal) in classifier.literals.iter().enumerate() {
            let _ = write!(text, "<UML:EnumerationLiteral xmi.id=\"literal{index}-{place}\"{}/>", named(literal));
        }
        text.push_str("</UML:Enumeration.literal>");
    } else {
        text.push_str("<UML:Classifier.feature>");
        for (place, attribute) in classifier.attributes.iter().enumerate() {
            let id = format!("attribute{index}-{place}");
            let _ = write!(text, "<UML:Attribute xmi.id=\"{id}\"{}>", named(&attribute.name));
            xmi1_bounds(&id, attribute.bounds, "UML:StructuralFeature.multiplicity", text);
            if let Some(ty) = attribute.ty {
                let _ = write!(
                    text,
                    "<UML:StructuralFeature.type><UML:Class xmi.idref=\"type{ty}\"/></UML:StructuralFeature.type>"
                );
            }
            text.push_str("</UML:Attribute>");
        }
        text.push_str("</UML:Classifier.feature>");
    }
    let _ = write!(text, "</{tag}>");
}

fn xmi1_bounds(id: &str, bounds: Bounds, tag: &str, text: &mut String) {
    if let Some((lower, upper)) = bounds {
        let _ = write!(
            text,
            "<{tag}><UML:Multiplicity xmi.id=\"{id}-m\"><UML:Multiplicity.range>\
             <UML:MultiplicityRange xmi.id=\"{id}-r\" lower=\"{lower}\" upper=\"{upper}\"/>\
             </UML:Multiplicity.range></UML:Multiplicity></{tag}>"
        );
    }
}

fn named(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" name=\"{}\"", escape(name)) }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\t', "&#9;")
}
