{{ imports }}
pytestmark = pytest.mark.django_db
{% if factories %}

@pytest.mark.parametrize("full_row", [False, True])
@pytest.mark.parametrize(
    "factory",
    {{ factories }},
)
def test_factories_make_valid_rows(factory, full_row):
    row = factory(full_row=full_row)
    row.full_clean()
    assert type(row).objects.get(pk=row.pk) == row
{% endif %}{% if named %}

@pytest.mark.parametrize(
    ("factory", "parts"),
    {{ named }},
)
def test_rows_are_named_by_their_fields(factory, parts):
    row = factory(full_row=True)
    shown = [getattr(row, part) for part in parts]
    assert str(row) == " ".join(str(value() if callable(value) else value) for value in shown)
{% endif %}{% if numbered %}

@pytest.mark.parametrize(
    "factory",
    {{ numbered }},
)
def test_rows_without_a_name_are_named_by_their_key(factory):
    row = factory()
    assert str(row) == f"{row._meta.verbose_name} {row.pk}"
{% endif %}{% if required %}

@pytest.mark.parametrize(
    ("factory", "fields"),
    {{ required }},
)
def test_required_values_cannot_be_null(factory, fields):
    for field in fields:
        with pytest.raises(IntegrityError), transaction.atomic():
            factory(**{field: None})
{% endif %}{% if unique %}

@pytest.mark.parametrize(
    ("factory", "fields", "full_row"),
    {{ unique }},
)
def test_unique_values_are_refused_twice(factory, fields, full_row):
    row = factory(full_row=full_row)
    values = {field: getattr(row, field) for field in fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        factory(full_row=full_row, **values)
{% endif %}{% if checks %}

@pytest.mark.parametrize(
    ("factory", "values"),
    {{ checks }},
)
def test_the_database_refuses_what_a_constraint_forbids(factory, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        factory(**values)
{% endif %}{% if invalid %}

@pytest.mark.parametrize(
    ("factory", "values"),
    {{ invalid }},
)
def test_invalid_values_are_refused(factory, values):
    row = factory()
    for field, value in values.items():
        changed = copy.copy(row)
        setattr(changed, field, value)
        with pytest.raises(ValidationError) as refusal:
            changed.full_clean()
        assert field in refusal.value.message_dict
{% endif %}{% if cascading %}

@pytest.mark.parametrize(
    ("factory", "key"),
    {{ cascading }},
)
def test_rows_go_with_what_they_are_part_of(factory, key):
    row = factory(full_row=True)
    getattr(row, key).delete()
    assert not type(row).objects.filter(pk=row.pk).exists()
{% endif %}{% if nulled %}

@pytest.mark.parametrize(
    ("factory", "key"),
    {{ nulled }},
)
def test_rows_stay_without_what_they_referred_to(factory, key):
    row = factory(full_row=True)
    getattr(row, key).delete()
    row.refresh_from_db()
    assert getattr(row, key) is None
{% endif %}{% if protecting %}

@pytest.mark.parametrize(
    ("factory", "key", "refusal"),
    {{ protecting }},
)
def test_what_rows_refer_to_cannot_be_deleted(factory, key, refusal):
    row = factory(full_row=True)
    with pytest.raises(refusal):
        getattr(row, key).delete()
    assert type(row).objects.filter(pk=row.pk).exists()
{% endif %}{% if marked %}

@pytest.mark.parametrize(
    "factory",
    {{ marked }},
)
def test_deleted_rows_are_marked_and_can_be_restored(factory):
    row = factory(full_row=True)
    rows, all_rows = type(row).objects, type(row).all_objects
    for delete in (row.delete, rows.filter(pk=row.pk).delete):
        assert delete()[0] >= 1
        assert not rows.filter(pk=row.pk).exists()
        deleted = all_rows.get(pk=row.pk)
        assert deleted.deleted_at
        assert deleted.restore() >= 1
        assert rows.get(pk=row.pk) == row
{% endif %}{% if versioned %}

@pytest.mark.parametrize(
    "factory",
    {{ versioned }},
)
def test_outdated_rows_are_not_saved(factory):
    row = factory()
    outdated = type(row).objects.get(pk=row.pk)
    row.save()
    assert type(row).objects.get(pk=row.pk).version == row.version == outdated.version + 1
    with pytest.raises(OutdatedError):
        outdated.save()
{% endif %}{% if children %}

@pytest.mark.parametrize(
    ("factory", "parent"),
    {{ children }},
)
def test_children_are_rows_of_their_parent(factory, parent):
    row = factory()
    general = parent.objects.filter(pk=row.pk)
    assert general.exists()
    row.delete()
    assert not general.exists()
{% endif %}{% if bare %}

@pytest.mark.parametrize(
    "factory",
    {{ bare }},
)
def test_rows_must_be_of_a_kind(factory):
    with pytest.raises(ValidationError) as refusal:
        factory().clean()
    assert refusal.value.code == "no_kind"
{% endif %}{% if siblings %}

@pytest.mark.parametrize(
    ("factory", "sibling"),
    {{ siblings }},
)
def test_rows_are_of_one_kind(factory, sibling):
    row = copy.copy(factory())
    row.pk = sibling().pk
    with pytest.raises(ValidationError) as refusal:
        row.clean()
    assert refusal.value.code == "two_kinds"
{% endif %}{% if overlaps %}

@pytest.mark.parametrize(
    ("factory", "values", "same"),
    {{ overlaps }},
)
def test_ranges_do_not_overlap(factory, values, same):
    row = factory(full_row=True, **values)
    other = copy.copy(factory(full_row=True, **{field: getattr(row, field) for field in same}))
    for field, value in values.items():
        setattr(other, field, value)
    with pytest.raises(ValidationError):
        other.full_clean()
{% endif %}{% if lookups %}

@pytest.mark.parametrize(
    ("model", "codes"),
    {{ lookups }},
)
def test_there_is_a_row_for_each_code(model, codes):
    assert set(codes.values) <= set(model.objects.values_list("pk", flat=True))
{% endif %}{% if singletons %}

@pytest.mark.parametrize(
    "factory",
    {{ singletons }},
)
def test_there_is_one_row(factory):
    row = factory()
    other = copy.copy(row)
    other.pk = row.pk + 1
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.bulk_create([other])
    other.save()
    assert type(row).objects.get() == row
    assert type(row).load() == row
{% endif %}
