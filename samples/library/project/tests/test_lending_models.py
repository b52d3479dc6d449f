import copy

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from tests.factories import (
    AuthorFactory,
    BookFactory,
    CopyFactory,
    LoanFactory,
    MemberFactory,
    PublisherFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("full_row", [False, True])
@pytest.mark.parametrize(
    "factory",
    [
        PublisherFactory,
        BookFactory,
        AuthorFactory,
        CopyFactory,
        MemberFactory,
        LoanFactory,
    ],
)
def test_factories_make_valid_rows(factory, full_row):
    row = factory(full_row=full_row)
    row.full_clean()
    assert type(row).objects.get(pk=row.pk) == row


@pytest.mark.parametrize(
    ("factory", "parts"),
    [
        (PublisherFactory, ("name",)),
        (BookFactory, ("isbn",)),
        (AuthorFactory, ("name",)),
        (CopyFactory, ("shelfmark",)),
        (MemberFactory, ("name",)),
    ],
)
def test_rows_are_named_by_their_fields(factory, parts):
    row = factory(full_row=True)
    shown = [getattr(row, part) for part in parts]
    assert str(row) == " ".join(str(value() if callable(value) else value) for value in shown)


@pytest.mark.parametrize(
    "factory",
    [
        LoanFactory,
    ],
)
def test_rows_without_a_name_are_named_by_their_key(factory):
    row = factory()
    assert str(row) == f"{row._meta.verbose_name} {row.pk}"


@pytest.mark.parametrize(
    ("factory", "fields"),
    [
        (PublisherFactory, ("name",)),
        (BookFactory, ("title", "isbn", "genre")),
        (AuthorFactory, ("name",)),
        (CopyFactory, ("shelfmark", "is_worn", "book")),
        (MemberFactory, ("name", "email")),
        (LoanFactory, ("due", "copy", "member")),
    ],
)
def test_required_values_cannot_be_null(factory, fields):
    for field in fields:
        with pytest.raises(IntegrityError), transaction.atomic():
            factory(**{field: None})


@pytest.mark.parametrize(
    ("factory", "fields", "full_row"),
    [
        (BookFactory, ("isbn",), True),
        (CopyFactory, ("shelfmark",), True),
        (MemberFactory, ("email",), True),
    ],
)
def test_unique_values_are_refused_twice(factory, fields, full_row):
    row = factory(full_row=full_row)
    values = {field: getattr(row, field) for field in fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        factory(full_row=full_row, **values)


@pytest.mark.parametrize(
    ("factory", "values"),
    [
        (PublisherFactory, {"name": "x" * 256}),
        (BookFactory, {"title": "x" * 256, "isbn": "x" * 256, "genre": "?", "published": "never"}),
        (AuthorFactory, {"name": "x" * 256, "born": "never"}),
        (CopyFactory, {"shelfmark": "x" * 256, "is_worn": "perhaps"}),
        (MemberFactory, {"name": "x" * 256, "email": "nobody"}),
        (LoanFactory, {"due": "never", "returned": "never"}),
    ],
)
def test_invalid_values_are_refused(factory, values):
    row = factory()
    for field, value in values.items():
        changed = copy.copy(row)
        setattr(changed, field, value)
        with pytest.raises(ValidationError) as refusal:
            changed.full_clean()
        assert field in refusal.value.message_dict


@pytest.mark.parametrize(
    ("factory", "key"),
    [
        (CopyFactory, "book"),
    ],
)
def test_rows_go_with_what_they_are_part_of(factory, key):
    row = factory(full_row=True)
    getattr(row, key).delete()
    assert not type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("factory", "key"),
    [
        (BookFactory, "publisher"),
    ],
)
def test_rows_stay_without_what_they_referred_to(factory, key):
    row = factory(full_row=True)
    getattr(row, key).delete()
    row.refresh_from_db()
    assert getattr(row, key) is None


@pytest.mark.parametrize(
    ("factory", "key", "refusal"),
    [
        (LoanFactory, "copy", ProtectedError),
        (LoanFactory, "member", ProtectedError),
    ],
)
def test_what_rows_refer_to_cannot_be_deleted(factory, key, refusal):
    row = factory(full_row=True)
    with pytest.raises(refusal):
        getattr(row, key).delete()
    assert type(row).objects.filter(pk=row.pk).exists()
