"""Views of ``lending``."""

from core.views import ModelViewSet
from lending.models import Author, Book, Copy, Loan, Member, Publisher
from lending.serializers import (
    AuthorSerializer,
    BookSerializer,
    CopySerializer,
    LoanSerializer,
    MemberSerializer,
    PublisherSerializer,
)


class PublisherViewSet(ModelViewSet[Publisher]):
    """Who brought a book out."""

    queryset = Publisher.objects.all()
    serializer_class = PublisherSerializer
    ordering_fields = ("id", "name")
    ordering = ("pk",)


class BookViewSet(ModelViewSet[Book]):
    """A work that the library has at least once."""

    queryset = Book.objects.all()
    serializer_class = BookSerializer
    ordering_fields = ("id", "title", "isbn", "genre", "published", "publisher")
    ordering = ("pk",)


class AuthorViewSet(ModelViewSet[Author]):
    """Someone who wrote a book."""

    queryset = Author.objects.prefetch_related("books")
    serializer_class = AuthorSerializer
    ordering_fields = ("id", "name", "born")
    ordering = ("pk",)


class CopyViewSet(ModelViewSet[Copy]):
    """A thing on the shelf.

    It goes when its book goes.
    """

    queryset = Copy.objects.all()
    serializer_class = CopySerializer
    ordering_fields = ("id", "shelfmark", "is_worn", "book")
    ordering = ("pk",)


class MemberViewSet(ModelViewSet[Member]):
    """Someone who may borrow."""

    queryset = Member.objects.all()
    serializer_class = MemberSerializer
    ordering_fields = ("id", "name", "email")
    ordering = ("pk",)


class LoanViewSet(ModelViewSet[Loan]):
    """A copy that a member has, or had, at home."""

    queryset = Loan.objects.all()
    serializer_class = LoanSerializer
    ordering_fields = ("id", "due", "returned", "copy", "member")
    ordering = ("pk",)
