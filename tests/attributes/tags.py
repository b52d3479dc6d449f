"""Rules of the case ``attribute-tags``, against the database and validation."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from shop.fields import CodeField
from shop.models import Country, Tagged

pytestmark = pytest.mark.django_db

VALUES = {
    "length": "x" * 40,
    "long": "x" * 4000,
    "price": Decimal("1.125"),
    "whole": 2**60,
    "wide": 2**30,
    "age": 150,
    "ratio": 0.5,
    "odd": True,
    "code": "AB1234",
    "wild": "x",
    "day": datetime.date(2026, 1, 1),
    "address": "192.0.2.1",
    "path": "X1",
    "short": 7,
    "clock": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    "isbn": "x",
    "until": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    "fixed": 3,
}


def refusals(**changes):
    row = Tagged(**(VALUES | changes))
    try:
        row.full_clean()
    except ValidationError as refusal:
        return set(refusal.message_dict)
    row.save()
    return set()


def test_values_within_their_bounds_are_saved():
    assert refusals() == set()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("length", "x" * 41),
        ("long", "x" * 4001),
        ("price", Decimal("1.1255")),
        ("price", Decimal("0.4")),
        ("price", Decimal("99999.5")),
        ("age", -1),
        ("age", 151),
        ("code", "AB12345"),
        ("address", "300.0.0.1"),
        ("short", -1),
        ("reference", "x1"),
        ("path", "X" * 81),
        ("colour", "2001:db8::1"),
    ],
)
def test_values_out_of_bounds_are_refused(field, value):
    assert refusals(**{field: value}) == {field}


def test_classes_of_fields_are_those_that_were_asked_for():
    field = Tagged._meta.get_field
    assert type(field("path")) is CodeField
    assert field("path").max_length == 80
    assert field("reference").strict
    assert not field("path").strict
    assert type(field("isbn")) is models.CharField
    assert type(field("short")) is models.PositiveSmallIntegerField


def test_defaults_are_values_of_their_types():
    row = Tagged()
    assert row.lasts == datetime.timedelta(days=1, hours=12)
    assert row.pause == datetime.timedelta(minutes=30)
    assert row.instant == datetime.timedelta(0)
    assert row.since == datetime.datetime(2026, 1, 31, 8, tzinfo=datetime.UTC)
    assert row.colour == "10.0.0.1"


def test_a_natural_key_is_the_primary_key():
    Country.objects.create(iso="DE", name="Germany")
    assert Country.objects.get(pk="DE").name == "Germany"


def test_what_is_computed_has_no_column():
    assert "sum" not in {field.name for field in Tagged._meta.get_fields()}
