"""Models of the lending app."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lending.choices import Genre


class Publisher(models.Model):
    """Who brought a book out."""

    name = models.CharField(max_length=255)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class BookManager(models.Manager["Book"]):
    """Finds rows by their natural key."""

    def get_by_natural_key(self, isbn: str) -> "Book":
        """Return the row that has this natural key."""
        return self.get(isbn=isbn)


class Book(models.Model):
    """A work that the library has at least once."""

    title = models.CharField(max_length=255)
    isbn = models.CharField(
        max_length=255, unique=True, help_text=_("The international number of the edition.")
    )
    genre = models.CharField(max_length=16, choices=Genre, default=Genre.NOVEL)
    published = models.DateField(null=True, blank=True)
    publisher = models.ForeignKey(
        Publisher, on_delete=models.SET_NULL, related_name="books", null=True, blank=True
    )

    objects = BookManager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.isbn

    def natural_key(self) -> tuple[str]:
        """What identifies the row outside of the database."""
        return (self.isbn,)


class Author(models.Model):
    """Someone who wrote a book."""

    name = models.CharField(max_length=255)
    born = models.DateField(null=True, blank=True)
    books = models.ManyToManyField(Book, related_name="authors", blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class CopyManager(models.Manager["Copy"]):
    """Finds rows by their natural key."""

    def get_by_natural_key(self, shelfmark: str) -> "Copy":
        """Return the row that has this natural key."""
        return self.get(shelfmark=shelfmark)


class Copy(models.Model):
    """A thing on the shelf.

    It goes when its book goes.
    """

    shelfmark = models.CharField(max_length=255, unique=True)
    is_worn = models.BooleanField(default=False)
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="copies")

    objects = CopyManager()

    class Meta:
        verbose_name_plural = _("copies")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.shelfmark

    def natural_key(self) -> tuple[str]:
        """What identifies the row outside of the database."""
        return (self.shelfmark,)


class Member(models.Model):
    """Someone who may borrow."""

    name = models.CharField(max_length=255)
    email = models.EmailField(max_length=254, unique=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Loan(models.Model):
    """A copy that a member has, or had, at home."""

    due = models.DateField()
    returned = models.DateField(null=True, blank=True)
    copy = models.ForeignKey(Copy, on_delete=models.PROTECT, related_name="loans")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="loans")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
