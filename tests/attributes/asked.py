"""Rules of the case ``asked-columns``, against the database, validation, forms and the API."""

from decimal import Decimal

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from shop.choices import Colour, Status
from shop.models import Country, Notice, Rate, Shipment, Wrong

pytestmark = pytest.mark.django_db


def country(**values):
    return Country.objects.create(**({"iso": "DE", "name": "Germany"} | values))


def shipment(**values):
    given = {"paint": Colour.RED, "label": "x", "pin": "1234", "left": 1}
    return Shipment(**(given | values))


def test_the_database_fills_in_what_nobody_says():
    row = shipment(country=country())
    row.save()
    row.refresh_from_db()
    assert row.number == 7
    assert row.price == Decimal("2.5")
    assert row.state == Status.OPEN
    assert row.note == "unsaid"
    assert row.placed is not None


def test_a_tag_wins_over_a_setting():
    assert Shipment._meta.get_field("number").db_default == 7


def test_keys_hold_the_unique_attribute():
    row = shipment(country=country())
    row.save()
    assert row.country_id == "DE"
    assert Shipment._meta.get_field("country").target_field.name == "iso"
    assert Shipment.objects.get(country_id="DE").country.name == "Germany"


@pytest.mark.parametrize("values", [{"is_open": False}, {"status": "closed"}, {"rank": 3}])
def test_keys_lead_to_what_is_allowed(values):
    with pytest.raises(ValidationError) as refusal:
        shipment(country=country(**values)).full_clean()
    assert set(refusal.value.message_dict) == {"country"}


def test_attributes_have_the_literals_that_were_asked_for():
    field = Shipment._meta.get_field
    assert field("state").choices == Status.choices
    assert field("paint").choices == Colour.choices
    assert type(field("paint")) is models.CharField
    with pytest.raises(ValidationError) as refusal:
        shipment(country=country(), paint="blue").full_clean()
    assert set(refusal.value.message_dict) == {"paint"}


def test_the_database_knows_the_literals_too():
    row = shipment(country=country(), paint="blue")
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_forms_have_the_widgets_that_were_asked_for(rf, administrator):
    page = admin.site._registry[Shipment]
    request = rf.get("/")
    request.user = get_user_model().objects.get()
    fields = page.get_form(request)().fields
    assert isinstance(fields["label"].widget, forms.Textarea)
    assert isinstance(fields["paint"].widget, forms.RadioSelect)
    assert not isinstance(fields["pin"].widget, forms.Textarea)
    assert "pin" not in page.list_display
    assert page.search_fields == ("label",)


def test_secrets_are_written_and_never_shown(administrator):
    country()
    values = {"country": "DE", "paint": "red", "label": "x", "pin": "1234", "left": 1}
    created = administrator.post("/api/v1/shipments/", values)
    assert created.status_code == 201, created.json()
    assert not {"pin", "hint"} & created.json().keys()
    assert created.json()["number"] == 7
    row = Shipment.objects.get()
    assert row.pin == "1234"
    path = f"/api/v1/shipments/{row.pk}/"
    assert administrator.patch(path, {"pin": "4321"}).status_code == 200
    row.refresh_from_db()
    assert row.pin == "4321"


def test_lists_do_not_find_secrets(administrator):
    shipment(country=country(), hint="abracadabra").save()
    found = administrator.get("/api/v1/shipments/", {"search": "abracadabra"})
    assert found.json()["results"] == []


def test_who_may_read_and_write(administrator, anonymous, reader):
    row = Rate.objects.create(name="x")
    assert anonymous.get("/api/v1/rates/").status_code == 403
    assert reader.get(f"/api/v1/rates/{row.pk}/").status_code == 200
    assert administrator.patch(f"/api/v1/rates/{row.pk}/", {"name": "y"}).status_code == 405
    assert anonymous.get("/api/v1/notices/").status_code == 200
    assert anonymous.post("/api/v1/notices/", {"name": "x"}).status_code == 403


def test_lists_that_must_not_be_empty_are_asked_for(administrator):
    country()
    wrong = Wrong.objects.create(a=1, b="2026-01-01", c=1, d=1, e="x", f="x", g=1)
    refused = administrator.post("/api/v1/notices/", {"name": "x", "wrongs": []})
    assert refused.json().keys() == {"wrongs"}
    values = {"name": "x", "wrongs": [wrong.pk]}
    assert administrator.post("/api/v1/notices/", values).status_code == 201
    assert not Notice._meta.get_field("wrongs").blank


@pytest.mark.parametrize(("count", "is_enough"), [(0, False), (1, False), (2, True), (4, True)])
def test_forms_ask_for_as_many_as_there_must_be(rf, administrator, count, is_enough):
    request = rf.get("/")
    request.user = get_user_model().objects.get()
    (inline,) = admin.site._registry[Notice].get_inline_instances(request)
    rows = {f"words-{number}-value": f"word {number}" for number in range(count)}
    rows |= {"words-TOTAL_FORMS": count, "words-INITIAL_FORMS": 0}
    formset = inline.get_formset(request, None)(rows, instance=Notice())
    assert formset.is_valid() == is_enough
    assert (formset.min_num, formset.max_num) == (2, 4)
