//! Operations: `behaviors.py` is written once, then it is the user's, and the models follow what stands in it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use crate::django;
use crate::support::compile::{compile_bytes, files_below};
use crate::support::postgres::Server;
use crate::support::python::{python, try_python};
use crate::support::{judge_dir, root};

/// A folder in which one project is built again and again.
struct Bench(PathBuf);

const CUSTOMER: &str = "<packagedElement xmi:type='uml:Class' xmi:id='customer' name='Customer'>\
     <ownedAttribute xmi:id='name' name='name' type='string'/>{customer}</packagedElement>";
const ORDER: &str = "<packagedElement xmi:type='uml:Class' xmi:id='order' name='Order'>\
     <ownedAttribute xmi:id='number' name='number' type='string'/>{order}</packagedElement>";
const VAN: &str = "<packagedElement xmi:type='uml:Class' xmi:id='rush' name='Rush'>\
     <generalization xmi:id='g' general='order'/><ownedAttribute xmi:id='by' name='by' type='string'/>{rush}</packagedElement>";

fn operation(name: &str) -> String {
    format!("<ownedOperation xmi:id='{name}' name='{name}'/>")
}

impl Bench {
    fn new(name: &str) -> Self {
        let folder = judge_dir().join("operations").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(folder.join(".git")).unwrap();
        Self(folder)
    }

    fn project(&self) -> PathBuf {
        self.0.join("build/shop")
    }

    fn file(&self, path: &str) -> String {
        fs::read_to_string(self.project().join(path)).unwrap()
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.project().join(path), text).unwrap();
    }

    fn draw(&self, order: &str, customer: &str, rush: &str) {
        let classes = [CUSTOMER, ORDER, VAN].concat();
        let classes = classes.replace("{order}", order).replace("{customer}", customer).replace("{rush}", rush);
        let text = format!(
            "<xmi:XMI xmi:version='20131001' xmlns:xmi='http://www.omg.org/spec/XMI/20131001' \
             xmlns:uml='http://www.eclipse.org/uml2/5.0.0/UML'><uml:Model xmi:id='m' name='shop'>\
             <packagedElement xmi:type='uml:PrimitiveType' xmi:id='string' name='String'/>\
             <packagedElement xmi:type='uml:Package' xmi:id='p' name='shop'>{classes}</packagedElement></uml:Model></xmi:XMI>"
        );
        fs::write(self.0.join("shop.uml"), text).unwrap();
    }

    fn umlaut(&self, args: &[&str]) -> Output {
        let output = Command::new(env!("CARGO_BIN_EXE_umlaut")).args(args).current_dir(&self.0).output().unwrap();
        assert!(
            output.status.success(),
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        output
    }

    /// Builds what is drawn. What is said, without what the build tells about itself.
    fn build(&self) -> String {
        String::from_utf8_lossy(&self.umlaut(&["build", "shop.uml", "--quiet"]).stderr).into_owned()
            + &String::from_utf8_lossy(&self.umlaut(&["build", "shop.uml"]).stderr)
    }

    /// The same, with each finding in one line.
    fn says(&self) -> String {
        String::from_utf8_lossy(&self.umlaut(&["build", "shop.uml", "--format", "short", "--quiet"]).stdout)
            .into_owned()
    }

    /// Runs Python with Django set up, in the project.
    fn python(&self, code: &str) -> String {
        let database = format!("sqlite:///{}", self.0.join("db.sqlite3").display());
        let env = [("DJANGO_SETTINGS_MODULE", "config.settings.test"), ("DATABASE_URL", database.as_str())];
        let code = format!("import django; django.setup()\n{code}");
        String::from_utf8_lossy(&python(&["-c", &code], &self.project(), &env).stdout).trim().to_owned()
    }
}

