"""What stands declared, and the numbers of runs: nothing that an auditor has not sent shows in the region."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import Sum

from applications.models import LedgerEntry
from backoffice.demo.actors import Case
from backoffice.demo.stories import partly_accepted
from backoffice.demo.world import World
from regions import clock
from regions.models import Envelope
from reporting import runs, standing
from reporting.models import ReportRun
from reporting.models.runs import AUDIT_FROM
from tests.cases import paid_case
from tests.workflows.test_declaring import corrected, sent, verified

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def total() -> Decimal:
    return sum(standing.declared(list(Envelope.objects.prefetch_related("lines"))).values(), Decimal(0))


def asked(case: Case, *, audit: bool = True) -> ReportRun:
    clock.advance(minutes=2)
    found = runs.Asked("erdf", case.file.region, clock.now(), case.file.operation, audit=audit)
    return runs.begin(found, case.by("auditor"))


def test_what_is_declared_is_what_the_payment_applications_sent_hold(world: World) -> None:
    """2 200.00 paid: nothing declared by a run, released or not, all of it by the application sent."""
    case = paid_case(world)
    assert runs.make(asked(case)).state == ReportRun.State.RELEASED
    verified(world)
    assert total() == 0
    assert sent(world).declared == total() == Decimal("2200.00")
    assert len(standing.declared(list(Envelope.objects.all()))) > 1, "each funder's line has its part"


def test_a_correction_takes_its_part_from_each_funder(world: World) -> None:
    """2 200.00 declared, then 2 320.00 with 100.00 taken back: 4 420.00 stand."""
    case = paid_case(world)
    verified(world)
    sent(world)
    corrected(world, case, "100.00")
    partly_accepted(world)
    clock.advance(days=130)
    verified(world)
    assert total() == Decimal("2200.00")
    sent(world)
    assert total() == Decimal("4420.00")
    found = standing.declared(list(Envelope.objects.prefetch_related("lines")))
    rows = LedgerEntry.objects.filter(bucket="paid").values_list("line").annotate(total=Sum("amount"))
    assert all(found[line] < paid for line, paid in rows), "each funder bears its part"


def test_the_region_sees_no_gap_where_the_auditor_worked(world: World) -> None:
    """Numbers made before stay; those of the audit follow each other in their own series."""
    case = paid_case(world)
    first = asked(case, audit=False)
    drafts = [asked(case), asked(case)]
    second = asked(case, audit=False)
    assert int(second.number) == int(first.number) + 1
    assert [draft.number for draft in drafts] == ["A1", "A2"]
    assert min(draft.pk for draft in drafts) == AUDIT_FROM + 1
