"""Our operations beside a channel's: nothing is in two groups, nothing is lost."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.money import ZERO, Money
from portal.imports.bank.compare import Comparison, Operation, Total, compare

PAID = Operation("1", Money(100_50), "0001234567")


def test_what_both_sides_know_agrees() -> None:
    found = compare([PAID], [Operation("1", Money(100_50))])
    assert (len(found.matched), found.exit_code, found.difference) == (1, 0, ZERO)


def test_nothing_on_both_sides_agrees() -> None:
    assert compare([], []).exit_code == 0


def test_each_kind_of_disagreement_is_told_apart() -> None:
    ours = [PAID, Operation("2", Money(1)), Operation("3", Money(7))]
    theirs = [Operation("4", Money(5)), Operation("3", Money(9)), PAID]
    found = compare(ours, theirs)
    assert [pair.ours for pair in found.matched] == [PAID]
    assert [pair.theirs.amount for pair in found.differing] == [Money(9)]
    assert (found.only_ours, found.only_theirs) == ((ours[1],), (theirs[0],))
    assert (found.ours, found.theirs) == (Total(3, Money(100_58)), Total(3, Money(100_64)))
    assert (found.difference, found.exit_code) == (Money(6), 1)


def test_the_same_sum_of_another_account_differs() -> None:
    found = compare([PAID], [Operation("1", PAID.amount, "7")])
    assert [pair.is_same_sum for pair in found.differing] == [True]
    assert found.exit_code == 1


def test_a_number_that_comes_twice_is_not_lost() -> None:
    found = compare([PAID], [PAID, PAID])
    assert (len(found.matched), found.only_theirs, found.exit_code) == (1, (PAID,), 1)


OPERATIONS = st.lists(
    st.builds(
        Operation,
        st.sampled_from("abcd"),
        st.integers(-3, 3).map(Money),
        st.sampled_from(["", "17", "18"]),
    ),
    max_size=8,
)


@given(OPERATIONS, OPERATIONS)
def test_every_operation_is_in_one_group(ours: list[Operation], theirs: list[Operation]) -> None:
    found = compare(ours, theirs)
    pairs = (*found.matched, *found.differing)
    assert Counter([*(p.ours for p in pairs), *found.only_ours]) == Counter(ours)
    assert Counter([*(p.theirs for p in pairs), *found.only_theirs]) == Counter(theirs)
    assert (found.ours, found.theirs) == (Total.of(ours), Total.of(theirs))
    assert found.exit_code == int(len(found.matched) != len(ours) or len(ours) != len(theirs))


@given(OPERATIONS, OPERATIONS)
def test_the_other_side_sees_the_same(ours: list[Operation], theirs: list[Operation]) -> None:
    found, back = compare(ours, theirs), compare(theirs, ours)
    assert Counter(found.only_ours) == Counter(back.only_theirs)
    assert _numbers(found) == _numbers(back)
    assert found.difference == -back.difference


def _numbers(found: Comparison) -> tuple[int, int, int]:
    return len(found.matched), len(found.differing), found.exit_code
