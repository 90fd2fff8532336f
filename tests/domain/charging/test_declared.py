"""How a method tells its formula: every letter of it, and what each of them means."""

from portal.domain.charging.line import Lack
from portal.domain.charging.method import Factor, Method, Term, formula_of
from portal.domain.proven import Proven

AREA = Factor("area", "S", "площадь", Lack.NO_AREA)
HOUSE = Factor("house_area", "Sд", "площадь дома", Lack.NO_HOUSE_AREA, divides=True)
USED = Factor("volume", "V", "объем", Lack.NO_VOLUME)


def test_a_product_of_the_month():
    method = Method.product(Proven.COMMON_HOUSE_METER, "правило", USED, AREA, HOUSE)
    assert (method.name, method.rule) == ("common_house_meter", "правило")
    assert method.terms == (Term((USED, AREA, HOUSE)),)
    assert method.factors == (USED, AREA, HOUSE)
    assert method.whole == (
        "V × S ÷ Sд × T, где V — объем, S — площадь, Sд — площадь дома, T — цена"
    )
    assert method.piece == (
        "V × S ÷ Sд × d ÷ D × T, где V — объем, S — площадь, Sд — площадь дома, T — цена, "
        "d — дней, D — дней в месяце"
    )


def test_a_product_of_the_days_that_were_served():
    method = Method.served(Proven.USAGE, "правило", USED)
    assert (method.name, method.rule) == ("usage", "правило")
    assert method.terms == (Term((USED,), is_served=True),)
    assert method.whole == "V × T, где V — объем, T — цена"
    assert method.piece == (
        "V × d ÷ Dо × T, где V — объем, T — цена, d — дней, Dо — дней обслуживания в месяце"
    )


def test_a_sum_tells_each_letter_once():
    own, rest = Term((USED,), is_served=True), Term((USED, AREA, HOUSE))
    method = Method.of(Proven.HEATING_OWN_METERS, "правило", own, rest)
    assert method.terms == (own, rest)
    assert method.factors == (USED, USED, AREA, HOUSE)
    assert method.whole == (
        "(V + V × S ÷ Sд) × T, где V — объем, S — площадь, Sд — площадь дома, T — цена"
    )
    assert method.piece == (
        "(V × d ÷ Dо + V × S ÷ Sд × d ÷ D) × T, где V — объем, S — площадь, Sд — площадь дома, "
        "T — цена, d — дней, Dо — дней обслуживания в месяце, D — дней в месяце"
    )


def test_other_words_for_the_same_letters():
    terms = (Term((USED,)),)
    assert formula_of(terms, "V × 2") == "V × 2, где V — объем, T — цена"
    assert formula_of(terms, "V ÷ 2", is_piece=True) == (
        "V ÷ 2, где V — объем, T — цена, d — дней, D — дней в месяце"
    )
