"""Answers to what goes wrong in the API."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError, RestrictedError
from rest_framework import views
from rest_framework.exceptions import APIException
from rest_framework.exceptions import ValidationError as InvalidRequest
from rest_framework.fields import get_error_detail
from rest_framework.response import Response
{% if versioned %}
from {{ core }}.versions import OutdatedError
{% endif %}

class Conflict(APIException):
    """The request contradicts what the database holds."""

    status_code = HTTPStatus.CONFLICT
    default_detail = "The request contradicts existing records."
    default_code = "conflict"


{% if versioned %}class PreconditionFailed(APIException):
    """The request is meant for another version of the object."""

    status_code = HTTPStatus.PRECONDITION_FAILED
    default_detail = "Somebody else has changed this meanwhile."
    default_code = "precondition_failed"


{% endif %}def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer refusals of the models and of the database with 400 and 409 instead of 500."""
    if isinstance(exc, ProtectedError | RestrictedError):
        exc = Conflict("Other records still refer to this one.")
{% if versioned %}    elif isinstance(exc, OutdatedError):
        exc = Conflict(str(exc))
{% endif %}    elif isinstance(exc, IntegrityError):
        exc = Conflict()
    elif isinstance(exc, ValidationError):
        exc = InvalidRequest(get_error_detail(exc))
    return views.exception_handler(exc, context)
