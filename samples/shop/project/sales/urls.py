"""Routes of ``sales``, which ``config.api`` serves below ``/api/v1/``."""

from rest_framework.routers import SimpleRouter

from sales.views import (
    AddressViewSet,
    CustomerViewSet,
    LoyaltyCardViewSet,
    OrderItemViewSet,
    OrderViewSet,
    PaymentViewSet,
)

router = SimpleRouter(use_regex_path=False)
router.register("customers", CustomerViewSet, basename="customers")
router.register("loyalty-cards", LoyaltyCardViewSet, basename="loyalty-cards")
router.register("addresses", AddressViewSet, basename="addresses")
router.register("orders", OrderViewSet, basename="orders")
router.register("order-items", OrderItemViewSet, basename="order-items")
router.register("payments", PaymentViewSet, basename="payments")
