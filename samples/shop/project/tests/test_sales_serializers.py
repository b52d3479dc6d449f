from decimal import Decimal

import pytest

from sales.serializers import (
    AddressSerializer,
    CustomerSerializer,
    LoyaltyCardSerializer,
    OrderItemSerializer,
    OrderSerializer,
    PaymentSerializer,
)
from tests.factories import (
    AddressFactory,
    CustomerFactory,
    LoyaltyCardFactory,
    OrderFactory,
    OrderItemFactory,
    PaymentFactory,
)
from tests.helpers import files_of, values_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("full_row", [False, True])
@pytest.mark.parametrize(
    ("factory", "serializer_class"),
    [
        (CustomerFactory, CustomerSerializer),
        (LoyaltyCardFactory, LoyaltyCardSerializer),
        (AddressFactory, AddressSerializer),
        (OrderFactory, OrderSerializer),
        (OrderItemFactory, OrderItemSerializer),
        (PaymentFactory, PaymentSerializer),
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
        (
            CustomerFactory,
            CustomerSerializer,
            {"name": "x" * 256, "email": "nobody", "since": "never", "phone": "x" * 33},
        ),
        (LoyaltyCardFactory, LoyaltyCardSerializer, {"number": "x" * 256, "points": -1}),
        (
            AddressFactory,
            AddressSerializer,
            {"street": "x" * 256, "postal_code": "x" * 256, "city": "x" * 256, "country": "x" * 3},
        ),
        (OrderFactory, OrderSerializer, {"status": "?", "placed_at": "never"}),
        (OrderItemFactory, OrderItemSerializer, {"quantity": 0, "unit_price": 1000000000000000}),
        (
            PaymentFactory,
            PaymentSerializer,
            {"amount": 1000000000000000, "method": "?", "received_at": "never"},
        ),
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
        (OrderItemFactory, OrderItemSerializer, False, {"quantity": 0}),
        (OrderItemFactory, OrderItemSerializer, False, {"unit_price": Decimal("100000.0001")}),
        (PaymentFactory, PaymentSerializer, False, {"amount": Decimal("0.0000")}),
        (PaymentFactory, PaymentSerializer, False, {"received_at": None}),
    ],
)
def test_what_a_constraint_forbids_is_refused(factory, serializer_class, full_row, values):
    row = factory(full_row=full_row)
    serializer = serializer_class(row, data=values, partial=True)
    assert not serializer.is_valid()
