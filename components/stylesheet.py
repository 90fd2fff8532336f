"""Which sheets make the look, in the order in which they must come."""

SHEETS = (
    "tokens.css",
    "base.css",
    "card.css",
    "form.css",
    "frame.css",
    "navigation.css",
    "side.css",
    "home.css",
    "readings.css",
    "dial.css",
    "submit.css",
    "confirmation.css",
    "table.css",
    "chart.css",
    "lists.css",
    "invoice.css",
    "message.css",
)
"""Files of `static/css`; all rules are about classes that begin with `zh-`."""
