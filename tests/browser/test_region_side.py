"""The region's pages of a group, a loan, a share and a recovery: on a telephone and on a desk, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from applications.enums import ClaimKind
from backoffice.demo.world import World
from regions.enums import Instrument
from tests.browser.pages import Visitor
from tests.walks import COMMISSION, ESCROW, MIX, PLAN, STUDY, Walk, group, offer, undue
from workflows import gate


@pytest.fixture
def shown(people: Any) -> tuple[World, dict[str, list[str]]]:
    """Who looks at what."""
    world = people("F01", "F02", "F05", "F15")
    mixed = Walk(offer(world, MIX), "F01").fill(STUDY, COMMISSION).file_it().running()
    mixed.pay(mixed.asks(ClaimKind.RELEASE, Instrument.LOAN))
    shared = Walk(offer(world, ESCROW), "F02").fill(PLAN).file_it().running().share("500.00")
    grouped = group(world)
    grouped.act("officer", "accept_complete")
    case, recovery = undue(world)
    gate.move(case.by("officer"), "recovery", recovery.pk, "hear")
    gate.move(case.manager, "recovery", recovery.pk, "observe", reason="La facture est unique.")
    first = mixed.file.agreement.components.get(instrument=Instrument.LOAN).instalments.first()
    files = [reverse("file", args=[walk.file.reference]) for walk in (mixed, shared, grouped, case)]
    return world, {
        "officer@demo.example": [
            *files, reverse("recoveries"), reverse("recovery", args=[recovery.number]),
            reverse("recovery-open", args=[case.file.reference]),
        ],
        "accountant@demo.example": [
            reverse("receipts-first"), reverse("receipts", args=["echeances"]) + "?quand=toutes",
            reverse("receipts", args=["titres"]), reverse("receipt-share", args=[shared.file.reference]),
            reverse("receipt-instalment", args=[first.pk]), reverse("receipt-recovery", args=[recovery.number]),
            reverse("payment-envelopes"),
        ],
        "admin@demo.example": [reverse("manage-envelopes")],
        "auditor@demo.example": [reverse("audit-file", args=[mixed.file.reference])],
    }  # fmt: skip


def arrive(reader: Visitor) -> Visitor:
    """The sign-in page, in the reader's language."""
    reader.page.goto("/connexion/")
    if reader.lang == "en":
        with reader.page.expect_navigation(wait_until="load"):
            reader.page.locator("form.languages button").click()
    return reader.look()


def opened(reader: Visitor) -> None:
    """The cash of providers, unfolded."""
    said = "Ce qui doit partir, par semaine puis par mois" if reader.lang == "fr" else "What is to leave, by week"
    reader.page.locator("summary", has_text=said).first.click()
    reader.look()


@pytest.mark.parametrize(("width", "lang"), [(390, "fr"), (1440, "en")])
def test_each_page_fits_and_axe_finds_nothing(shown: Any, visitor: Any, width: int, lang: str) -> None:
    _world, pages = shown
    for email, addresses in pages.items():
        reader = arrive(visitor(email.partition("@")[0], width=width, lang=lang))
        reader.sign_in(email)
        for address in addresses:
            reader.go(address)
            if "enveloppes" in address:
                opened(reader)
        assert len(reader.screens) > len(addresses)


@pytest.mark.parametrize(("width", "lang"), [(390, "fr"), (1440, "en")])
def test_a_long_menu_is_folded_and_each_part_of_it_opens(people: Any, visitor: Any, width: int, lang: str) -> None:
    people("F01")
    reader = arrive(visitor("officer", width=width, lang=lang)).sign_in("officer@demo.example")
    folds = reader.page.locator("nav.areas summary")
    assert folds.count() == 3
    for fold in range(3):
        folds.nth(fold).click()
        reader.look()
        link = reader.page.locator("nav.areas details[open] a").first
        address = link.get_attribute("href")
        with reader.page.expect_navigation(wait_until="load"):
            link.click()
        reader.look()
        assert str(address) in reader.page.url
        assert folds.nth(fold).get_attribute("class") == "here"
        assert reader.page.locator("nav.areas details[open]").count() == 0
