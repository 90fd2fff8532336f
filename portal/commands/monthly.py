"""The commands of a month: charging, closing, invoices, whose the money is, what other systems
counted.
"""

from pathlib import Path
from typing import Annotated

import typer

from portal.commands import words
from portal.commands.declared import app, command, flag, group

_Period = Annotated[str, typer.Option("--period", help=words.PERIOD)]
_Operators = Annotated[list[str] | None, typer.Option("--operator", help=words.OPERATOR)]
invoices = group(invoke_without_command=True, no_args_is_help=True)
told = f"{words.INVOICES.short}\n{words.INVOICES.long}"
app.add_typer(invoices, name="invoices", help=told, short_help=words.INVOICES.short)
exports = group()
app.add_typer(exports, name="export", help=words.EXPORT, short_help=words.EXPORT)
imports = group()
app.add_typer(imports, name="import", help=words.IMPORT, short_help=words.IMPORT)


@command("bill", words.BILL)
def _bill(
    *,
    period: _Period,
    operator: _Operators = None,
    house: Annotated[str | None, typer.Option("--house", help=words.BILLED_HOUSE)] = None,
    dry: Annotated[bool, flag("--dry-run", words.DRY_RUN)] = False,
    whole: Annotated[bool, flag("--all", words.ALL)] = False,
) -> int:
    from portal.commands.bill import bill

    return bill(period, keys=operator or (), house=house, is_dry=dry, is_whole=whole)


@command("close", words.CLOSE)
def _close(period: _Period, operator: _Operators = None) -> None:
    from portal.commands.months import close

    close(period, keys=operator or ())


@command("reopen", words.REOPEN)
def _reopen(
    period: _Period,
    reason: Annotated[str, typer.Option("--reason", help=words.REASON)],
    operator: _Operators = None,
) -> None:
    from portal.commands.months import reopen

    reopen(period, keys=operator or (), reason=reason)


@invoices.callback()
def _invoices(
    context: typer.Context,
    *,
    period: Annotated[str | None, typer.Option("--period", help=words.PERIOD)] = None,
    operator: _Operators = None,
    dry: Annotated[bool, flag("--dry-run", words.DRY_RUN)] = False,
) -> None:
    if context.invoked_subcommand is None:
        from portal.commands.invoices import issue

        issue(period, keys=operator or (), is_dry=dry)


@command("cancel", words.CANCEL, invoices)
def _cancel(
    number: Annotated[str, typer.Argument(metavar="НОМЕР", help=words.NUMBER)],
    reason: Annotated[str, typer.Option("--reason", help=words.CANCEL_REASON)],
    operator: Annotated[str | None, typer.Option("--operator", help=words.ISSUER)] = None,
) -> None:
    from portal.commands.invoices import cancel

    cancel(number, key=operator, reason=reason)


@command("settle", words.SETTLE)
def _settle(
    *,
    period: _Period,
    operator: _Operators = None,
    supplier: Annotated[str | None, typer.Option("--supplier", help=words.ONLY_SUPPLIER)] = None,
    details: Annotated[bool, flag("--details", words.DETAILS)] = False,
    dry: Annotated[bool, flag("--dry-run", words.DRY_RUN)] = False,
) -> None:
    from portal.commands.settle import settle

    settle(period, keys=operator or (), supplier=supplier, is_detailed=details, is_dry=dry)


@command("remit", words.REMIT)
def _remit(
    operator: Annotated[str, typer.Option("--operator", help=words.ONE_OPERATOR)],
    supplier: Annotated[str, typer.Option("--supplier", help=words.SUPPLIER)],
    amount: Annotated[str, typer.Option("--amount", help=words.AMOUNT)],
    document: Annotated[str, typer.Option("--document", help=words.DOCUMENT)],
    on: Annotated[str | None, typer.Option("--on", help=words.ON)] = None,
) -> None:
    from portal.commands.remit import note_remittance

    note_remittance(operator, supplier, amount=amount, document=document, on=on)


@command("ledger", words.EXPORT_LEDGER, exports)
def _export_ledger(out: Annotated[Path, typer.Option("--out", help=words.LEDGER_OUT)]) -> None:
    from portal.commands.export import export_ledger

    export_ledger(out)


@command("usage", words.USAGE, imports)
def _usage(
    file: Annotated[Path, typer.Argument(metavar="ФАЙЛ", help=words.TABLE)],
    *,
    apply: Annotated[bool, flag("--apply", words.APPLY)] = False,
) -> None:
    from portal.commands.imports import usage

    usage(file, is_applied=apply)
