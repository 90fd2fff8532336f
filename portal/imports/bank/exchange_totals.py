"""Whether a statement adds up: in each section of an account, between sections, and with the
documents.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from portal.domain.money import Money
from portal.domain.period import short_day_text
from portal.domain.wording import counted
from portal.imports.bank.content import Complaints
from portal.imports.bank.exchange_values import BankDocument, Turnover

_A_DAY = timedelta(days=1)


class Books:
    """The sections of all accounts, and what the documents brought them."""

    def __init__(self, turnovers: Iterable[Turnover]) -> None:
        self._sections: dict[str, list[Turnover]] = defaultdict(list)
        for turnover in sorted(turnovers, key=lambda each: (each.account, each.first, each.line)):
            self._sections[turnover.account].append(turnover)
        self._credited: dict[int, list[Money]] = defaultdict(list)

    @property
    def accounts(self) -> Sequence[str]:
        return tuple(self._sections)

    def section(self, account: str, day: date) -> Turnover | None:
        """Where the receipts of that day are counted."""
        sections = self._sections.get(account, ())
        return next((each for each in sections if each.first <= day <= each.last), None)

    def credit(self, document: BankDocument, account: str, complaints: Complaints) -> None:
        day = document.credited_on
        section = self.section(account, day) if day else None
        if section is not None:
            self._credited[section.line].append(document.amount)
        elif day is not None:
            complaints.add(
                document.line,
                f"деньги поступили на счет {account} {short_day_text(day)}, а раздела "
                "«СекцияРасчСчет» этого счета на этот день в файле нет: сверить не с чем",
            )

    def complain(self, complaints: Complaints) -> None:
        """Of everything that does not add up, once all documents are credited."""
        for sections in self._sections.values():
            for section in sections:
                for sentence in self._faults(section):
                    complaints.add(section.line, sentence)
            for earlier, later in pairwise(sections):
                for sentence in _between(earlier, later):
                    complaints.add(later.line, sentence)

    def _faults(self, section: Turnover) -> Iterator[str]:
        if section.first > section.last:
            yield "«ДатаНачала» позже «ДатаКонца»"
        closing = section.opening + section.received - section.spent
        if closing != section.closing:
            yield (
                f"счет {section.account}: {section.opening} и поступления {section.received} "
                f"без списаний {section.spent} дают {closing}, "
                f"а «КонечныйОстаток» {section.closing}"
            )
        amounts = self._credited.get(section.line, [])
        received = Money.total(amounts)
        if received != section.received:
            documents = counted(len(amounts), "документ", "документа", "документов")
            yield (
                f"счет {section.account}: «ВсегоПоступило» {section.received}, а в файле "
                f"{len(amounts)} {documents} с «ДатаПоступило» на {received}"
            )


def _between(earlier: Turnover, later: Turnover) -> Iterator[str]:
    if later.first <= earlier.last:
        yield f"дни этого раздела уже входят в раздел счета из строки {earlier.line}"
    elif later.first == earlier.last + _A_DAY and later.opening != earlier.closing:
        yield (
            f"«НачальныйОстаток» {later.opening}, а накануне счет кончил день с "
            f"{earlier.closing} (строка {earlier.line})"
        )
