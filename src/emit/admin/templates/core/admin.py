"""Base classes of admin pages."""

{% if versioned %}from typing import Any

from django import forms
{% endif %}{% if lookups or singletons %}from django.contrib import admin
{% endif %}{% if versioned %}from django.core.exceptions import ValidationError
{% endif %}{% if signed or lookups or singletons %}from django.db.models import Model
{% endif %}{% if signed %}from django.forms import BaseModelFormSet, ModelForm
{% endif %}{% if signed or lookups or singletons %}from django.http import HttpRequest
{% endif %}{% if versioned %}from django.utils.translation import gettext_lazy as _
{% endif %}{% if signed %}
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
{% endif %}{% if versioned %}

class VersionForm(forms.ModelForm):
    """Refuses a row that somebody else has saved while the form was filled in."""

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["seen_version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        """Compare the version that was shown with that of the row."""
        cleaned = super().clean() or self.cleaned_data
        seen = cleaned.get("seen_version")
        if not self.instance._state.adding and seen != self.instance.version:
            raise ValidationError(_("Somebody else has saved this meanwhile."), code="outdated")
        return cleaned
{% endif %}{% if lookups %}

class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows that migrations keep as they are drawn."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes rows."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes rows."""
        return False
{% endif %}{% if singletons %}

class SingletonAdmin(admin.ModelAdmin):
    """Shows the only row."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is no second row."""
        return super().has_add_permission(request) and not self.get_queryset(request).exists()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The row stays."""
        return False
{% endif %}