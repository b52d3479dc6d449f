"""Rules of the case ``attribute-stores``, against the database, validation, the API and the admin."""

import datetime
from decimal import Decimal

import pytest
from django.contrib.admin.sites import site
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from shop.choices import Size
from shop.models import Item, Pair

from tests.factories import ItemFactory, PairFactory

pytestmark = pytest.mark.django_db


def refused(row, *fields):
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert set(fields) == refusal.value.message_dict.keys()


def test_lists_have_as_many_values_as_the_multiplicity_says():
    item = ItemFactory(sizes=[Size.SMALL], scores=[1, 10], notes=["a", "b"], rooms=[])
    item.full_clean()
    for field, value in {
        "sizes": [],
        "scores": [5],
        "notes": ["a", "b", "c", "d"],
        "rooms": list("abcde"),
    }.items():
        kept = getattr(item, field)
        setattr(item, field, value)
        refused(item, field)
        setattr(item, field, kept)
    item.scores = [1, 2, 3, 4, 5, 6]
    refused(item, "scores")


def test_values_of_arrays_are_checked_each():
    item = ItemFactory(sizes=[Size.SMALL], scores=[0, 11], notes=["a", "b"])
    refused(item, "scores")
    item.scores = [1, 2]
    item.sizes = ["huge"]
    refused(item, "sizes")


def test_arrays_are_searched_by_their_values():
    item = ItemFactory(tags=["new", "red"])
    assert Item.objects.get(tags__contains=["red"]) == item
    assert not Item.objects.filter(tags__contains=["blue"]).exists()


def test_the_api_refuses_too_few_and_too_many(administrator):
    item = ItemFactory(full_row=True)
    for field, value in {"scores": [1], "notes": list("abcd"), "rooms": list("abcde")}.items():
        answer = administrator.patch(f"/api/v1/items/{item.pk}/", {field: value})
        assert answer.status_code == 400
        assert field in answer.json()


def test_an_optional_value_is_there_as_a_whole():
    item = ItemFactory()
    assert item.rebate is None
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemFactory(rebate_amount=Decimal(1), rebate_currency=None)
    item = ItemFactory(rebate_amount=Decimal(1), rebate_currency="EUR")
    assert item.rebate.currency == "EUR"


def test_so_is_one_in_another():
    day = datetime.date(2026, 1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemFactory(stay_span_from=day, stay_price_amount=Decimal(1), stay_price_currency=None)
    assert ItemFactory().stay is None
    assert ItemFactory(stay_span_from=day).stay.span_from == day


def test_what_is_set_once_never_changes(administrator):
    item = ItemFactory(serial=7, frozen_amount=Decimal(3))
    item.full_clean()
    item.serial = 8
    refused(item, "serial")
    item.refresh_from_db()
    item.frozen_amount = Decimal(4)
    refused(item, "frozen_amount")
    answer = administrator.patch(f"/api/v1/items/{item.pk}/", {"serial": 8})
    assert answer.status_code == 400
    assert "serial" in answer.json()
    answer = administrator.patch(f"/api/v1/items/{item.pk}/", {"serial": 7, "code": "other"})
    assert answer.status_code == 200


def test_what_fills_itself_is_never_asked_for(administrator):
    item = ItemFactory()
    assert item.origin == "here"
    answer = administrator.patch(f"/api/v1/items/{item.pk}/", {"origin": "there"})
    assert answer.status_code == 200
    item.refresh_from_db()
    assert item.origin == "here"
    item.origin = "there"
    refused(item, "origin")


def test_the_admin_asks_for_it_once(rf):
    page = site.get_model_admin(Item)
    assert "serial" not in page.get_readonly_fields(rf.get("/"), None)
    assert "serial" in page.get_readonly_fields(rf.get("/"), ItemFactory())


def test_rows_are_found_by_their_natural_keys():
    item, pair = ItemFactory(), PairFactory()
    assert Item.objects.get_by_natural_key(*item.natural_key()) == item
    assert Pair.objects.get_by_natural_key(pair.left, pair.right) == pair
    with pytest.raises(IntegrityError), transaction.atomic():
        PairFactory(left=pair.left, right=pair.right)


def test_natural_keys_survive_a_fixture():
    pair = PairFactory()
    text = serializers.serialize("json", [pair], use_natural_primary_keys=True)
    pair.delete()
    for found in serializers.deserialize("json", text):
        found.save()
    assert Pair.objects.filter(left=pair.left, right=pair.right).count() == 1


def test_tables_have_no_more_values_than_the_multiplicity_says():
    item = ItemFactory()
    for value in ("red", "blue"):
        hue = item.hues.model(item=item, value=value)
        hue.full_clean()
        hue.save()
    hue.full_clean()
    with pytest.raises(ValidationError):
        item.hues.model(item=item, value="green").full_clean()


def test_values_in_tables_are_unique_in_their_owner():
    item = ItemFactory()
    item.colours.create(value="red")
    with pytest.raises(IntegrityError), transaction.atomic():
        item.colours.create(value="red")
    item.prices.create(amount=1, currency="EUR")
    with pytest.raises(IntegrityError), transaction.atomic():
        item.prices.create(amount=1, currency="EUR")
