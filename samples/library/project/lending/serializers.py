"""Serializers of ``lending``."""

from core.serializers import ModelSerializer
from lending.models import Author, Book, Copy, Loan, Member, Publisher


class PublisherSerializer(ModelSerializer[Publisher]):
    """``Publisher``, as the API reads and writes it."""

    class Meta:
        model = Publisher
        fields = ("id", "name")
        read_only_fields = ("id",)


class BookSerializer(ModelSerializer[Book]):
    """``Book``, as the API reads and writes it."""

    class Meta:
        model = Book
        fields = ("id", "title", "isbn", "genre", "published", "publisher")
        read_only_fields = ("id",)


class AuthorSerializer(ModelSerializer[Author]):
    """``Author``, as the API reads and writes it."""

    class Meta:
        model = Author
        fields = ("id", "name", "born", "books")
        read_only_fields = ("id",)


class CopySerializer(ModelSerializer[Copy]):
    """``Copy``, as the API reads and writes it."""

    class Meta:
        model = Copy
        fields = ("id", "shelfmark", "is_worn", "book")
        read_only_fields = ("id",)


class MemberSerializer(ModelSerializer[Member]):
    """``Member``, as the API reads and writes it."""

    class Meta:
        model = Member
        fields = ("id", "name", "email")
        read_only_fields = ("id",)


class LoanSerializer(ModelSerializer[Loan]):
    """``Loan``, as the API reads and writes it."""

    class Meta:
        model = Loan
        fields = ("id", "due", "returned", "copy", "member")
        read_only_fields = ("id",)
