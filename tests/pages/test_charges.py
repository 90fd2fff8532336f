"""«Расход средств»: where its arrows and bars lead."""

from tests.pages.conftest import Home

EMPTY = "Списаний за этот период нет"


async def test_no_bar_leads_before_the_first_month(home: Home):
    cabinet = home.cabinet()
    page = await cabinet.reads("/charges")
    linked = page.all("a.zh-bar")
    assert 0 < len(linked) < len(page.all(".zh-bar")) == 12
    assert EMPTY not in (await cabinet.reads(linked[0].attributes["href"])).text


async def test_a_month_to_come_shows_the_newest_and_leads_back_from_there(home: Home):
    cabinet = home.cabinet()
    newest, future = [await cabinet.reads(f"/charges{asked}") for asked in ("", "?period=2031-01")]
    assert future.one("p.zh-month-name").text == newest.one("p.zh-month-name").text
    step, same = (page.one("a.zh-month-step", rel="prev") for page in (future, newest))
    assert step.attributes == same.attributes