#[test]
fn what_the_user_writes_stays_and_what_is_missing_is_said_till_it_is_there() {
    let bench = Bench::new("story");
    let cancel = "<ownedOperation xmi:id='cancel' name='cancel'><ownedParameter xmi:id='why' name='why' type='string'/>\
                  <ownedParameter xmi:id='whom' name='by' type='customer'/></ownedOperation>";
    bench.draw(cancel, "", "");
    assert_eq!(bench.says(), "");
    let seed = bench.file("shop/behaviors.py");
    assert!(seed.contains("def cancel(self, why: str, by: \"Customer\") -> None:"), "{seed}");
    assert!(bench.file("shop/models.py").contains("class Order(OrderBehavior):"));
    assert!(bench.file("shop/models.py").contains("class Customer(models.Model):"));

    // The user fills it in, and overrides what models do.
    let own = "    def __str__(self) -> str:\n        return f\"order {self.number}\"\n\n    \
               def save(self, *args: object, **kwargs: object) -> None:\n        \"\"\"Save.\"\"\"\n        \
               self.number += \"!\"\n        super().save(*args, **kwargs)\n\n    \
               def clean(self) -> None:\n        \"\"\"Refuse.\"\"\"\n        super().clean()\n        \
               self.number = \"cleaned\"\n\n    def cancel";
    let written = seed
        .replace("        raise NotImplementedError\n", "        self.number = why\n")
        .replace("    def cancel", own);
    assert_ne!(written, seed);
    bench.write("shop/behaviors.py", &written);
    let ship = [cancel, &operation("ship"), &operation("track")].concat();
    bench.draw(&ship, &operation("greet"), "");
    let said = bench.says();
    for (path, class) in
        [("Order.ship", "OrderBehavior"), ("Order.track", "OrderBehavior"), ("Customer.greet", "CustomerBehavior")]
    {
        let name = path.rsplit('.').next().unwrap();
        let message = format!("warning[U1507]: operation `shop.{path}` needs `{class}.{name}` in `shop/behaviors.py`");
        assert!(said.contains(&message), "{said}");
    }
    assert_eq!(said.lines().count(), 3, "{said}");
    assert_eq!(bench.file("shop/behaviors.py"), written);
    let models = bench.file("shop/models.py");
    assert!(
        models.contains("class Order(OrderBehavior):") && models.contains("class Customer(models.Model):"),
        "{models}"
    );
    let order = models.split("class Order(").nth(1).unwrap().split("\nclass ").next().unwrap();
    assert!(!order.contains("__str__"), "{order}");
    django::ruff(&bench.project());
    django::makemigrations(&bench.project());
    bench.python("from django.core.management import call_command; call_command('migrate', verbosity=0)");
    let said = bench.python(
        "from shop.models import Order\norder = Order(number='x')\norder.cancel('gone', None)\nprint(order.number)\n\
         order.full_clean()\norder.save()\nprint(Order.objects.get())\nprint(hasattr(order, 'ship'))",
    );
    assert_eq!(said, "gone\norder cleaned!\nFalse");

    // What the message shows is pasted, and found.
    let said = bench.build();
    let paste = |name: &str| {
        let text = said.split(&format!("write into {name}")).nth(1).unwrap_or_else(|| panic!("{said}"));
        let lines = text.lines().skip(1).take_while(|line| line.starts_with("        "));
        lines.map(|line| line.get(10..).unwrap_or_default().to_owned() + "\n").collect::<String>()
    };
    let method = paste("`class OrderBehavior`");
    let class = paste("`shop/behaviors.py`");
    let track = "    def track(self) -> None:\n        \"\"\"Track.\"\"\"\n        raise NotImplementedError\n";
    assert!(said.contains("import at the top of the file:\n          from django.db import models"), "{said}");
    bench.write("shop/behaviors.py", &format!("{written}\n{method}\n{track}\n\n{class}"));
    assert_eq!(bench.says(), "", "{}", bench.file("shop/behaviors.py"));
    assert!(bench.file("shop/models.py").contains("class Customer(CustomerBehavior):"));
    django::ruff(&bench.project());
    assert_eq!(
        bench.python("from shop.models import Order, Customer\nprint(Order.ship.__doc__, Customer.greet.__doc__)"),
        "Ship. Greet."
    );

    // An operation goes: it is said once, and nothing is touched.
    let before = bench.file("shop/behaviors.py");
    bench.draw(cancel, &operation("greet"), "");
    let said = bench.says();
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.contains("[U1509]: `shop.Order.ship` is gone from the diagram; `OrderBehavior.ship`"), "{said}");
    assert_eq!(bench.says(), "");
    // All of them go: the file stays all the same, and so do the bases.
    bench.draw("", "", "");
    let said = bench.says();
    assert!(said.lines().all(|line| line.contains("U1509")) && !said.is_empty(), "{said}");
    assert_eq!(bench.file("shop/behaviors.py"), before);
    assert!(bench.file("shop/models.py").contains("class Order(OrderBehavior):"));
    django::makemigrations(&bench.project());
}

