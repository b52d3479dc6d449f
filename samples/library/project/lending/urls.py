"""Routes of ``lending``, which ``config.api`` serves below ``/api/v1/``."""

from rest_framework.routers import SimpleRouter

from lending.views import (
    AuthorViewSet,
    BookViewSet,
    CopyViewSet,
    LoanViewSet,
    MemberViewSet,
    PublisherViewSet,
)

router = SimpleRouter(use_regex_path=False)
router.register("publishers", PublisherViewSet, basename="publishers")
router.register("books", BookViewSet, basename="books")
router.register("authors", AuthorViewSet, basename="authors")
router.register("copies", CopyViewSet, basename="copies")
router.register("members", MemberViewSet, basename="members")
router.register("loans", LoanViewSet, basename="loans")
