"""A complaint in a browser: the firm complains, the region names, answers and closes; an officer registers another."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from applications.models import Complaint
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from tests.browser.test_declarations import kept
from tests.browser.test_region_side import arrive


@pytest.mark.parametrize(("width", "lang"), [(390, "fr"), (1440, "en")])
def test_from_the_firm_to_the_answer(people: Any, visitor: Any, width: int, lang: str) -> None:
    world = people("F01")
    case = Case(world, "F01").fill(SITE).file_it()
    readers = {}
    addresses = {who: f"{who}@demo.example" for who in ("f01", "officer", "decider")}
    addresses["provider"] = world.provider_users["P01"].email
    for who, address in addresses.items():
        readers[who] = arrive(visitor(who, width=width, lang=lang))
        readers[who].sign_in(address)
    firm, officer, decider = readers["f01"], readers["officer"], readers["decider"]
    firm.go(reverse("file", args=[case.file.reference]))
    firm.follow({"fr": "Faire une réclamation", "en": "Make a complaint"}[lang])
    firm.fill(title="12", reason="34").press({"fr": "Envoyer la réclamation", "en": "Send the complaint"}[lang])
    kept(firm, "complaint-made")
    found = Complaint.objects.get()
    decider.go(reverse("complaint", args=[found.pk]))
    decider.unfold("/acte/attribute/").locator("select").select_option(str(world.staff["officer"].pk))
    decider.act("/acte/attribute/")
    decider.unfold("/acte/answer/").locator("[name=outcome][value=upheld]").check()
    decider.answer("/acte/answer/", reason="56").act("/acte/close/")
    kept(decider, "complaint-closed")
    assert Complaint.objects.get().state == "closed"
    officer.go(reverse("complaints"))
    kept(officer, "complaints")
    officer.follow({"fr": "Enregistrer une réclamation", "en": "Register a complaint"}[lang])
    kept(officer, "complaint-open")
    officer.fill(title="12", reason="34", from_whom="56", reference=case.file.reference)
    officer.press({"fr": "Enregistrer la réclamation", "en": "Register the complaint"}[lang])
    assert Complaint.objects.count() == 2
    _of_the_provider(readers["provider"], decider, case.file.reference, lang)
    firm.go(reverse("firm-complaint", args=[case.file.reference]))
    kept(firm, "complaint-answered")


def _of_the_provider(provider: Any, decider: Any, reference: str, lang: str) -> None:
    """The provider's own complaint: made, answered, and read on its page."""
    provider.go(reverse("provider-files")).follow({"fr": "Mes réclamations", "en": "My complaints"}[lang])
    provider.fill(reference=reference, title="12", reason="34")
    provider.press({"fr": "Envoyer la réclamation", "en": "Send the complaint"}[lang])
    kept(provider, "provider-complaint-made")
    found = Complaint.objects.get(channel="provider")
    decider.go(reverse("complaint", args=[found.pk]))
    kept(decider, "complaint-of-a-provider")
    decider.unfold("/acte/answer/").locator("[name=outcome][value=rejected]").check()
    decider.answer("/acte/answer/", reason="56")
    provider.go(reverse("provider-complaints"))
    assert "56" in provider.text()
