"""The menu: whole and plain when it is short, folded into its groups when it is long."""

from __future__ import annotations

from django.urls import reverse

from backoffice.menu import AREAS, LONG, grouped

NAMED = [(name, words) for name, words, _group, _open_to in AREAS]


def test_a_short_menu_has_no_groups() -> None:
    found = grouped(NAMED[:LONG], "/")
    assert [group.words for group in found] == [""]
    assert [area.words for area in found[0].areas] == [words for _name, words in NAMED[:LONG]]


def test_a_long_menu_loses_no_part_and_folds_those_of_a_group() -> None:
    found = grouped(NAMED, "/")
    assert [area.words for group in found for area in group.areas] == [words for _name, words in NAMED]
    assert [str(group.words) for group in found if group.words] == [
        "Après le paiement", "Constats et réclamations", "Registres et rapports",
    ]  # fmt: skip


def test_a_part_alone_in_its_group_is_a_plain_link() -> None:
    found = grouped([*NAMED[:LONG], next(named for named in NAMED if named[0] == "complaints")], "/")
    assert found[-1].words == ""


def test_the_group_that_holds_the_page_says_so() -> None:
    found = grouped(NAMED, reverse("recovery", args=["R-04-0001"]))
    assert [[str(area.words) for area in group.areas if area.here] for group in found if group.here] == [
        ["Recouvrements"]
    ]  # fmt: skip


def test_no_part_is_current_outside_of_all() -> None:
    assert not any(group.here for group in grouped(NAMED, "/confidentialite/"))
