"""The photo of a meter, from the phone's camera to the line of its charge."""

from base64 import b64encode
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.services.entry import PHOTO_ALONE
from portal.services.photo_picture import LARGEST_BYTES
from tests.browser.steps import (
    CHECK,
    CONFIRM,
    a_little_more,
    accepted,
    dialog,
    forgive,
    heading,
    opens,
    sign_in,
    squeezed,
    tap,
)
from tests.support.pictures import a_telling_jpeg, noise
from tests.support.server import PortalServer

LOGIN, PASSWORD = "DOM-12", "kvartira-12"
CAMERA = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": a_telling_jpeg()}
SIZES = """async ([name, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
  const file = new File([bytes], name, { type: "image/jpeg" });
  const blob = await window.zhPhotos.scale(file);
  const picture = await createImageBitmap(blob);
  return { bytes: blob.size, type: blob.type, width: picture.width, height: picture.height,
           text: await blob.text() };
}"""


@pytest.fixture
def her(demo: PortalServer, screens: Any) -> Page:
    page: Page = screens.phone(base_url=demo.url)
    sign_in(page, LOGIN, PASSWORD)
    opens(page, "/zkh")
    return page


def box(page: Page, number: int = 0) -> Any:
    return page.locator("[data-photo]").nth(number)


def chooses(page: Page, number: int = 0) -> None:
    box(page, number).locator("input[type=file]").set_input_files([CAMERA])


def types(page: Page, number: int) -> None:
    value = page.locator("li:has([data-photo]) input[name^='value:']").nth(number)
    value.fill(a_little_more(value))


def base64(picture: bytes) -> str:
    return b64encode(picture).decode()


def test_a_photo_is_made_small_and_loses_its_place(her: Page) -> None:
    small = her.evaluate(SIZES, ["a.jpg", base64(a_telling_jpeg())])
    assert (small["type"], small["width"], small["height"]) == ("image/jpeg", 600, 800)
    assert not [word for word in ("Exif", "Pixel", "script") if word in small["text"]]
    assert her.evaluate(SIZES, ["b.jpg", base64(noise(900, 700))])["bytes"] <= LARGEST_BYTES


def test_from_the_camera_to_the_charge(her: Page) -> None:
    for button in her.locator(".zh-photo-button").all():
        assert (button.bounding_box() or {"height": 0})["height"] >= 44
    types(her, 0)
    chooses(her)
    expect(box(her).locator("img")).to_be_visible()
    tap(her, CHECK)  # whether it has been sent by now or not
    expect(dialog(her)).to_contain_text("Снимок счетчика приложен")
    tap(her, CONFIRM)
    expect(accepted(her)).to_contain_text("со снимком")
    accepted(her).get_by_role("link", name="Расход средств").tap()
    expect(heading(her)).to_have_text("Расход средств")
    her.locator("tr:has(+ tr .zh-photo-link) summary").tap()
    picture = her.get_by_role("link", name="Снимок счетчика")
    expect(picture).to_be_visible()
    her.wait_for_function("document.querySelector('.zh-photo-link img')?.naturalWidth === 600")
    picture.tap()
    her.wait_for_url("**/photo/*")


def test_a_photo_survives_a_reload_and_can_be_put_away(her: Page) -> None:
    chooses(her, 1)
    expect(box(her, 1)).to_contain_text("Снимок приложен")
    opens(her, "/zkh")
    expect(box(her, 1)).to_contain_text("Снимок приложен")
    expect(box(her, 1).locator("img")).to_be_visible()
    box(her, 1).get_by_text("Убрать").tap()
    expect(box(her, 1).locator("img")).to_be_hidden()
    expect(box(her, 1).locator("input[type=file]")).to_be_focused()
    opens(her, "/zkh")
    assert squeezed(box(her, 1).inner_text()).startswith("Сфотографировать счетчик")
    assert box(her, 1).locator("input[type=hidden]").input_value() == ""


def test_what_cannot_be_read_is_said_and_waits_for_another(her: Page) -> None:
    types(her, 1)
    page = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"<html>"}
    box(her, 1).locator("input[type=file]").set_input_files([page])
    expect(box(her, 1)).to_contain_text("Не получилось прочитать снимок")
    tap(her, CHECK)
    expect(box(her, 1).locator("input[type=file]")).to_be_focused()
    assert not her.locator("dialog[open]").count()
    chooses(her, 1)
    expect(box(her, 1)).to_contain_text("Снимок приложен")


def test_without_a_connection_the_next_tap_sends_it_again(her: Page, console_errors: Any) -> None:
    types(her, 1)
    her.route("**/zkh/photo", lambda route: route.abort())
    chooses(her, 1)
    expect(box(her, 1)).to_contain_text("Портал не смог принять снимок")
    expect(box(her, 1).locator("img")).to_be_visible()
    her.unroute("**/zkh/photo")
    tap(her, CHECK)
    expect(dialog(her)).to_contain_text("Снимок счетчика приложен")
    forgive(console_errors, "ERR_FAILED")


def test_a_photo_without_a_reading_does_not_wait_with_the_others(
    her: Page, console_errors: Any
) -> None:
    """The portal would refuse all of them, long after they were put away as sent."""
    chooses(her, 1)
    expect(box(her, 1)).to_contain_text("Снимок приложен")
    her.route("**/zkh/*", lambda route: route.abort())
    types(her, 0)
    tap(her, CHECK)
    tap(her, "Отправить позже")
    expect(her.locator("form[data-readings]")).to_contain_text(PHOTO_ALONE)
    assert not her.locator(".zh-queued").count()
    box(her, 1).get_by_role("button", name="Убрать").click()
    tap(her, CHECK)
    tap(her, "Отправить позже")
    expect(her.locator(".zh-queued")).to_contain_text("Ждет отправки")
    forgive(console_errors, "ERR_FAILED")


def test_a_photo_waits_with_its_reading_for_the_network(her: Page, console_errors: Any) -> None:
    her.route("**/zkh/*", lambda route: route.abort())
    types(her, 0)
    chooses(her)
    tap(her, CHECK)
    tap(her, "Отправить позже")
    card = her.locator(".zh-queued")
    expect(card).to_contain_text("Ждет отправки")
    expect(box(her).locator("img")).to_be_hidden()
    her.unroute("**/zkh/*")

    tap(her, "Отправить сейчас")

    expect(card).to_contain_text("Принято, № ")
    opens(her, "/charges")
    photos = her.locator("a[href^='/photo/']")
    assert her.request.get(photos.first.get_attribute("href") or "").status == 200
    forgive(console_errors, "ERR_FAILED")
