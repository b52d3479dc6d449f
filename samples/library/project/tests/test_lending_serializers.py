import pytest

from lending.serializers import (
    AuthorSerializer,
    BookSerializer,
    CopySerializer,
    LoanSerializer,
    MemberSerializer,
    PublisherSerializer,
)
from tests.factories import (
    AuthorFactory,
    BookFactory,
    CopyFactory,
    LoanFactory,
    MemberFactory,
    PublisherFactory,
)
from tests.helpers import files_of, values_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("full_row", [False, True])
@pytest.mark.parametrize(
    ("factory", "serializer_class"),
    [
        (PublisherFactory, PublisherSerializer),
        (BookFactory, BookSerializer),
        (AuthorFactory, AuthorSerializer),
        (CopyFactory, CopySerializer),
        (MemberFactory, MemberSerializer),
        (LoanFactory, LoanSerializer),
    ],
)
def test_what_is_read_can_be_written(factory, serializer_class, full_row):
    row = factory(full_row=full_row)
    shown = serializer_class(row)
    values, files = values_of(shown), files_of(shown)
    row.delete()

    serializer = serializer_class(data=values | files)
    assert serializer.is_valid(), serializer.errors
    assert values_of(serializer_class(serializer.save())) == values


@pytest.mark.parametrize(
    ("factory", "serializer_class", "values"),
    [
        (PublisherFactory, PublisherSerializer, {"name": "x" * 256}),
        (
            BookFactory,
            BookSerializer,
            {"title": "x" * 256, "isbn": "x" * 256, "genre": "?", "published": "never"},
        ),
        (AuthorFactory, AuthorSerializer, {"name": "x" * 256, "born": "never"}),
        (CopyFactory, CopySerializer, {"shelfmark": "x" * 256, "is_worn": "perhaps"}),
        (MemberFactory, MemberSerializer, {"name": "x" * 256, "email": "nobody"}),
        (LoanFactory, LoanSerializer, {"due": "never", "returned": "never"}),
    ],
)
def test_invalid_values_are_refused(factory, serializer_class, values):
    row = factory()
    for field, value in values.items():
        serializer = serializer_class(row, data={field: value}, partial=True)
        assert not serializer.is_valid()
        assert field in serializer.errors
