"""The expenditure of firms that are beneficiaries: verified on their files, paid, and not declared yet.

Single mode (CPR art. 2(9)(c)): the verification of a firm's claim is the management verification, so a claim of its
operation is born verified. The person who declares is another than those who acted on the file (art. 76).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat

from applications.enums import ApplicationState, Bucket, ClaimKind
from applications.models import Correction, LedgerEntry, Operation
from regions.models import Programme, User
from regions.money import ZERO
from workflows.acts import Act, Effects
from workflows.declaring import fill, pending, undeclared
from workflows.models import Event

SINGLE = Operation.Mode.SINGLE
UNCOVERED = Q(claim__kind=ClaimKind.ADVANCE) & ~Q(application__state=ApplicationState.COMPLETED)


def include(claim: Any, act: Act) -> Effects:
    """Take up what the firm spent, and was paid for, since the claim before, up to the day given."""
    claim.verified_at = act.at
    return Effects(facts=fill(claim, act))


def rows(programme: Programme, until: date) -> QuerySet[LedgerEntry]:
    """The rows of the ledger that wait; an advance waits until its project is settled."""
    waiting = undeclared(programme, until).filter(application__operation__beneficiary_mode=SINGLE)
    return waiting.exclude(UNCOVERED).order_by()


def corrections(programme: Programme, until: date) -> QuerySet[Correction]:
    """The corrections that wait for the next claim of their operation."""
    return pending(programme, until).filter(application__operation__beneficiary_mode=SINGLE).order_by()


def operations(programme: Programme, until: date, user: User) -> QuerySet[Operation]:
    """The operations of firms that a person may declare: something waits, and no act of theirs stands on the file."""
    return waiting(programme, until).filter(~Exists(_acted_on(user))).order_by("pk")


def waiting(programme: Programme, until: date) -> QuerySet[Operation]:
    """The operations of firms for which something waits."""
    keys = "application__operation"
    return Operation.objects.filter(
        Q(pk__in=rows(programme, until).values(keys)) | Q(pk__in=corrections(programme, until).values(keys))
    )


def _acted_on(user: User) -> QuerySet[Event]:
    """The acts of a natural person on the file of an operation."""
    subject = Concat(Value("application:"), Cast(OuterRef("applications__pk"), CharField()))
    return Event.objects.filter(subject=subject, person_id_value=user.person_id)


def total(programme: Programme, until: date) -> tuple[int, Decimal]:
    """How many operations of firms wait, and the aid paid that they have not declared. Euro."""
    paid = Sum("amount", filter=Q(bucket=Bucket.PAID))
    back = Sum("amount", filter=Q(bucket=Bucket.RECOVERED))
    told = rows(programme, until).aggregate(paid=paid, back=back)
    less = corrections(programme, until).aggregate(total=Sum("amount"))["total"] or ZERO
    count = waiting(programme, until).aggregate(count=Count("pk"))["count"]
    return count, (told["paid"] or ZERO) - (told["back"] or ZERO) - less