#[test]
fn what_the_user_computes_stays_when_the_diagram_says_how() {
    let bench = Bench::new("derived");
    let label = |rule: &str| {
        format!("<ownedAttribute xmi:id='label' name='label' type='string' isDerived='true'>{rule}</ownedAttribute>")
    };
    bench.draw(&label(""), "", "");
    assert_eq!(bench.says(), "");
    let seed = bench.file("shop/behaviors.py");
    let written = seed.replace("raise NotImplementedError", "return f\"no. {self.number}\"");
    bench.write("shop/behaviors.py", &written);
    let rule =
        "<defaultValue xmi:type='uml:OpaqueExpression' xmi:id='d'><body>number.concat('!')</body></defaultValue>";
    bench.draw(&label(rule), "", "");
    let said = bench.says();
    let message = "warning[U1509]: `OrderBehavior.label` in `shop/behaviors.py` stands in the place of what the diagram says of \
                   `shop.Order.label`";
    assert!(said.contains(message) && said.lines().count() == 1, "{said}");
    assert_eq!(bench.python("from shop.models import Order; print(Order(number='7').label)"), "no. 7");
    django::makemigrations(&bench.project());
    // Once it is taken out, the database computes it.
    let (rest, _) = written.split_once("    @property").unwrap();
    bench.write("shop/behaviors.py", rest.trim_end());
    assert!(!bench.says().contains("U1509"));
    assert!(bench.file("shop/models.py").contains("label = models.GeneratedField("));
    django::makemigrations(&bench.project());
}

#[test]
fn migrations_are_the_same_with_and_without_operations() {
    let migrations = |name: &str, order: &str, customer: &str| {
        let bench = Bench::new(name);
        bench.draw(order, customer, "");
        bench.says();
        django::makemigrations(&bench.project());
        let files = files_below(&bench.project().join("shop/migrations"));
        let names = files.iter().map(|path| path.to_string_lossy().into_owned());
        names
            .filter(|name| !name.contains("__pycache__"))
            .map(|name| bench.file(&format!("shop/migrations/{name}")))
            .collect::<Vec<_>>()
    };
    let rows = "<ownedOperation xmi:id='late' name='late' isStatic='true'/>";
    assert_eq!(
        migrations("without", "", ""),
        migrations("with", &[operation("cancel").as_str(), operation("toString").as_str()].concat(), rows)
    );
}

#[test]
fn rows_of_children_keep_the_order_of_their_parents() {
    let bench = Bench::new("order");
    bench.draw(&operation("ship"), "", &operation("hurry"));
    assert_eq!(bench.says(), "");
    django::makemigrations(&bench.project());
    django::ruff(&bench.project());
    let said = bench.python(
        "from shop.models import Rush\nprint(Rush.objects.all().ordered, Rush.ship.__doc__, Rush.hurry.__doc__)",
    );
    assert_eq!(said, "True Ship. Hurry.");
}

#[test]
fn whatever_stands_in_the_file_is_read_and_kept() {
    let bench = Bench::new("any");
    bench.draw(&operation("ship"), "", "");
    bench.says();
    for text in ["", "\u{0}", "class OrderBehavior", "\"\"\"\nclass OrderBehavior:\n  def ship(", "<<<<<<< ours\n"] {
        bench.write("shop/behaviors.py", text);
        let said = bench.says();
        assert_eq!(said.lines().count(), 1, "{text:?}: {said}");
        assert!(said.contains("U1507"), "{text:?}: {said}");
        assert_eq!(bench.file("shop/behaviors.py"), text);
    }
}

#[test]
fn the_stubs_of_a_case_with_everything_pass_all_judges() {
    let folder = root().join("tests/cases/project/operations");
    let bytes = fs::read(folder.join("input.xmi")).unwrap();
    let toml = fs::read_to_string(folder.join("umlaut.toml")).ok();
    let files = compile_bytes("input.xmi", bytes, toml.as_deref()).files.unwrap();
    let project = judge_dir().join("operations/everything");
    if project.exists() {
        fs::remove_dir_all(&project).unwrap();
    }
    for (path, file) in files.iter() {
        let path = project.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.content).unwrap();
    }
    for app in ["shop", "people"] {
        let behaviors = fs::read_to_string(project.join(app).join("behaviors.py")).unwrap();
        crate::support::compile::expect_file(&folder.join(format!("{app}.py.txt")), &behaviors);
    }
    django::judge(&project, true, Some(&Server::start()));
    // Each module can be the first that is imported.
    let env = [("DJANGO_SETTINGS_MODULE", "config.settings.test")];
    let code = "import shop.behaviors, people.behaviors";
    let output =
        try_python(&["-c", &format!("from django.conf import settings; settings.configure(); {code}")], &project, &env);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("AppRegistryNotReady") || output.status.success(), "{said}");
}

