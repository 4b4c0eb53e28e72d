"""Reconciliation: each night everything is compared, and a difference is kept, told and followed until it is gone.

While a difference is open, the orders that draw on its file or its line are not sent (the gate's condition
`nothing_differs`), the region's administrators are written to once, and its page says what to do.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from applications.models import Application
from applications.models.application import live
from regions import clock
from regions.enums import RoleKind
from regions.models import Envelope, EnvelopeLine, Region, Role, User
from workflows import jobs
from workflows.acts import Denied
from workflows.administration.common import act_of, administrator_only, log
from workflows.ledger_check import Difference, check_ledger
from workflows.models import DifferenceNote, LedgerDifference

TELL = "difference_mail"
Key = tuple[str, str, str]


def reconcile() -> list[LedgerDifference]:
    """Compare everything; returns the differences that stand. Safe to run twice, or twice at once."""
    found = {_key(difference): difference for difference in check_ledger()}
    with transaction.atomic():
        # The regions' rows make two reconciliations take turns.
        list(Region.objects.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
        known = {(d.kind, d.where, d.bucket): d for d in standing()}
        for key in known.keys() - found.keys():
            _resolve(known[key])
        return [_seen(known.get(key), difference) for key, difference in found.items()]


def standing() -> QuerySet[LedgerDifference]:
    """The differences that are open, oldest first."""
    return LedgerDifference.objects.filter(resolved_at__isnull=True).order_by("pk")


def _key(difference: Difference) -> Key:
    return difference.kind, difference.where, str(difference.bucket)


def _seen(row: LedgerDifference | None, difference: Difference) -> LedgerDifference:
    if row is None:
        return _open(difference)
    row.held, row.proof, row.seen_at = difference.position, difference.ledger, clock.now()
    row.save(update_fields=["held", "proof", "seen_at"])
    return row


def _open(difference: Difference) -> LedgerDifference:
    """Keep it, leave its event in the envelope's chain, and have the administrators written to."""
    now = clock.now()
    row = LedgerDifference.objects.create(
        kind=difference.kind, where=difference.where, bucket=difference.bucket, region_id=_region(difference),
        application_id=difference.application, line_id=difference.line, held=difference.position,
        proof=difference.ledger, found_at=now, seen_at=now,
    )  # fmt: skip
    _log(row, "envelope.difference")
    jobs.enqueue(TELL, f"difference:{row.pk}", difference=row.pk)
    return row


def _resolve(row: LedgerDifference) -> None:
    row.resolved_at = clock.now()
    row.save(update_fields=["resolved_at"])
    _log(row, "envelope.agreement")


def _region(difference: Difference) -> int:
    if difference.region is not None:
        return difference.region
    if difference.application is not None:
        return Application.objects.values_list("region_id", flat=True).get(pk=difference.application)
    return EnvelopeLine.objects.values_list("envelope__scheme__region_id", flat=True).get(pk=difference.line or 0)


def _log(row: LedgerDifference, name: str) -> None:
    """The event stands in the chain of the envelope that is touched; a report's difference has none."""
    envelope = _envelope(row)
    if envelope is not None:
        facts = {"difference": row.pk, "kind": row.kind, "bucket": row.bucket, "held": row.held, "proof": row.proof}
        log(envelope, act_of(User.objects.system(), row.region), name, facts)


def _envelope(row: LedgerDifference) -> Envelope | None:
    rows = Envelope.objects.select_for_update(of=("self",))
    if row.line_id is not None:
        return rows.filter(lines=row.line_id).first()
    return rows.filter(applications=row.application_id).first() if row.application_id else None


# --- who is told, and what he does


@jobs.handler(TELL)
def tell(difference: int) -> dict[str, Any]:
    """Write to the region's administrators that a check does not agree; no amount leaves the house."""
    row = LedgerDifference.objects.select_related("region").get(pk=difference)
    to = sorted(set(_administrators(row.region).values_list("user__email", flat=True)))
    if to:
        _mail(row, to).send()
    return {"sent": len(to)}


def _administrators(region: Region) -> QuerySet[Role]:
    roles: QuerySet[Role] = live(Role.objects.all(), None)
    return roles.filter(kind=RoleKind.ADMINISTRATOR, region=region, user__is_active=True)


def _mail(row: LedgerDifference, to: list[str]) -> EmailMessage:
    address = f"{settings.GUICHET_BASE_URL.rstrip('/')}{reverse('manage-differences')}"
    words = {"kind": row.get_kind_display(), "region": row.region.name, "address": address}
    body = _(
        "Bonjour,\n\nLe contrôle de nuit a trouvé un écart (%(kind)s). Les mandats qu’il touche ne partent pas tant "
        "qu’il demeure. Le voir et noter ce qui est fait :\n\n%(address)s\n\nRégion %(region)s\n"
    )
    headers = {"Message-ID": f"<difference.{row.pk}@{settings.GUICHET_MAIL_DOMAIN}>"}
    return EmailMessage(_("Guichet – un écart à traiter"), body % words, to=to, headers=headers)


def note(by: User, row: LedgerDifference, text: str) -> DifferenceNote:
    """Write down what was found or done about a difference."""
    administrator_only(by, row.region, _lazy("Seul un administrateur de la région suit les écarts."))
    if not text.strip():
        raise Denied(_lazy("Écrire ce qui a été trouvé ou fait."))
    made = DifferenceNote(difference=row, text=text.strip(), made_by=by, made_at=clock.now())
    made.save()
    return made


def check_now(by: User, region: Region) -> int:
    """Compare everything at once, for who has put something right; returns how many stand in his region."""
    administrator_only(by, region, _lazy("Seul un administrateur de la région lance le contrôle."))
    return sum(1 for row in reconcile() if row.region_id == region.pk)
