"""Services: what their methods allow, and whose volumes they take."""

from collections.abc import Iterator

from portal.db.tariffs import ServiceSource
from portal.domain.charging.methods import Fallback, Method
from portal.domain.photo import PhotoPolicy
from portal.imports.book.desk import Desk
from portal.imports.book.format import SOURCES
from portal.imports.book.keeping import Manner, Plan, keep
from portal.imports.book.known import Entry
from portal.imports.book.reading import Row, quoted

_KEPT = Manner(SOURCES, ServiceSource)
_BY_THE_MONTH = {Method.METERED_MONTH, Method.BANDS}


def service_columns(desk: Desk, row: Row, _links: dict[str, Entry]) -> Entry:
    """None beside the fields; complains of what does not go together."""
    for fault in _faults(row):
        desk.complain(row, fault)
    return {}


def _faults(row: Row) -> Iterator[str]:
    is_periodic = row.get("kind") == "periodic"
    if row.get("photo", PhotoPolicy.OFF) != PhotoPolicy.OFF and is_periodic:
        yield "снимок счетчика бывает только у разовой услуги: у нее есть показания"
    if "method" not in row.values:
        return
    method = Method(row["method"])
    if method.is_read and is_periodic:
        yield f"«{method}» бывает только у разовой услуги: у нее есть показания"
    if row.get("sources") and not method.takes_volumes:
        yield f"«{method}» не берет объемы других услуг: «sources» здесь лишнее"
    if row.get("fallback", Fallback.NONE) != Fallback.NONE and method not in _BY_THE_MONTH:
        yield f"«{method}» не обходится без показаний: «fallback» здесь лишнее"


def keep_sources(desk: Desk) -> None:
    """Set once: whose volumes were taken decides what was charged."""
    stored: dict[int, set[str]] = {}
    for service_id, code in desk.known[SOURCES].by_key:
        stored.setdefault(service_id, set()).add(code)
    plans: list[Plan] = []
    for row, key in desk.rows("services"):
        service, codes = desk.known["services"].by_key[key], row.get("sources", ())
        before = stored.get(service["id"], set())
        if codes and before and before != set(codes):
            told = ", ".join(sorted(before))
            desk.complain(row, f"поле «sources»: уже загружено {told}; такое не меняют")
            continue
        for code in codes:
            refuse_unknown_code(desk, row, code)
            own = {"service_id": service["id"], "source_external_id": code}
            plans.append(Plan(row, tuple(own.values()), own))
    keep(desk, _KEPT, plans)


def refuse_unknown_code(desk: Desk, row: Row, code: str) -> None:
    """Complains where no service of any tariff has the code; not while one of the file's own
    services has a fault, for it may be that one.
    """
    is_known = (code,) in desk.known["codes"].by_key or any(
        code == external_id for _, external_id in desk.known["services"].by_key
    )
    if not is_known and all(each.is_whole for each in desk.book.rows["services"]):
        desk.complain(row, f"услуги с кодом {quoted(code)} нет ни в одном тарифе")
