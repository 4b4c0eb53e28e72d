"""The auditor's reports and packs in a browser: asked, read, compared; on a telephone and on a desk, both languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from applications.models import Operation
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE, paid
from regions import clock
from reporting import jobs, runs
from reporting.models import ReportRun, ReportTemplate
from reporting.pack.sets import KIND
from reporting.runs import Asked
from tests.browser.test_region_side import arrive
from tests.workflows.test_double_funding import again


@pytest.fixture
def pages(people: Any) -> list[str]:
    """Every page of reports and packs, with something on it."""
    world = people("F01", "F15")
    case, author = paid(world), world.staff["auditor"]
    clock.advance(days=1)
    operation = Operation.objects.get(region=world.region)
    made = [
        runs.make(runs.begin(Asked("erdf", world.region, clock.now(), operation), author)),
        runs.make(runs.begin(Asked("dossiers", world.region, clock.now(), form="csv"), author)),
    ]
    own = [
        runs.make(runs.begin(Asked(key, world.region, clock.now(), language="en"), author))
        for key in ("transmission", "verifications")
    ]
    other = Case(world, "F15").fill(SITE).file_it()
    clock.advance(days=1)
    made.append(runs.make(runs.begin(Asked("dossiers", world.region, clock.now()), author)))
    made.append(runs.make(jobs.compare(made[1], made[2], author, "en")))
    references = [case.file.reference, other.file.reference, "KAP-1999-00001"]
    packs = Asked(KIND, world.region, clock.now(), filters={"references": references})
    made.append(runs.make(runs.begin(packs, author)))
    made += own
    assert {run.state for run in made} == {ReportRun.State.RELEASED}
    ReportTemplate.objects.create(
        region=world.region, report="dossiers", name="Lot 1", author=author, created_at=clock.now()
    )
    return [
        reverse("audit-report-new"), reverse("audit-report-ask", args=["dossiers"]), reverse("audit-packs"),
        reverse("audit-list", args=["rapports"]), reverse("audit-file", args=[case.file.reference]),
        *(reverse("audit-report", args=[run.pk]) for run in made),
        *(reverse("audit-report-rows", args=[run.pk]) for run in made),
    ]  # fmt: skip


@pytest.mark.parametrize(("width", "lang"), [(390, "fr"), (1440, "en")])
def test_each_page_fits_and_axe_finds_nothing(pages: Any, visitor: Any, width: int, lang: str) -> None:
    reader = arrive(visitor("auditor", width=width, lang=lang))
    reader.sign_in("auditor@demo.example")
    for page in pages:
        reader.go(page)
    assert len(reader.screens) > len(pages)


def test_a_report_and_packs_are_asked_with_a_keyboard_and_a_mouse(pages: Any, visitor: Any) -> None:
    reader = arrive(visitor("auditor", width=1440, lang="fr"))
    reader.sign_in("auditor@demo.example")
    reader.go(reverse("audit-report-ask", args=["dossiers"]))
    reader.page.get_by_text("Choisir les colonnes").click()
    reader.page.get_by_label("SIREN", exact=True).uncheck()
    reader.page.get_by_label("Enregistrer comme modèle").fill("Sans SIREN")
    reader.press("Demander le rapport")
    run = ReportRun.objects.latest("id")
    assert "dossiers.siren" not in run.columns
    assert len(run.columns) > 10
    reader.go(reverse("audit-report-new"))
    reader.press("Supprimer ce modèle Sans SIREN")
    assert not ReportTemplate.objects.filter(name="Sans SIREN").exists()
    reader.go(reverse("audit-packs"))
    reader.page.get_by_label("Numéros de dossiers").fill("KAP-2025-00001, KAP-2025-00002")
    reader.press("Préparer les dossiers d’audit")
    assert ReportRun.objects.latest("id").filters == {"references": ["KAP-2025-00001", "KAP-2025-00002"]}


@pytest.mark.parametrize(("width", "lang"), [(390, "fr"), (1440, "en")])
def test_the_region_asks_for_its_reports_and_reads_what_the_audit_sent(
    people: Any, visitor: Any, width: int, lang: str
) -> None:
    world = people("F01")
    paid(world)
    clock.advance(days=1)
    author = world.staff["auditor"]
    run = runs.make(runs.begin(Asked("dossiers", world.region, clock.now()), author))
    audit = arrive(visitor("auditor", width=width, lang=lang))
    audit.sign_in("auditor@demo.example")
    audit.go(reverse("audit-report", args=[run.pk])).act("/envoyer/")
    officer = arrive(visitor("officer", width=width, lang=lang))
    officer.sign_in("officer@demo.example")
    officer.go(reverse("reports")).go(reverse("audit-report", args=[run.pk]))
    officer.go(reverse("audit-report-new")).go(reverse("audit-report-ask", args=["dossiers"]))
    officer.press({"fr": "Demander le rapport", "en": "Request the report"}[lang])
    own = ReportRun.objects.get(audit=False)
    assert run.audit
    runs.make(own)
    officer.go(reverse("audit-report", args=[own.pk])).go(reverse("audit-report-rows", args=[own.pk]))


@pytest.mark.parametrize(("width", "lang", "who"), [(390, "fr", "certifier"), (1440, "en", "auditor")])
def test_the_region_and_its_auditor_read_what_two_files_hold_both(
    people: Any, visitor: Any, width: int, lang: str, who: str
) -> None:
    world = people("F01", "F05")
    first, other = paid(world), Case(world, "F05").fill(SITE).file_it()
    again(first.file.claims.get(), other, f"FA-{first.file.reference}-1")
    reader = arrive(visitor(who, width=width, lang=lang))
    reader.sign_in(f"{who}@demo.example")
    reader.go(reverse("audit-report-new")).go(reverse("audit-report-ask", args=["double-funding"]))
    reader.press({"fr": "Demander le rapport", "en": "Request the report"}[lang])
    run = runs.make(ReportRun.objects.get())
    assert (run.state, run.rows) == (ReportRun.State.RELEASED, {"invoices": 1, "documents": 0})
    reader.go(reverse("audit-report", args=[run.pk])).go(reverse("audit-report-rows", args=[run.pk]))
    assert other.file.reference in reader.page.content()
