"""Models of the sales app."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Round
from django.db.models.lookups import LessThanOrEqual
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
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "street"],
                name="address_one_of_each_street_uq",
                violation_error_code="one_of_each_street",
                violation_error_message=_("A customer has one address in a street."),
            ),
        ]

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

    def clean(self) -> None:
        """Refuse what fields and constraints cannot."""
        super().clean()
        if (
            not self._state.adding
            and self.status == OrderStatus.CANCELLED
            and self.payments.exists()
        ):
            raise ValidationError(
                _("An order with payments cannot be cancelled."), code="paid_orders_stay"
            )

    @property
    def total(self) -> Decimal:
        """What all its items cost.

        In the diagram: orderItem.amount->sum()
        """
        return Decimal(
            sum(
                order_item.quantity * order_item.unit_price for order_item in self.order_items.all()
            )
        )

    def is_paid(self) -> bool:
        """Whether nothing is left to pay.

        Result: payments.amount->sum() >= total
        """
        return sum(payment.amount for payment in self.payments.all()) >= sum(
            order_item.quantity * order_item.unit_price for order_item in self.order_items.all()
        )


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
    amount = models.GeneratedField(
        expression=Round(models.F("quantity") * models.F("unit_price"), 4),
        output_field=models.DecimalField(max_digits=29, decimal_places=4),
        db_persist=True,
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
            models.CheckConstraint(
                condition=models.Q(
                    LessThanOrEqual(
                        Round(models.F("quantity") * models.F("unit_price"), 4),
                        models.Value(100000),
                    )
                ),
                name="order_item_affordable_ck",
                violation_error_code="affordable",
                violation_error_message=_(
                    "Nobody orders goods for more than 100,000 without a contract."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    def clean(self) -> None:
        """Refuse what fields and constraints cannot."""
        super().clean()
        if self.product_id is not None and not self.product.is_active:
            raise ValidationError(_("Only active products are ordered."), code="on_sale")


class Payment(models.Model):
    """Money for an order."""

    amount = models.DecimalField(max_digits=19, decimal_places=4)
    method = models.CharField(max_length=16, choices=PaymentMethod)
    received_at = models.DateTimeField(null=True, blank=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0),
                name="payment_something_ck",
                violation_error_code="something",
                violation_error_message=_("A payment is more than nothing."),
            ),
            models.CheckConstraint(
                condition=~models.Q(method="card") | models.Q(received_at__isnull=False),
                name="payment_cards_pay_at_once_ck",
                violation_error_code="cards_pay_at_once",
                violation_error_message=_("A card pays at once."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
