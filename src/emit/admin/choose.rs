//! What the pages of a model show.

use std::collections::{BTreeMap, BTreeSet};

use crate::django::constraint::ConstraintKind;
use crate::django::field::{Auto, Inline, Kept, Value};
use crate::django::generic::{Generic, Gone};
use crate::django::shape::Shape;
use crate::django::{Field, FieldKind, ForeignKey, ModelKey, Project};
use crate::python::Expr;

/// Columns of a list.
const COLUMNS: usize = 6;

/// Fields that a search looks at, and filters beside a list.
const SEARCHED: usize = 4;

/// A part with more fields than that, or with parts of its own, has pages but is not shown inside of its owner's.
const SMALL: usize = 6;

/// The fields of a shape.
pub(super) fn fields<'a>(shape: &Shape<'a>) -> Vec<&'a Field> {
    shape.fields.iter().map(|member| member.field).collect()
}

fn is_short_text(field: &Field) -> bool {
    field.choices.is_none() && field.is_text() && field.kind != FieldKind::Text && field.is_shown()
}

fn is_to_one(field: &Field) -> bool {
    field.foreign_key().is_some()
}

/// Whether it keeps who saves its rows.
pub(super) fn is_signed(shape: &Shape<'_>) -> bool {
    shape.fields.iter().any(|member| member.field.is_signed())
}

/// Whether a list can show it in a cell. Who saved a row is on its page.
fn is_column(field: &Field) -> bool {
    field.is_shown()
        && !matches!(field.kept, Some(Kept::Signer | Kept::Version))
        && !matches!(
            field.kind,
            FieldKind::ManyToMany(_)
                | FieldKind::Binary
                | FieldKind::Json
                | FieldKind::Array(_)
                | FieldKind::File { .. }
                | FieldKind::Text
        )
}

/// Columns of the list: texts, what they refer to, what state they are in, then the rest. The first text comes first, without
/// one the row's own words; the others stand in the order of the model.
pub(super) fn list_display(shape: &Shape<'_>) -> Vec<String> {
    let fields = fields(shape);
    let rank = |field: &Field| {
        if is_short_text(field) {
            0
        } else if is_to_one(field) || field.choices.is_some() || field.kind == FieldKind::Boolean {
            1
        } else {
            2
        }
    };
    let mut ranked: Vec<(u8, usize)> =
        fields.iter().enumerate().filter(|(_, field)| is_column(field)).map(|(at, field)| (rank(field), at)).collect();
    ranked.sort_unstable();
    let own_words = ranked.first().is_none_or(|&(rank, _)| rank > 0);
    // Not only texts, if there is something else to tell.
    let others = ranked.iter().filter(|(rank, _)| *rank > 0).count().min(COLUMNS / 2);
    let texts = COLUMNS - others;
    let mut shown: Vec<(u8, usize)> = ranked.iter().copied().filter(|(rank, _)| *rank == 0).take(texts).collect();
    let room = COLUMNS - shown.len() - usize::from(own_words);
    shown.extend(ranked.iter().copied().filter(|(rank, _)| *rank > 0).take(room));
    // The first text is the link to the row.
    let link = shown.first().map(|&(_, at)| at).filter(|_| !own_words);
    shown.sort_by_key(|&(_, at)| (Some(at) != link, at));
    let own_words = own_words.then(|| "__str__".to_owned());
    own_words.into_iter().chain(shown.into_iter().map(|(_, at)| fields[at].name.clone())).collect()
}

/// What was asked for, else enumerations and yes or no.
pub(super) fn list_filter(shape: &Shape<'_>) -> Vec<String> {
    let asked = shape.lists().filter;
    let is_plain = |name: &String| {
        shape.field(name).is_some_and(|member| {
            !matches!(member.field.kind, FieldKind::Json | FieldKind::Binary | FieldKind::File { .. })
        })
    };
    if asked.iter().any(is_plain) {
        return asked.into_iter().filter(is_plain).collect();
    }
    let fields = fields(shape);
    let is_filter = |field: &&&Field| field.choices.is_some() || field.kind == FieldKind::Boolean;
    let filters = fields.iter().filter(is_filter).filter(|field| field.is_shown());
    filters.take(SEARCHED).map(|field| field.name.clone()).collect()
}

