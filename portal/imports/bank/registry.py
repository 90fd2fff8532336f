"""A registry of payments or of debts, read by its profile; nothing is taken of one whose count and
total do not agree with its lines.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from portal.domain.money import ZERO, Money
from portal.domain.wording import counted
from portal.imports.bank.compare import Operation
from portal.imports.bank.content import Complaints, content_of
from portal.imports.bank.dbf import dbf_of
from portal.imports.bank.profile import Form, Holds, ImportProfile
from portal.imports.bank.registry_rows import Control, Registry, RegistryRow, RowReader
from portal.imports.bank.registry_sources import Source, of_table, of_text
from portal.imports.book.faults import BookFaults

__all__ = ["Control", "Registry", "RegistryRow", "operations", "read_registry", "registry_of"]

_HELD = {Holds.PAYMENTS: "платежей", Holds.DEBTS: "долгов"}


def read_registry(path: Path, profile: ImportProfile, expected: Holds = Holds.PAYMENTS) -> Registry:
    """Raises BookFaults."""
    return registry_of(path.name, content_of(path), profile, expected)


def registry_of(
    name: str, content: bytes, profile: ImportProfile, expected: Holds = Holds.PAYMENTS
) -> Registry:
    """Raises BookFaults with all that is wrong, or when the profile's lines are not `expected`:
    debts are not to be taken for payments.
    """
    if profile.holds is not expected:
        raise BookFaults([f"{name}: «{profile.name}» — не реестр {_HELD[expected]}"])
    complaints = Complaints(name, profile.counted)
    source = _source(content, profile, complaints)
    reader = RowReader(profile, complaints)
    rows = [row for line, given in source.lines if (row := reader.row(line, given)) is not None]
    controls = [reader.control(line, match) for line, match in source.controls]
    complaints.refuse_if_any()  # a missing line would make the total look wrong
    numbered = _numbered(rows, complaints)
    _check(profile, numbered, controls, complaints)
    complaints.refuse_if_any()
    return Registry(name, profile, numbered, controls[0] if controls else None)


def operations(registry: Registry) -> tuple[Operation, ...]:
    """As they are set beside ours."""
    return tuple(Operation(row.key, row.amount, row.account) for row in registry.rows)


def _source(content: bytes, profile: ImportProfile, complaints: Complaints) -> Source:
    if profile.form is Form.DBF:
        return of_table(dbf_of(content, complaints, profile.encoding), profile, complaints)
    return of_text(content, profile, complaints)


def _numbered(rows: Iterable[RegistryRow], complaints: Complaints) -> tuple[RegistryRow, ...]:
    """An operation's own number comes once; of lines that only look alike the second and later get
    a key of their own, for each may be a payment.
    """
    seen: Counter[str] = Counter()
    first: dict[str, int] = {}
    found: list[RegistryRow] = []
    for row in rows:
        seen[row.key] += 1
        above = first.setdefault(row.key, row.line)
        if above != row.line and row.external_id:
            complaints.add(
                row.line,
                f"операция «{row.external_id}» уже есть выше: {complaints.counted} {above}",
            )
        is_first = seen[row.key] == 1
        found.append(row if is_first else replace(row, key=f"{seen[row.key]}:{row.key}"))
    return tuple(found)


def _check(
    profile: ImportProfile,
    rows: tuple[RegistryRow, ...],
    controls: list[Control],
    complaints: Complaints,
) -> None:
    if profile.footer and not controls:
        complaints.add(0, "нет строки с итогами: файл обрывается или это другой формат")
    elif not controls and not rows:
        complaints.add(0, "в файле нет ни одной записи")
    for control in controls[1:]:
        complaints.add(control.line, f"итоги ещё раз, первые в строке {controls[0].line}")
    for control in controls[:1]:
        _check_control(control, rows, complaints)


def _check_control(control: Control, rows: tuple[RegistryRow, ...], complaints: Complaints) -> None:
    if control.count is not None and control.count != len(rows):
        lines = counted(len(rows), "запись", "записи", "записей")
        complaints.add(
            control.line, f"по итогам записей {control.count}, а в файле {len(rows)} {lines}"
        )
    sums = {
        "сумма": (control.total, [row.amount for row in rows]),
        "сумма перевода": (control.transferred, [row.transferred or ZERO for row in rows]),
        "комиссия": (control.fee, [row.fee or ZERO for row in rows]),
    }
    for words, (stated, amounts) in sums.items():
        found = Money.total(amounts)
        if stated is not None and stated != found:
            complaints.add(control.line, f"{words} по итогам {stated}, а записи дают {found}")
