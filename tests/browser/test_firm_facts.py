"""What the law asks of a firm about itself, in a browser: its difficulties, its annual work units, its year before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from backoffice.demo.world import World
from tests.browser.conftest import Opener
from tests.browser.test_orientation import spoken, words
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
