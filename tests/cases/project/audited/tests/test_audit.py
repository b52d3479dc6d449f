import datetime

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from shop.models import Letter, Line, Note, Order, Parcel, Ticket
from tests import factories
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(db):
    return factories.MemberFactory(is_staff=True, is_superuser=True)


def test_the_api_notes_who_makes_and_who_changes(administrator, clerk):
    key = client_of(clerk).post("/api/v1/orders/", {"number": "1"}).json()["id"]
    order = Order.objects.get()
    assert (order.created_by, order.updated_by) == (clerk, clerk)
    made, changed = order.created_at, order.updated_at
    assert administrator.patch(f"/api/v1/orders/{key}/", {"number": "2"}).status_code == 200
    order.refresh_from_db()
    assert order.created_by == clerk
    assert order.updated_by not in (clerk, None)
    assert order.created_at == made
    assert order.updated_at > changed


def test_children_of_what_is_audited_are(clerk):
    answer = client_of(clerk).post("/api/v1/parcels/", {"number": "1", "weight": 2})
    assert answer.status_code == 201, answer.json()
    assert Parcel.objects.get().created_by == clerk


def test_what_is_drawn_is_filled_in_where_it_can_be(clerk):
    answer = client_of(clerk).post("/api/v1/tickets/", {"title": "a", "updated_by": "nobody"})
    assert answer.status_code == 201, answer.json()
    ticket = Ticket.objects.get()
    assert (ticket.created_by, ticket.updated_by) == (clerk, "nobody")
    assert ticket.created_at <= datetime.date.today()
    assert client_of(clerk).post("/api/v1/notes/", {"text": "a"}).status_code == 201
    assert Note.objects.get().updated_by == clerk


def test_nothing_is_filled_in_for_others(administrator, clerk):
    values = {"created_at": "2026-01-01T00:00:00Z", "created_by": clerk.pk}
    assert administrator.post("/api/v1/letters/", values).status_code == 201
    assert Letter.objects.get().created_by == clerk


def test_the_admin_notes_it_for_a_row_and_its_parts(client, clerk):
    client.force_login(clerk)
    form = {
        "number": "7",
        "lines-TOTAL_FORMS": 1,
        "lines-INITIAL_FORMS": 0,
        "lines-0-quantity": 3,
        "_save": "Save",
    }
    answer = client.post(reverse("admin:shop_order_add"), form)
    assert answer.status_code == 302, answer.context["errors"]
    order, line = Order.objects.get(), Line.objects.get()
    assert {order.created_by, order.updated_by, line.created_by, line.updated_by} == {clerk}


def test_rows_outlive_who_made_them(clerk):
    assert client_of(clerk).post("/api/v1/orders/", {"number": "1"}).status_code == 201
    get_user_model().objects.filter(pk=clerk.pk).delete()
    assert Order.objects.get().created_by is None
