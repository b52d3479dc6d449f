"""Models of the catalog app."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.abstract import Party


class CategoryManager(models.Manager["Category"]):
    """Finds rows by their natural key."""

    def get_by_natural_key(self, slug: str) -> "Category":
        """Return the row that has this natural key."""
        return self.get(slug=slug)


class Category(models.Model):
    """A shelf of the shop.

    Categories form a tree.
    """

    name = models.CharField(max_length=255)
    slug = models.SlugField(max_length=50, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, related_name="children", null=True, blank=True
    )

    objects = CategoryManager()

    class Meta:
        verbose_name_plural = _("categories")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["name", "id"], name="category_name_id_ix"),
        ]

    def __str__(self) -> str:
        return self.slug

    def clean(self) -> None:
        """Refuse what fields and constraints cannot."""
        super().clean()
        if self.parent_id is not None and self.parent_id == self.pk:
            raise ValidationError(_("A category is not its own parent."), code="not_itself")

    def natural_key(self) -> tuple[str]:
        """What identifies the row outside of the database."""
        return (self.slug,)


class KeywordManager(models.Manager["Keyword"]):
    """Finds rows by their natural key."""

    def get_by_natural_key(self, word: str) -> "Keyword":
        """Return the row that has this natural key."""
        return self.get(word=word)


class Keyword(models.Model):
    """A word by which products are found."""

    word = models.CharField(max_length=255, unique=True)

    objects = KeywordManager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.word

    def natural_key(self) -> tuple[str]:
        """What identifies the row outside of the database."""
        return (self.word,)


class Supplier(Party):
    """A company that the shop buys from."""

    website = models.URLField(max_length=2000, blank=True, default="")

    class Meta:
        ordering = ["pk"]


class ProductManager(models.Manager["Product"]):
    """Finds rows by their natural key."""

    def get_by_natural_key(self, sku: str) -> "Product":
        """Return the row that has this natural key."""
        return self.get(sku=sku)


class Product(models.Model):
    """Something that the shop sells."""

    sku = models.CharField(
        max_length=255, unique=True, help_text=_("The number by which the warehouse knows it.")
    )
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True, default="")
    price = models.DecimalField(max_digits=19, decimal_places=4)
    stock = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    supplier = models.ForeignKey(
        Supplier, on_delete=models.SET_NULL, related_name="products", null=True, blank=True
    )
    keywords = models.ManyToManyField(Keyword, related_name="products", blank=True)

    objects = ProductManager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(price__gte=0),
                name="product_free_ck",
                violation_error_code="free",
                violation_error_message=_("A price is never negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.sku

    def natural_key(self) -> tuple[str]:
        """What identifies the row outside of the database."""
        return (self.sku,)


class Book(Product):
    """A printed book.

    It is sold like any other product.
    """

    isbn = models.CharField(max_length=255, unique=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    published = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pages__isnull=True) | models.Q(pages__gt=0),
                name="book_some_leaves_ck",
                violation_error_code="some_leaves",
                violation_error_message=_("A book has pages."),
            ),
        ]
