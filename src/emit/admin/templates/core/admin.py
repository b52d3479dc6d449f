"""Base classes of admin pages."""

from django.db.models import Model
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest

from {{ core }}.audit import sign


class SigningMixin:
    """Notes who makes and changes rows, on their own pages and inside of others."""

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        """Save a row in the name of the user."""
        sign(obj, request.user)
        super().save_model(request, obj, form, change)

    def save_formset(
        self, request: HttpRequest, form: ModelForm, formset: BaseModelFormSet, change: bool
    ) -> None:
        """Save rows inside of another one in the name of the user."""
        for part in formset.forms:
            sign(part.instance, request.user)
        super().save_formset(request, form, formset, change)
