"""Break each constraint of the shop through its API, and read what the diagram says about it."""

from django import setup
from django.core.management import call_command

setup()
call_command("migrate", verbosity=0)

from django.contrib.auth import get_user_model  # noqa: E402
from django.urls import reverse  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402
from tests import factories as make  # noqa: E402

client = APIClient()
client.force_login(get_user_model().objects.create_superuser("admin", password="admin"))


def broken(row, values, wording) -> None:
    address = reverse(f"{row._meta.verbose_name_plural}-detail".replace(" ", "-"), args=[row.pk])
    before = client.get(address).json()
    answer = client.patch(address, values, format="json")
    assert answer.status_code == 400, (row, values, answer.status_code, answer.content)
    assert wording in str(answer.json()), (wording, answer.json())
    assert client.get(address).json() == before
    print(wording)


category = make.CategoryFactory()
broken(category, {"parent": category.pk}, "A category is not its own parent.")
broken(make.ProductFactory(), {"price": "-1.00"}, "A price is never negative.")
broken(make.BookFactory(), {"pages": 0}, "A book has pages.")
broken(make.PaymentFactory(), {"amount": "0.00"}, "A payment is more than nothing.")
broken(make.PaymentFactory(), {"method": "card", "received_at": None}, "A card pays at once.")
item = make.OrderItemFactory()
broken(item, {"quantity": 100_001, "unit_price": "1.00"}, "more than 100,000 without a contract.")
item.product.is_active = False
item.product.save()
broken(item, {"quantity": 2}, "Only active products are ordered.")
payment = make.PaymentFactory()
broken(payment.order, {"status": "cancelled"}, "An order with payments cannot be cancelled.")
one = make.AddressFactory()
two = make.AddressFactory(customer=one.customer, street="Elsewhere")
broken(two, {"street": one.street}, "A customer has one address in a street.")
