"""A resident submits readings: what is stored, what is asked, what is refused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from portal.backend import Backend
from portal.db.accounts import Meter
from portal.db.base import table_of
from portal.db.ledger import Charge, Transfer
from portal.db.notices import Event
from portal.db.readings import Reading, Submission
from portal.domain.money import NBSP, Money
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.domain.reading import Question
from portal.errors import NotFound, Refused
from portal.services.entry import EntryRefused
from portal.services.registers import devices
from portal.services.submission import EntryQuestioned, check_readings, submit_readings
from tests.builders import NOW, SERIAL_FIELD, Counter, Flat, House, Person, a_house
from tests.support.entries import SCOPE, a_key, an_entry, submit

MOSCOW_MIDNIGHT = datetime(2026, 11, 30, 20, 59, 59, tzinfo=UTC)


@pytest.fixture
def house(backend: Backend) -> House:
    return a_house(backend)


@pytest.fixture
def person(house: House) -> Person:
    return house.a_resident()


@pytest.fixture
def flat(person: Person) -> Flat:
    return person.an_agreement("DOM-1")


@pytest.fixture
def water(flat: Flat) -> Counter:
    service = flat.house.a_service("zkh_water", "Холодная вода", price="53,41")
    return flat.an_account("ХВС").a_meter(service).opens_at("248", on=date(2026, 10, 21))


def key_of(counter: Counter, external_id: str = "zkh_water") -> str:
    return f"{counter.account.id}/{external_id}"


def rows(backend: Backend, model: type) -> int:
    count = select(func.count()).select_from(table_of(model))
    return int(backend.read_now(lambda session: session.execute(count).scalar_one()))


def entry_for(counter: Counter, text: str, on: str = "2026-11-24", **more: Question):
    key = key_of(counter)
    assert counter.newest is not None
    return an_entry(
        {key: text}, {key: counter.newest.id}, on, {key: more["agreed"]} if more else None
    )


def test_a_reading_is_charged_at_the_price_in_force(
    backend: Backend, person: Person, flat: Flat, water: Counter
) -> None:
    receipt = submit(backend, person.id, entry_for(water, "00256"), NOW)

    (line,) = receipt.entry.lines
    assert (str(line.volume), str(line.amount)) == ("8", "427,28\N{NO-BREAK SPACE}₽")
    assert line.current_text == "00256,000"
    assert flat.person.balance == Money(-427_28)


def test_one_submission_stores_everything_it_causes(
    backend: Backend, person: Person, water: Counter
) -> None:
    submit(backend, person.id, entry_for(water, "256"), NOW)

    stored = {
        model: rows(backend, model) for model in (Submission, Reading, Charge, Transfer, Event)
    }
    assert stored == {Submission: 1, Reading: 2, Charge: 1, Transfer: 1, Event: 1}


def test_the_price_follows_its_dates(backend: Backend, person: Person, water: Counter) -> None:
    water.service.costs("60", date(2026, 11, 24)).costs("99", date(2026, 11, 25))

    receipt = submit(backend, person.id, entry_for(water, "249"), NOW)

    assert receipt.entry.total == Money(60_00)


def test_the_first_reading_opens_the_chain_and_charges_nothing(
    backend: Backend, house: House, person: Person, flat: Flat
) -> None:
    counter = flat.an_account().a_meter(house.a_service("zkh_gas", price="7"))

    receipt = submit(backend, person.id, an_entry({key_of(counter, "zkh_gas"): "12345"}), NOW)

    assert receipt.entry.lines[0].is_first
    assert receipt.entry.total == Money(0)
    assert rows(backend, Charge) == 0


def test_a_previous_reading_that_is_none_of_the_counters_stores_nothing(
    backend: Backend, person: Person, flat: Flat
) -> None:
    counter = flat.an_account("Кухня").a_meter(flat.person.house.a_service("zkh_water"))
    key = key_of(counter)

    with pytest.raises(EntryRefused) as refusal:
        submit(backend, person.id, an_entry({key: "5"}, {key: 987654}), NOW)

    assert "Обновите страницу" in refusal.value.errors[key]
    assert rows(backend, Reading) == 0
    submit(backend, person.id, an_entry({key: "5"}), NOW)
    assert rows(backend, Reading) == 1


def test_the_same_value_again_is_zero_consumption_without_a_transfer(
    backend: Backend, person: Person, water: Counter
) -> None:
    submit(backend, person.id, entry_for(water, "248"), NOW)

    assert (rows(backend, Charge), rows(backend, Transfer), rows(backend, Event)) == (1, 0, 0)


def test_a_new_meter_that_starts_at_zero_asks_before_it_charges_a_fortune(
    backend: Backend, house: House, person: Person, flat: Flat
) -> None:
    service = house.a_service("zkh_hot", "Горячая вода", price="243,16")
    counter = flat.an_account("ГВС").a_meter(service).opens_at("0", on=date(2026, 10, 21))
    assert counter.newest is not None
    key, seen = key_of(counter, "zkh_hot"), counter.newest.id

    with pytest.raises(EntryQuestioned) as asked:
        submit(backend, person.id, an_entry({key: "99999"}, {key: seen}), NOW)
    assert "24 315 756,84 ₽" in asked.value.entry.lines[0].sentence.replace(NBSP, " ")
    assert rows(backend, Charge) == 0
    receipt = submit(backend, person.id, an_entry({key: "30"}, {key: seen}), NOW)
    assert receipt.entry.total == Money(7_294_80)


def test_a_repeat_of_the_key_gets_the_first_answer_and_stores_nothing(
    backend: Backend, person: Person, water: Counter
) -> None:
    key, entry = a_key(), entry_for(water, "256")
    first = submit(backend, person.id, entry, NOW, key)

    assert submit(backend, person.id, entry, NOW + timedelta(days=40), key) == first
    assert rows(backend, Reading) == 2


def test_even_with_another_key_the_same_value_of_the_same_day_is_stored_once(
    backend: Backend, person: Person, water: Counter
) -> None:
    """A page that has shown the stored reading meanwhile, and a person who taps once more."""
    submit(backend, person.id, entry_for(water, "253"), NOW)
    (newest,) = backend.read_now(
        lambda session: session.scalars(select(func.max(table_of(Reading).c.id))).all()
    )
    again = an_entry({key_of(water): "253"}, {key_of(water): newest})

    submit(backend, person.id, again, NOW)

    assert rows(backend, Reading) == 2
    assert rows(backend, Charge) == 1


def test_other_values_under_a_used_key_are_refused(
    backend: Backend, person: Person, water: Counter
) -> None:
    key = a_key()
    submit(backend, person.id, entry_for(water, "256"), NOW, key)

    with pytest.raises(Refused, match="уже принята под номером"):
        submit(backend, person.id, entry_for(water, "257"), NOW, key)


def test_another_resident_may_use_the_same_key(
    backend: Backend, house: House, person: Person, water: Counter
) -> None:
    key = a_key()
    submit(backend, person.id, entry_for(water, "256"), NOW, key)
    stranger = house.a_resident("Чужой")

    with pytest.raises(NotFound):
        submit(backend, stranger.id, entry_for(water, "256"), NOW, key)


def test_who_saw_an_older_value_is_told_the_newer_one(
    backend: Backend, person: Person, water: Counter
) -> None:
    submit(backend, person.id, entry_for(water, "256"), NOW)

    with pytest.raises(EntryRefused) as refusal:
        submit(backend, person.id, entry_for(water, "257"), NOW)

    (stale,) = refusal.value.stale
    assert stale.shown == "00256,000"
    assert (
        "Показания уже переданы: 00256,000 от 24 ноября 2026"
        in (refusal.value.errors[key_of(water)])
    )
    assert rows(backend, Reading) == 2


def test_one_wrong_value_refuses_the_whole_entry(
    backend: Backend, house: House, person: Person, flat: Flat, water: Counter
) -> None:
    gas = flat.an_account("Газ").a_meter(house.a_service("zkh_gas", price="7")).opens_at("100")
    assert water.newest is not None
    assert gas.newest is not None
    entry = an_entry(
        {key_of(water): "256", key_of(gas, "zkh_gas"): "99"},
        {key_of(water): water.newest.id, key_of(gas, "zkh_gas"): gas.newest.id},
    )

    with pytest.raises(EntryRefused) as refusal:
        submit(backend, person.id, entry, NOW)

    assert refusal.value.errors == {
        key_of(gas, "zkh_gas"): "Вы указали текущее значение меньше чем предыдущее. "
        "Текущее: 00099,000. Предыдущее: 00100,000"
    }
    assert rows(backend, Reading) == 2


@pytest.mark.parametrize(
    ("text", "on", "field", "sentence"),
    [
        ("abc", "2026-11-24", None, "не число"),
        ("-5", "2026-11-24", None, "не бывают отрицательными"),
        ("123456", "2026-11-24", None, "00000,000"),
        ("248,1234", "2026-11-24", None, "00000,000"),
        ("256", "", "taken_on", "Укажите дату"),
        ("256", "вчера", "taken_on", "не дата"),
        ("256", "2026-11-25", "taken_on", "ещё не наступила"),
        ("256", "2026-10-20", "taken_on", "раньше предыдущих"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_stored(
    backend: Backend,
    person: Person,
    water: Counter,
    text: str,
    on: str,
    field: str | None,
    sentence: str,
) -> None:
    with pytest.raises(EntryRefused) as refusal:
        submit(backend, person.id, entry_for(water, text, on), NOW)

    assert sentence in refusal.value.errors[field or key_of(water)]
    assert rows(backend, Submission) == 0


def test_an_empty_entry_is_refused(backend: Backend, person: Person, water: Counter) -> None:
    with pytest.raises(EntryRefused):
        submit(backend, person.id, entry_for(water, "  "), NOW)


def test_1237_after_123_asks_in_roubles_and_stores_nothing(
    backend: Backend, person: Person, house: House, flat: Flat
) -> None:
    counter = flat.an_account().a_meter(house.a_service("zkh_water", price="2,79")).opens_at("123")
    entry = entry_for(counter, "1237")

    with pytest.raises(EntryQuestioned) as asked:
        submit(backend, person.id, entry, NOW)

    (line,) = asked.value.entry.lines
    assert line.question is Question.LARGE
    assert "3\N{NO-BREAK SPACE}108,06\N{NO-BREAK SPACE}₽" in line.sentence
    assert rows(backend, Submission) == rows(backend, Charge) == 0

    receipt = submit(backend, person.id, entry_for(counter, "1237", agreed=Question.LARGE), NOW)
    assert receipt.entry.total == Money(3108_06)


def test_a_counter_that_passed_its_end_is_asked_about_and_charged(
    backend: Backend, person: Person, house: House, flat: Flat
) -> None:
    service = house.a_service("zkh_water", price="10")
    counter = flat.an_account().a_meter(service, fraction=0).opens_at("99998")

    with pytest.raises(EntryQuestioned):
        submit(backend, person.id, entry_for(counter, "00003"), NOW)
    receipt = submit(backend, person.id, entry_for(counter, "3", agreed=Question.ROLLOVER), NOW)

    assert receipt.entry.lines[0].volume == Quantity.parse("5")


def test_a_confirmation_of_another_question_is_none(
    backend: Backend, person: Person, water: Counter
) -> None:
    with pytest.raises(EntryQuestioned):
        submit(backend, person.id, entry_for(water, "9999", agreed=Question.ROLLOVER), NOW)


def test_a_counter_that_never_showed_its_previous_value_rolls_over_nowhere(
    backend: Backend, person: Person, house: House, flat: Flat
) -> None:
    """The operator has corrected the digits of the dial to fewer than the value has."""
    service = house.a_service("zkh_water", price="10")
    counter = flat.an_account().a_meter(service, integer=4, fraction=0).opens_at("99998")

    with pytest.raises(EntryRefused) as refusal:
        submit(backend, person.id, entry_for(counter, "3", agreed=Question.ROLLOVER), NOW)
    assert "меньше чем предыдущее" in refusal.value.errors[key_of(counter)]


def test_a_price_that_changed_between_the_taps_is_asked_about(
    backend: Backend, person: Person, water: Counter
) -> None:
    entry = entry_for(water, "256")
    shown = backend.read_now(check_readings, person.id, entry, SCOPE, NOW).total
    water.service.costs("60", date(2026, 11, 24))

    with pytest.raises(EntryQuestioned, match="Сумма изменилась: было 427,28") as asked:
        submit(backend, person.id, replace(entry, agreed=shown), NOW)

    again = replace(entry, agreed=asked.value.entry.total)
    assert submit(backend, person.id, again, NOW).entry.total == Money(480_00)


def test_a_closed_agreement_takes_no_readings_from_its_last_day_on(
    backend: Backend, house: House, person: Person
) -> None:
    flat = person.an_agreement(closed_on=date(2026, 11, 25))
    counter = flat.an_account().a_meter(house.a_service("zkh_water")).opens_at("1")
    entry = entry_for(counter, "2")

    backend.read_now(check_readings, person.id, entry, SCOPE, NOW)
    with pytest.raises(EntryRefused) as refusal:
        submit(backend, person.id, entry, NOW + timedelta(days=1))
    assert "Договор закрыт" in refusal.value.errors[key_of(counter)]


def test_a_meter_that_hangs_only_tomorrow_sets_no_dial_today(
    backend: Backend, person: Person, water: Counter
) -> None:
    water.account.a_meter(water.service, integer=2, fraction=0, installed_on=date(2026, 11, 25))

    assert submit(backend, person.id, entry_for(water, "256"), NOW).number


def test_checking_stores_nothing_and_foretells_the_charge(
    backend: Backend, person: Person, water: Counter
) -> None:
    entry = entry_for(water, "256")

    summary = backend.read_now(check_readings, person.id, entry, SCOPE, NOW)

    assert summary.total == Money(427_28)
    assert rows(backend, Reading) == 1


class TestCorrection:
    """The same date again corrects the newest reading until its month ends."""

    def test_it_supersedes_reverses_and_charges_anew(
        self, backend: Backend, person: Person, flat: Flat, water: Counter
    ) -> None:
        wrong = submit(backend, person.id, entry_for(water, "266"), NOW)
        newest = self.newest_id(backend, person)

        again = an_entry({key_of(water): "256"}, {key_of(water): newest})
        receipt = submit(backend, person.id, again, NOW)

        assert wrong.entry.total == Money(961_38)
        assert receipt.entry.lines[0].instead_of == Money(961_38)
        assert receipt.entry.total == Money(427_28 - 961_38)
        assert (rows(backend, Reading), rows(backend, Charge)) == (3, 3)
        assert flat.person.balance == Money(-427_28)

    def test_it_keeps_the_original_price(
        self, backend: Backend, person: Person, water: Counter
    ) -> None:
        submit(backend, person.id, entry_for(water, "249"), NOW)
        water.service.costs("60", date(2026, 11, 24))
        newest = self.newest_id(backend, person)

        again = an_entry({key_of(water): "250"}, {key_of(water): newest})
        receipt = submit(backend, person.id, again, NOW)

        assert receipt.entry.lines[0].amount == Money(106_82)

    def test_the_same_value_of_the_same_date_is_there_already(
        self, backend: Backend, person: Person, flat: Flat, water: Counter
    ) -> None:
        submit(backend, person.id, entry_for(water, "256"), NOW)
        before = {model: rows(backend, model) for model in (Reading, Charge, Transfer, Event)}

        again = an_entry({key_of(water): "256,0"}, {key_of(water): self.newest_id(backend, person)})
        receipt = submit(backend, person.id, again, NOW)

        assert receipt.entry.total == Money(0)
        assert {model: rows(backend, model) for model in before} == before

    def test_it_can_be_corrected_again(
        self, backend: Backend, person: Person, flat: Flat, water: Counter
    ) -> None:
        submit(backend, person.id, entry_for(water, "250"), NOW)
        for text in ("251", "252", "249"):
            seen = self.newest_id(backend, person)
            submit(backend, person.id, an_entry({key_of(water): text}, {key_of(water): seen}), NOW)

        assert flat.person.balance == Money(-53_41)

    def test_what_the_company_entered_only_the_company_corrects(
        self, backend: Backend, person: Person, water: Counter
    ) -> None:
        water.reads("250", on=date(2026, 11, 24), source="import")

        with pytest.raises(EntryRefused, match="исправьте") as refusal:
            submit(backend, person.id, entry_for(water, "251"), NOW)
        assert "внесла управляющая компания" in refusal.value.errors[key_of(water)]

    @pytest.mark.parametrize(
        ("zone", "last_second"),
        [
            ("Europe/Moscow", datetime(2026, 11, 30, 20, 59, 59, tzinfo=UTC)),
            ("Asia/Vladivostok", datetime(2026, 11, 30, 13, 59, 59, tzinfo=UTC)),
        ],
    )
    def test_the_month_ends_at_midnight_where_the_house_stands(
        self, backend: Backend, zone: str, last_second: datetime
    ) -> None:
        house = a_house(backend, "far", timezone=zone)
        person = house.a_resident()
        service = house.a_service("zkh_water", price="1")
        account = person.an_agreement().an_account()
        counter = account.a_meter(service).opens_at("1", on=date(2026, 10, 1))
        submit(backend, person.id, entry_for(counter, "5", "2026-11-30"), last_second)
        seen = {key_of(counter): self.newest_id(backend, person)}
        again = an_entry({key_of(counter): "4"}, seen, "2026-11-30")

        with pytest.raises(EntryRefused) as refusal:
            submit(backend, person.id, again, last_second + timedelta(seconds=1))
        assert "закрытый месяц" in refusal.value.errors[key_of(counter)]
        submit(backend, person.id, again, last_second)

        periods = select(table_of(Charge).c.period).distinct()
        posted = backend.read_now(lambda session: session.execute(periods).scalars().all())
        assert posted == [Period(2026, 11)]

    @staticmethod
    def newest_id(backend: Backend, person: Person) -> int:
        (device,) = backend.read_now(devices, person.id, SCOPE.matches, SERIAL_FIELD, NOW)
        previous = device.registers[0].previous
        assert previous is not None
        return previous.reading_id


def test_a_tap_at_the_last_second_of_a_month_counts_for_that_month(
    backend: Backend, person: Person, water: Counter
) -> None:
    submit(backend, person.id, entry_for(water, "256", "2026-11-30"), MOSCOW_MIDNIGHT)

    charges = select(table_of(Charge).c.period)
    assert backend.read_now(lambda s: s.execute(charges).scalar_one()) == Period(2026, 11)


@pytest.mark.parametrize(
    "key", ["", "1", "/", "x/zkh_water", "999999/zkh_water", "1/nothing", "9" * 40 + "/zkh_water"]
)
def test_a_counter_that_is_not_ones_own_is_not_found(
    backend: Backend, person: Person, water: Counter, key: str
) -> None:
    with pytest.raises(NotFound):
        submit(backend, person.id, an_entry({key: "256"}), NOW)


def test_anothers_counter_is_not_found(backend: Backend, house: House, water: Counter) -> None:
    stranger = house.a_resident("Чужой")
    stranger.an_agreement()

    with pytest.raises(NotFound):
        submit(backend, stranger.id, entry_for(water, "256"), NOW)


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "ключ-ключ-ключ-ключ", "a b c d e f g h i"])
def test_a_submission_without_a_proper_key_is_refused(
    backend: Backend, person: Person, water: Counter, key: str
) -> None:
    with pytest.raises(Refused):
        backend.write_now(
            submit_readings,
            person.id,
            key,
            entry_for(water, "256"),
            SCOPE,
            NOW,
        )


@pytest.mark.parametrize("state", [3, 10])
def test_a_closed_account_says_why_it_takes_no_readings(
    backend: Backend, house: House, person: Person, flat: Flat, state: int
) -> None:
    counter = flat.an_account(state=state).a_meter(house.a_service("zkh_water")).opens_at("1")

    with pytest.raises(EntryRefused) as refusal:
        submit(backend, person.id, entry_for(counter, "2"), NOW)
    assert "показания по нему не принимаются" in refusal.value.errors[key_of(counter)]


def test_an_entry_does_not_wait_for_who_only_refers_to_its_accounts(postgres_url: str) -> None:
    """Such as `load` beside a serving portal; SQLite has one writer at a time anyway."""
    backend = Backend(postgres_url, lambda: NOW)
    person = a_house(backend).a_resident()
    flat = person.an_agreement("DOM-1")
    service = flat.house.a_service("zkh_water", price="53,41")
    counter = flat.an_account("ХВС").a_meter(service).opens_at("248")
    refers = insert(table_of(Meter)).values(
        account_id=counter.account.id, service_id=service.id, installed_on=date(2020, 1, 1)
    )
    with ThreadPoolExecutor(1) as phone, backend.engine.connect() as loading:
        loading.execute(refers)
        sent = phone.submit(submit, backend, person.id, entry_for(counter, "256"), NOW)
        try:
            assert sent.result(10).entry.total == Money(427_28)
        finally:
            loading.rollback()
    backend.close()
