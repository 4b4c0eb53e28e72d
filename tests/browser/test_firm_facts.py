"""What the law asks of a firm about itself, in a browser: its difficulties, its annual work units, its year before."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.urls import reverse

from backoffice.demo.world import World
from tests.browser.conftest import Opener
from tests.browser.test_orientation import spoken, unfolded, words
from tests.kinds import drafted, opened

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("lang", "width"), [("fr", 390), ("en", 1440)])
def test_the_questions_on_difficulty_are_answered(
    visitor: Opener, people: Callable[..., World], lang: str, width: int
) -> None:
    world = people("F01")
    case = drafted(opened(world, "conseil-digital"), ("digital_strategy", "Feuille de route", "8000.00"))
    firm = spoken(visitor("manager", width=width, lang=lang), lang).sign_in(case.manager.email)
    firm.go(reverse("step", args=[case.file.reference, "situation"]))
    firm.choose(capital_lost="no", insolvent="yes", rescue_aid="no").press(words(lang, "Enregistrer et continuer"))
    assert case.file.insolvent is True
    firm.go(reverse("review", args=[case.file.reference]))
    assert {"fr": "procédure collective", "en": "collective insolvency proceedings"}[lang] in firm.text()


@pytest.mark.parametrize(("lang", "width", "script"), [("fr", 390, False), ("en", 1440, True)])
def test_the_headcount_is_counted_and_the_year_before_given(
    visitor: Opener, people: Callable[..., World], lang: str, width: int, script: bool
) -> None:
    world = people("F01")
    case = drafted(world)
    firm = spoken(visitor("manager", width=width, lang=lang, script=script), lang).sign_in(case.manager.email)
    firm.go(reverse("step", args=[case.file.reference, "entreprise"]))
    unfolded(firm)
    firm.page.locator("[name=awu-full_time]").fill("3")
    firm.page.locator("[name=awu-part_time]").fill("1")
    firm.page.locator("[name=awu-part_time_share]").fill("50")
    firm.press(words(lang, "Reporter l’effectif"))
    assert firm.page.locator("[name=headcount]").input_value() == "3.5"
    unfolded(firm)
    firm.fill(previous_headcount="4", previous_turnover="100000").press(words(lang, "Enregistrer et continuer"))
    assert (case.file.headcount, case.file.previous_headcount) == (Decimal("3.50"), Decimal("4.00"))


@pytest.mark.parametrize("address", ["/ai-je-droit/", "/simulateur/kap-numerik/"])
def test_anybody_counts_a_headcount_before_any_account(
    visitor: Opener, people: Callable[..., World], address: str
) -> None:
    people("F01")
    anybody = spoken(visitor("anybody", width=390), "fr").go(address)
    unfolded(anybody)
    anybody.page.locator("[name=awu-owners]").fill("2")
    anybody.press("Reporter l’effectif")
    assert anybody.page.locator("[name=headcount]").input_value() == "2"
