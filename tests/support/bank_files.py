"""Files of banks beside a house that has a channel for them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from portal.backend import Backend
from portal.commands.bank import brought, told_by
from portal.db.session import Session
from portal.domain.lumps import Listed, Lump
from portal.domain.money import Money
from portal.imports.bank.importing import BankReport
from portal.imports.bank.profile_reading import find_profile
from portal.services.incoming.channels import Channel
from portal.services.incoming.file_channels import file_channel
from portal.services.incoming.lumps import NewLump, keep_lumps, keep_registry
from tests.builders import BUILDER, House
from tests.imports.bank.statements import document, statement
from tests.support.incoming import a_channel

LATER = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
"""When the files of 24 and 25 November are at hand."""


def a_file_channel(house: House, key: str = "bank-files", **more: object) -> Channel:
    return a_channel(house, key, "file", **{"name": "Расчетный счет", **more})


def paid(number: str, purpose: str, amount: str = "100.00", **more: str) -> dict[str, str]:
    """A document by which a resident paid."""
    return document(Номер=number, НазначениеПлатежа=purpose, Сумма=amount, **more)


def a_statement(folder: Path, documents: Sequence[dict[str, str]]) -> Path:
    file = folder / "kl_to_1c.txt"
    file.write_bytes(statement(documents).encode("cp1251"))
    return file


def imports(
    backend: Backend,
    file: Path,
    *,
    profile: str | None = None,
    channel: str | None = None,
    is_applied: bool = True,
) -> BankReport:
    """As the command does it."""
    to = backend.read_now(file_channel, BUILDER, channel)
    layout = None if profile is None else find_profile(profile)
    money = told_by(file, layout, to)
    backend.clock = lambda: LATER
    return brought(backend, to, money, is_applied=is_applied)


def gets_a_lump(house: House, channel: Channel, written: str) -> None:
    """A bank's sum for a registry, and the registry that says whose it is."""
    day, amount = LATER.date(), Money.parse("100")
    listed = Listed("r1", "451.csv", "451", day, day, day, 1, amount, Money.parse("99"))
    lump = Lump("l1", "451", "451", day, Money.parse("99"), "Перечисление по реестру № 451")

    def keep(session: Session) -> None:
        keep_lumps(session, channel, "kl_to_1c.txt", [NewLump(lump, written)], LATER)
        keep_registry(session, channel, listed, LATER)

    house.writes(keep)