/// Keys among the columns.
pub(super) fn list_select_related(shape: &Shape<'_>, columns: &[String]) -> Vec<String> {
    let keys = fields(shape).into_iter().filter(|field| is_to_one(field) && columns.contains(&field.name));
    keys.map(|field| field.name.clone()).collect()
}

/// What was asked for, else texts; without any, the key, so that other pages can look for the row.
pub(super) fn search_fields(shape: &Shape<'_>) -> Vec<String> {
    let asked = shape.lists().search;
    if !asked.is_empty() {
        return asked;
    }
    let fields = fields(shape);
    let short = fields.iter().filter(|field| is_short_text(field));
    let long = fields.iter().filter(|field| field.kind == FieldKind::Text && field.is_shown());
    let names: Vec<String> = short.chain(long).take(SEARCHED).map(|field| field.name.clone()).collect();
    if names.is_empty() { vec!["pk__exact".to_owned()] } else { names }
}

/// Relations that a form asks for; each registered model can be searched. Relations with a through model of their own are
/// filled in there.
pub(super) fn autocomplete_fields(project: &Project, shape: &Shape<'_>, without: Option<&str>) -> Vec<String> {
    let relations = fields(shape).into_iter().filter(|field| {
        let to = field.foreign_key().map(|key| &key.to).or_else(|| field.many_to_many().map(|relation| &relation.to));
        // A few rows are chosen from a list of all.
        if field.is_lookup() {
            return false;
        }
        // Content types have no pages.
        if field.foreign_key().is_some_and(ForeignKey::is_content_type) {
            return false;
        }
        // Django asks the pages of the other model, if it has any.
        if to.and_then(|key| project.model(key)).is_some_and(|model| model.no_admin) {
            return false;
        }
        let asked = is_to_one(field) || field.many_to_many().is_some_and(|relation| relation.through.is_none());
        asked && field.editable && Some(field.name.as_str()) != without
    });
    relations.map(|field| field.name.clone()).collect()
}

fn sets_itself(field: &Field) -> bool {
    match field.kind {
        FieldKind::Date { auto } | FieldKind::DateTime { auto } | FieldKind::Time { auto } => auto != Auto::No,
        _ => false,
    }
}

/// What is shown but not asked for.
pub(super) fn readonly_fields(shape: &Shape<'_>) -> Vec<String> {
    let fixed = fields(shape).into_iter().filter(|field| {
        let shown = !matches!(field.kind, FieldKind::Binary | FieldKind::BigAuto | FieldKind::ManyToMany(_));
        shown && (sets_itself(field) || !field.editable || matches!(field.kind, FieldKind::Generated { .. }))
    });
    fixed.map(|field| field.name.clone()).collect()
}

/// What is asked for when a row is made and never again.
pub(super) fn fixed_fields(shape: &Shape<'_>) -> Vec<String> {
    let shown = readonly_fields(shape);
    let fixed = fields(shape).into_iter().filter(|field| field.set_once && field.editable);
    fixed.map(|field| field.name.clone()).filter(|name| !shown.contains(name)).collect()
}

/// The date on which a row was made: it sets itself, or is today or now unless somebody says otherwise.
pub(super) fn date_hierarchy(shape: &Shape<'_>) -> Option<String> {
    let is_made = |field: &&Field| match field.kind {
        FieldKind::Date { auto: Auto::NowAdd } | FieldKind::DateTime { auto: Auto::NowAdd } => true,
        FieldKind::Date { auto: Auto::No } | FieldKind::DateTime { auto: Auto::No } => {
            matches!(field.default.as_deref(), Some(Value::Expr(Expr::Ref { module: "django.utils.timezone", .. })))
        }
        _ => false,
    };
    fields(shape).into_iter().find(is_made).map(|field| field.name.clone())
}

/// What a user model has besides the fields of `AbstractUser`: those that can be filled in.
pub(super) fn user_fields<'a>(shape: &Shape<'a>) -> Vec<&'a Field> {
    let fillable = fields(shape).into_iter().filter(|field| {
        let by_hand = field.many_to_many().is_none_or(|relation| relation.through.is_none());
        field.editable
            && !sets_itself(field)
            && !matches!(field.kind, FieldKind::Binary | FieldKind::BigAuto | FieldKind::Generated { .. })
            && by_hand
    });
    fillable.collect()
}

