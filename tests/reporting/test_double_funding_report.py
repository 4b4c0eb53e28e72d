"""The report of double funding: every pair that the page of a file tells, once, and no more of another region."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.enums import ApplicationState, ClaimState, DocumentKind
from applications.models import Application, ClaimLine, Document
from applications.services import store
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE, paid
from backoffice.demo.world import World
from regions import clock
from regions.models import Region
from reporting import double_funding, runs
from reporting.models import ReportRun
from reporting.runs import Asked
from tests.workflows.test_declaring import sent, verified
from tests.workflows.test_double_funding import again
from workflows.double_funding import UNPAID, matches

pytestmark = [pytest.mark.django_db, pytest.mark.both]
Lines = list[dict[str, Any]]


@pytest.fixture
def three(world: World) -> list[Case]:
    """The invoice of a file paid and declared, on two lines, presented by two others; two of them share their quote."""
    first = paid(world)
    verified(world)
    sent(world)
    others = [Case(world, firm).fill(SITE).file_it() for firm in ("F05", "F02")]
    claim = first.file.claims.get()
    for case in others:
        again(claim, case, claim.lines.earliest("pk").invoice_number.lower())
    quote = Document.objects.filter(application=others[0].pk, kind=DocumentKind.QUOTE).get()
    Document.objects.filter(application=others[1].pk, kind=DocumentKind.QUOTE).update(sha256=quote.sha256)
    return [first, *others]


def made(world: World, language: str = "fr") -> ReportRun:
    asked = Asked("double-funding", world.region, clock.now(), language=language)
    run = runs.make(runs.begin(asked, world.staff["auditor"]))
    assert (run.state, run.differences, run.set_apart) == (ReportRun.State.RELEASED, [], 0), (
        run.apart,
        run.differences,
    )
    return run


def sheets(run: ReportRun) -> tuple[Lines, Lines]:
    book = openpyxl.load_workbook(io.BytesIO(store.get(run.file_sha256)))
    invoices, documents = book.worksheets[:2]
    return _lines(invoices), _lines(documents)


def _lines(sheet: Any) -> Lines:
    head, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip((name.partition(" [")[0] for name in head), line, strict=True)) for line in lines]


def told(region: Region) -> set[tuple[str, frozenset[str]]]:
    """What the pages of the region's files tell, one by one."""
    files = Application.objects.filter(region=region).exclude(state__in=UNPAID)
    return {
        ("invoice" if match.invoice else "document", frozenset((file.reference, match.other.reference)))
        for file in files for match in matches(file)
    }  # fmt: skip


def reported(region: Region) -> list[tuple[str, frozenset[str]]]:
    rows = [("invoice", row) for row in double_funding.invoices(region, "fr")]
    rows += [("document", row) for row in double_funding.documents(region, "fr")]
    return [(kind, frozenset((row["reference"], row["other_reference"]))) for kind, row in rows]


def test_each_pair_of_a_page_is_in_the_report_once(three: list[Case]) -> None:
    found = reported(three[0].world.region)
    assert len(found) == len(set(found)) == 4
    assert set(found) == told(three[0].world.region)


def test_a_row_says_what_was_claimed_accepted_and_declared_on_each_side(three: list[Case]) -> None:
    """1 500.00 and 1 500.00 on one invoice, accepted and declared; one line of it claimed by another file."""
    first, other, last = three
    invoices, documents = sheets(made(first.world))
    row = next(r for r in invoices if r["Autre dossier"] == other.file.reference)
    assert row["Dossier"] == first.file.reference
    assert (row["Montant présenté HT"], row["Autre dossier : montant présenté HT"]) == (3000, 1500)
    assert (row["Retenu HT"], row["Autre dossier : retenu HT"]) == (3000, None)
    assert (row["Déclaré au FEDER"], row["Autre dossier : déclaré au FEDER"]) == (True, False)
    assert row["Demandes de paiement à la Commission"].endswith(" – 1")
    assert (row["Financeurs"], row["Autre dossier : financeurs"]) == ("FEDER, Région", None)
    assert row["Les deux dans une demande en vie"] is True
    assert row["Région de l’autre dossier"] == first.world.region.name
    (piece,) = documents
    assert {piece["Dossier"], piece["Autre dossier"]} == {other.file.reference, last.file.reference}
    assert (piece["Pièce"], piece["Demande n°"], piece["Les deux dans une demande en vie"]) == (
        "Devis détaillé non signé", None, False,
    )  # fmt: skip


def test_of_a_file_of_another_region_only_its_reference_is_told(three: list[Case]) -> None:
    first, other, last = three
    region, abroad = first.world.region, Region.objects.get(code="11")
    Application.objects.filter(pk__in=[other.pk, last.pk]).update(region=abroad)
    assert set(reported(region)) == told(region)
    rows = list(double_funding.invoices(region, "fr"))
    assert {row["other_reference"] for row in rows} == {other.file.reference, last.file.reference}
    kept = {name for row in rows for name, value in row.items() if name.startswith("other_") and value is not None}
    assert kept == {"other_reference", "other_region", "other_invoice"}
    assert made(first.world).totals["claimed"] == "6000.00"
    assert set(reported(abroad)) == told(abroad)
    assert len(reported(abroad)) == 4


def test_what_may_no_longer_be_paid_is_out_of_it(three: list[Case]) -> None:
    first, other, last = three
    Application.objects.filter(pk=other.pk).update(state=ApplicationState.WITHDRAWN)
    ClaimLine.objects.filter(claim__application=last.pk).update(live=False)
    assert reported(first.world.region) == []
    assert made(first.world).totals["claimed"] == "0.00"


def test_made_again_it_gives_the_rows_of_its_day(three: list[Case]) -> None:
    first, other, _last = three
    run = made(first.world, "en")
    assert run.totals == {"claimed": "12000.00", "accepted": "6000.00"}
    ClaimLine.objects.filter(claim__application=other.pk).update(live=False)
    Document.objects.update(name="")
    assert runs.rebuild(run).content_sha256 == run.content_sha256
    assert made(first.world, "en").content_sha256 != run.content_sha256


def test_a_pair_missed_holds_the_report_back(three: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(double_funding, "_pairs", lambda sides, region, largest: list(pairwise(sides))[:1])
    asked = Asked("double-funding", three[0].world.region, clock.now())
    run = runs.make(runs.begin(asked, three[0].by("auditor")))
    assert run.state == ReportRun.State.WITHHELD
    assert run.differences


def test_a_document_of_very_many_files_is_told_of_each_with_the_first(
    three: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(double_funding, "LARGEST", 1)
    region = three[0].world.region
    assert len(list(double_funding.documents(region, "fr"))) == 1


def test_the_queries_do_not_grow_with_the_files(three: list[Case]) -> None:
    region = three[0].world.region
    _before, few = _counted(region)
    first = three[0]
    more = [Case(first.world, firm).fill(SITE).file_it() for firm in ("F15", "F17")]
    for case in more:
        again(first.file.claims.get(), case, first.file.claims.get().lines.earliest("pk").invoice_number)
    after, many = _counted(region)
    assert after == 11
    assert few == many == 6


def _counted(region: Region) -> tuple[int, int]:
    with CaptureQueriesContext(connection) as captured:
        rows = [*double_funding.invoices(region, "fr"), *double_funding.documents(region, "fr")]
    return len(rows), len(captured)


def test_a_draft_of_a_claim_is_its_firms_own(three: list[Case]) -> None:
    first, other, last = three
    for case in (other, last):
        case.file.claims.update(state=ClaimState.DRAFT)
    assert list(double_funding.invoices(first.world.region, "fr")) == []
