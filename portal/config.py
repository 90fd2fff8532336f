"""What this installation is told: the flags of the old cabinet and where the portal runs.

A flag comes from the environment, else from the file that ZHKH_CONFIG names (`.toml`, or the old
`lanbilling.config.php` with `client.main.php` of the same folder laid over it), else it has its
default.  The environment's name of a flag is `ZHKH_` and the flag in capitals, its words divided
by `_`, a nested one after the name of its array:

    menu_zkh                           ZHKH_MENU_ZKH=true
    zkhSerialNumber                    ZHKH_ZKH_SERIAL_NUMBER=device_serial
    hideStaticticsEntriesWithNoAmount  ZHKH_HIDE_STATICTICS_ENTRIES_WITH_NO_AMOUNT=false
    infoblock → tariff                 ZHKH_INFOBLOCK_TARIFF=false
    editing_client_info → phoneMask    ZHKH_EDITING_CLIENT_INFO_PHONE_MASK=+7 (999) 999-99-99

The environment alone gives ZHKH_DATA_DIR, ZHKH_DATABASE_URL, ZHKH_HOST, ZHKH_PORT, ZHKH_SECRET,
ZHKH_PUBLIC_URL, ZHKH_TRUSTED_PROXIES, ZHKH_PHOTO_KEEP_DAYS, ZHKH_SMTP_URL and ZHKH_MAIL_FROM, and
for each channel for cards ZHKH_PAY_SECRET_ and its key in capitals.  A switch there is true, yes,
on, 1, false, no, off or 0.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType

from portal.php_config import PhpFault
from portal.settings.deployment import (
    DEFAULT,
    PAY_SECRET,
    Environment,
    database_url,
    host,
    keep_days,
    networks,
    origin,
    pay_secret,
    port,
    secret,
)
from portal.settings.effective import Settings, effective_lines
from portal.settings.faults import ConfigurationFaults, Impossible, refusal
from portal.settings.files import FileContents, Written, read_file
from portal.settings.flags import (
    FLAGS,
    EditingClientInfo,
    Flags,
    FlagSpec,
    Infoblock,
    flags_from,
)
from portal.settings.mailing import NOBODY_WRITES, mail_from, smtp_server
from portal.settings.pattern import CategoryPattern
from portal.settings.secret import SecretUnusable, installation_secret
from portal.settings.strangers import strange_names
from portal.settings.values import Dialect, shown

__all__ = [
    "FLAGS",
    "CategoryPattern",
    "ConfigurationFaults",
    "EditingClientInfo",
    "FlagSpec",
    "Flags",
    "Infoblock",
    "PhpFault",
    "SecretUnusable",
    "Settings",
    "effective_lines",
    "installation_secret",
    "load_settings",
]

_DATA_DIR = "~/.local/share/zhkh-portal"
_DATABASE_FILE = "portal.sqlite3"
PHOTO_KEEP_DAYS = 1095
"""Three years, the period of limitation: Гражданский кодекс РФ, ст. 196."""


def load_settings(environ: Mapping[str, str], *, today: date | None = None) -> Settings:
    """The effective settings; `today` is the day of `date('Y')` in the old file.

    Raises ConfigurationFaults with everything that is wrong, in the file and in the environment.
    """
    environment = Environment(environ)
    year = (today or datetime.now(tz=UTC).astimezone().date()).year
    path = environment.take("ZHKH_CONFIG", environment.file, default=None)
    contents = read_file(path, year=year) if path else FileContents({}, ())
    strangers = tuple(strange_names(contents.written))
    settings = _settings(environment, path, _flags(environment, contents), strangers)
    if settings.smtp is not None and "ZHKH_MAIL_FROM" not in environ:
        environment.faults.append(NOBODY_WRITES)
    if faults := [*contents.faults, *environment.faults]:
        raise ConfigurationFaults(tuple(dict.fromkeys(faults)))
    return settings


def _settings(
    environment: Environment, path: Path | None, flags: Flags, strangers: tuple[str, ...]
) -> Settings:
    take = environment.take
    data_dir = take("ZHKH_DATA_DIR", environment.directory, default=None) or environment.read(
        "ZHKH_DATA_DIR", _DATA_DIR, environment.directory, fallback=Path()
    )
    return Settings(
        flags=flags,
        config_file=path,
        data_dir=data_dir,
        database_url=take(
            "ZHKH_DATABASE_URL", database_url, default=f"sqlite:///{data_dir / _DATABASE_FILE}"
        ),
        host=take("ZHKH_HOST", host, default="127.0.0.1"),
        port=take("ZHKH_PORT", port, default=8080),
        secret=take("ZHKH_SECRET", secret, default=None),
        public_url=take("ZHKH_PUBLIC_URL", origin, default=None),
        trusted_proxies=take("ZHKH_TRUSTED_PROXIES", networks, default=()),
        photos_dir=data_dir / "photos",
        photo_keep_days=take("ZHKH_PHOTO_KEEP_DAYS", keep_days, default=PHOTO_KEEP_DAYS),
        pay_secrets=MappingProxyType(
            {
                name: take(name, pay_secret, default="")
                for name in environment.variables
                if name.startswith(PAY_SECRET)
            }
        ),
        smtp=take("ZHKH_SMTP_URL", smtp_server, default=None),
        mail_from=take("ZHKH_MAIL_FROM", mail_from, default=None),
        origins=MappingProxyType(environment.origins),
        strangers=strangers,
    )


def _flags(environment: Environment, contents: FileContents) -> Flags:
    values: dict[FlagSpec, object] = {}
    for spec in FLAGS:
        written = _written(spec, environment.variables, contents)
        if written is None:
            environment.origins[spec.name] = DEFAULT
            values[spec] = spec.default
            continue
        environment.origins[spec.name] = written.where
        try:
            values[spec] = spec.reader(written.value, written.dialect)
        except Impossible as impossible:
            environment.faults.append(_refusal(spec, written, impossible))
    environment.faults += _contradictions(values)
    return flags_from(values)


def _written(
    spec: FlagSpec, variables: Mapping[str, str], contents: FileContents
) -> Written | None:
    if spec.variable in variables:
        where = f"переменная {spec.variable}"
        return Written(variables[spec.variable], Dialect.ENVIRONMENT, where)
    return contents.written.get(spec.name)


def _refusal(spec: FlagSpec, written: Written, impossible: Impossible) -> str:
    in_a_file = written.dialect is not Dialect.ENVIRONMENT
    elsewhere = f" в этом файле или в переменной {spec.variable}" if in_a_file else ""
    return refusal(f"{spec.name} ({written.where})", shown(written.value), impossible, elsewhere)


def _contradictions(values: Mapping[FlagSpec, object]) -> list[str]:
    """What each flag may be alone but not beside another; a refused flag is not judged again."""
    lengths = {spec.key: value for spec, value in values.items() if isinstance(value, int)}
    shortest = lengths.get("vgroup_password_minlength", 0)
    longest = lengths.get("vgroup_password_maxlength", shortest)
    fault = (
        f"vgroup_password_minlength ({shortest}) больше vgroup_password_maxlength ({longest}). "
        "Запишите наименьшую длину пароля не больше наибольшей."
    )
    return [] if shortest <= longest else [fault]
