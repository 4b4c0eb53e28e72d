"""A finding of the audit in a browser: each button pressed by its person, on a telephone and on a desk."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from applications.models import AuditFinding
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from tests.browser.test_declarations import kept
from tests.browser.test_region_side import arrive


def deed(reader: Any, act: str, agreed: str = "", **given: str) -> Any:
    """Unfold the form of an act, fill it, press its button."""
    form = reader.page.locator(f'form[action*="/acte/{act}/"]')
    if not form.is_visible():
        reader.page.locator("details:not([open])", has=form).first.locator("summary").first.click()
    for name, value in given.items():
        form.locator(f"[name={name}]").fill(value)
    if agreed:
        form.locator(f'[name=agreed][value="{agreed}"]').check()
    if form.locator("[name=sure]").count():
        form.locator("[name=sure]").check()
    return reader.act(f"/acte/{act}/")


@pytest.mark.parametrize(("width", "lang"), [(390, "en"), (1440, "fr")])
def test_from_the_draft_to_the_closure(people: Any, visitor: Any, width: int, lang: str) -> None:
    case = Case(people("F01"), "F01").fill(SITE).file_it()
    readers = {}
    for role in ("auditor", "officer"):
        readers[role] = arrive(visitor(role, width=width, lang=lang))
        readers[role].sign_in(f"{role}@demo.example")
    auditor, officer = readers["auditor"], readers["officer"]
    auditor.go(reverse("findings")).go(reverse("audit-file", args=[case.file.reference]))
    auditor.follow({"fr": "Rédiger un constat", "en": "Write a finding"}[lang])
    kept(auditor, "finding-open")
    auditor.fill(title="12", reason="34", asked="56", amount="300").press(
        {"fr": "Enregistrer le brouillon", "en": "Save the draft"}[lang]
    )
    kept(auditor, "finding-draft")
    deed(auditor, "revise", asked="57")
    deed(auditor, "send")
    found = AuditFinding.objects.get()
    officer.go(reverse("home")).go(reverse("findings"))
    kept(officer, "findings")
    officer.go(reverse("file", args=[case.file.reference])).go(reverse("finding", args=[found.pk]))
    deed(officer, "answer", agreed="yes", reason="78")
    kept(officer, "finding-answered")
    auditor.go(reverse("finding", args=[found.pk]))
    kept(auditor, "finding-to-close")
    deed(auditor, "ask_again", reason="9")
    officer.go(reverse("finding", args=[found.pk]))
    deed(officer, "answer", agreed="no", reason="10")
    auditor.go(reverse("finding", args=[found.pk]))
    deed(auditor, "close", reason="11")
    kept(auditor, "finding-closed")
    assert AuditFinding.objects.get().state == "closed"
    auditor.go(reverse("findings"))
    assert auditor.download(reverse("findings-export", args=["xlsx"])).startswith(b"PK")
    assert case.file.reference.encode() in auditor.download(reverse("findings-export", args=["csv"]))
    assert {"fr": "déjà ouvert le", "en": "already opened on"}[lang] in auditor.go(
        reverse("audit-list", args=["dossiers"])
    ).text()
    for act, state in (("discard", "discarded"), ("withdraw", "withdrawn")):
        auditor.go(reverse("finding-open", args=[case.file.reference]))
        auditor.fill(title="12", reason="34", asked="56").press(
            {"fr": "Enregistrer le brouillon", "en": "Save the draft"}[lang]
        )
        if act == "withdraw":
            deed(auditor, "send")
        deed(auditor, act, **({"reason": "12"} if act == "withdraw" else {}))
        assert AuditFinding.objects.latest("pk").state == state
