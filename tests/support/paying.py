"""Terminals and banks at the portal's door, without a network."""

import re
from typing import Any

import httpx

from portal.backend import Backend
from tests.builders import Flat
from tests.support.browsing import Portal

OSMP, SBER = "/pay/osmp", "/pay/sber"
_ELEMENT = re.compile(r"<(\w+)(?: name=\"([^\"]*)\")?>([^<]*)</\w+>")


class Hall:
    """A portal of one house, and what a terminal in its entrance hall sends."""

    def __init__(self, backend: Backend, portal: Portal, flat: Flat) -> None:
        self.backend, self.portal, self.flat = backend, portal, flat

    def osmp(self, command: str = "pay", **more: Any) -> dict[str, Any]:
        """A payment of 10,45 for the flat, or what is made of it; None leaves a field out."""
        fields = {
            "command": command, "txn_id": "1234567", "account": self.flat.number, "sum": "10.45",
            "txn_date": "20261124115830",
        } | more  # fmt: skip
        return {name: value for name, value in fields.items() if value is not None}

    def sber(self, action: str = "payment", **more: Any) -> dict[str, Any]:
        fields = {
            "ACTION": action, "ACCOUNT": self.flat.number, "AMOUNT": "10.45", "PAY_ID": "1234567",
            "PAY_DATE": "24.11.2026_11:58:30",
        } | more  # fmt: skip
        return {name: value for name, value in fields.items() if value is not None}

    async def sends(
        self, path: str, fields: dict[str, Any], address: str = "127.0.0.1", **more: Any
    ) -> httpx.Response:
        async with self.portal.machine(None, address) as terminal:
            return await terminal.get(path, params=fields, **more)

    async def told(self, path: str, fields: dict[str, Any]) -> dict[str, str]:
        return parts(await self.sends(path, fields))


def parts(answer: httpx.Response) -> dict[str, str]:
    """The elements of an answer; those with a name by it."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<response>')
    return {name or tag: value for tag, name, value in _ELEMENT.findall(answer.text)}