#[test]
fn explain_says_what_became_of_an_operation_and_why() {
    let explain = |path: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_umlaut"))
            .args(["explain", "tests/cases/project/operations/input.xmi", path, "--isolated"])
            .current_dir(root())
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    for (path, parts) in [
        ("shop.Order.weigh", ["`weigh` of `OrderBehavior`", "a method of OrderBehavior", "the drawn name"]),
        ("shop.Order.delete", ["shop.Order.delete_order", "name `delete_order`", "Django has `delete`"]),
        ("shop.Order.overdue", ["`overdue` of `OrderQuerySet`", "it asks for rows", "tag"]),
        ("shop.Order.getNumber", ["nothing", "no stub", "reads an attribute"]),
        ("shop.Order.total", ["`total` of `OrderBehavior`", "a property", "without a rule"]),
        ("shop.Payable.pay", ["`pay` of `OrderBehavior`", "from Payable", "the class realizes it"]),
    ] {
        let said = explain(path);
        assert!(parts.iter().all(|part| said.contains(part)), "{path}: {said}");
    }
}

#[test]
fn what_operations_demand_and_promise_is_checked_around_the_users_code() {
    let bench = Bench::new("contracts");
    let cancel = "<ownedOperation xmi:id='cancel' name='cancel'><ownedParameter xmi:id='why' name='why' type='string'/>\
                  <ownedParameter xmi:id='back' direction='return' type='string'/>\
                  <precondition xmi:id='c1' name='hasReason'><ownedComment xmi:id='c1d' annotatedElement='c1'>\
                  <body>Say why, in 100 % of the cases.</body></ownedComment>\
                  <specification xmi:type='uml:OpaqueExpression' xmi:id='c1s'><language>OCL</language>\
                  <body>why.size() &gt; 3 and number &lt;&gt; 'gone'</body></specification></precondition>\
                  <postcondition xmi:id='c2' name='saysSo'>\
                  <specification xmi:type='uml:OpaqueExpression' xmi:id='c2s'><language>OCL</language>\
                  <body>result.size() &gt; 0</body></specification></postcondition></ownedOperation>";
    bench.draw(cancel, "", "");
    assert_eq!(bench.says(), "");
    let seed = bench.file("shop/behaviors.py");
    assert!(seed.contains("def cancel(self, why: str) -> str:"), "{seed}");
    bench
        .write("shop/behaviors.py", &seed.replace("raise NotImplementedError", "return why.removeprefix(\"because\")"));
    assert_eq!(bench.says(), "");
    django::ruff(&bench.project());
    django::makemigrations(&bench.project());
    let tried = "from django.core.exceptions import ValidationError\nfrom shop.models import Order, Rush\n\
                 def tried(order, why):\n    try:\n        return order.cancel(why)\n    \
                 except (AssertionError, ValidationError) as error:\n        return type(error).__name__, *getattr(error, 'messages', error.args), getattr(error, 'code', None)\n\
                 for order in Order(number='1'), Rush(number='2'):\n    print(tried(order, 'rain'), tried(order, 'no'), tried(order, 'because'))\n\
                 print(tried(Order(number='gone'), 'rain'))";
    let refused = "('ValidationError', 'Say why, in 100 % of the cases.', 'has_reason')";
    let line = format!("rain {refused} ('AssertionError', 'result.size() > 0', None)");
    assert_eq!(bench.python(tried), format!("{line}\n{line}\n{refused}"));
    // What the diagram does not demand any more is not checked.
    let without = cancel.split("<precondition").next().unwrap().to_owned() + "</ownedOperation>";
    bench.draw(&without, "", "");
    assert_eq!(bench.says(), "");
    assert!(!bench.file("shop/models.py").contains("def cancel"), "{}", bench.file("shop/models.py"));
}
