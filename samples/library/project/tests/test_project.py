import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.urls import reverse

from tests import factories

ROOT = Path(__file__).resolve().parent.parent
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
FACTORIES = {
    factory._meta.model: factory
    for factory in vars(factories).values()
    if isinstance(factory, type) and issubclass(factory, factories.ModelFactory)
}


@pytest.mark.django_db
def test_django_finds_nothing_to_complain_about():
    call_command("check", fail_level="WARNING")


def test_production_is_secure():
    production = {
        "ALLOWED_HOSTS": "example.com",
        "DATABASE_URL": "sqlite://:memory:",
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": "only-for-this-test-x7-9q2w8e3r5t1y6u4i0o-plmkoijnbhuygvcft",
    }
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=os.environ | production,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.django_db
def test_migrations_match_the_models():
    call_command("makemigrations", check=True, dry_run=True)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_admin_pages_answer(administrator, rf, model):
    page = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    paths = [reverse(f"{page}_changelist")]
    if model in FACTORIES:
        row = FACTORIES[model](full_row=True)
        paths.append(reverse(f"{page}_change", args=[row.pk]))
    request = rf.get(paths[0])
    request.user = factories.UserFactory(is_staff=True, is_superuser=True)
    if admin.site.get_model_admin(model).has_add_permission(request):
        paths.append(reverse(f"{page}_add"))
    for path in paths:
        assert administrator.get(path).status_code == 200


@pytest.mark.django_db
def test_the_api_lists_what_it_offers(anonymous, reader):
    assert anonymous.get("/api/v1/").status_code == 403
    offered = reader.get("/api/v1/").json()
    assert offered
    assert all(url.startswith("http://testserver/api/v1/") for url in offered.values())
