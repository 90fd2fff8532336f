"""Which page stands at which address, and who may see it."""

from pages.screen import Route

ROUTES: tuple[Route, ...] = ()
