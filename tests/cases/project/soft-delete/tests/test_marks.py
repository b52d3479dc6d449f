import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.urls import reverse

from shop.models import Car, Customer, Letter, Line, Member, Memo, Order, OrderNote, Parcel, Passport, Person
from shop.models import Product, Tag, Truck, Vehicle
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    order = factories.OrderFactory(number="1")
    factories.LineFactory.create_batch(2, order=order)
    factories.OrderNoteFactory(order=order)
    return order


def test_parts_go_with_their_whole_and_come_back_with_it(order):
    early = order.lines.first()
    early.delete()
    other = factories.LineFactory()
    total, counts = order.delete()
    assert counts == {"shop.Order": 1, "shop.Line": 1, "shop.OrderNote": 1} and total == 3
    assert order.deleted_at
    assert list(Line.objects.all()) == [other]
    assert not OrderNote.objects.exists()
    assert Line.all_objects.count() == 3

    assert order.restore() == 3
    assert order.lines.count() == 1
    assert OrderNote.objects.count() == 1
    # What was deleted before is deleted still.
    assert Line.all_objects.get(pk=early.pk).deleted_at


def test_a_part_is_not_restored_without_its_whole(order):
    line = order.lines.first()
    order.delete()
    line.refresh_from_db()
    with pytest.raises(ValidationError) as refusal:
        line.restore()
    assert refusal.value.code == "deleted"


def test_querysets_mark_and_restore(order):
    factories.OrderFactory()
    assert Order.objects.all().delete()[0] == 5
    assert not Order.objects.exists()
    assert not Line.objects.exists()
    assert Order.all_objects.filter(pk=order.pk).restore() == 4
    assert list(Order.objects.all()) == [order]
    assert Line.objects.count() == 2
    with pytest.raises(TypeError):
        Order.objects.all()[:1].delete()


def test_what_protects_still_refuses_as_long_as_it_is_there(order, administrator):
    customer = order.customer
    path = f"/api/v1/customers/{customer.pk}/"
    for delete in (customer.delete, Customer.objects.all().delete):
        with pytest.raises(models.ProtectedError):
            delete()
    assert administrator.delete(path).status_code == 409
    order.delete()
    assert administrator.delete(path).status_code == 204
    # It can be followed all the same.
    order.refresh_from_db()
    assert order.customer == customer
    # For good is for good.
    with pytest.raises(models.ProtectedError):
        models.Model.delete(customer)


def test_what_refers_to_a_deleted_row_still_does(order):
    product = factories.ProductFactory()
    line = factories.LineFactory(product=product)
    product.delete()
    line.refresh_from_db()
    assert line.product == product
    assert not Product.objects.filter(pk=product.pk).exists()


def test_links_lead_to_what_is_there():
    product, tag = factories.ProductFactory(), factories.TagFactory()
    product.tags.add(tag)
    product.delete()
    assert not tag.products.exists()
    product.restore()
    assert list(tag.products.all()) == [product]
    assert list(Tag.objects.all()) == [tag]


def test_what_a_deleted_row_had_another_one_may_have():
    first = factories.CustomerFactory(number="7")
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.CustomerFactory(number="7")
    with pytest.raises(ValidationError):
        Customer(number="7", name="x").full_clean()
    first.delete()
    second = factories.CustomerFactory(number="7")
    second.full_clean()
    assert Customer.objects.get_by_natural_key("7") == second
    with pytest.raises(IntegrityError), transaction.atomic():
        first.restore()


def test_the_api_accepts_it_again(administrator):
    values = {"number": "7", "name": "a"}
    key = administrator.post("/api/v1/customers/", values).json()["id"]
    assert administrator.post("/api/v1/customers/", values).status_code == 400
    assert administrator.delete(f"/api/v1/customers/{key}/").status_code == 204
    answer = administrator.post("/api/v1/customers/", values)
    assert answer.status_code == 201
    assert "deleted_at" not in answer.json()
    assert administrator.get("/api/v1/customers/").json()["count"] == 1
    assert administrator.get(f"/api/v1/customers/{key}/").status_code == 404


def test_there_is_one_passport_at_a_time():
    first = factories.PassportFactory()
    person = Person.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.PassportFactory(person=person)
    first.delete()
    second = factories.PassportFactory(person=person)
    assert list(person.passports.all()) == [second]
    # A person is not marked: it goes for good, and what belongs to it stands in its way.
    with pytest.raises(models.ProtectedError):
        person.delete()
    assert Passport.all_objects.count() == 2


def test_a_row_of_two_tables_is_deleted_as_a_whole():
    parcel = factories.ParcelFactory(tracking="x")
    factories.LineFactory(order=parcel)
    parcel.delete()
    assert not Order.objects.exists()
    assert not Parcel.objects.exists()
    assert not Line.objects.exists()
    assert parcel.restore() >= 2
    assert Parcel.objects.get() == parcel
    Order.objects.get().delete()
    assert not Parcel.objects.exists()


def test_the_drawn_mark_and_what_is_inherited():
    memo, letter = factories.MemoFactory(), factories.LetterFactory()
    assert memo.delete() == (1, {"shop.Memo": 1})
    assert letter.delete() == (1, {"shop.Letter": 1})
    assert not Memo.objects.exists()
    assert not Letter.objects.exists()
    assert Memo.all_objects.get().restore() == 1


def test_kinds_hide_what_is_deleted():
    car, truck = factories.CarFactory(plate="a"), factories.TruckFactory(plate="b")
    car.delete()
    assert list(Vehicle.objects.values_list("pk", flat=True)) == [truck.pk]
    assert not Car.objects.exists()
    assert list(Truck.objects.all()) == [truck]
    Car.all_objects.get(pk=car.pk).restore()
    assert list(Car.objects.all()) == [car]


def test_querysets_of_the_user_mark(order):
    factories.ProductFactory.create_batch(2)
    assert hasattr(Product.objects, "cheap")
    Product.objects.filter().delete()
    assert Product.all_objects.count() == 2


def test_who_is_deleted_cannot_sign_in(client):
    member = Member.objects.create_user("ann", password="secret")
    assert authenticate(username="ann", password="secret") == member
    client.force_login(member)
    member.delete()
    assert authenticate(username="ann", password="secret") is None
    assert not client.get("/api/v1/orders/").wsgi_request.user.is_authenticated
    assert not Member.objects.filter(pk=member.pk).exists()


def test_the_admin_marks(client, order):
    client.force_login(factories.MemberFactory(is_staff=True, is_superuser=True))
    answer = client.post(reverse("admin:shop_order_delete", args=[order.pk]), {"post": "yes"})
    assert answer.status_code == 302
    assert Order.all_objects.get(pk=order.pk).deleted_at
    other = factories.OrderFactory()
    values = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
    assert client.post(reverse("admin:shop_order_changelist"), values).status_code == 302
    assert Order.all_objects.filter(deleted_at__isnull=False).count() == 2
    listed = client.get(reverse("admin:shop_order_changelist"))
    assert listed.context["cl"].result_count == 0
