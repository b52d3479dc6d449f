"""Models of the sales app."""

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.abstract import Party
from sales.choices import OrderStatus, PaymentMethod


class Customer(Party):
    """Someone who orders."""

    phone = models.CharField(
        max_length=32,
        blank=True,
        default="",
        validators=[
            RegexValidator(r"\A\+?[0-9][0-9 ()/.-]{2,30}\Z", _("Enter a valid phone number."))
        ],
    )
    billing_address = models.ForeignKey(
        "sales.Address",
        on_delete=models.SET_NULL,
        related_name="billed_customers",
        null=True,
        blank=True,
    )
    wishes = models.ManyToManyField("catalog.Product", related_name="wished_by", blank=True)

    class Meta:
        ordering = ["pk"]


class LoyaltyCardManager(models.Manager["LoyaltyCard"]):
    """Finds rows by their natural key."""

    def get_by_natural_key(self, number: str) -> "LoyaltyCard":
        """Return the row that has this natural key."""
        return self.get(number=number)


class LoyaltyCard(models.Model):
    """The card that a customer may have.

    It is nobody else's.
    """

    number = models.CharField(max_length=255, unique=True)
    points = models.PositiveIntegerField(default=0)
    customer = models.OneToOneField(Customer, on_delete=models.PROTECT, related_name="card")

    objects = LoyaltyCardManager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.number

    def natural_key(self) -> tuple[str]:
        """What identifies the row outside of the database."""
        return (self.number,)


class Address(models.Model):
    """A place to which goods are delivered.

    Part of a customer.
    """

    street = models.CharField(max_length=255)
    postal_code = models.CharField(max_length=255)
    city = models.CharField(max_length=255)
    country = models.CharField(max_length=2)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")

    class Meta:
        verbose_name_plural = _("addresses")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.street


class Order(models.Model):
    """What a customer wants to buy."""

    status = models.CharField(max_length=16, choices=OrderStatus, default=OrderStatus.PLACED)
    placed_at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True, default="")
    products = models.ManyToManyField(
        "catalog.Product", through="sales.OrderItem", related_name="orders", blank=True
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders")

    class Meta:
        ordering = ["-placed_at", "pk"]
        indexes = [
            models.Index(fields=["-placed_at", "id"], name="order_placed_at_id_ix"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class OrderItem(models.Model):
    """How much of a product an order contains, and for which price."""

    quantity = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    unit_price = models.DecimalField(max_digits=19, decimal_places=4)
    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="order_items", db_index=False
    )
    product = models.ForeignKey(
        "catalog.Product", on_delete=models.CASCADE, related_name="order_items"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "product"], name="order_item_order_product_uq"
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1), name="order_item_quantity_min_ck"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class Payment(models.Model):
    """Money for an order."""

    amount = models.DecimalField(max_digits=19, decimal_places=4)
    method = models.CharField(max_length=16, choices=PaymentMethod)
    received_at = models.DateTimeField(null=True, blank=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