/// A part that is shown on the page of its owner.
#[derive(Clone, Copy)]
pub(super) struct Part<'a, 's> {
    /// The part.
    pub shape: &'s Shape<'a>,
    /// Its key to the owner, or the field that says in which table the owner is.
    pub key: &'a Field,
    /// The reference that leads to the owner, if owners are rows of several tables.
    pub generic: Option<&'a Generic>,
}

impl Part<'_, '_> {
    /// The fields that lead to the owner.
    pub(super) fn fields(&self) -> Vec<&str> {
        let key = self.generic.map(|generic| generic.key.as_str());
        std::iter::once(self.key.name.as_str()).chain(key).collect()
    }

    /// Whether an owner has one at most.
    pub(super) fn is_single(&self) -> bool {
        let leads = self.fields();
        self.shape.model.meta.constraints.iter().any(|constraint| match &constraint.kind {
            ConstraintKind::Unique { fields, functions, condition: None } => functions.is_empty() && *fields == leads,
            _ => false,
        })
    }
}

/// The parts of each model: those that are nothing without it, and small ones that die with it.
pub(super) fn parts<'a, 's>(shapes: &'s [Shape<'a>]) -> BTreeMap<&'s ModelKey, Vec<Part<'a, 's>>> {
    // What has parts or children of its own is not small.
    let mut large: BTreeSet<&ModelKey> = shapes.iter().flat_map(|shape| &shape.parents).collect();
    for shape in shapes {
        let keys = fields(shape).into_iter().filter_map(Field::foreign_key);
        large.extend(keys.filter(|key| key.on_delete.cascades()).map(|key| &key.to));
    }
    let owners = owners(shapes);
    let mut parts: BTreeMap<&ModelKey, Vec<Part<'_, '_>>> = BTreeMap::new();
    for shape in shapes {
        let is_small = is_row(shape) && !large.contains(&shape.key);
        let belongs = |key: &Field, cascades: bool| match &shape.model.part_of {
            _ if key.inline.is_some() => key.inline != Some(Inline::None),
            Some(part_of) => *part_of == key.name,
            None => cascades && is_small,
        };
        for key in fields(shape) {
            let Some(link) = key.foreign_key().filter(|link| key.editable && link.to != shape.key) else { continue };
            if let Some(generic) = shape.generic_with(&key.name).filter(|_| link.is_content_type()) {
                let owners = owners.get(&(&shape.key, generic.kind.as_str())).map_or(&[][..], Vec::as_slice);
                for &owner in owners.iter().filter(|_| belongs(key, generic.on_delete == Gone::Cascade)) {
                    parts.entry(owner).or_default().push(Part { shape, key, generic: Some(generic) });
                }
            } else if belongs(key, link.on_delete.cascades()) {
                parts.entry(&link.to).or_default().push(Part { shape, key, generic: None });
            }
        }
    }
    parts
}

/// The models from which ways lead back along each reference by content type: by the model that holds it and the field that says
/// which table it leads to.
fn owners<'a>(shapes: &'a [Shape<'_>]) -> BTreeMap<(&'a ModelKey, &'a str), Vec<&'a ModelKey>> {
    let mut owners: BTreeMap<(&ModelKey, &str), Vec<&ModelKey>> = BTreeMap::new();
    for shape in shapes {
        for relation in shape.line.iter().flat_map(|model| &model.generic_relations) {
            if relation.to != shape.key {
                owners.entry((&relation.to, &relation.kind)).or_default().push(&shape.key);
            }
        }
    }
    owners
}

/// Whether a part is a row of a table and nothing more: few fields, no relations to many, no inheritance.
fn is_row(part: &Shape<'_>) -> bool {
    // What is kept about it makes a row no larger.
    let is_kept = |field: &Field| field.is_signed() || is_signed(part) && sets_itself(field);
    !part.is_user
        && part.parents.is_empty()
        && part.fields.iter().filter(|member| !is_kept(member.field)).count() <= SMALL
        && part.fields.iter().all(|member| member.field.many_to_many().is_none())
}
