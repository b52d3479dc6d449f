"""What the diagram names and somebody writes by hand."""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage


def private_files() -> FileSystemStorage:
    """Keep files where no server shows them."""
    return FileSystemStorage(location=Path(settings.BASE_DIR) / "private")
