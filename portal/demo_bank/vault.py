"""What the sandbox remembers: its payments and refunds, in a small file that outlives a restart."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from portal.domain.money import ZERO, Money

Paid = dict[str, Any]
"""A payment, as the protocol writes it."""
KEPT_MAX: Final = 1000
PENDING, SUCCEEDED, CANCELED = "pending", "succeeded", "canceled"


class Vault:
    def __init__(self, file: Path) -> None:
        self._file = file
        told = json.loads(file.read_text()) if file.exists() else {}
        self._payments: dict[str, Paid] = told.get("payments", {})
        self._keys: dict[str, str] = told.get("keys", {})
        self._refunds: dict[str, Paid] = told.get("refunds", {})

    def find(self, number: str) -> Paid | None:
        return self._payments.get(number)

    def begin(self, key: str, asked: Mapping[str, Any], page: str) -> Paid:
        """One payment for one key, however often it is asked for; `page` is where pages begin."""
        if key not in self._keys:
            number = str(uuid4())
            confirmation = {
                "type": "redirect", "return_url": asked["confirmation"]["return_url"],
                "confirmation_url": f"{page}/{number}",
            }  # fmt: skip
            self._keys[key] = number
            self._payments[number] = {
                "id": number, "status": PENDING, "paid": False, "test": True,
                "amount": asked["amount"], "metadata": asked.get("metadata", {}),
                "description": str(asked.get("description", "")), "confirmation": confirmation,
                "created_at": _now(),
            }  # fmt: skip
            self._keep()
        return self._payments[self._keys[key]]

    def end(self, number: str, status: str) -> Paid:
        """Once: what has ended stays as it is."""
        payment = self._payments[number]
        if payment["status"] == PENDING:
            is_paid = status == SUCCEEDED
            payment |= {"status": status, "paid": is_paid}
            payment |= {"captured_at": _now()} if is_paid else {}
            self._keep()
        return payment

    def find_refund(self, number: str) -> Paid | None:
        return self._refunds.get(number)

    def give_back(self, key: str, asked: Mapping[str, Any]) -> Paid | None:
        """Once for one key.  None: there is no such payment, or not so much of it is left."""
        if key not in self._keys:
            payment = self._payments.get(str(asked["payment_id"]))
            amount = Money.parse(asked["amount"]["value"])
            if payment is None or not ZERO < amount <= self._left(payment):
                return None
            number = str(uuid4())
            self._keys[key] = number
            self._refunds[number] = {
                "id": number, "payment_id": payment["id"], "status": SUCCEEDED, "test": True,
                "amount": asked["amount"], "created_at": _now(),
            }  # fmt: skip
            self._keep()
        return self._refunds[self._keys[key]]

    def _left(self, payment: Paid) -> Money:
        paid = Money.parse(payment["amount"]["value"]) if payment["paid"] else ZERO
        return paid - Money.total(
            Money.parse(each["amount"]["value"])
            for each in self._refunds.values()
            if each["payment_id"] == payment["id"]
        )

    def _keep(self) -> None:
        """Whole or not at all; the oldest are forgotten."""
        for kept in (self._payments, self._refunds):
            for number in list(kept)[:-KEPT_MAX]:
                del kept[number]
        known = self._payments.keys() | self._refunds.keys()
        self._keys = {key: each for key, each in self._keys.items() if each in known}
        draft = self._file.with_suffix(".draft")
        draft.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("w") as file:
            told = {"payments": self._payments, "refunds": self._refunds, "keys": self._keys}
            json.dump(told, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._file)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
