"""The invented residents of the demonstration: nobody else has these passwords."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """How one of them signs in, and who he is in a few words."""

    login: str
    password: str
    who: str


DEMO_LOGINS = (
    DemoLogin("DOM-12", "kvartira-12", "квартира в обычном доме, сегодня"),
    DemoLogin("DOG-S-755", "kvartira-755", "пример из руководства, май 2014"),
)
