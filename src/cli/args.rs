//! The arguments.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Compiles UML class diagrams to complete Django projects.
///
/// umlaut reads the XMI export of a UML tool and writes a Django project with models, migrations, admin, REST API and tests.
#[derive(Debug, Parser)]
#[command(name = "umlaut", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Start with:  umlaut build model.xmi --out build/model\n\n\
    Exit status: 0 no errors, 1 errors in the model (or --check found differences), 2 the run failed, 101 our own mistake.")]
pub(super) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(super) command: Command,
    /// Options that every command has.
    #[command(flatten)]
    pub(super) global: Global,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the Django project of a model.
    Build(Build),
    /// Say everything that `build` would say, and write nothing.
    Check(Model),
    /// Tell what changes between two versions of a model: in the diagram, in migrations and SQL, and for the rows; write nothing.
    Diff(Diff),
    /// Explain a diagnostic's code, or every decision about an element of a model.
    Explain(Explain),
    /// Tell what a model holds, and what becomes of every element of it.
    Inspect(Inspect),
    /// Print a stage of the compiler, for people who work on umlaut.
    Dump(Dump),
    /// Draw the model's classes and relations.
    Graph(Graph),
}

/// A model to be read.
#[derive(Debug, Args)]
pub(super) struct Model {
    /// The model: a file, an archive with one model, a file in an archive (`old.zip!/shop.xmi`), or `-` for standard input.
    #[arg(value_name = "MODEL", required = true)]
    pub(super) models: Vec<PathBuf>,
    /// All files named are one model; folders stand for all models in them.
    #[arg(long)]
    pub(super) together: bool,
}

impl Model {
    /// The file that was named first.
    pub(super) fn first(&self) -> &Path {
        self.models.first().map_or(Path::new("-"), PathBuf::as_path)
    }
}

/// `umlaut build`
#[derive(Debug, Args)]
pub(super) struct Build {
    #[command(flatten)]
    pub(super) input: Model,
    /// Where to write the project [default: build/<name of the project>].
    #[arg(short, long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Write nothing; exit with 1 if the project on disk is not what the model gives.
    #[arg(long)]
    pub(super) check: bool,
    /// Write although there are errors; what is at fault is left out or repaired. The exit status stays 1.
    #[arg(long)]
    pub(super) keep_going: bool,
    /// Take over the migrations of a project that umlaut did not write, if they lead to the model; write nothing else.
    #[arg(long, conflicts_with_all = ["check", "keep_going"])]
    pub(super) adopt: bool,
}

/// `umlaut diff`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  umlaut diff shop-1.xmi shop-2.xmi\n  umlaut diff shop.xmi --out build/shop --format markdown"
)]
pub(super) struct Diff {
    /// The old and the new model; or the new one alone, against what the last build left.
    #[arg(value_name = "OLD NEW|MODEL", required = true, num_args = 1..=2)]
    pub(super) models: Vec<PathBuf>,
    /// Folders named are models; all files in one are one model.
    #[arg(long)]
    pub(super) together: bool,
    /// Where the last build is, if only one model is named [default: build/<name of the project>].
    #[arg(short, long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
}

/// `umlaut explain`
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  umlaut explain U0301\n  umlaut explain shop.xmi shop.Order.customer")]
pub(super) struct Explain {
    /// A code such as U0301 or dangling-reference; or a model and an element of it: its path in the model or in Django, an
    /// end of it, a pattern such as `sales.**`, or id:XMI-ID.
    #[arg(value_name = "CODE|MODEL PATH", required = true)]
    pub(super) words: Vec<String>,
    /// All files named are one model; folders stand for all models in them.
    #[arg(long)]
    pub(super) together: bool,
    /// Print JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// `umlaut inspect`
#[derive(Debug, Args)]
pub(super) struct Inspect {
    #[command(flatten)]
    pub(super) input: Model,
    /// Sum up what became of the elements, and list those that nothing was made of.
    #[arg(long)]
    pub(super) account: bool,
    /// Print JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// `umlaut dump`
#[derive(Debug, Args)]
pub(super) struct Dump {
    #[command(flatten)]
    pub(super) input: Model,
    /// Which stage.
    #[arg(long, value_enum)]
    pub(super) stage: Stage,
}

/// The stages that can be printed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Stage {
    /// What was drawn, in a compact notation.
    Model,
    /// The relations.
    Graph,
    /// The Django project.
    Project,
    /// The migrations, as they would be written.
    Migrations,
}

/// `umlaut graph`
#[derive(Debug, Args)]
pub(super) struct Graph {
    #[command(flatten)]
    pub(super) input: Model,
    /// In which form.
    #[arg(long = "as", value_enum, default_value = "svg")]
    pub(super) form: Form,
    /// Draw what becomes of rows when others are deleted, and why.
    #[arg(long)]
    pub(super) cascades: bool,
    /// Draw only what is near to this class (its path or name).
    #[arg(long, value_name = "CLASS")]
    pub(super) around: Option<String>,
    /// How many relations away from it.
    #[arg(long, default_value_t = 1, requires = "around", value_name = "N")]
    pub(super) depth: usize,
    /// Where to write the picture [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
}

/// Forms of pictures.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Form {
    /// A picture for browsers, wikis and reports.
    Svg,
    /// Text for Graphviz.
    Dot,
    /// Lines of text.
    Text,
    /// JSON.
    Json,
}

/// Options that every command has.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of all commands")]
pub(super) struct Global {
    /// How findings are printed.
    #[arg(long, value_enum, default_value = "human", global = true)]
    pub(super) format: Format,
    /// Whether to use colours.
    #[arg(long, value_enum, default_value = "auto", global = true)]
    pub(super) color: Color,
    /// The settings file [default: umlaut.toml, searched from the model's folder upwards].
    #[arg(long, value_name = "FILE", global = true, conflicts_with = "isolated")]
    pub(super) config: Option<PathBuf>,
    /// Read no settings file.
    #[arg(long, global = true)]
    pub(super) isolated: bool,
    /// Do not show findings of a code, slug or family.
    #[arg(short = 'A', long = "allow", value_name = "CODE", global = true)]
    pub(super) allow: Vec<String>,
    /// Show findings of a code, slug or family as warnings.
    #[arg(short = 'W', long = "warn", value_name = "CODE", global = true)]
    pub(super) warn: Vec<String>,
    /// Treat findings of a code, slug or family as errors; `warnings` means all of them.
    #[arg(short = 'D', long = "deny", value_name = "CODE", global = true)]
    pub(super) deny: Vec<String>,
    /// How many findings are printed for people, a number or `none`.
    #[arg(long, default_value = "100", value_name = "N", value_parser = parse_limit, global = true)]
    pub(super) max_diagnostics: Limit,
    /// Print nothing but errors.
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
}

/// A number of findings, or no limit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit(pub(super) Option<usize>);

fn parse_limit(text: &str) -> Result<Limit, String> {
    if text == "none" {
        return Ok(Limit(None));
    }
    text.parse().map(|limit| Limit(Some(limit))).map_err(|_| "it is a number, or `none`".to_owned())
}

/// Formats of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// With excerpts, on standard error.
    #[value(alias = "text")]
    Human,
    /// One line each: `path:line:column: level[code]: message`.
    Short,
    /// One JSON object a line, on standard output.
    Json,
    /// For a pull request; of `diff` only.
    Markdown,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On terminals, unless the environment asks otherwise.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
