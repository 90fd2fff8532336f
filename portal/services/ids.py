"""Numbers of rows as they come from addresses."""

from portal.errors import NotFound

BIGGEST = 2**63 - 1  # what a column of either database can hold


def ensure_possible(row_id: int) -> int:
    """Raises NotFound: no row can have this number, and the driver would stumble over it."""
    if not 0 < row_id <= BIGGEST:
        raise NotFound
    return row_id
