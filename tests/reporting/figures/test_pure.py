"""The pure parts of the public figures: secrecy, delays and sectors, on figures counted by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.figures.delays import Delay, delay
from reporting.figures.secrecy import FEWEST_FIRMS, OTHERS, Cell, shown
from reporting.figures.sectors import GROUPS, UNKNOWN, sector


def cell(name: str, firms: int, amount: str, largest: str) -> Cell:
    return Cell((name, name), firms, Decimal(amount), Decimal(largest))


def test_a_cell_of_two_firms_is_put_with_the_smallest_that_makes_it_safe() -> None:
    found = shown([cell("a", 5, "5000", "1000"), cell("b", 3, "900", "400"), cell("c", 2, "800", "500")])
    assert [(each.label[0], each.firms, each.amount) for each in found] == [
        ("a", 5, Decimal(5000)), (OTHERS[0], 5, Decimal(1700)),
    ]  # fmt: skip


def test_a_cell_that_is_nearly_all_one_firm_is_not_shown() -> None:
    dominated, plain = cell("a", 4, "1000", "851"), cell("b", 4, "1000", "300")
    assert [each.label for each in shown([dominated, plain])] == [OTHERS]
    assert cell("a", 4, "1000", "850").safe


def test_two_unsafe_cells_that_are_safe_together_leave_the_others_alone() -> None:
    found = shown([cell("a", 3, "900", "300"), cell("b", 2, "400", "200"), cell("c", 1, "200", "200")])
    assert [(each.label[0], each.firms) for each in found] == [("a", 3), (OTHERS[0], 3)]


def test_too_few_firms_in_all_show_nothing() -> None:
    assert shown([cell("a", 1, "100", "100"), cell("b", 1, "100", "100")]) == []


@given(st.lists(st.lists(st.integers(1, 9999), min_size=1, max_size=6), max_size=8))
def test_nothing_shown_is_unsafe_and_nothing_is_lost(groups: list[list[int]]) -> None:
    cells = [cell(f"s{n}", len(own), str(sum(own)), str(max(own))) for n, own in enumerate(groups)]
    found = shown(cells)
    assert all(each.firms >= FEWEST_FIRMS and each.largest * 100 <= each.amount * 85 for each in found)
    assert not found or sum(each.amount for each in found) == sum(sum(own) for own in groups)
    assert not found or sum(each.firms for each in found) == sum(len(own) for own in groups)


def test_delays_are_those_that_half_and_nine_in_ten_did_not_exceed() -> None:
    assert delay([(30, 1), (10, 5), (20, 4)]) == Delay(10, 10, 20)
    assert delay([(7, 1)]) == Delay(1, 7, 7)
    assert delay([(1, 1), (2, 1), (3, 1)]) == Delay(3, 2, 3)
    assert delay([]) is None


@pytest.mark.parametrize(
    ("code", "words"),
    [("47.91B", "Commerce et réparation automobile"), ("01.11Z", "Agriculture, sylviculture et pêche"),
     ("62.01Z", "Information et communication"), ("99.00Z", "Ménages et organisations internationales")],
)  # fmt: skip
def test_a_code_falls_in_the_group_of_its_division(code: str, words: str) -> None:
    assert sector(code)[0] == words


def test_a_code_without_a_known_division_is_unknown_and_no_division_is_in_two_groups() -> None:
    assert {sector(""), sector("04.00Z"), sector("XX")} == {UNKNOWN}
    numbers = [number for divisions, _words in GROUPS for number in divisions]
    assert len(numbers) == len(set(numbers))
