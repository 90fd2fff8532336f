"""What the companies tell the house."""

from datetime import date, timedelta
from typing import Any

from portal.domain.period import day_text
from portal.imports.demo.cast import GUEST, flats
from portal.imports.demo.supplies import CHANGED_ON, COMPANY, NETWORK, Row
from portal.imports.demo.timeline import Timeline, at


def notices(time: Timeline) -> list[Row]:
    """Oldest first."""
    rows = [_prices(), _network_works(time), _verification(time), _meeting(time), _hot_water(time)]
    rows = [row for row in rows if row["published_at"].date() < time.today]
    return sorted(rows, key=lambda row: (row["published_at"], row["key"]))


def _notice(key: str, title: str, body: str, **more: Any) -> Row:  # noqa: ANN401 - fields of the file
    return {"key": f"lesnaya-7/{key}", "operator": COMPANY, "title": title, "body": body} | more


def _in(time: Timeline, days: int) -> date:
    return time.today + timedelta(days=days)


def _prices() -> Row:
    return _notice(
        f"prices-{CHANGED_ON:%Y-%m}",
        "Новые тарифы с 1 октября",
        f"С {day_text(CHANGED_ON)} меняются цены на воду, водоотведение, отопление, газ и "
        "электроэнергию. Показания, переданные до этого дня, посчитаны по прежним ценам.\n\n"
        "Действующую цену каждой услуги вы видите в разделе «ЖКХ».",
        published_at=at(CHANGED_ON - timedelta(days=11), 12),
    )


def _network_works(time: Timeline) -> Row:
    day = day_text(_in(time, -27))
    return _notice(
        "network-works",
        "Работы на сети",
        f"Ночью {day} с 2:00 до 5:00 обновляем оборудование в доме. Интернет будет прерываться "
        "на несколько минут. Приносим извинения.",
        operator=NETWORK,
        published_at=time.ago(30, 15),
    )


def _verification(time: Timeline) -> Row:
    guest = next(flat for flat in flats() if flat.number == GUEST)
    return _notice(
        "verification",
        "Подходит срок поверки счетчика",
        "Счетчик горячей воды в вашей квартире поверен до "
        f"{day_text(_in(time, 41))}. После этого дня мы обязаны считать воду по нормативу.\n\n"
        "Поверку можно заказать в любой аккредитованной организации, снимать счетчик не нужно.",
        resident=guest.login,
        published_at=time.ago(19, 11),
    )


def _meeting(time: Timeline) -> Row:
    return _notice(
        "meeting",
        "Собрание собственников",
        f"Приглашаем на общее собрание {day_text(_in(time, 9))} в 19:00, холл первого подъезда.\n\n"
        "В повестке: ремонт входной группы, видеонаблюдение во дворе, выбор совета дома. "
        "Кто не сможет прийти, может проголосовать письменно: бланки у консьержа.",
        published_at=time.ago(11, 17, 30),
    )


def _hot_water(time: Timeline) -> Row:
    return _notice(
        "hot-water",
        "Отключение горячей воды",
        f"{day_text(_in(time, 3)).capitalize()} с 9:00 до 17:00 не будет горячей воды: меняем "
        "задвижку в тепловом пункте. Запаситесь водой и проверьте, что краны закрыты.",
        published_at=time.ago(2, 14, 10),
    )
