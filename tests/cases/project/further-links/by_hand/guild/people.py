"""What the diagram names and somebody writes by hand."""


def nobody() -> None:
    """Say who takes over: nobody."""
