"""The same invoice or document in two files is told, across regions, and only once they are submitted."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.enums import ClaimState, DocumentKind
from applications.models import Application, Claim, ClaimLine, Document
from backoffice.demo.actors import Case
from backoffice.demo.stories import SHOP, SITE
from backoffice.demo.world import World
from regions import clock
from regions.models import Region
from tests.backoffice.officer.desk import at_desk, page_of
from workflows.double_funding import matches

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def two(world: World) -> tuple[Case, Case, Claim]:
    """A file with a claim, and another that is only submitted."""
    claimed = Case(world, "F01").fill(SHOP).file_it().grant().notify()
    return claimed, Case(world, "F05").fill(SITE).file_it(), claimed.claim()


def again(claim: Claim, case: Case, number: str, state: str = ClaimState.SUBMITTED) -> ClaimLine:
    """The invoice of a claim, presented by another file under a number of its own writing."""
    line, other = (
        claim.lines.earliest("pk"),
        Claim.objects.create(application=case.file, number=1, created_at=clock.now(), state=state),
    )
    return ClaimLine.objects.create(
        claim=other, line=case.file.lines.earliest("pk"), invoice_number=number, supplier_siret=line.supplier_siret,
        invoiced_on=line.invoiced_on, amount=line.amount,
    )  # fmt: skip


def read(case: Case) -> str:
    """The officer's page of a file."""
    return str(at_desk(case.by("officer")).get(page_of(case)).content.decode())


def test_files_that_share_nothing_are_told_so(two: tuple[Case, Case, Claim]) -> None:
    claimed, submitted, _claim = two
    assert matches(claimed.file) == matches(submitted.file) == []


def test_the_same_invoice_is_told_however_its_number_is_written(two: tuple[Case, Case, Claim]) -> None:
    claimed, submitted, claim = two
    written = claim.lines.earliest("pk").invoice_number.lower().replace("-", "\u00a0 -")
    again(claim, submitted, written)
    assert [(match.other.pk, match.invoice) for match in matches(claimed.file)] == [(submitted.pk, written)]
    assert [match.other.pk for match in matches(submitted.file)] == [claimed.pk]


def test_the_same_number_of_another_supplier_is_no_match(two: tuple[Case, Case, Claim]) -> None:
    claimed, submitted, claim = two
    row = again(claim, submitted, claim.lines.earliest("pk").invoice_number)
    ClaimLine.objects.filter(pk=row.pk).update(supplier_siret="00000009900019")
    assert matches(claimed.file) == matches(submitted.file) == []


def test_what_a_file_took_back_itself_is_no_match(two: tuple[Case, Case, Claim]) -> None:
    claimed, submitted, claim = two
    row = again(claim, submitted, claim.lines.earliest("pk").invoice_number)
    ClaimLine.objects.filter(pk=row.pk).update(live=False)
    assert matches(submitted.file) == []


def test_what_a_firm_still_gathers_for_a_claim_is_its_own(two: tuple[Case, Case, Claim]) -> None:
    claimed, submitted, claim = two
    again(claim, submitted, claim.lines.earliest("pk").invoice_number, ClaimState.DRAFT)
    assert matches(claimed.file) == matches(submitted.file) == []


def test_the_invoice_of_a_claim_that_was_withdrawn_is_no_match(two: tuple[Case, Case, Claim]) -> None:
    claimed, submitted, claim = two
    row = again(claim, submitted, claim.lines.earliest("pk").invoice_number)
    ClaimLine.objects.filter(pk=row.pk).update(live=False)
    assert matches(claimed.file) == []


def test_the_same_quote_is_told_in_a_submitted_file_not_in_a_draft(world: World) -> None:
    first, draft = Case(world, "F01").fill(SITE).file_it(), Case(world, "F05").fill(SITE)
    digest = Document.objects.filter(application=first.pk, kind=DocumentKind.QUOTE).get().sha256
    Document.objects.filter(application=draft.pk, kind=DocumentKind.QUOTE).update(sha256=digest)
    assert matches(first.file) == []
    draft.file_it()
    assert [(match.other.pk, match.invoice) for match in matches(first.file)] == [(draft.pk, "")]


def test_a_quote_refused_once_may_be_filed_again(world: World) -> None:
    first, second = Case(world, "F01").fill(SITE).file_it(), Case(world, "F05").fill(SITE).file_it()
    digest = Document.objects.filter(application=first.pk, kind=DocumentKind.QUOTE).get().sha256
    Document.objects.filter(application=second.pk, kind=DocumentKind.QUOTE).update(sha256=digest)
    assert [match.other.pk for match in matches(second.file)] == [first.pk]
    first.withdraw()
    assert matches(second.file) == []


def test_the_officer_reads_it_on_the_file_and_is_led_to_the_other_where_he_may_go(
    two: tuple[Case, Case, Claim],
) -> None:
    claimed, submitted, claim = two
    assert "Aucune facture ni pièce de dépense" in read(claimed)
    again(claim, submitted, claim.lines.earliest("pk").invoice_number)
    reference = submitted.file.reference
    assert f'href="/dossiers/{reference}/"' in read(claimed)
    audited = at_desk(claimed.world.staff["auditor"]).get(reverse("audit-file", args=[claimed.file.reference]))
    assert f'href="{reverse("audit-file", args=[reference])}"' in audited.content.decode()
    Application.objects.filter(pk=submitted.pk).update(region=Region.objects.get(code="11"))
    shown = read(claimed)
    assert f'href="/dossiers/{reference}/"' not in shown
    assert f"{reference}, Île-de-France" in shown


def test_it_takes_three_queries_at_most(two: tuple[Case, Case, Claim]) -> None:
    file = two[0].file
    with CaptureQueriesContext(connection) as captured:
        matches(file)
    assert len(captured) <= 3
