"""The resident's own data, and how he changes his contacts."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.db.audit_records import AuditRecord
from portal.db.base import table_of
from portal.domain.profile import ContactRules
from portal.errors import Invalid, NotFound, Refused
from portal.services.profile import change_contacts, profile
from tests.builders import a_house
from tests.support.statements import counted

FREE = ContactRules()


@pytest.fixture
def house(backend):
    return a_house(backend, phone="+74951234567", email="uk@example.ru", site="uk.example")


@pytest.fixture
def person(house):
    return house.a_resident(phone="71111234567", email="email@email.ru")


def last_changes(backend):
    table = table_of(AuditRecord)
    newest = select(table.c.changes).order_by(table.c.id.desc()).limit(1)
    return backend.read_now(lambda session: session.scalars(newest).one())


def test_what_he_sees_of_himself(backend, house, person):
    person.an_agreement("DOM-12", closed_on=date(2026, 1, 1))
    person.an_agreement("DOM-13", address="ул. Мира, 5")
    seen = backend.read_now(profile, person.id)
    assert (seen.name, seen.phone, seen.email) == (
        "Иванов Иван Иванович", "71111234567", "email@email.ru"
    )  # fmt: skip
    assert [card.number for card in seen.agreements] == ["DOM-13", "DOM-12"]
    card = seen.agreements[0]
    assert (card.address, card.operator, card.operator_phone, card.operator_site) == (
        "ул. Мира, 5", "ООО «УК Дом-Сервис»", "+74951234567", "uk.example"
    )  # fmt: skip
    with counted(backend.engine) as statements:
        backend.read_now(profile, person.id)
    assert len(statements) == 2


def test_nobody_is_not_found(backend, person):
    with pytest.raises(NotFound):
        backend.read_now(profile, person.id + 1)
    with pytest.raises(NotFound):
        backend.write_now(change_contacts, person.id + 1, "", "", FREE)


def test_a_change_is_stored_and_the_journal_has_before_and_after(backend, person):
    assert backend.write_now(
        change_contacts, person.id, "8 (916) 123-45-67", " new@example.ru ", FREE
    )
    seen = backend.read_now(profile, person.id)
    assert (seen.phone, seen.email) == ("+79161234567", "new@example.ru")
    assert last_changes(backend) == {
        "before": {"phone": "71111234567", "email": "email@email.ru"},
        "after": {"phone": "+79161234567", "email": "new@example.ru"},
    }


def test_the_same_again_changes_nothing_even_if_it_would_be_refused_today(backend, person):
    mask = ContactRules(phone_mask="+7 (999) 000-00-00")
    assert not backend.write_now(change_contacts, person.id, "71111234567", "email@email.ru", mask)
    assert last_changes(backend) == {}


def test_contacts_can_be_taken_away(backend, person):
    assert backend.write_now(change_contacts, person.id, "", "", FREE)
    seen = backend.read_now(profile, person.id)
    assert (seen.phone, seen.email) == ("", "")


@pytest.mark.parametrize(
    ("phone", "email", "field"),
    [("123", "email@email.ru", "phone"), ("71111234567", "мыло", "email")],
)
def test_what_is_no_contact_names_its_field_and_changes_nothing(
    backend, person, phone, email, field
):
    with pytest.raises(Invalid) as refusal:
        backend.write_now(change_contacts, person.id, phone, email, FREE)
    assert refusal.value.field == field
    assert backend.read_now(profile, person.id).phone == "71111234567"


def test_both_contacts_are_told_when_both_are_wrong(backend, person):
    with pytest.raises(Invalid) as refusal:
        backend.write_now(change_contacts, person.id, "abc", "not-an-email", FREE)
    assert list(refusal.value.errors) == ["phone", "email"]
    assert "e-mail" in refusal.value.errors["email"]
    assert refusal.value.sentence == refusal.value.errors["phone"]


def test_the_operator_may_keep_contacts_to_itself(backend, person):
    with pytest.raises(Refused, match="Телефон"):
        backend.write_now(
            change_contacts, person.id, "+79161234567", "email@email.ru", ContactRules(phone=False)
        )
    with pytest.raises(Refused, match="E-mail"):
        backend.write_now(
            change_contacts, person.id, "71111234567", "a@example.ru", ContactRules(email=False)
        )
    assert backend.write_now(
        change_contacts, person.id, "71111234567", "a@example.ru", ContactRules(phone=False)
    )


def test_the_operators_mask(backend, person):
    moscow = ContactRules(phone_mask="+7 (499) 999-99-99")
    with pytest.raises(Invalid, match=r"\+7 \(4__\) ___-__-__"):
        backend.write_now(change_contacts, person.id, "+7 916 123-45-67", "", moscow)
