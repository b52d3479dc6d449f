import pytest

from accounts.serializers import UserSerializer
from tests.factories import UserFactory
from tests.helpers import files_of, values_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("full_row", [False, True])
@pytest.mark.parametrize(
    ("factory", "serializer_class"),
    [
        (UserFactory, UserSerializer),
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
