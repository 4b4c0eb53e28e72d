"""The declarations of interests in a browser: the administrator requires them, a person makes hers."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from regions import clock
from regions.models import IntegrityTerms, InterestDeclaration
from tests.browser.test_declarations import kept
from tests.browser.test_region_side import arrive
from workflows.administration import set_integrity_terms


@pytest.mark.parametrize(("width", "lang"), [(390, "fr"), (1440, "en")])
def test_a_declaration_is_required_and_made(people: Any, visitor: Any, width: int, lang: str) -> None:
    world = people("F01")
    readers = {}
    for role in ("admin", "decider"):
        readers[role] = arrive(visitor(role, width=width, lang=lang))
        readers[role].sign_in(f"{role}@demo.example")
    admin, decider = readers["admin"], readers["decider"]
    admin.go(reverse("manage-interests")).tick("[name=required]")
    admin.press({"fr": "Enregistrer la règle", "en": "Record the rule"}[lang])
    kept(admin, "manage-interests")
    assert IntegrityTerms.objects.get().required
    decider.go(reverse("home"))
    kept(decider, "home-undeclared")
    button = {"fr": "Déclarer mes intérêts", "en": "Declare my interests"}[lang]
    decider.follow(button)
    kept(decider, "interests")
    decider.fill(sirens="732 829 320").tick("[name=answer][value=some]").tick("[name=confirmed]").press(button)
    kept(decider, "interests-declared")
    assert [row.siren for row in InterestDeclaration.objects.get().interests.all()] == ["732829320"]
    set_integrity_terms(world.staff["admin"], world.region, clock.today(), True, 1, notice_days=40)
    decider.go(reverse("home"))
    kept(decider, "home-interests-soon")
    assert {"fr": "la refaire avant ce jour", "en": "make it again before"}[lang] in decider.page.content()
    decider.follow(button)
    assert decider.page.url.endswith(reverse("interests"))
