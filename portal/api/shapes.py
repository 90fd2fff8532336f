"""What machines send and are sent.  Numbers that are counted with travel as text with a point:
«256.120», «453.99»: exact, whatever the other side's JSON makes of numbers.
"""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from portal.domain.photo import PhotoPolicy
from portal.domain.reading import Question
from portal.services.entry import VALUES_MAX

KEY = Field(description="Обозначение счетчика", examples=["12/zkh_voda"])
DEVICE = Field(description="Прибор, как он назван в разделе «ЖКХ»", examples=["Стояк 1"])
SERVICE = Field(description="Услуга", examples=["Холодная вода"])
UNIT = Field(description="Единица измерения", examples=["м³"])
VALUE = Field(description="Показание", examples=["256.120"])


class Told(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True)


class Sent(BaseModel):
    """A request: nothing in it is guessed, nothing is overlooked."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class NewestReading(Told):
    id: int = Field(description="Номер показания, его можно назвать в поле seen", examples=[17])
    taken_on: date = Field(description="Дата снятия")
    value: str = VALUE


class NewerReading(NewestReading):
    meter: str = KEY


class BandTold(Told):
    upto: str | None = Field(
        description="До какого расхода за месяц; null: сколько бы ни было", examples=["150"]
    )
    price: str = Field(description="Цена за единицу, рубли", examples=["6.10"])


class MeterTold(Told):
    key: str = KEY
    device: str = DEVICE
    serial: str = Field(description="Серийный номер; пусто, если неизвестен")
    service: str = SERVICE
    unit: str = UNIT
    price: str | None = Field(
        description="Цена за единицу сегодня, рубли; null, если зависит от расхода (bands) или "
        "не установлена",
        examples=["53.41"],
    )
    bands: list[BandTold] = Field(
        description="Цены по расходу за месяц, по возрастанию; пусто, если цена одна"
    )
    integer_digits: int | None = Field(description="Знаков до запятой на счетчике", examples=[5])
    fraction_digits: int | None = Field(
        description="Знаков после запятой на счетчике", examples=[3]
    )
    is_open: bool = Field(description="Принимаются ли показания от жильца")
    is_given: bool = Field(description="Переданы ли показания за этот месяц")
    photo: PhotoPolicy = Field(
        description="Снимок к показанию: off — не нужен, optional — по желанию, required — "
        "обязателен, поэтому от устройства показание не примется"
    )
    newest: NewestReading | None = Field(description="Последнее принятое показание")


class Meters(Told):
    meters: list[MeterTold]


class ReadingSent(Sent):
    meter: str = KEY
    value: str = Field(description="Показание строкой", examples=["256.120"])
    seen: int | None = Field(
        None,
        description="Номер последнего показания, которое видело устройство; без него — последнее "
        "известное порталу",
    )
    confirm: list[Question] = Field(
        [],
        description="Ответ на вопрос портала: large — расход намного больше обычного, "
        "rollover — счетчик прошел через ноль",
    )


class EntrySent(Sent):
    taken_on: str | None = Field(
        None, description="Дата снятия; без нее — сегодня", examples=["2026-11-24"]
    )
    readings: Annotated[list[ReadingSent], Field(max_length=VALUES_MAX)]


class LineTold(Told):
    meter: str = KEY
    device: str = DEVICE
    service: str = SERVICE
    unit: str = UNIT
    previous: str | None = Field(description="Предыдущее показание", examples=["248.000"])
    current: str = VALUE
    volume: str = Field(description="Расход", examples=["8.12"])
    price: str | None = Field(
        description="Цена за единицу, рубли; null, если зависит от расхода за месяц",
        examples=["53.41"],
    )
    amount: str = Field(description="Начислено, рубли", examples=["433.69"])
    instead_of: str | None = Field(description="Исправление: начисленное прежде, рубли")
    charged_for: str | None = Field(
        description="Месяц, с которым начислят, и amount примерное; null: начислено сразу",
        examples=["2026-11"],
    )


class EntryTold(Told):
    taken_on: date = Field(description="Дата снятия")
    total: str = Field(description="На сколько вырос долг, рубли", examples=["433.69"])
    readings: list[LineTold]


class Accepted(EntryTold):
    number: int = Field(description="Номер, под которым показания приняты", examples=[42])


class PastReadingTold(Told):
    id: int = Field(description="Номер показания")
    meter: str = KEY
    device: str = DEVICE
    service: str = SERVICE
    unit: str = UNIT
    taken_on: date = Field(description="Дата снятия")
    value: str = VALUE
    source: str = Field(
        description="Кто внес: resident — жилец или его устройство, imported — управляющая "
        "компания, opening — начальное показание"
    )
    accepted_at: datetime = Field(description="Когда принято, UTC")
    volume: str | None = Field(
        description="Расход; у услуг, которые начисляются за месяц, — начисленный по этому "
        "показанию, а пока месяц не начислен, null",
        examples=["8.12"],
    )
    amount: str | None = Field(description="Начислено, рубли; так же", examples=["433.69"])


class PastReadings(Told):
    readings: list[PastReadingTold]


class Fault(Told):
    pointer: str = Field(description="Место в запросе", examples=["#/readings/0/value"])
    detail: str = Field(description="Что не так")
    question: Question | None = Field(
        None, description="Вопрос портала: чтобы ответить «да», назовите его в поле confirm"
    )


class ProblemTold(Told):
    """RFC 9457."""

    type: str = Field(description="Вид ошибки", examples=["/api/docs#refused"])
    title: str = Field(description="Вид ошибки словами")
    status: int = Field(description="Код ответа")
    detail: str = Field(description="Что случилось и что делать")
    errors: list[Fault] | None = Field(None, description="Ошибки по полям запроса")
    newest: list[NewerReading] | None = Field(
        None, description="Последние показания счетчиков, у которых они новее названных в seen"
    )
    entry: EntryTold | None = Field(
        None, description="Что запишется и спишется, если ответить на вопросы портала «да»"
    )
