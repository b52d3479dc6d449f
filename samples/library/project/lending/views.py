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
    """``Publisher``, listed and changed."""

    queryset = Publisher.objects.all()
    serializer_class = PublisherSerializer
    ordering_fields = ("id", "name")
    ordering = ("pk",)


class BookViewSet(ModelViewSet[Book]):
    """``Book``, listed and changed."""

    queryset = Book.objects.all()
    serializer_class = BookSerializer
    ordering_fields = ("id", "title", "isbn", "genre", "published", "publisher")
    ordering = ("pk",)


class AuthorViewSet(ModelViewSet[Author]):
    """``Author``, listed and changed."""

    queryset = Author.objects.prefetch_related("books")
    serializer_class = AuthorSerializer
    ordering_fields = ("id", "name", "born")
    ordering = ("pk",)


class CopyViewSet(ModelViewSet[Copy]):
    """``Copy``, listed and changed."""

    queryset = Copy.objects.all()
    serializer_class = CopySerializer
    ordering_fields = ("id", "shelfmark", "is_worn", "book")
    ordering = ("pk",)


class MemberViewSet(ModelViewSet[Member]):
    """``Member``, listed and changed."""

    queryset = Member.objects.all()
    serializer_class = MemberSerializer
    ordering_fields = ("id", "name", "email")
    ordering = ("pk",)


class LoanViewSet(ModelViewSet[Loan]):
    """``Loan``, listed and changed."""

    queryset = Loan.objects.all()
    serializer_class = LoanSerializer
    ordering_fields = ("id", "due", "returned", "copy", "member")
    ordering = ("pk",)
