//! Class diagrams of relations, written as Eclipse's UML2 writes them.

use std::fmt::Write;

/// A diagram: packages with classes, and associations.
#[derive(Default)]
pub struct Drawing {
    packages: Vec<Package>,
}

#[derive(Default)]
struct Package {
    name: String,
    classes: Vec<Class>,
    /// Finished elements: associations, constraints.
    rest: String,
}

struct Class {
    name: String,
    header: String,
    /// What stands inside.
    inside: String,
    /// Finished text of an association class: its ends.
    ends: String,
}

/// What stands at one side of an association.
#[derive(Clone, Debug)]
pub struct End {
    /// The class that it is typed by.
    pub class: String,
    pub role: String,
    /// `0..1`, `1`, `*`, `2..5`
    pub bounds: &'static str,
    /// `none`, `shared` or `composite`: whether the class is the part.
    pub aggregation: &'static str,
    pub owner: Owner,
    /// `isOrdered`, `isUnique` and the like.
    pub more: String,
    /// Elements inside, such as qualifiers.
    pub inside: String,
}

/// Who owns an end, and whether one can navigate to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The class at the other side; so it is navigable.
    Class,
    /// The association, which says that it is navigable.
    Association,
    /// The association, which says nothing.
    Hidden,
}

/// An end that the association owns and says nothing else about.
pub fn end(class: &str, role: &str, bounds: &'static str) -> End {
    End {
        class: class.to_owned(),
        role: role.to_owned(),
        bounds,
        aggregation: "none",
        owner: Owner::Association,
        more: String::new(),
        inside: String::new(),
    }
}

/// Both bounds of a multiplicity.
pub fn bounds(text: &str) -> (u32, Option<u32>) {
    let number = |text: &str| text.parse::<u32>().unwrap();
    match text.split_once("..") {
        Some((lower, "*")) => (number(lower), None),
        Some((lower, upper)) => (number(lower), Some(number(upper))),
        None if text == "*" => (0, None),
        None => (number(text), Some(number(text))),
    }
}

impl End {
    fn write(&self, feature: &str, id: &str, association: &str) -> String {
        let (lower, upper) = bounds(self.bounds);
        let upper = upper.map_or_else(|| "*".to_owned(), |upper| upper.to_string());
        let name = if self.role.is_empty() { String::new() } else { format!(" name='{}'", self.role) };
        let aggregation = match self.aggregation {
            "none" => String::new(),
            other => format!(" aggregation='{other}'"),
        };
        let association = if association.is_empty() { String::new() } else { format!(" association='{association}'") };
        format!(
            "<{feature} xmi:id='{id}'{name} type='{}'{aggregation}{association}{}>{}\
             <lowerValue xmi:type='uml:LiteralInteger' xmi:id='{id}.l' value='{lower}'/>\
             <upperValue xmi:type='uml:LiteralUnlimitedNatural' xmi:id='{id}.u' value='{upper}'/></{feature}>\n",
            self.class, self.more, self.inside
        )
    }
}

impl Drawing {
    /// Begins a package; what is drawn next stands in it.
    pub fn package(&mut self, name: &str) {
        self.packages.push(Package { name: name.to_owned(), ..Package::default() });
    }

    fn here(&mut self) -> &mut Package {
        if self.packages.is_empty() {
            self.package("shop");
        }
        self.packages.last_mut().unwrap()
    }

    /// A class; its id is its name.
    pub fn class(&mut self, name: &str) {
        self.add_class(name, "Class", "", "");
    }

    /// A class or interface with more to say: XML attributes, and elements inside.
    pub fn add_class(&mut self, name: &str, kind: &str, header: &str, inside: &str) {
        let class = Class {
            name: name.to_owned(),
            header: format!("xmi:type='uml:{kind}'{header}"),
            inside: inside.to_owned(),
            ends: String::new(),
        };
        self.here().classes.push(class);
    }

    fn find(&mut self, name: &str) -> &mut Class {
        let classes = self.packages.iter_mut().flat_map(|package| &mut package.classes);
        classes.into_iter().find(|class| class.name == name).unwrap_or_else(|| panic!("no class {name}"))
    }

    /// An element inside of a class.
    pub fn inside(&mut self, class: &str, text: &str) {
        self.find(class).inside.push_str(text);
    }

    /// A generalization.
    pub fn generalization(&mut self, special: &str, general: &str) {
        let text = format!("<generalization xmi:id='{special}.{general}' general='{general}'/>\n");
        self.inside(special, &text);
    }

    /// An attribute that is typed by a class.
    pub fn attribute(&mut self, class: &str, attribute: &End) {
        let text = attribute.write("ownedAttribute", &format!("{class}.{}", attribute.role), "");
        self.inside(class, &text);
    }

    /// The member ends of an association called `id`, and those that it owns.
    fn ends(&mut self, id: &str, ends: &[End]) -> (String, String) {
        let (mut members, mut navigable, mut owned) = (Vec::new(), Vec::new(), String::new());
        for (index, end) in ends.iter().enumerate() {
            let end_id = format!("{id}.{index}");
            if end.owner == Owner::Class {
                let text = end.write("ownedAttribute", &end_id, id);
                let other = ends[1 - index].class.clone();
                self.inside(&other, &text);
            } else {
                owned.push_str(&end.write("ownedEnd", &end_id, id));
                if end.owner == Owner::Association {
                    navigable.push(end_id.clone());
                }
            }
            members.push(end_id);
        }
        let mut header = format!(" memberEnd='{}'", members.join(" "));
        if !navigable.is_empty() {
            let _ = write!(header, " navigableOwnedEnd='{}'", navigable.join(" "));
        }
        (header, owned)
    }

    /// An association; its id is its name.
    pub fn association(&mut self, name: &str, ends: &[End]) {
        self.add_association(name, "", ends);
    }

    /// An association with more to say.
    pub fn add_association(&mut self, name: &str, more: &str, ends: &[End]) {
        let (header, owned) = self.ends(name, ends);
        let text = format!(
            "<packagedElement xmi:type='uml:Association' xmi:id='{name}' name='{name}'{header}{more}>\n{owned}\
             </packagedElement>\n"
        );
        self.here().rest.push_str(&text);
    }

    /// Makes an association class of a class.
    pub fn association_class(&mut self, class: &str, ends: &[End]) {
        let (header, owned) = self.ends(class, ends);
        let found = self.find(class);
        found.header = format!("xmi:type='uml:AssociationClass'{header}");
        found.ends = owned;
    }

    /// An element in the package, such as a constraint.
    pub fn rest(&mut self, text: &str) {
        self.here().rest.push_str(text);
    }

    /// The document.
    pub fn xmi(&self) -> String {
        let mut out = String::from(
            "<?xml version='1.0' encoding='UTF-8'?>\n<uml:Model xmi:version='20131001' \
             xmlns:xmi='http://www.omg.org/spec/XMI/20131001' \
             xmlns:uml='http://www.eclipse.org/uml2/5.0.0/UML' xmi:id='_model' name='relations'>\n",
        );
        for package in &self.packages {
            let name = &package.name;
            let _ = writeln!(out, "<packagedElement xmi:type='uml:Package' xmi:id='_{name}' name='{name}'>");
            for class in &package.classes {
                let _ = writeln!(
                    out,
                    "<packagedElement {} xmi:id='{}' name='{}'>\n{}{}</packagedElement>",
                    class.header, class.name, class.name, class.inside, class.ends
                );
            }
            out.push_str(&package.rest);
            out.push_str("</packagedElement>\n");
        }
        out.push_str("</uml:Model>\n");
        out
    }
}
