{{ imports }}
pytestmark = pytest.mark.django_db
{% if serializers %}

@pytest.mark.parametrize("full_row", [False, True])
@pytest.mark.parametrize(
    ("factory", "serializer_class"),
    {{ serializers }},
)
def test_what_is_read_can_be_written(factory, serializer_class, full_row):
    row = factory(full_row=full_row)
    shown = serializer_class(row)
    values, files = values_of(shown), files_of(shown)
    row.delete()

    serializer = serializer_class(data=values | files)
    assert serializer.is_valid(), serializer.errors
    assert values_of(serializer_class(serializer.save())) == values
{% endif %}{% if invalid %}

@pytest.mark.parametrize(
    ("factory", "serializer_class", "values"),
    {{ invalid }},
)
def test_invalid_values_are_refused(factory, serializer_class, values):
    row = factory()
    for field, value in values.items():
        serializer = serializer_class(row, data={field: value}, partial=True)
        assert not serializer.is_valid()
        assert field in serializer.errors
{% endif %}{% if forbidden %}

@pytest.mark.parametrize(
    ("factory", "serializer_class", "full_row", "values"),
    {{ forbidden }},
)
def test_what_a_constraint_forbids_is_refused(factory, serializer_class, full_row, values):
    row = factory(full_row=full_row)
    serializer = serializer_class(row, data=values, partial=True)
    assert not serializer.is_valid()
{% endif %}{% if constant_keys %}

@pytest.mark.parametrize(
    ("factory", "serializer_class"),
    {{ constant_keys }},
)
def test_keys_never_change(factory, serializer_class):
    row, other = factory(), factory()
    key = key_of(serializer_class)
    value = serializer_class(other).data[key]
    other.delete()
    serializer = serializer_class(row, data={key: value}, partial=True)
    assert not serializer.is_valid()
    assert key in serializer.errors
{% endif %}
