"""« May I get an aid? » in a browser, without an account: the answer first, and what one changed figure decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.utils.translation import gettext, override

from backoffice.demo.world import World
from tests.browser.conftest import Opener
from tests.browser.pages import Visitor
from tests.kinds import opened

pytestmark = pytest.mark.django_db(transaction=True)
BOOKSHOP = "00000101600013"


def words(lang: str, text: str) -> str:
    with override(lang):
        return gettext(text)


@pytest.mark.parametrize(
    ("lang", "width", "script"),
    [("fr", 390, True), ("fr", 1440, True), ("en", 390, True), ("en", 1440, True), ("fr", 390, False)],
)
def test_changing_one_figure_shows_the_condition_that_decides(
    visitor: Opener, people: Callable[..., World], lang: str, width: int, script: bool
) -> None:
    opened(people("F01"), "kit-numerique")
    firm = spoken(visitor("manager", width=width, lang=lang, script=script), lang).go("/aides/")
    firm.follow(words(lang, "Ai-je droit à une aide ?"))
    firm.fill(siret=BOOKSHOP, headcount="4", turnover="310000").press(words(lang, "Voir mes aides"))
    assert words(lang, "À %s et plus") % (words(lang, "%s équivalents temps plein") % "20") in unfolded(firm)
    change(firm, "25").press(words(lang, "Voir ce qui change"))
    told = firm.page.locator("#changed").inner_text()
    assert words(lang, "non éligible") in told
    assert {"fr": "moins de 20 équivalents", "en": "fewer than 20 work units"}[lang] in told

    assert seen_first(firm)
    change(firm, "4").press(words(lang, "Voir ce qui change"))
    details = words(lang, "Détailler mon projet")
    firm._leave(firm.page.get_by_role("button", name=details).first)
    assert words(lang, "Reste à votre charge, hors taxes") in firm.text()


def spoken(one: Visitor, lang: str) -> Visitor:
    """The pages in her language from the first one on."""
    language: Any = {"name": settings.LANGUAGE_COOKIE_NAME, "value": lang, "url": one.base}
    one.context.add_cookies([language])
    return one


def change(firm: Visitor, headcount: str) -> Visitor:
    """Another headcount in the questions, below the answer."""
    firm.page.locator("#orientation [name=headcount]").fill(headcount)
    return firm


def unfolded(firm: Visitor) -> str:
    """The page with every fold open, by the keyboard."""
    shut = firm.page.locator("main details:not([open]) > summary")
    for _fold in range(shut.count()):
        shut.first.press("Enter")
    return firm.text()


def seen_first(firm: Visitor) -> bool:
    """Whether the answer is on the first screen, without scrolling."""
    box = firm.page.locator("#answer").bounding_box()
    return box is not None and box["y"] + box["height"] < 900


@pytest.mark.parametrize(("lang", "width"), [("fr", 390), ("en", 1440)])
def test_ten_questions_give_a_level_and_where_to_go(
    visitor: Opener, people: Callable[..., World], lang: str, width: int
) -> None:
    people("F01")
    firm = spoken(visitor("manager", width=width, lang=lang), lang).go("/autodiagnostic/")
    for question in firm.page.locator("main fieldset").all():
        question.get_by_role("radio").first.press("Space")
    firm.press(words(lang, "Voir mon niveau"))
    assert words(lang, "Votre niveau : %(label)s").replace("%(label)s", "") in firm.text()
    assert "AD1-20250303-0000000000-" in firm.text()
    assert seen_first(firm)
    assert words(lang, "Pourquoi ce niveau") in unfolded(firm)


@pytest.mark.parametrize(("lang", "width"), [("fr", 390), ("en", 1440)])
def test_an_administrator_changes_an_assumption(
    visitor: Opener, people: Callable[..., World], lang: str, width: int
) -> None:
    people("F01")
    admin = spoken(visitor("admin", width=width, lang=lang), lang).sign_in("admin@demo.example")
    admin.go("/administration/enveloppes/").follow(words(lang, "Estimer un budget"))
    assert words(lang, "Ne suffit pas") in unfolded(admin)
    admin.fill(take_up="0.1").press(words(lang, "Recalculer"))
    assert words(lang, "Suffit") in admin.text()
