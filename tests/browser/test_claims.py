"""A claim controlled in a browser: a line left to a later claim, a check on the spot, and what the firm reads."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from backoffice.demo.actors import Case
from backoffice.demo.stories import SHOP, SOCIAL
from regions import clock
from regions.models import SchemeVersion
from tests.browser.pages import Visitor
from workflows import gate

TYPED = {
    "fr": ("Bon de livraison à venir.", "Saint-Denis", "Gérante", "Site en ligne."),
    "en": ("Delivery note to come.", "Saint-Denis", "Manager", "Site online."),
}


@pytest.fixture
def claimed(people: Any) -> tuple[Case, Any]:
    """A claim whose risk asks for a check on the spot."""
    case = Case(people("F05"), "F05").fill(SHOP, SOCIAL).file_it().grant().notify()
    version = SchemeVersion.objects.get(pk=case.file.scheme_version_id)
    method = version.rules["control"] | {"on_the_spot_from": 1}
    method["criteria"] = [one | {"value": "1.00"} for one in method["criteria"][:1]]
    SchemeVersion.objects.filter(pk=version.pk).update(rules=version.rules | {"control": method})
    return case, case.claim()


def arrive(reader: Visitor, email: str) -> Visitor:
    """Signed in, in the reader's language."""
    reader.page.goto("/connexion/")
    if reader.lang == "en":
        with reader.page.expect_navigation(wait_until="load"):
            reader.page.locator("form.languages button").click()
    return reader.sign_in(email)


@pytest.mark.parametrize(("width", "lang"), [(390, "fr"), (1440, "en")])
def test_a_line_is_left_and_a_visit_recorded(claimed: Any, visitor: Any, width: int, lang: str) -> None:
    case, claim = claimed
    why, place, met, words = TYPED[lang]
    line = claim.lines.order_by("line__number").last()
    officer = arrive(visitor("officer", width=width, lang=lang), "officer@demo.example")
    officer.go(reverse("file", args=[case.file.reference]))
    officer.tick(f'[name="line-{line.pk}-parked"]').fill(**{f"line-{line.pk}-reason": why}).act("/lignes/")
    line.refresh_from_db()
    assert (line.parked, line.finding) == (True, why)
    officer.page.locator("summary", has_text="sur place" if lang == "fr" else "on the spot").first.click()
    officer.fill(held_on=clock.today().isoformat(), place=place, met=met).choose(finding="green")
    form = officer.page.locator('form[action*="/sur-place/"]')
    form.locator('[name="reason"]').fill(words)
    form.locator('[name="report"]').set_input_files(
        {"name": "visite.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 visite"}
    )
    officer.act("/sur-place/")
    assert claim.visits.get().words == words
    gate.move(case.by("officer"), "claim", claim.pk, "control")
    officer.go(reverse("file", args=[case.file.reference]))
    assert why in officer.text()
    case.certify(claim)
    firm = arrive(visitor("firm", width=width, lang=lang), case.manager.email)
    firm.go(reverse("firm-claim", args=[case.file.reference, claim.number]))
    assert why in firm.text()
