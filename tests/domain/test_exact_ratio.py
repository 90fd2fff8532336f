"""What a proof says exactly, its reader gets exactly."""

from fractions import Fraction

import orjson
import pytest

from portal.domain.proof import exact_ratio


@pytest.mark.parametrize("number", [Fraction(208_050_000, 31), Fraction(-(10**24), 7 * 10**21 + 1)])
def test_a_ratio_comes_back_from_a_document_as_it_was(number):
    told = orjson.loads(orjson.dumps(exact_ratio(number)))
    assert Fraction(*map(int, told)) == number
