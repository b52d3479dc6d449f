"""What the tests of all apps share."""

import json
from urllib.parse import quote

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer


def address(url, key):
    """The URL of one object in the collection at ``url``."""
    return f"{url}{quote(str(key), safe='')}/"


def key_of(serializer_class):
    """The name of the primary key, with which every serializer begins."""
    return next(iter(serializer_class().fields))


def values_of(serializer):
    """What a client may write, as JSON shows it; files are left out."""
    shown = json.loads(JSONRenderer().render(serializer.data))
    return {
        name: shown[name]
        for name, field in serializer.fields.items()
        if not field.read_only and not isinstance(field, serializers.FileField)
    }


def files_of(serializer):
    """New files for the fields that have one."""
    return {
        name: SimpleUploadedFile("new.txt", b"new")
        for name, field in serializer.fields.items()
        if isinstance(field, serializers.FileField) and serializer.data[name]
    }


def send(method, url, values, files):
    """Send JSON, or a form if there are files."""
    if not files:
        return method(url, values)
    form = {
        name: json.dumps(value) if isinstance(value, dict) else value
        for name, value in values.items()
        if value is not None
    }
    return method(url, form | files, format="multipart")
