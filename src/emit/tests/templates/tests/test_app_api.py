{{ imports }}
pytestmark = pytest.mark.django_db
{% if shown %}

@pytest.mark.parametrize(
    ("url", "factory", "serializer_class"),
    {{ shown }},
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
{% endif %}{% if public %}

@pytest.mark.parametrize(
    ("url", "factory"),
    {{ public }},
)
def test_everybody_may_read(anonymous, reader, url, factory):
    path = address(url, factory(full_row=True).pk)
    for client in (anonymous, reader):
        assert client.get(url).status_code == 200
        assert client.get(path).status_code == 200
{% endif %}{% if unwritable %}

@pytest.mark.parametrize(
    ("url", "factory"),
    {{ unwritable }},
)
def test_nobody_writes(administrator, url, factory):
    row = factory()
    path = address(url, row.pk)
    assert administrator.post(url, {}).status_code == 405
    assert administrator.put(path, {}).status_code == 405
    assert administrator.patch(path, {}).status_code == 405
    assert administrator.delete(path).status_code == 405
    assert type(row).objects.filter(pk=row.pk).exists()
{% endif %}{% if secrets %}

@pytest.mark.parametrize(
    ("url", "factory", "fields"),
    {{ secrets }},
)
def test_secrets_are_never_shown(administrator, url, factory, fields):
    row = factory(full_row=True)
    assert all(hasattr(row, field) for field in fields)
    shown = administrator.get(address(url, row.pk)).json()
    assert not shown.keys() & set(fields)
    for listed in administrator.get(url).json()["results"]:
        assert not listed.keys() & set(fields)
{% endif %}{% if readable %}

@pytest.mark.parametrize(
    ("url", "factory", "serializer_class"),
    {{ readable }},
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
{% endif %}{% if users %}

@pytest.mark.parametrize(
    ("url", "factory", "serializer_class"),
    {{ users }},
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
    {{ users }},
)
def test_new_users_cannot_sign_in_yet(administrator, url, factory, serializer_class):
    row = factory()
    shown = serializer_class(row)
    values, files = values_of(shown), files_of(shown)
    row.delete()
    created = send(administrator.post, url, values, files).json()
    user = type(row).objects.get(pk=created[key_of(serializer_class)])
    assert not user.has_usable_password()
{% endif %}{% if resources %}

@pytest.mark.parametrize(
    ("url", "factory", "serializer_class"),
    {{ resources }},
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
{% endif %}{% if signed %}

@pytest.mark.parametrize(
    ("url", "factory", "serializer_class", "fields"),
    {{ signed }},
)
def test_who_makes_a_row_is_noted(administrator, url, factory, serializer_class, fields):
    row = factory(full_row=True)
    shown = serializer_class(row)
    values, files = values_of(shown), files_of(shown)
    row.delete()

    # Nobody signs for others.
    values |= dict.fromkeys(fields)
    created = send(administrator.post, url, values, files).json()
    row = type(row).objects.get(pk=created[key_of(serializer_class)])
    assert all(getattr(row, field).is_superuser for field in fields)
{% endif %}{% if changes %}

@pytest.mark.parametrize(
    ("url", "factory", "changes"),
    {{ changes }},
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
{% endif %}{% if versioned %}

@pytest.mark.parametrize(
    ("url", "factory", "changes"),
    {{ versioned }},
)
def test_who_has_seen_an_older_version_is_refused(administrator, url, factory, changes):
    path = address(url, factory().pk)
    seen = administrator.get(path).headers["ETag"]
    assert administrator.patch(path, changes, HTTP_IF_MATCH='"0"').status_code == 412
    changed = administrator.patch(path, changes, HTTP_IF_MATCH=seen)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != seen
    assert administrator.patch(path, changes, HTTP_IF_MATCH=seen).status_code == 412
    assert administrator.delete(path, HTTP_IF_MATCH=seen).status_code == 412
{% endif %}{% if required %}

@pytest.mark.parametrize(
    ("url", "fields"),
    {{ required }},
)
def test_what_is_required_is_asked_for(administrator, url, fields):
    response = administrator.post(url, {})
    assert response.status_code == 400
    assert set(fields) <= response.json().keys()
{% endif %}{% if protected %}

@pytest.mark.parametrize(
    ("url", "factory", "key"),
    {{ protected }},
)
def test_deleting_what_is_in_use_is_a_conflict(administrator, url, factory, key):
    target = getattr(factory(full_row=True), key)
    response = administrator.delete(address(url, target.pk))
    assert response.status_code == 409
    assert type(target).objects.filter(pk=target.pk).exists()
{% endif %}{% if paged %}

@pytest.mark.parametrize(
    ("url", "factory", "serializer_class"),
    {{ paged }},
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
{% endif %}{% if lists %}

@pytest.mark.parametrize(
    ("url", "factory"),
    {{ lists }},
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
{% endif %}{% if searched %}

@pytest.mark.parametrize(
    ("url", "factory", "field"),
    {{ searched }},
)
def test_lists_are_searched(administrator, url, factory, field):
    text = getattr(factory(full_row=True), field)
    found = administrator.get(url, {"search": text.upper()}).json()["results"]
    assert text in [row[field] for row in found]
    assert not administrator.get(url, {"search": f"{text}-nowhere"}).json()["results"]
{% endif %}{% if filtered %}

@pytest.mark.parametrize(
    ("url", "factory", "serializer_class", "field"),
    {{ filtered }},
)
def test_lists_are_filtered(administrator, url, factory, serializer_class, field):
    value = serializer_class(factory(full_row=True)).data[field]
    found = administrator.get(url, {field: value}).json()["results"]
    assert found
    assert all(str(row[field]) == str(value) for row in found)
{% endif %}
