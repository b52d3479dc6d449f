import pytest
from rest_framework.test import APIClient

from tests.factories import UserFactory


def client_of(user) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


@pytest.fixture
def anonymous() -> APIClient:
    return APIClient()


@pytest.fixture
def reader(db) -> APIClient:
    """Somebody who is signed in and has no permissions."""
    return client_of(UserFactory())


@pytest.fixture
def administrator(db) -> APIClient:
    return client_of(UserFactory(is_staff=True, is_superuser=True))
