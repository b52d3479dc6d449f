"""What the settings name and somebody writes by hand."""


def somebody() -> None:
    """Say who takes over: nobody."""
