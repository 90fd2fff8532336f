"""NiceGUI in the tests' own process."""

from nicegui import core


def unused() -> None:
    """Its application is one a process, and wants no more parts once it has answered."""
    core.app.middleware_stack = None
