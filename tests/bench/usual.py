"""Our «ЖКХ» as NiceGUI's own examples would build it: an element for every line, card, icon and
field.  It shows the same words as ours, so that both draw the same page.
"""

from datetime import date
from zoneinfo import ZoneInfo

from nicegui import ui

from portal.domain.device import Device, Register
from portal.domain.money import ZERO
from portal.domain.period import day_text, moment_text, short_day_text
from portal.domain.person import SideBlock

_NAVIGATION = (
    "Главная", "ЖКХ", "Расход средств", "Счета", "Платежи", "Сообщения", "Профиль", "Ещё", "Выйти",
)  # fmt: skip
_BAR = ("Главная", "ЖКХ", "Расходы", "Счета", "Ещё")


def usual_page(side: SideBlock, devices: tuple[Device, ...], today: date) -> None:
    _banner()
    with ui.header().classes("items-center"):
        ui.label(f"Договор {side.agreement}")
        ui.label(side.address)
        ui.avatar(side.initials)
    with ui.left_drawer():
        _links(_NAVIGATION)
    with ui.column().classes("w-full q-pa-md"):
        ui.link("Главная", "/")
        ui.label("ЖКХ").classes("text-h5")
        ui.label(f"Показания на {day_text(today)}")
        ui.input("Дата снятия показаний", value=today.isoformat()).props("type=date")
        for device in devices:
            _device(device)
        ui.label(f"0 из {sum(len(device.registers) for device in devices)} · итого {ZERO}")
        ui.button("Проверить и передать", on_click=lambda: None)
    with ui.right_drawer():
        _side(side)
    with ui.footer(), ui.row():
        _links(_BAR)


def _banner() -> None:
    with ui.expansion("Демонстрационная база · логины"):
        ui.label("Все люди, дома и счета придуманы. Войти можно так:")
        for line in (
            "DOM-12, пароль kvartira-12: квартира в обычном доме, сегодня",
            "DOG-S-755, пароль kvartira-755: пример из руководства, май 2014",
        ):
            ui.label(line)


def _links(titles: tuple[str, ...]) -> None:
    for title in titles:
        with ui.link(target="/"):
            ui.icon("home")
            ui.label(title)


def _device(device: Device) -> None:
    with ui.card().classes("w-full"):
        ui.icon("speed")
        ui.label(f"Прибор: {device.title}").classes("text-subtitle1")
        ui.label(device.serial_text).classes("text-caption")
        if device.verified_until:
            ui.label(f"поверка до {short_day_text(device.verified_until)}")
        for title in ("Тариф", "Новые показания", "Стоимость"):
            ui.label(title)
        for register in device.registers:
            _register(register)


def _register(register: Register) -> None:
    ui.label(register.name)
    ui.label(f"{register.price}/{register.unit}")
    if register.previous:
        was = register.dial.show(register.previous.value)
        ui.label(f"Было {day_text(register.previous.taken_on)}: {was}")
    field = ui.input(f"{register.name}: Текущие показания, {register.unit}")
    field.props("inputmode=decimal")
    ui.label("Введите показание")


def _side(side: SideBlock) -> None:
    ui.label("Вы вошли как:")
    ui.label(side.name)
    ui.link(f"Неоплаченные счета: {side.unpaid_invoices}", "/invoices")
    for title, value in (
        ("Контактный телефон", side.phone),
        ("E-Mail", side.email),
        ("Баланс", str(side.balance)),
    ):
        ui.label(title)
        ui.label(value)
    ui.label("Последние события")
    for event in side.events:
        ui.label(moment_text(event.happened_at, ZoneInfo(side.timezone)))
        ui.label(f"{event.text} {event.amount or ''}")
