"""Save rows whose rules look at all rows of a class: what counts is how they are once the row is saved."""

from django import setup
from django.core.management import call_command

setup()
call_command("migrate", verbosity=0)

from datetime import date  # noqa: E402

from django.core.exceptions import ValidationError  # noqa: E402
from sports.models import Club, Court, Member, Season  # noqa: E402


def saved(row):
    row.full_clean()
    row.save()
    return row


def refused(row, code) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        assert code in [each.code for each in error.error_dict.get("__all__", [])], error.error_dict
        print(code)
    else:
        raise AssertionError((row, code))


def court(number, club):
    return Court(number=number, code="A1", indoor=False, lamps=2, opened=date(2026, 1, 1), club=club)


def member(club, **values):
    return Member(**{"name": "Ada", "email": "a@x", "joined": date(2026, 1, 1), "leads": False, "club": club, **values})


# There is one season, the first is no one too many, and it may be changed.
season = saved(Season(begins=date(2026, 1, 1)))
season.begins = date(2026, 2, 1)
saved(season)
refused(Season(begins=date(2027, 1, 1)), "only")

# A new row counts, and a changed one as it is now.
club = saved(Club(motto="Up", limited=True))
refused(Club(motto="UP", limited=False), "tags")
other = saved(Club(motto="Down", limited=False))
other.motto = "uP"
refused(other, "tags")
saved(court(1, club))
second = saved(court(2, club))
refused(court(3, club), "most")
saved(second)
moved = saved(court(3, Club.objects.get(motto="Down")))
moved.club = club
refused(moved, "most")

# Pairs of rows are keys that differ.
saved(member(club))
refused(member(club), "together")
saved(member(club, email="b@x", leads=True, age=30))
refused(member(club, email="c@x", leads=True, age=31), "one_leader")
saved(member(Club.objects.get(motto="Down"), leads=True, age=31))
