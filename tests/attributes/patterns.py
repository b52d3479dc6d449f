"""Rules of the case ``patterns``, against the database: what Python finds in a text, the database finds, too."""

import random
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from shop.models import Part

pytestmark = pytest.mark.django_db

#: Patterns that are read alike, by the words of the compiler.
ALIKE = [
    r"\A[A-Z]{2}-[0-9]{4,6}\Z",
    r"^(?:\+?[0-9 ]{3,255}|none)\Z",
    r"\A[^;\]\-]+(x|y)?\.\Z",
    r"\A[-+]?[0-9]*\Z",
    r"\A[a-z0-9_-]{0,}\Z",
    r"\A[-a-z-]\Z",
    r"é|ß",
    r"[^a-z]",
    r"\A(?:ab?|-)*\Z",
    r"(\.|;){2}",
]
#: With characters that databases are known to take for something else.
SIGNS = "abxyzAZ019-+_.;[] \n\t\\éß٣"


def texts():
    chosen = random.Random(7)
    short = ["".join(chosen.choices(SIGNS, k=chosen.randint(1, 6))) for _ in range(600)]
    return short + ["AB-1234", "AB-1234\n", "none", "+49 30", "x.", "ab-ab", "abab-a", "-"]


def test_databases_and_python_find_the_same():
    written = texts()
    Part.objects.bulk_create(
        Part(code=f"AA-{number:06}", old_number=text) for number, text in enumerate(written)
    )
    for pattern in ALIKE:
        found = Part.objects.filter(old_number__regex=pattern).values_list("old_number", flat=True)
        assert set(found) == {text for text in written if re.search(pattern, text)}, pattern


@pytest.mark.parametrize("code", ["AB-1234", "ZZ-123456"])
def test_texts_that_fit_are_stored(code):
    part = Part(code=code, old_number="1")
    part.full_clean()
    part.save()


@pytest.mark.parametrize("code", ["", "AB-123", "ab-1234", "AB-1234\n", "xAB-1234", "AB-١٢٣٤"])
def test_the_database_refuses_other_texts(code):
    part = Part(code=code, old_number="1")
    with pytest.raises(ValidationError):
        part.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        part.save()


def test_a_text_that_may_be_left_out_may_be_empty():
    part = Part.objects.create(code="AB-1234", old_number="1", alias="")
    part.full_clean()
    part.alias = "Not this"
    with pytest.raises(IntegrityError), transaction.atomic():
        part.save()


def test_each_of_many_values_is_checked():
    part = Part.objects.create(code="AB-1234", old_number="1")
    part.marks.create(value="+-")
    with pytest.raises(IntegrityError), transaction.atomic():
        part.marks.create(value="*")
