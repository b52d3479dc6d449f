"""Open each page of the admin that lists, adds or changes something."""

from datetime import date, time, timedelta

import django

django.setup()

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse

setup_test_environment()
call_command("migrate", run_syncdb=True, verbosity=0)


def value(field, number):
    if field.choices:
        return field.choices[0][0]
    match field:
        case models.BooleanField():
            return True
        case models.DecimalField() | models.IntegerField() | models.FloatField():
            return number
        case models.DateTimeField():
            return django.utils.timezone.now()
        case models.DateField():
            return date(2024, 1, number)
        case models.TimeField():
            return time(1, number)
        case models.DurationField():
            return timedelta(number)
        case models.UUIDField():
            return f"00000000-0000-0000-0000-{number:012}"
        case models.GenericIPAddressField():
            return f"10.0.0.{number}"
        case models.JSONField():
            return {"number": number}
        case models.BinaryField():
            return b"x"
        case models.FileField():
            return f"{number}.txt"
    return f"x{number}"


made = {}


def make(model, number=1):
    """Make a row with what it needs."""
    if (model, number) in made:
        return made[model, number]
    values = {}
    for field in model._meta.concrete_fields:
        link = field.is_relation and field.remote_field.parent_link
        # One row with everything that needs no other row, one with nothing optional.
        left_out = field.null and (number == 2 or field.is_relation or isinstance(field, models.DateField))
        if link or left_out or isinstance(field, models.AutoField):
            continue
        if field.is_relation:
            values[field.name] = make(field.related_model, number)
        elif not field.has_default():
            values[field.name] = value(field, number)
    made[model, number] = model.objects.create(**values)
    return made[model, number]


user = get_user_model().objects.create_superuser("root", "root@example.com", "secret")
client = Client(raise_request_exception=True)
client.force_login(user)
pages = 0
for model, options in admin.site._registry.items():
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    urls = [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
    if model._meta.app_label not in {"auth", "accounts", "contenttypes", "sessions"}:
        urls += [reverse(f"{name}_change", args=[make(model, number).pk]) for number in (1, 2)]
        str(make(model))
    if options.search_fields:
        urls.append(urls[0] + "?q=x")
    for url in urls:
        response = client.get(url)
        assert response.status_code == 200, (url, response.status_code, response.headers)
        pages += 1
    for related, field in ((model, field) for field in options.autocomplete_fields):
        target = model._meta.get_field(field).related_model
        assert admin.site._registry[target].search_fields, (model, field)
        response = client.get(
            reverse("admin:autocomplete"),
            {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field, "term": "x"},
        )
        assert response.status_code == 200, (model, field, response.content)
# A new user needs what ours has besides.
form = {"username": "new", "usable_password": "true", "password1": "a-long-one-5", "password2": "a-long-one-5"}
form |= {"profile-TOTAL_FORMS": "0", "profile-INITIAL_FORMS": "0"}
response = client.post(reverse("admin:accounts_user_add"), form)
assert response.status_code == 200 and "nickname" in response.context["adminform"].form.errors, response.status_code
response = client.post(reverse("admin:accounts_user_add"), form | {"nickname": "newt"})
assert response.status_code == 302, response.context["adminform"].form.errors
assert get_user_model().objects.get(nickname="newt").check_password("a-long-one-5")
print(pages, "pages")
