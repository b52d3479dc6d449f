"""Who makes rows, and who changes them."""

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model


def signature(
    model: type[Model], user: AbstractBaseUser | AnonymousUser, *, adding: bool
) -> dict[str, AbstractBaseUser]:
    """Return the fields in which ``model`` keeps who saves a row, with the user."""
    if not isinstance(user, AbstractBaseUser):
        return {}
    names = ("created_by", "updated_by") if adding else ("updated_by",)
    fields = [field for field in model._meta.concrete_fields if not field.editable]
    users = {field.name for field in fields if field.related_model is get_user_model()}
    return {name: user for name in names if name in users}


def sign(row: Model, user: AbstractBaseUser | AnonymousUser) -> None:
    """Note in ``row`` who is about to save it, if its model keeps that."""
    for name, value in signature(type(row), user, adding=row._state.adding).items():
        setattr(row, name, value)
