"""«Новый пароль» by choice stands in the cabinet, one way back beside it."""

from tests.pages.conftest import Home


async def test_by_choice_the_page_has_the_cabinets_menu_and_a_way_back(home: Home):
    page = await home.cabinet().reads("/password")
    assert page.all("li.zh-nav-item")
    assert page.all("a", href="/profile")


async def test_an_initial_password_is_replaced_outside_of_the_cabinet(home: Home):
    forced = home.cabinet_of(home.settled.person, must_change_password=True)
    page = await forced.reads("/password")
    assert not page.all("li.zh-nav-item")
