"""A file mangled in a few places is read or refused, and never breaks the reader; what is read of
it still adds up.
"""

import random
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from portal.domain.money import Money
from portal.imports.bank.content import FAULTS_MAX
from portal.imports.bank.exchange import statement_of
from portal.imports.bank.profile import Holds
from portal.imports.bank.profile_reading import SHIPPED, find_profile, profile_of
from portal.imports.bank.registry import registry_of
from portal.imports.book.faults import BookFaults
from portal.imports.book.reading import read_toml
from tests.imports.bank.registries import gorod, lanbilling, paid_table, qiwi, sber
from tests.imports.bank.statements import OURS, SECOND, document, section, statement

FILES, FILES_IN_FULL = 5000, 50_000
BITS = (
    b"\0", b"\n", b"\r", b"\x1a", b"\xff\xfe", b"\xef\xbb\xbf", b"=", b";", b"\t", b"-", b"0",
    b"9" * 30, b"1e9", b"NaN", b"\x98", b'"', b"<!ENTITY x SYSTEM 'file:///'>", b"%s{}",
    "Ы".encode(), "٣".encode(), b"A" * 5000,
)  # fmt: skip


def statements() -> str:
    lump = document(НазначениеПлатежа="По реестру № 451", Номер="2", Сумма="100.00")
    return statement(
        [document(), lump, document(ПолучательСчет=SECOND)],
        [section("1334.56"), section(РасчСчет=SECOND)],
    )


def reads_statement(content: bytes) -> None:
    found = statement_of("выписка", content, [OURS])
    stated = [each.received for each in found.turnovers if each.account == OURS]
    assert found.total == Money.total(stated)
    assert len({each.external_id for each in found.incoming}) == len(found.incoming)


def reads_registry(key: str) -> Callable[[bytes], None]:
    profile = find_profile(key)

    def read(content: bytes) -> None:
        found = registry_of("реестр", content, profile, profile.holds)
        assert profile.holds is Holds.DEBTS or all(row.amount.kopecks > 0 for row in found.rows)
        assert len({row.key for row in found.rows}) == len(found.rows) or not profile.unique_key
        if profile.footer:
            assert found.control is not None
            assert found.control.total in {found.total, None}
            assert found.control.count in {len(found.rows), None}

    return read


FORMATS: dict[str, tuple[bytes, Callable[[bytes], None]]] = {
    "1C in windows-1251": (statements().encode("cp1251"), reads_statement),
    "1C in cp866": (statements().encode("cp866"), reads_statement),
    "1C in UTF-8": (statements().encode("utf-8-sig"), reads_statement),
    "sber": (sber().encode("cp1251"), reads_registry("sber")),
    "qiwi": (qiwi().encode(), reads_registry("qiwi")),
    "lanbilling": (lanbilling().encode("cp1251"), reads_registry("lanbilling")),
    "sistema-gorod": (gorod().encode("cp1251"), reads_registry("sistema-gorod")),
    "dbf": (paid_table(driver=0x26), reads_registry("dbf")),
}


def mangled(chance: random.Random, whole: bytes) -> bytes:
    """One to four edits: a byte changed, a piece cut out, repeated or moved, a bit put in."""
    content = bytearray(whole)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(content) + 1)
        end = min(len(content), at + chance.choice((1, 2, 8, 60, 400)))
        match chance.randrange(5):
            case 0 if at < len(content):
                content[at] = chance.randrange(256)
            case 1:
                del content[at:end]
            case 2:
                content[at:at] = content[at:end]
            case 3:
                content[at:end] = chance.choice(BITS)
            case _:
                content[at:at] = chance.choice(BITS)
    return bytes(content)


def faults_of(reads: Callable[[bytes], object], content: bytes) -> tuple[str, ...]:
    """Nothing for a file that is read; any error but a refusal breaks the test."""
    try:
        reads(content)
    except BookFaults as refusal:
        return refusal.faults
    return ()


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.full
@pytest.mark.timeout(600)
def test_a_mangled_file_is_read_or_refused_in_words(kind: str, full: bool) -> None:
    whole, reads = FORMATS[kind]
    reads(whole)
    chance = random.Random(kind)
    refusals = 0
    for _ in range(FILES_IN_FULL if full else FILES):
        faults = faults_of(reads, mangled(chance, whole))
        refusals += bool(faults)
        assert len(faults) <= FAULTS_MAX + 1
        assert all(len(fault) < 1000 for fault in faults)
    assert refusals > FILES // 4  # or the edits do not reach what matters


LAST_THAT_MATTERS = {"sber": b";451;", "lanbilling": b"100", "sistema-gorod": b"399.99"}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_cut_off_anywhere_is_refused(kind: str) -> None:
    """But behind the last thing that matters: a total, or in a format without totals a sum."""
    whole, reads = FORMATS[kind]
    if kind == "lanbilling":
        whole = whole.split(b"\r\n")[1]
    last = LAST_THAT_MATTERS.get(kind, b"")
    end = whole.rindex(last) + len(last) if last else len(whole.rstrip(b"\r\n\x1a"))
    for length in range(end):
        assert faults_of(reads, whole[:length]), length


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_a_mangled_profile_is_read_or_refused_in_words(path, tmp_path, full: bool) -> None:
    whole, chance = path.read_bytes(), random.Random(path.stem)
    other = tmp_path / "формат.toml"
    for _ in range(10_000 if full else 1000):
        other.write_bytes(mangled(chance, whole))
        faults_of(lambda _: profile_of("формат", read_toml(other)[1]), b"")


SIZE = 2**18


def hostile() -> Iterator[tuple[str, bytes]]:
    """Large files that are nothing but one thing."""
    opening = "1CClientBankExchange\n"
    for name, unit in {
        "sections": "СекцияДокумент=\nКонецДокумента\n", "keys": "a=\n", "blank lines": "\n",
        "purposes": "СекцияДокумент\nНазначениеПлатежа=x\n" + "л/с 1 " * 300 + "\n",
    }.items():  # fmt: skip
        yield name, (opening + unit * (SIZE // len(unit))).encode("cp1251")
    yield "one line", (opening + "А" * SIZE).encode("cp1251")
    yield "one value", (opening + "Отправитель=" + "А" * SIZE).encode("cp1251")
    yield "one key", (opening + "А" * SIZE + "=1").encode("cp1251")


HOSTILE = dict(hostile())


@pytest.mark.parametrize("kind", HOSTILE)
def test_memory_is_bounded_by_the_size_of_the_file(kind: str) -> None:
    content = HOSTILE[kind]
    for reads in (reads_statement, reads_registry("sber")):
        tracemalloc.start()
        try:
            with pytest.raises(BookFaults):
                reads(content)
            assert tracemalloc.get_traced_memory()[1] < 40 * len(content)
        finally:
            tracemalloc.stop()
