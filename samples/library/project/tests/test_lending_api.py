import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

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
from tests.helpers import address, files_of, key_of, send, values_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("url", "factory", "serializer_class"),
    [
        ("/api/v1/publishers/", PublisherFactory, PublisherSerializer),
        ("/api/v1/books/", BookFactory, BookSerializer),
        ("/api/v1/authors/", AuthorFactory, AuthorSerializer),
        ("/api/v1/copies/", CopyFactory, CopySerializer),
        ("/api/v1/members/", MemberFactory, MemberSerializer),
        ("/api/v1/loans/", LoanFactory, LoanSerializer),
    ],
)
def test_who_is_signed_in_may_read(anonymous, reader, url, factory, serializer_class):
    row = factory(full_row=True)
    path = address(url, row.pk)
    assert anonymous.get(url).status_code == 403
    assert anonymous.get(path).status_code == 403

    shown = reader.get(path)
    assert shown.status_code == 200
    assert list(shown.json()) == list(serializer_class().fields)
    listed = reader.get(url)
    assert listed.status_code == 200
    assert shown.json() in listed.json()["results"]


@pytest.mark.parametrize(
    ("url", "factory", "serializer_class"),
    [
        ("/api/v1/publishers/", PublisherFactory, PublisherSerializer),
        ("/api/v1/books/", BookFactory, BookSerializer),
        ("/api/v1/authors/", AuthorFactory, AuthorSerializer),
        ("/api/v1/copies/", CopyFactory, CopySerializer),
        ("/api/v1/members/", MemberFactory, MemberSerializer),
        ("/api/v1/loans/", LoanFactory, LoanSerializer),
    ],
)
def test_who_has_no_permission_may_not_write(anonymous, reader, url, factory, serializer_class):
    row = factory()
    path = address(url, row.pk)
    for client in (anonymous, reader):
        assert client.post(url, {}).status_code == 403
        assert client.put(path, {}).status_code == 403
        assert client.patch(path, {}).status_code == 403
        assert client.delete(path).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("url", "factory", "serializer_class"),
    [
        ("/api/v1/publishers/", PublisherFactory, PublisherSerializer),
        ("/api/v1/books/", BookFactory, BookSerializer),
        ("/api/v1/authors/", AuthorFactory, AuthorSerializer),
        ("/api/v1/copies/", CopyFactory, CopySerializer),
        ("/api/v1/members/", MemberFactory, MemberSerializer),
        ("/api/v1/loans/", LoanFactory, LoanSerializer),
    ],
)
def test_creating_replacing_and_deleting(administrator, url, factory, serializer_class):
    row = factory(full_row=True)
    shown = serializer_class(row)
    values, files = values_of(shown), files_of(shown)
    row.delete()

    response = send(administrator.post, url, values, files)
    assert response.status_code == 201, response.json()
    created = response.json()
    assert created | values == created
    path = address(url, created[key_of(serializer_class)])
    assert administrator.get(path).json() == created

    response = send(administrator.put, path, values, files_of(shown))
    assert response.status_code == 200, response.json()
    assert response.json() | values == response.json()

    assert administrator.delete(path).status_code == 204
    assert administrator.get(path).status_code == 404


@pytest.mark.parametrize(
    ("url", "factory", "changes"),
    [
        ("/api/v1/publishers/", PublisherFactory, {"name": "Changed"}),
        ("/api/v1/books/", BookFactory, {"title": "Changed"}),
        ("/api/v1/authors/", AuthorFactory, {"name": "Changed"}),
        ("/api/v1/copies/", CopyFactory, {"shelfmark": "Changed"}),
        ("/api/v1/members/", MemberFactory, {"name": "Changed"}),
    ],
)
def test_changing(administrator, url, factory, changes):
    row = factory()
    response = administrator.patch(address(url, row.pk), changes)
    assert response.status_code == 200, response.json()
    assert response.json() | changes == response.json()
    row.refresh_from_db()
    assert {field: str(getattr(row, field)) for field in changes} == {
        field: str(value) for field, value in changes.items()
    }


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("/api/v1/publishers/", ("name",)),
        ("/api/v1/books/", ("title", "isbn")),
        ("/api/v1/authors/", ("name",)),
        ("/api/v1/copies/", ("shelfmark", "book")),
        ("/api/v1/members/", ("name", "email")),
        ("/api/v1/loans/", ("due", "copy", "member")),
    ],
)
def test_what_is_required_is_asked_for(administrator, url, fields):
    response = administrator.post(url, {})
    assert response.status_code == 400
    assert set(fields) <= response.json().keys()


@pytest.mark.parametrize(
    ("url", "factory", "key"),
    [
        ("/api/v1/copies/", LoanFactory, "copy"),
        ("/api/v1/members/", LoanFactory, "member"),
    ],
)
def test_deleting_what_is_in_use_is_a_conflict(administrator, url, factory, key):
    target = getattr(factory(full_row=True), key)
    response = administrator.delete(address(url, target.pk))
    assert response.status_code == 409
    assert type(target).objects.filter(pk=target.pk).exists()


@pytest.mark.parametrize(
    ("url", "factory", "serializer_class"),
    [
        ("/api/v1/publishers/", PublisherFactory, PublisherSerializer),
        ("/api/v1/books/", BookFactory, BookSerializer),
        ("/api/v1/authors/", AuthorFactory, AuthorSerializer),
        ("/api/v1/copies/", CopyFactory, CopySerializer),
        ("/api/v1/members/", MemberFactory, MemberSerializer),
        ("/api/v1/loans/", LoanFactory, LoanSerializer),
    ],
)
def test_lists_are_sorted_and_paged(administrator, url, factory, serializer_class):
    for _ in range(3):
        factory()
    key = key_of(serializer_class)

    def keys(**query):
        return [row[key] for row in administrator.get(url, query).json()["results"]]

    rising = keys(ordering=key)
    assert len(rising) >= 3
    assert keys(ordering=f"-{key}") == rising[::-1]
    assert keys(ordering=key, page_size=1, page=2) == rising[1:2]


@pytest.mark.parametrize(
    ("url", "factory"),
    [
        ("/api/v1/publishers/", PublisherFactory),
        ("/api/v1/books/", BookFactory),
        ("/api/v1/authors/", AuthorFactory),
        ("/api/v1/copies/", CopyFactory),
        ("/api/v1/members/", MemberFactory),
        ("/api/v1/loans/", LoanFactory),
    ],
)
def test_lists_take_the_same_number_of_queries_for_any_number_of_rows(administrator, url, factory):
    factory(full_row=True)
    with CaptureQueriesContext(connection) as few:
        assert administrator.get(url).json()["count"] >= 1
    factory(full_row=True)
    factory(full_row=True)
    with CaptureQueriesContext(connection) as more:
        assert administrator.get(url).json()["count"] >= 3
    assert len(few) == len(more)
