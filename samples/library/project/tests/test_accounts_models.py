import pytest

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("full_row", [False, True])
@pytest.mark.parametrize(
    "factory",
    [
        UserFactory,
    ],
)
def test_factories_make_valid_rows(factory, full_row):
    row = factory(full_row=full_row)
    row.full_clean()
    assert type(row).objects.get(pk=row.pk) == row
