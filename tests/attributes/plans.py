"""Plans of queries in the cases ``indexes`` and ``indexes-postgresql``, on PostgreSQL."""

import pytest
from clinic.models import Doctor
from django.db import connection

pytestmark = pytest.mark.django_db

ROWS = 20_000


@pytest.fixture
def plan():
    Doctor.objects.bulk_create(
        Doctor(name=f"Dr. {number:x} of the house", email=f"{number}@example.com", notes="", is_active=True, city="x")
        for number in range(ROWS)
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('doctor_name_gin')")
        cursor.execute("ANALYZE clinic_doctor")
    return lambda **lookups: Doctor.objects.filter(**lookups).order_by().explain()


@pytest.mark.parametrize("lookup", ["icontains", "istartswith", "iexact"])
def test_an_index_finds_parts_of_texts(plan, lookup):
    assert "doctor_name_gin" in plan(**{f"name__{lookup}": "Dr. 4e1f of the house"})


def test_what_no_index_serves_is_read_as_a_whole(plan):
    assert "Seq Scan" in plan(name__contains="4e1f of")


def test_the_comments_are_those_of_the_diagram():
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('clinic_doctor'::regclass), col_description('clinic_doctor'::regclass, 2)")
        said = cursor.fetchone()
    assert said in [("Somebody who heals.", "As it stands on the door."), (None, None)]
    assert (said[0] is None) == (Doctor._meta.db_table_comment == "")
