"""Views of ``catalog``."""

from catalog.models import Book, Category, Keyword, Product, Supplier
from catalog.serializers import (
    BookSerializer,
    CategorySerializer,
    KeywordSerializer,
    ProductSerializer,
    SupplierSerializer,
)
from core.views import ModelViewSet


class CategoryViewSet(ModelViewSet[Category]):
    """A shelf of the shop.

    Categories form a tree.
    """

    queryset = Category.objects.all()
    serializer_class = CategorySerializer
    ordering_fields = ("id", "name", "slug", "parent")
    ordering = ("name", "pk")


class KeywordViewSet(ModelViewSet[Keyword]):
    """A word by which products are found."""

    queryset = Keyword.objects.all()
    serializer_class = KeywordSerializer
    ordering_fields = ("id", "word")
    ordering = ("pk",)


class SupplierViewSet(ModelViewSet[Supplier]):
    """A company that the shop buys from."""

    queryset = Supplier.objects.all()
    serializer_class = SupplierSerializer
    ordering_fields = ("id", "name", "email", "since", "website")
    ordering = ("pk",)


class ProductViewSet(ModelViewSet[Product]):
    """Something that the shop sells."""

    queryset = Product.objects.prefetch_related("keywords")
    serializer_class = ProductSerializer
    ordering_fields = (
        "id",
        "sku",
        "name",
        "description",
        "price",
        "stock",
        "is_active",
        "category",
        "supplier",
    )
    ordering = ("pk",)


class BookViewSet(ModelViewSet[Book]):
    """A printed book.

    It is sold like any other product.
    """

    queryset = Book.objects.prefetch_related("keywords")
    serializer_class = BookSerializer
    ordering_fields = (
        "id",
        "sku",
        "name",
        "description",
        "price",
        "stock",
        "is_active",
        "category",
        "supplier",
        "isbn",
        "pages",
        "published",
    )
    ordering = ("pk",)
