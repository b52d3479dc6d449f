"""Enumerations of the lending app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Genre(models.TextChoices):
    """Where a book stands."""

    NOVEL = "novel", _("Novel")
    POETRY = "poetry", _("Poetry")
    NON_FICTION = "non_fiction", _("Non fiction")
