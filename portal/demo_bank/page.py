"""The sandbox's only page: what is to be paid, and what the bank shall do."""

from typing import Any, Final

from markupsafe import Markup, escape

from portal.domain.money import Money

MOODS: Final = {
    "pay": ("Оплатить", "Банк сразу сообщает порталу об оплате"),
    "twice": ("Прислать дважды", "Оплата, о которой банк сообщает два раза"),
    "silent": ("Молчать", "Оплата, о которой портал узнает, только если спросит сам"),
    "refuse": ("Отказать", "Деньги не списаны"),
}
_ENDED: Final = {"succeeded": "Этот платеж уже оплачен", "canceled": "Этот платеж отменен"}
_STYLE: Final = """
:root { color-scheme: light dark; --ground: #f4f5f1; --surface: #fff; --line: #d9ddd3;
  --edge: #7f8a83; --ink: #1c2420; --ink-2: #4d5a53; --brand: #0b6b5b; --brand-ink: #fff;
  --warn: #7d4a00; --warn-soft: #fdf0d8 }
@media (prefers-color-scheme: dark) { :root { --ground: #111614; --surface: #1a211e;
  --line: #333d38; --edge: #84918a; --ink: #e8ede9; --ink-2: #b3beb8; --brand: #6ed3bd;
  --brand-ink: #06231d; --warn: #f3c775; --warn-soft: #33280f } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 1.0625rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
main { max-width: 28rem; margin: 0 auto; padding: 1rem }
p { margin: 0 }
.warn { background: var(--warn-soft); color: var(--warn); border-radius: 1rem;
  padding: .75rem 1rem; font-weight: 600 }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 1.5rem;
  padding: 1.25rem; margin-top: 1rem }
h1 { font-size: 1.3125rem; margin: 0 }
.sum { font-size: 2.375rem; font-weight: 700; line-height: 1.2; margin: .5rem 0;
  font-variant-numeric: tabular-nums }
.dim { color: var(--ink-2); font-size: .9375rem }
form { display: grid; gap: .75rem; margin-top: 1.5rem }
button, .button { display: block; width: 100%; min-height: 3rem; padding: .75rem 1rem;
  border: 1px solid var(--edge); border-radius: 1rem; background: none; color: inherit;
  font: inherit; text-align: left; text-decoration: none; cursor: pointer }
button strong { display: block }
button:first-child { background: var(--brand); color: var(--brand-ink); border-color: transparent }
button:first-child .dim { color: inherit }
:focus-visible { outline: 3px solid var(--brand); outline-offset: 3px }
"""


def page_of(payment: dict[str, Any]) -> str:
    told = _ENDED.get(payment["status"])
    inner = _buttons() if told is None else _ended(told, payment["confirmation"]["return_url"])
    return (
        '<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>Демо-банк</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main>"
        '<p class="warn">Песочница. Это не банк: карты не нужны, деньги не списываются.</p>'
        f'<div class="card"><h1>Демо-банк</h1><p class="sum">{_sum(payment)}</p>'
        f'<p class="dim">{_unbroken(payment["description"])}</p>{inner}</div></main></body></html>'
    )


def _unbroken(description: str) -> Markup:
    """A number such as 2026-000017 stays on its line."""
    return escape(description.replace("-", "\N{NON-BREAKING HYPHEN}"))


def _sum(payment: dict[str, Any]) -> str:
    return str(Money.parse(str(payment["amount"]["value"])))


def _buttons() -> Markup:
    buttons = Markup().join(
        Markup(
            '<button name="mood" value="{}"><strong>{}</strong><span class="dim">{}</span></button>'
        ).format(mood, name, told)
        for mood, (name, told) in MOODS.items()
    )
    return Markup('<form method="post">{}</form>').format(buttons)


def _ended(told: str, return_url: str) -> Markup:
    return Markup(
        '<form><p><strong>{}</strong></p><a class="button" href="{}">Вернуться</a></form>'
    ).format(told, return_url)
