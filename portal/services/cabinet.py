"""A page's own data and the side block beside it, read in one transaction."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from portal.db.session import Session
from portal.domain.feed import EventKind
from portal.domain.identity import ResidentId
from portal.domain.person import SideBlock
from portal.services.side_block import side_block

P = ParamSpec("P")
R = TypeVar("R")

ResidentQuery = Callable[Concatenate[Session, ResidentId, P], R]


def beside(
    kinds: frozenset[EventKind],
    query: ResidentQuery[P, R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Callable[[Session, ResidentId], tuple[SideBlock, R]]:
    """A query for the side block together with the answer of `query(session, resident, …)`."""

    def both(session: Session, resident: ResidentId) -> tuple[SideBlock, R]:
        return side_block(session, resident, kinds), query(session, resident, *args, **kwargs)

    return both
