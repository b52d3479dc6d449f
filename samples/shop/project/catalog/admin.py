"""Admin pages of the catalog app."""

from django.contrib import admin

from catalog.models import Book, Category, Keyword, Product, Supplier


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    """Categories."""

    list_display = ("name", "slug", "parent")
    list_select_related = ("parent",)
    search_fields = ("name", "slug")
    autocomplete_fields = ("parent",)


@admin.register(Keyword)
class KeywordAdmin(admin.ModelAdmin):
    """Keywords."""

    list_display = ("word",)
    search_fields = ("word",)


@admin.register(Supplier)
class SupplierAdmin(admin.ModelAdmin):
    """Suppliers."""

    list_display = ("name", "email", "since", "website")
    search_fields = ("name", "email", "website")
    date_hierarchy = "since"


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    """Products."""

    list_display = ("sku", "name", "price", "is_active", "category", "supplier")
    list_filter = ("is_active",)
    list_select_related = ("category", "supplier")
    search_fields = ("sku", "name", "description")
    autocomplete_fields = ("category", "supplier", "keywords")


@admin.register(Book)
class BookAdmin(admin.ModelAdmin):
    """Books."""

    list_display = ("sku", "name", "is_active", "category", "supplier", "isbn")
    list_filter = ("is_active",)
    list_select_related = ("category", "supplier")
    search_fields = ("sku", "name", "isbn", "description")
    autocomplete_fields = ("category", "supplier", "keywords")
