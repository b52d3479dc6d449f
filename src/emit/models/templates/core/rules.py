"""Rules that models apply in ``clean()``, because no constraint of the database can."""

{% if covered or disjoint or narrowed or set_once or no_overlap or limit or repeats %}from collections.abc import {% if narrowed %}Callable, {% endif %}{% if repeats %}Hashable, {% endif %}Iterable
{% if narrowed %}from typing import Any
{% endif %}{% if covered or disjoint or narrowed or set_once or no_overlap or limit or subset or generic or kind %}
{% endif %}{% endif %}{% if covered or disjoint or narrowed or set_once or no_overlap or limit or subset or generic or kind %}from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
{% endif %}{% if covered %}

def require_kind(row: models.Model, model: type[models.Model], children: Iterable[str]) -> None:
    """Refuse a row of ``model`` that is a row of none of its children."""
    if type(row) is model and not any(hasattr(row, child) for child in children):
        raise ValidationError(
            _("This %(model)s must be one of a kind."),
            code="no_kind",
            params={"model": model._meta.verbose_name},
        )
{% endif %}{% if kind %}

def require_known_kind(row: models.Model, field: str) -> None:
    """Refuse a row that is of no kind."""
    if not getattr(row, field):
        raise ValidationError(
            _("This %(model)s must be one of a kind."),
            code="no_kind",
            params={"model": row._meta.verbose_name},
        )
{% endif %}{% if disjoint %}

def refuse_siblings(row: models.Model, siblings: Iterable[str]) -> None:
    """Refuse a row that is a row of a sibling as well."""
    for sibling in siblings:
        relation = getattr(type(row), sibling).related
        key = getattr(row, row._meta.get_ancestor_link(relation.model).attname)
        others = relation.related_model._base_manager.filter(**{relation.field.name: key})
        if key is not None and others.exists():
            raise ValidationError(
                _("This is a %(sibling)s already."),
                code="two_kinds",
                params={"sibling": relation.related_model._meta.verbose_name},
            )
{% endif %}{% if narrowed %}

def narrow(
    row: models.Model,
    field: str,
    validators: Iterable[Callable[[Any], None]] = (),
    *,
    required: bool = False,
) -> None:
    """Refuse a value of an inherited field that only the parent allows."""
    value = getattr(row, field)
    if value in row._meta.get_field(field).empty_values:
        if required:
            raise ValidationError({field: _("This field is required.")}, code="required")
        return
    for validator in validators:
        try:
            validator(value)
        except ValidationError as error:
            raise ValidationError({field: error.error_list}) from error
{% endif %}{% if set_once %}

def refuse_changes(row: models.Model, fields: Iterable[str]) -> None:
    """Refuse new values of fields that are set once, when the row is made."""
    if row._state.adding:
        return
    stored = type(row)._base_manager.filter(pk=row.pk).values(*fields).first() or {}
    changed = [
        name
        for name, value in stored.items()
        if row._meta.get_field(name).value_from_object(row) != value
    ]
    if changed:
        raise ValidationError({name: _("This value never changes.") for name in changed})
{% endif %}{% if no_overlap %}

def refuse_overlap(row: models.Model, start: str, end: str, by: Iterable[str] = ()) -> None:
    """Refuse a range that overlaps that of another row with the same values in ``by``.

    The end is not part of the range; without an end it never ends.
    """
    first, last = getattr(row, start), getattr(row, end)
    same = {name: getattr(row, name) for name in by}
    if first is None or None in same.values():
        return
    others = type(row)._default_manager.filter(**same).exclude(pk=row.pk)
    others = others.filter(models.Q(**{f"{end}__gt": first}) | models.Q(**{end: None}))
    if last is not None:
        others = others.filter(**{f"{start}__lt": last})
    if others.exists():
        raise ValidationError(_("This overlaps another one."), code="overlap")
{% endif %}{% if limit %}

def limit(row: models.Model, most: int, *, by: Iterable[str]) -> None:
    """Refuse a row if there are ``most`` others with the same values in ``by`` already."""
    names = [row._meta.get_field(name).attname for name in by]
    same = {name: getattr(row, name) for name in names}
    if None in same.values():
        return
    model = row._meta.get_field(names[0]).model
    if model._default_manager.filter(**same).exclude(pk=row.pk).count() >= most:
        raise ValidationError(
            _("There are %(most)d already, and there can be no more."),
            code="too_many",
            params={"most": most},
        )
{% endif %}{% if subset %}

def require_same(row: models.Model, field: str, of: str) -> None:
    """Refuse a reference that leads elsewhere than that of ``of``."""
    key, other = (getattr(row, row._meta.get_field(name).attname) for name in (field, of))
    if key is not None and key != other:
        refuse_member(field, of)


def require_member(row: models.Model, field: str, of: str, *, via: str | None = None) -> None:
    """Refuse a reference to something that is not among those of ``of``; a new row has none yet.

    Of a link, ``via`` is the key to the row that ``of`` starts at.
    """
    key = getattr(row, row._meta.get_field(field).attname)
    start = row
    if via is not None:
        is_set = getattr(row, row._meta.get_field(via).attname) is not None
        start = getattr(row, via) if is_set else None
    if key is None or start is None or start.pk is None:
        return
    found = getattr(start, of, None)
    if isinstance(found, models.Manager):
        is_known = found.filter(pk=key).exists()
    else:
        is_known = found is not None and found.pk == key
    if not is_known:
        refuse_member(field, of)


def refuse_member(field: str, of: str) -> None:
    """Say that ``field`` leads to something that ``of`` does not lead to."""
    message = _("This must be one of %(of)s.")
    raise ValidationError({field: ValidationError(message, code="no_member", params={"of": of})})
{% endif %}{% if generic %}

def require_row(row: models.Model, name: str) -> None:
    """Refuse a reference by content type to a row that is not there."""
    field = row._meta.get_field(name)
    kind = getattr(row, row._meta.get_field(field.ct_field).attname)
    key = getattr(row, field.fk_field)
    if kind is None or key is None:
        return
    try:
        is_there = getattr(row, name) is not None
    except (TypeError, ValueError, ValidationError):
        is_there = False
    if not is_there:
        message = _("There is no such row.")
        raise ValidationError({field.fk_field: ValidationError(message, code="no_row")})
{% endif %}{% if repeats %}

def repeats(values: Iterable[Hashable]) -> bool:
    """Whether a value comes twice."""
    seen = set()
    for value in values:
        if value in seen:
            return True
        seen.add(value)
    return False
{% endif %}
