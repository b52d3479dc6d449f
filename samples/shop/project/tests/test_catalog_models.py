import copy
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from catalog.models import Product
from tests.factories import (
    BookFactory,
    CategoryFactory,
    KeywordFactory,
    ProductFactory,
    SupplierFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("full_row", [False, True])
@pytest.mark.parametrize(
    "factory",
    [
        CategoryFactory,
        KeywordFactory,
        SupplierFactory,
        ProductFactory,
        BookFactory,
    ],
)
def test_factories_make_valid_rows(factory, full_row):
    row = factory(full_row=full_row)
    row.full_clean()
    assert type(row).objects.get(pk=row.pk) == row


@pytest.mark.parametrize(
    ("factory", "parts"),
    [
        (CategoryFactory, ("slug",)),
        (KeywordFactory, ("word",)),
        (SupplierFactory, ("name",)),
        (ProductFactory, ("sku",)),
        (BookFactory, ("sku",)),
    ],
)
def test_rows_are_named_by_their_fields(factory, parts):
    row = factory(full_row=True)
    shown = [getattr(row, part) for part in parts]
    assert str(row) == " ".join(str(value() if callable(value) else value) for value in shown)


@pytest.mark.parametrize(
    ("factory", "fields"),
    [
        (CategoryFactory, ("name", "slug")),
        (KeywordFactory, ("word",)),
        (SupplierFactory, ("name", "email", "since", "website")),
        (ProductFactory, ("sku", "name", "description", "price", "stock", "is_active", "category")),
        (BookFactory, ("isbn",)),
    ],
)
def test_required_values_cannot_be_null(factory, fields):
    for field in fields:
        with pytest.raises(IntegrityError), transaction.atomic():
            factory(**{field: None})


@pytest.mark.parametrize(
    ("factory", "fields", "full_row"),
    [
        (CategoryFactory, ("slug",), True),
        (KeywordFactory, ("word",), True),
        (SupplierFactory, ("email",), True),
        (ProductFactory, ("sku",), True),
        (BookFactory, ("isbn",), True),
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
        (ProductFactory, {"price": Decimal("-0.0001")}),
        (BookFactory, {"pages": 0}),
    ],
)
def test_the_database_refuses_what_a_constraint_forbids(factory, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        factory(**values)


@pytest.mark.parametrize(
    ("factory", "values"),
    [
        (CategoryFactory, {"name": "x" * 256, "slug": "no slug!"}),
        (KeywordFactory, {"word": "x" * 256}),
        (
            SupplierFactory,
            {"name": "x" * 256, "email": "nobody", "since": "never", "website": "nowhere"},
        ),
        (
            ProductFactory,
            {
                "sku": "x" * 256,
                "name": "x" * 256,
                "price": 1000000000000000,
                "stock": -1,
                "is_active": "perhaps",
            },
        ),
        (BookFactory, {"isbn": "x" * 256, "pages": -1, "published": "never"}),
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
        (CategoryFactory, "parent"),
        (ProductFactory, "supplier"),
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
        (ProductFactory, "category", ProtectedError),
    ],
)
def test_what_rows_refer_to_cannot_be_deleted(factory, key, refusal):
    row = factory(full_row=True)
    with pytest.raises(refusal):
        getattr(row, key).delete()
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("factory", "parent"),
    [
        (BookFactory, Product),
    ],
)
def test_children_are_rows_of_their_parent(factory, parent):
    row = factory()
    general = parent.objects.filter(pk=row.pk)
    assert general.exists()
    row.delete()
    assert not general.exists()
