from decimal import Decimal

import pytest

from catalog.serializers import (
    BookSerializer,
    CategorySerializer,
    KeywordSerializer,
    ProductSerializer,
    SupplierSerializer,
)
from tests.factories import (
    BookFactory,
    CategoryFactory,
    KeywordFactory,
    ProductFactory,
    SupplierFactory,
)
from tests.helpers import files_of, values_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("full_row", [False, True])
@pytest.mark.parametrize(
    ("factory", "serializer_class"),
    [
        (CategoryFactory, CategorySerializer),
        (KeywordFactory, KeywordSerializer),
        (SupplierFactory, SupplierSerializer),
        (ProductFactory, ProductSerializer),
        (BookFactory, BookSerializer),
    ],
)
def test_what_is_read_can_be_written(factory, serializer_class, full_row):
    row = factory(full_row=full_row)
    shown = serializer_class(row)
    values, files = values_of(shown), files_of(shown)
    row.delete()

    serializer = serializer_class(data=values | files)
    assert serializer.is_valid(), serializer.errors
    assert values_of(serializer_class(serializer.save())) == values


@pytest.mark.parametrize(
    ("factory", "serializer_class", "values"),
    [
        (CategoryFactory, CategorySerializer, {"name": "x" * 256, "slug": "no slug!"}),
        (KeywordFactory, KeywordSerializer, {"word": "x" * 256}),
        (
            SupplierFactory,
            SupplierSerializer,
            {"name": "x" * 256, "email": "nobody", "since": "never", "website": "nowhere"},
        ),
        (
            ProductFactory,
            ProductSerializer,
            {
                "sku": "x" * 256,
                "name": "x" * 256,
                "price": 1000000000000000,
                "stock": -1,
                "is_active": "perhaps",
            },
        ),
        (BookFactory, BookSerializer, {"isbn": "x" * 256, "pages": -1, "published": "never"}),
    ],
)
def test_invalid_values_are_refused(factory, serializer_class, values):
    row = factory()
    for field, value in values.items():
        serializer = serializer_class(row, data={field: value}, partial=True)
        assert not serializer.is_valid()
        assert field in serializer.errors


@pytest.mark.parametrize(
    ("factory", "serializer_class", "full_row", "values"),
    [
        (ProductFactory, ProductSerializer, False, {"price": Decimal("-0.0001")}),
        (BookFactory, BookSerializer, False, {"pages": 0}),
    ],
)
def test_what_a_constraint_forbids_is_refused(factory, serializer_class, full_row, values):
    row = factory(full_row=full_row)
    serializer = serializer_class(row, data=values, partial=True)
    assert not serializer.is_valid()
