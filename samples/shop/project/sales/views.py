"""Views of ``sales``."""

from core.views import ModelViewSet
from sales.models import Address, Customer, LoyaltyCard, Order, OrderItem, Payment
from sales.serializers import (
    AddressSerializer,
    CustomerSerializer,
    LoyaltyCardSerializer,
    OrderItemSerializer,
    OrderSerializer,
    PaymentSerializer,
)


class CustomerViewSet(ModelViewSet[Customer]):
    """Someone who orders."""

    queryset = Customer.objects.prefetch_related("wishes")
    serializer_class = CustomerSerializer
    ordering_fields = ("id", "name", "email", "since", "phone", "billing_address")
    ordering = ("pk",)


class LoyaltyCardViewSet(ModelViewSet[LoyaltyCard]):
    """The card that a customer may have.

    It is nobody else's.
    """

    queryset = LoyaltyCard.objects.all()
    serializer_class = LoyaltyCardSerializer
    ordering_fields = ("id", "number", "points", "customer")
    ordering = ("pk",)


class AddressViewSet(ModelViewSet[Address]):
    """A place to which goods are delivered.

    Part of a customer.
    """

    queryset = Address.objects.all()
    serializer_class = AddressSerializer
    ordering_fields = ("id", "street", "postal_code", "city", "country", "customer")
    ordering = ("pk",)


class OrderViewSet(ModelViewSet[Order]):
    """What a customer wants to buy."""

    queryset = Order.objects.prefetch_related("products")
    serializer_class = OrderSerializer
    ordering_fields = ("id", "status", "placed_at", "note", "customer")
    ordering = ("-placed_at", "pk")


class OrderItemViewSet(ModelViewSet[OrderItem]):
    """How much of a product an order contains, and for which price."""

    queryset = OrderItem.objects.all()
    serializer_class = OrderItemSerializer
    ordering_fields = ("id", "quantity", "unit_price", "order", "product", "amount")
    ordering = ("pk",)


class PaymentViewSet(ModelViewSet[Payment]):
    """Money for an order."""

    queryset = Payment.objects.all()
    serializer_class = PaymentSerializer
    ordering_fields = ("id", "amount", "method", "received_at", "order")
    ordering = ("pk",)
