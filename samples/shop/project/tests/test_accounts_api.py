import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.serializers import UserSerializer
from tests.factories import UserFactory
from tests.helpers import address, files_of, key_of, send, values_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("url", "factory", "serializer_class"),
    [
        ("/api/v1/users/", UserFactory, UserSerializer),
    ],
)
def test_only_staff_sees_users(anonymous, reader, url, factory, serializer_class):
    path = address(url, factory().pk)
    for client in (anonymous, reader):
        assert client.get(url).status_code == 403
        assert client.get(path).status_code == 403
        assert client.delete(path).status_code == 403
    assert "password" not in serializer_class().fields


@pytest.mark.parametrize(
    ("url", "factory", "serializer_class"),
    [
        ("/api/v1/users/", UserFactory, UserSerializer),
    ],
)
def test_new_users_cannot_sign_in_yet(administrator, url, factory, serializer_class):
    row = factory()
    shown = serializer_class(row)
    values, files = values_of(shown), files_of(shown)
    row.delete()
    created = send(administrator.post, url, values, files).json()
    user = type(row).objects.get(pk=created[key_of(serializer_class)])
    assert not user.has_usable_password()


@pytest.mark.parametrize(
    ("url", "factory", "serializer_class"),
    [
        ("/api/v1/users/", UserFactory, UserSerializer),
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
    ("url", "fields"),
    [
        ("/api/v1/users/", ("username",)),
    ],
)
def test_what_is_required_is_asked_for(administrator, url, fields):
    response = administrator.post(url, {})
    assert response.status_code == 400
    assert set(fields) <= response.json().keys()


@pytest.mark.parametrize(
    ("url", "factory", "serializer_class"),
    [
        ("/api/v1/users/", UserFactory, UserSerializer),
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
        ("/api/v1/users/", UserFactory),
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
