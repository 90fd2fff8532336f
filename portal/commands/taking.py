"""The commands about money that comes from outside."""

from pathlib import Path
from typing import Annotated

import typer

from portal.commands import taking_words as words
from portal.commands.declared import command, flag
from portal.commands.monthly import exports, imports
from portal.commands.words import APPLY

_File = Annotated[Path, typer.Argument(metavar="ФАЙЛ", help=words.BANK_FILE)]
_Profile = Annotated[str | None, typer.Option("--profile", help=words.PROFILE)]


@command("suspense", words.SUSPENSE)
def _suspense() -> None:
    from portal.commands.suspense import suspense

    suspense()


@command("assign", words.ASSIGN)
def _assign(
    number: Annotated[int, typer.Argument(metavar="НОМЕР", help=words.INCOMING)],
    agreement: Annotated[str, typer.Argument(metavar="ДОГОВОР", help=words.AGREEMENT)],
    note: Annotated[str, typer.Option("--note", help=words.NOTE)],
) -> None:
    from portal.commands.suspense import assign

    assign(number, agreement, note=note)


@command("refund", words.REFUND)
def _refund(
    number: Annotated[str, typer.Argument(metavar="ПЛАТЕЖ", help=words.PAYMENT)],
    document: Annotated[str, typer.Option("--document", help=words.REFUND_DOCUMENT)],
    note: Annotated[str, typer.Option("--note", help=words.REFUND_NOTE)],
    amount: Annotated[str | None, typer.Option("--amount", help=words.REFUND_AMOUNT)] = None,
    channel: Annotated[str | None, typer.Option("--channel", help=words.PAID_THROUGH)] = None,
    on: Annotated[str | None, typer.Option("--on", help=words.REFUNDED_ON)] = None,
    *,
    noted: Annotated[bool, flag("--only-note", words.ONLY_NOTED)] = False,
) -> None:
    from portal.commands.refund import refund

    refund(
        number, amount=amount, document=document, note=note, channel=channel, on=on,
        is_only_noted=noted,
    )  # fmt: skip


@command("resolve", words.RESOLVE)
def _resolve(
    number: Annotated[str, typer.Argument(metavar="НОМЕР", help=words.CONFLICT)],
    note: Annotated[str, typer.Option("--note", help=words.OUTCOME)],
) -> None:
    from portal.commands.suspense import resolve

    resolve(number, note=note)


@command("promises", words.PROMISES)
def _promises(*, whole: Annotated[bool, flag("--all", words.KEPT_TOO)] = False) -> None:
    from portal.commands.promises import promises

    promises(is_all=whole)


@command("debts", words.EXPORT_DEBTS, exports)
def _export_debts(
    channel: Annotated[str, typer.Option("--channel", help=words.CHANNEL_KEY)],
    out: Annotated[Path, typer.Option("--out", help=words.DEBTS_OUT)],
    number: Annotated[int, typer.Option("--number", min=1, max=999, help=words.DEBTS_NUMBER)] = 1,
) -> None:
    from portal.commands.export import export_debts

    export_debts(channel, out, number=number)


@command("bank", words.BANK, imports)
def _bank(
    file: _File,
    *,
    channel: Annotated[str | None, typer.Option("--channel", help=words.CHANNEL)] = None,
    profile: _Profile = None,
    apply: Annotated[bool, flag("--apply", APPLY)] = False,
    whole: Annotated[bool, flag("--all", words.EVERY)] = False,
) -> None:
    from portal.commands.bank import bank

    bank(file, channel=channel, profile=profile, is_applied=apply, is_whole=whole)


@command("reconcile", words.RECONCILE)
def _reconcile(
    channel: Annotated[str, typer.Argument(metavar="КАНАЛ", help=words.CHANNEL_KEY)],
    file: _File,
    profile: _Profile = None,
) -> int:
    from portal.commands.bank import reconcile

    return reconcile(channel, file, profile=profile)


@command("poll", words.POLL)
def _poll() -> None:
    from portal.commands.poll import poll

    poll()
