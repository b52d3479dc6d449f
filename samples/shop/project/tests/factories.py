"""Factories: one for each model, with the smallest valid row as the default.

With ``full_row=True`` they fill in whatever may be left out, too.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from django.db.models import Model

from accounts.models import User
from catalog.models import Book, Category, Keyword, Product, Supplier
from sales.models import Address, Customer, LoyaltyCard, Order, OrderItem, Payment


class ModelFactory[M: Model](factory.django.DjangoModelFactory[M]):
    """Sets many-to-many relations, too: they take a list."""

    class Meta:
        abstract = True

    class Params:
        full_row = factory.Trait()

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        many = {field.name for field in model_class._meta.many_to_many} & kwargs.keys()
        links = {name: kwargs.pop(name) for name in many}
        row = super()._create(model_class, *args, **kwargs)
        for name, linked in links.items():
            getattr(row, name).set(linked)
        return row


class UserFactory(ModelFactory[User]):
    class Meta:
        model = User

    username = factory.Sequence("user{}".format)
    password = "!"


class CategoryFactory(ModelFactory[Category]):
    class Meta:
        model = Category

    class Params:
        full_row = factory.Trait(parent=factory.SubFactory("tests.factories.CategoryFactory"))

    name = "Name"
    slug = factory.Sequence("slug-{}".format)


class KeywordFactory(ModelFactory[Keyword]):
    class Meta:
        model = Keyword

    word = factory.Sequence("Word {}".format)


class SupplierFactory(ModelFactory[Supplier]):
    class Meta:
        model = Supplier

    class Params:
        full_row = factory.Trait(website="https://example.com/")

    name = "Name"
    email = factory.Sequence("user{}@example.com".format)


class ProductFactory(ModelFactory[Product]):
    class Meta:
        model = Product

    class Params:
        full_row = factory.Trait(
            description="Description",
            supplier=factory.SubFactory(SupplierFactory),
            keywords=factory.List([factory.SubFactory(KeywordFactory)]),
        )

    sku = factory.Sequence("Sku {}".format)
    name = "Name"
    price = Decimal("1.0000")
    category = factory.SubFactory(CategoryFactory)


class BookFactory(ProductFactory):
    class Meta:
        model = Book

    class Params:
        full_row = factory.Trait(
            description="Description",
            supplier=factory.SubFactory(SupplierFactory),
            keywords=factory.List([factory.SubFactory(KeywordFactory)]),
            pages=1,
            published=date(2026, 1, 1),
        )

    isbn = factory.Sequence("Isbn {}".format)


class CustomerFactory(ModelFactory[Customer]):
    class Meta:
        model = Customer

    class Params:
        full_row = factory.Trait(
            phone="+000",
            billing_address=factory.SubFactory("tests.factories.AddressFactory"),
            wishes=factory.List([factory.SubFactory(ProductFactory)]),
        )

    name = "Name"
    email = factory.Sequence("user{}@example.com".format)


class LoyaltyCardFactory(ModelFactory[LoyaltyCard]):
    class Meta:
        model = LoyaltyCard

    number = factory.Sequence("Number {}".format)
    customer = factory.SubFactory(CustomerFactory)


class AddressFactory(ModelFactory[Address]):
    class Meta:
        model = Address

    street = "Street"
    postal_code = "Postal code"
    city = "City"
    country = "Co"
    customer = factory.SubFactory(CustomerFactory)


class OrderFactory(ModelFactory[Order]):
    class Meta:
        model = Order

    class Params:
        full_row = factory.Trait(note="Note")

    customer = factory.SubFactory(CustomerFactory)


class OrderItemFactory(ModelFactory[OrderItem]):
    class Meta:
        model = OrderItem

    unit_price = Decimal("1.0000")
    order = factory.SubFactory(OrderFactory)
    product = factory.SubFactory(ProductFactory)


class PaymentFactory(ModelFactory[Payment]):
    class Meta:
        model = Payment

    amount = Decimal("1.0000")
    method = "card"
    received_at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    order = factory.SubFactory(OrderFactory)
