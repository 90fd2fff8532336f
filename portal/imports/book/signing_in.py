"""What residents sign in with: names, each of which is one resident's, and first passwords."""

from sqlalchemy import select

from portal.db.base import Base, table_of
from portal.db.folding import fold
from portal.db.parties import Agreement, Resident
from portal.errors import Invalid
from portal.imports.book.desk import Desk
from portal.imports.book.known import Entry, portions
from portal.imports.book.reading import Row, quoted
from portal.services.password_rules import judge_new_password
from portal.services.passwords import hash_password

_resident = table_of(Resident)


def password_columns(desk: Desk, row: Row) -> Entry:
    """A password is only ever the first one: hashed when the resident is new.  One that need not
    be changed must be as good as one that the resident would choose.
    """
    plain = row.get("password")
    if not plain or (row["login"],) in desk.known["residents"].by_key:
        return {}
    is_for_good = not row.get("must_change_password", True)
    if is_for_good and not desk.book.is_invented:
        _judge(desk, row, plain)
    return {} if desk.is_doomed else {"password_hash": hash_password(plain)}


def _judge(desk: Desk, row: Row, plain: str) -> None:
    theirs = [number for each, (number,) in desk.rows("agreements") if _is_of(each, row["login"])]
    try:
        judge_new_password(plain, [row["login"], *theirs])
    except Invalid as fault:
        desk.complain(row, f"поле «password»: {fault.sentence}")


def _is_of(agreement: Row, login: str) -> bool:
    return bool(agreement.get("resident") == login)


def refuse_doubled_logins(desk: Desk) -> None:
    """At the sign-in case does not count: a new login must not differ in it alone."""
    known = desk.known["residents"].by_key
    rows = [(row, key[0]) for row, key in desk.rows("residents") if key not in known]
    first: dict[str, str] = {}
    for some in portions(sorted({fold(login) for _, login in rows})):
        theirs = _resident.c.login_folded.in_(some)
        statement = select(_resident.c.login_folded, _resident.c.login).where(theirs)
        first.update((row.login_folded, row.login) for row in desk.session.execute(statement))
    for row, login in rows:
        other = first.setdefault(fold(login), login)
        if other != login:
            desk.complain(
                row,
                f"логины {quoted(login)} и {quoted(other)} различаются только большими "
                "и малыми буквами, а при входе это один логин",
            )


def refuse_shared_names(desk: Desk) -> None:
    """An agreement's number is a sign-in name, and so is a login: one name, one resident."""
    rows = [pair for table in ("agreements", "residents") for pair in desk.rows(table)]
    names = {fold(key[0]) for _, key in rows}
    numbers = _owners(desk, Agreement, "number", "resident_id", names)
    logins = _owners(desk, Resident, "login", "id", names)
    shared = {name for name in numbers.keys() & logins.keys() if numbers[name] != logins[name]}
    for row, key in rows:
        if fold(key[0]) in shared:
            shared.remove(fold(key[0]))
            name = quoted(key[0])
            desk.complain(row, f"{name} — номер договора одного абонента и логин другого")


def _owners(
    desk: Desk, model: type[Base], name: str, owner: str, names: set[str]
) -> dict[str, int]:
    """Whose each sign-in name is, as they are compared there: without regard to case."""
    table = table_of(model)
    found: dict[str, int] = {}
    for some in portions(sorted(names)):
        statement = select(table.c[name], table.c[owner]).where(table.c[f"{name}_folded"].in_(some))
        found |= {fold(word): int(row_id) for word, row_id in desk.session.execute(statement)}
    shelf = desk.known[f"{model.__tablename__}s"].by_key
    return found | {fold(key[0]): entry[owner] for key, entry in shelf.items()}
