"""Where and how this installation runs: the settings that only the environment gives."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias, TypeVar
from urllib.parse import urlsplit

from portal.settings.faults import Impossible, refusal
from portal.settings.values import shown

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

DEFAULT = "по умолчанию"
PAY_SECRET = "ZHKH_PAY_SECRET_"  # noqa: S105 - how variables with secrets begin
ANY_HOST = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not bound to
_T = TypeVar("_T")
_LARGEST_PORT = 65535
_SHORTEST_SECRET = 32
_LONGEST_KEEPING = 36500
_USUAL_PORTS = {"http": 80, "https": 443}
_DATABASES = frozenset({"sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"})
_HIDDEN = frozenset({"ZHKH_DATABASE_URL", "ZHKH_SECRET", "ZHKH_SMTP_URL"})
_HOST_NAME = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?![0-9]+\Z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?",
    re.IGNORECASE,
)
_DIRECTORY_ADVICE = "Запишите полный путь, например /var/lib/zhkh-portal"
_ORIGIN_ADVICE = (
    "Запишите адрес портала без пути, таким, каким его видит жилец, например https://lk.example.ru"
)


class Environment:
    """The environment, read one variable at a time; keeps what was wrong and what came from it."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.faults: list[str] = []
        self.origins: dict[str, str] = {}

    def take(self, name: str, reader: Callable[[str], _T], default: _T) -> _T:
        """The variable as `reader` understands it; `default` when it is absent or refused."""
        given = name in self.variables
        self.origins[name] = f"переменная {name}" if given else DEFAULT
        return self.read(name, self.variables[name].strip(), reader, default) if given else default

    def read(self, name: str, written: str, reader: Callable[[str], _T], fallback: _T) -> _T:
        """`written` as the variable's value; a refusal is kept, and `fallback` stands for it."""
        try:
            return reader(written)
        except Impossible as impossible:
            verdict = "значение не подходит" if name in _HIDDEN else shown(written)
            self.faults.append(refusal(f"Переменная {name}", verdict, impossible))
            return fallback

    def file(self, written: str) -> Path:
        if not written:
            raise Impossible("Запишите путь к файлу .toml или .php или уберите переменную")
        return self._path(written)

    def directory(self, written: str) -> Path:
        """An absolute path; the folder need not exist yet."""
        if not written:
            raise Impossible(_DIRECTORY_ADVICE)
        path = self._path(written)
        if path.exists() and not path.is_dir():
            raise Impossible("Запишите путь к папке", "это файл")
        return path

    def _path(self, written: str) -> Path:
        """`~` is the HOME of this environment, else the home of who runs the portal."""
        if written != "~" and not written.startswith("~/"):
            return Path(written).absolute()
        try:
            home = self.variables.get("HOME") or str(Path.home())
        except RuntimeError as error:
            raise Impossible(_DIRECTORY_ADVICE, "домашняя папка неизвестна") from error
        return Path(home, written[2:]).absolute()


def port(written: str) -> int:
    number = int(written) if re.fullmatch(r"[0-9]{1,5}", written) else 0
    if not 1 <= number <= _LARGEST_PORT:
        raise Impossible(f"Запишите номер порта, целое число от 1 до {_LARGEST_PORT}")
    return number


def keep_days(written: str) -> int:
    number = int(written) if re.fullmatch(r"[0-9]{1,5}", written) else 0
    if not 1 <= number <= _LONGEST_KEEPING:
        raise Impossible(f"Запишите, сколько дней хранить, целое число от 1 до {_LONGEST_KEEPING}")
    return number


def host(written: str) -> str:
    if not (_is_address(written) or _HOST_NAME.fullmatch(written)):
        raise Impossible("Запишите адрес или имя без порта, например 127.0.0.1")
    return written


def origin(written: str) -> str:
    """`https://lk.example.ru` as a browser says it: lower case, punycode, no usual port."""
    if re.search(r"[\s?#@\\]", written):
        raise Impossible(_ORIGIN_ADVICE)
    try:
        parts = urlsplit(written)
        scheme, name, number = parts.scheme, parts.hostname or "", parts.port
        name = name if _is_address(name) else name.encode("idna").decode()
    except ValueError as error:
        raise Impossible(_ORIGIN_ADVICE) from error
    known = _is_address(name) or _HOST_NAME.fullmatch(name)
    if scheme not in _USUAL_PORTS or not known or parts.path not in {"", "/"}:
        raise Impossible(_ORIGIN_ADVICE)
    return made_origin(scheme, name, number)


def made_origin(scheme: str, name: str, number: int | None) -> str:
    bracketed = f"[{name}]" if ":" in name else name
    usual = number in {None, _USUAL_PORTS[scheme]}
    return f"{scheme}://{bracketed}" if usual else f"{scheme}://{bracketed}:{number}"


def networks(written: str) -> tuple[Network, ...]:
    """Addresses and networks, divided by commas; an address is a network of one."""
    try:
        return tuple(
            ipaddress.ip_network(each.strip()) for each in written.split(",") if each.strip()
        )
    except ValueError as error:
        raise Impossible(
            "Запишите адреса и сети через запятую, например 127.0.0.1, 10.0.0.0/8"
        ) from error


def is_within(address: str, allowed: tuple[Network, ...]) -> bool:
    """Whether one of the networks has the address; what is no address is in none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return any((mapped or parsed) in network for network in allowed)


def database_url(written: str) -> str:
    scheme, divider, rest = written.partition("://")
    if scheme not in _DATABASES or not divider or not rest.strip("/"):
        raise Impossible(
            "Запишите адрес базы: sqlite:////полный/путь или postgresql://имя:пароль@сервер/база"
        )
    return written


def secret_variable(channel: str) -> str:
    """`ZHKH_PAY_SECRET_CARD_1` of the channel `card-1`."""
    return PAY_SECRET + re.sub(r"[^A-Z0-9]", "_", channel.upper(), flags=re.ASCII)


def pay_secret(written: str) -> str:
    if not written:
        raise Impossible("Запишите секретный ключ магазина или уберите переменную")
    return written


def secret(written: str) -> bytes:
    if len(written) < _SHORTEST_SECRET:
        raise Impossible(
            f"Запишите не меньше {_SHORTEST_SECRET} случайных знаков "
            "или уберите переменную: портал сделает секрет сам"
        )
    return written.encode()


def _is_address(written: str) -> bool:
    try:
        ipaddress.ip_address(written)
    except ValueError:
        return False
    return "%" not in written
