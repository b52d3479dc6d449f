import pytest
{% if has_external %}from django.apps import apps
from django.db import connection
{% endif %}from rest_framework.test import APIClient

from tests.factories import {{ user_factory }}


def client_of(user) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


{% if has_external %}@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Makes the tables too that somebody else makes outside of tests."""
    with django_db_blocker.unblock():
        known = connection.introspection.table_names()
        with connection.schema_editor() as editor:
            for model in apps.get_models():
                options = model._meta
                if not (options.managed or options.proxy) and options.db_table not in known:
                    editor.create_model(model)


{% endif %}@pytest.fixture
def anonymous() -> APIClient:
    return APIClient()


@pytest.fixture
def reader(db) -> APIClient:
    """Somebody who is signed in and has no permissions."""
    return client_of({{ user_factory }}())


@pytest.fixture
def administrator(db) -> APIClient:
    return client_of({{ user_factory }}(is_staff=True, is_superuser=True))
