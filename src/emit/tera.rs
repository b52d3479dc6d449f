//! Tera, as the emitters use it: templates that are part of the program, no escaping, and its errors as failures.

use serde::Serialize;
use tera::{Context, Tera};

use crate::failure::Failure;

/// The templates of one emitter.
#[derive(Debug)]
pub struct Templates(Tera);

impl Templates {
    /// Parses `templates`: pairs of a name and the text (`include_str!`). The name is the path of the file that comes out,
    /// as far as it is the same for every project.
    ///
    /// # Errors
    ///
    /// A template with a mistake in its syntax, or with an unknown filter, function or include.
    pub fn new(templates: &[(&'static str, &'static str)]) -> Result<Self, Failure> {
        let mut tera = Tera::new();
        // Python and Markdown are not HTML; Tera would escape what is called `.html` or `.xml`.
        tera.autoescape_on(Vec::<&str>::new());
        let names = || templates.iter().map(|(name, _)| *name).collect::<Vec<_>>().join("`, `");
        tera.add_raw_templates(templates.iter().copied())
            .map_err(|error| Failure::Template { name: names(), message: error.to_string() })?;
        Ok(Self(tera))
    }

    /// Renders the template called `name` with the fields of `view` as its variables.
    ///
    /// # Errors
    ///
    /// An unknown template, a variable that the view does not have, a view that is no struct or map.
    pub fn render(&self, name: &str, view: &(impl Serialize + ?Sized)) -> Result<String, Failure> {
        Context::from_serialize(view)
            .and_then(|context| self.0.render(name, &context))
            .map_err(|error| Failure::Template { name: name.to_owned(), message: error.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct View {
        title: &'static str,
        lines: [&'static str; 2],
    }

    const VIEW: View = View { title: "a<b>&\"'", lines: ["x", "y"] };

    fn message(result: Result<impl std::fmt::Debug, Failure>) -> String {
        match result {
            Err(Failure::Template { name, message }) => format!("{name}: {message}"),
            other => panic!("no template failure but {other:?}"),
        }
    }

    #[test]
    fn nothing_is_escaped_whatever_the_name() {
        for name in ["README.md", "page.html", "urls.py"] {
            let templates =
                Templates::new(&[(name, "{{ title }}\n{% for line in lines %}{{ line }}\n{% endfor %}")]).unwrap();
            assert_eq!(templates.render(name, &VIEW).unwrap(), "a<b>&\"'\nx\ny\n");
        }
    }

    #[test]
    fn a_mistake_in_a_template_is_found_when_it_is_loaded() {
        assert!(message(Templates::new(&[("a.py", "{% for %}")])).starts_with("a.py: "));
        assert!(message(Templates::new(&[("a.py", "{{ title | no_such_filter }}")])).contains("no_such_filter"));
        assert!(message(Templates::new(&[("a.py", "{% include \"b.py\" %}")])).contains("b.py"));
    }

    #[test]
    fn an_unknown_variable_is_a_failure_and_not_an_empty_text() {
        let templates = Templates::new(&[("a.py", "{{ titel }}")]).unwrap();
        let message = message(templates.render("a.py", &VIEW));
        assert!(message.contains("titel"), "{message}");
    }

    #[test]
    fn an_unknown_template_is_a_failure() {
        let templates = Templates::new(&[]).unwrap();
        assert!(message(templates.render("a.py", &VIEW)).contains("a.py"));
    }
}
