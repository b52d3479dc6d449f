import pytest
from django.urls import reverse

from core.versions import OutdatedError
from shop.models import Depot, Line, Order, Place, Ticket
from tests import factories

pytestmark = pytest.mark.django_db


def test_rows_count_how_often_they_were_saved():
    ticket = Ticket.objects.create(title="a")
    assert ticket.version == 1
    ticket.title = "b"
    ticket.save(update_fields=["title"])
    ticket.save()
    assert Ticket.objects.get().version == ticket.version == 3


def test_nobody_saves_what_is_outdated():
    first = Ticket.objects.create(title="a")
    second = Ticket.objects.get()
    first.title = "b"
    first.save()
    second.title = "c"
    with pytest.raises(OutdatedError):
        second.save()
    assert second.version == 1
    assert Ticket.objects.get().title == "b"


def test_a_row_is_saved_in_all_of_its_tables():
    depot = factories.DepotFactory()
    place = Place.objects.get()
    depot.save()
    with pytest.raises(OutdatedError):
        place.save()
    assert Depot.objects.get().version == 2


def test_who_saves_in_between_wins(administrator, monkeypatch):
    order = factories.OrderFactory(number="1")
    path = f"/api/v1/orders/{order.pk}/"
    clean = Order.clean

    def interrupted(self):
        Order.objects.get().save()
        clean(self)

    monkeypatch.setattr(Order, "clean", interrupted)
    answer = administrator.patch(path, {"number": "2"})
    assert answer.status_code == 409, answer.json()
    assert Order.objects.get().number == "1"


def test_the_version_is_told_and_asked_for(administrator):
    answer = administrator.post("/api/v1/orders/", {"number": "1", "version": 7})
    assert (answer.status_code, answer.headers["ETag"], answer.json()["version"]) == (201, '"1"', 1)
    path = f"/api/v1/orders/{answer.json()['id']}/"
    answer = administrator.put(path, {"number": "2"}, HTTP_IF_MATCH='"1"')
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert administrator.put(path, {"number": "3"}, HTTP_IF_MATCH='"1"').status_code == 412
    assert administrator.put(path, {"number": "3"}, HTTP_IF_MATCH='W/"1", "2"').status_code == 200
    assert administrator.put(path, {"number": "4"}, HTTP_IF_MATCH="*").status_code == 200
    assert administrator.put(path, {"number": "5"}).status_code == 200
    assert administrator.delete(path, HTTP_IF_MATCH='"1"').status_code == 412
    assert administrator.delete(path, HTTP_IF_MATCH='"5"').status_code == 204
    assert "ETag" not in administrator.get("/api/v1/orders/").headers


def test_forms_refuse_what_is_outdated(client):
    client.force_login(factories.UserFactory(is_staff=True, is_superuser=True))
    line = factories.LineFactory(quantity=1)
    path = reverse("admin:shop_line_change", args=[line.pk])
    shown = client.get(path).context["adminform"].form
    assert shown["seen_version"].value() == 1
    form = {"quantity": 2, "order": line.order.pk, "seen_version": 1, "_save": "Save"}
    assert client.post(path, form).status_code == 302
    late = client.post(path, form | {"quantity": 3})
    assert late.status_code == 200
    assert "Somebody else has saved this meanwhile." in late.content.decode()
    assert Line.objects.get().quantity == 2


def test_forms_of_parts_refuse_it_too(client):
    client.force_login(factories.UserFactory(is_staff=True, is_superuser=True))
    line = factories.LineFactory(quantity=1)
    path = reverse("admin:shop_order_change", args=[line.order.pk])
    form = {
        "number": "9",
        "seen_version": 1,
        "lines-TOTAL_FORMS": 2,
        "lines-INITIAL_FORMS": 1,
        "lines-0-id": line.pk,
        "lines-0-order": line.order.pk,
        "lines-0-quantity": 2,
        "lines-0-seen_version": 1,
        "lines-1-order": line.order.pk,
        "lines-1-quantity": 5,
        "_save": "Save",
    }
    assert client.post(path, form).status_code == 302
    assert sorted(Line.objects.values_list("quantity", flat=True)) == [2, 5]
    late = client.post(path, form | {"seen_version": 2, "lines-TOTAL_FORMS": 1, "lines-0-quantity": 3})
    assert late.status_code == 200
    assert Line.objects.get(pk=line.pk).quantity == 2
