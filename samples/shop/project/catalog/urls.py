"""Routes of ``catalog``, which ``config.api`` serves below ``/api/v1/``."""

from rest_framework.routers import SimpleRouter

from catalog.views import (
    BookViewSet,
    CategoryViewSet,
    KeywordViewSet,
    ProductViewSet,
    SupplierViewSet,
)

router = SimpleRouter(use_regex_path=False)
router.register("categories", CategoryViewSet, basename="categories")
router.register("keywords", KeywordViewSet, basename="keywords")
router.register("suppliers", SupplierViewSet, basename="suppliers")
router.register("products", ProductViewSet, basename="products")
router.register("books", BookViewSet, basename="books")
