import copy
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from tests.factories import (
    AddressFactory,
    CustomerFactory,
    LoyaltyCardFactory,
    OrderFactory,
    OrderItemFactory,
    PaymentFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("full_row", [False, True])
@pytest.mark.parametrize(
    "factory",
    [
        CustomerFactory,
        LoyaltyCardFactory,
        AddressFactory,
        OrderFactory,
        OrderItemFactory,
        PaymentFactory,
    ],
)
def test_factories_make_valid_rows(factory, full_row):
    row = factory(full_row=full_row)
    row.full_clean()
    assert type(row).objects.get(pk=row.pk) == row


@pytest.mark.parametrize(
    ("factory", "parts"),
    [
        (CustomerFactory, ("name",)),
        (LoyaltyCardFactory, ("number",)),
        (AddressFactory, ("street",)),
    ],
)
def test_rows_are_named_by_their_fields(factory, parts):
    row = factory(full_row=True)
    shown = [getattr(row, part) for part in parts]
    assert str(row) == " ".join(str(value() if callable(value) else value) for value in shown)


@pytest.mark.parametrize(
    "factory",
    [
        OrderFactory,
        OrderItemFactory,
        PaymentFactory,
    ],
)
def test_rows_without_a_name_are_named_by_their_key(factory):
    row = factory()
    assert str(row) == f"{row._meta.verbose_name} {row.pk}"


@pytest.mark.parametrize(
    ("factory", "fields"),
    [
        (CustomerFactory, ("name", "email", "since", "phone")),
        (LoyaltyCardFactory, ("number", "points", "customer")),
        (AddressFactory, ("street", "postal_code", "city", "country", "customer")),
        (OrderFactory, ("status", "placed_at", "note", "customer")),
        (OrderItemFactory, ("quantity", "unit_price", "order", "product")),
        (PaymentFactory, ("amount", "method", "order")),
    ],
)
def test_required_values_cannot_be_null(factory, fields):
    for field in fields:
        with pytest.raises(IntegrityError), transaction.atomic():
            factory(**{field: None})


@pytest.mark.parametrize(
    ("factory", "fields", "full_row"),
    [
        (CustomerFactory, ("email",), True),
        (LoyaltyCardFactory, ("number",), True),
        (LoyaltyCardFactory, ("customer",), True),
        (AddressFactory, ("customer", "street"), False),
        (OrderItemFactory, ("order", "product"), False),
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
        (OrderItemFactory, {"quantity": 0}),
        (OrderItemFactory, {"unit_price": Decimal("100000.0001")}),
        (PaymentFactory, {"amount": Decimal("0.0000")}),
        (PaymentFactory, {"received_at": None}),
    ],
)
def test_the_database_refuses_what_a_constraint_forbids(factory, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        factory(**values)


@pytest.mark.parametrize(
    ("factory", "values"),
    [
        (
            CustomerFactory,
            {"name": "x" * 256, "email": "nobody", "since": "never", "phone": "x" * 33},
        ),
        (LoyaltyCardFactory, {"number": "x" * 256, "points": -1}),
        (
            AddressFactory,
            {"street": "x" * 256, "postal_code": "x" * 256, "city": "x" * 256, "country": "x" * 3},
        ),
        (OrderFactory, {"status": "?", "placed_at": "never"}),
        (OrderItemFactory, {"quantity": 0, "unit_price": 1000000000000000}),
        (PaymentFactory, {"amount": 1000000000000000, "method": "?", "received_at": "never"}),
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
        (AddressFactory, "customer"),
        (OrderItemFactory, "order"),
        (OrderItemFactory, "product"),
    ],
)
def test_rows_go_with_what_they_are_part_of(factory, key):
    row = factory(full_row=True)
    getattr(row, key).delete()
    assert not type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("factory", "key"),
    [
        (CustomerFactory, "billing_address"),
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
        (LoyaltyCardFactory, "customer", ProtectedError),
        (OrderFactory, "customer", ProtectedError),
        (PaymentFactory, "order", ProtectedError),
    ],
)
def test_what_rows_refer_to_cannot_be_deleted(factory, key, refusal):
    row = factory(full_row=True)
    with pytest.raises(refusal):
        getattr(row, key).delete()
    assert type(row).objects.filter(pk=row.pk).exists()
