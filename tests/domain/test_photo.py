"""What names a stored picture."""

import pytest

from portal.domain.photo import is_photo_hash, photo_field

HASH = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (HASH, True),
        (HASH[1:], False),
        (f"{HASH}0", False),
        (HASH.upper(), False),
        (HASH.replace("f", "g"), False),
        (f"{HASH}\n", False),
        ("../" + HASH[3:], False),
        ("", False),
    ],
)
def test_only_a_digest_names_a_picture(text: str, is_one: bool):
    assert is_photo_hash(text) is is_one


def test_the_field_is_the_counters_own():
    assert photo_field("12/zkh_1") == "photo:12/zkh_1"
