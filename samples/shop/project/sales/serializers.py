"""Serializers of ``sales``."""

from core.serializers import ModelSerializer
from sales.models import Address, Customer, LoyaltyCard, Order, OrderItem, Payment


class CustomerSerializer(ModelSerializer[Customer]):
    """``Customer``, as the API reads and writes it."""

    class Meta:
        model = Customer
        fields = ("id", "name", "email", "since", "phone", "billing_address", "wishes")
        read_only_fields = ("id",)


class LoyaltyCardSerializer(ModelSerializer[LoyaltyCard]):
    """``LoyaltyCard``, as the API reads and writes it."""

    class Meta:
        model = LoyaltyCard
        fields = ("id", "number", "points", "customer")
        read_only_fields = ("id",)


class AddressSerializer(ModelSerializer[Address]):
    """``Address``, as the API reads and writes it."""

    class Meta:
        model = Address
        fields = ("id", "street", "postal_code", "city", "country", "customer")
        read_only_fields = ("id",)


class OrderSerializer(ModelSerializer[Order]):
    """``Order``, as the API reads and writes it."""

    class Meta:
        model = Order
        fields = ("id", "status", "placed_at", "note", "products", "customer")
        read_only_fields = ("id", "products")


class OrderItemSerializer(ModelSerializer[OrderItem]):
    """``OrderItem``, as the API reads and writes it."""

    class Meta:
        model = OrderItem
        fields = ("id", "quantity", "unit_price", "order", "product", "amount")
        read_only_fields = ("id", "amount")


class PaymentSerializer(ModelSerializer[Payment]):
    """``Payment``, as the API reads and writes it."""

    class Meta:
        model = Payment
        fields = ("id", "amount", "method", "received_at", "order")
        read_only_fields = ("id",)
