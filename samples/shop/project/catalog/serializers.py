"""Serializers of ``catalog``."""

from catalog.models import Book, Category, Keyword, Product, Supplier
from core.serializers import ModelSerializer


class CategorySerializer(ModelSerializer[Category]):
    """``Category``, as the API reads and writes it."""

    class Meta:
        model = Category
        fields = ("id", "name", "slug", "parent")
        read_only_fields = ("id",)


class KeywordSerializer(ModelSerializer[Keyword]):
    """``Keyword``, as the API reads and writes it."""

    class Meta:
        model = Keyword
        fields = ("id", "word")
        read_only_fields = ("id",)


class SupplierSerializer(ModelSerializer[Supplier]):
    """``Supplier``, as the API reads and writes it."""

    class Meta:
        model = Supplier
        fields = ("id", "name", "email", "since", "website")
        read_only_fields = ("id",)


class ProductSerializer(ModelSerializer[Product]):
    """``Product``, as the API reads and writes it."""

    class Meta:
        model = Product
        fields = (
            "id",
            "sku",
            "name",
            "description",
            "price",
            "stock",
            "is_active",
            "category",
            "supplier",
            "keywords",
        )
        read_only_fields = ("id",)


class BookSerializer(ModelSerializer[Book]):
    """``Book``, as the API reads and writes it."""

    class Meta:
        model = Book
        fields = (
            "id",
            "sku",
            "name",
            "description",
            "price",
            "stock",
            "is_active",
            "category",
            "supplier",
            "keywords",
            "isbn",
            "pages",
            "published",
        )
        read_only_fields = ("id",)
