"""Envelopes: credits opened, overbooking voted, and transfers that two persons make. Euro."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.booking import Cause, NoCredits, NoRoom, open_budget
from applications.enums import Bucket
from applications.models import BudgetVote, EnvelopePosition
from regions.enums import Instrument
from regions.models import Envelope, EnvelopeLine, EnvelopeTransfer, Region, Scheme, SchemeVersion, User
from regions.money import ZERO
from workflows import waiting
from workflows.acts import Act, Denied, Forbidden
from workflows.administration.common import act_of, administrator_only, log, name_of

CREDITS_DRAWN = _("Les mandats de cette année ont déjà pris davantage de crédits de paiement que ce qui resterait.")
OVERDRAWN = _("L’enveloppe a déjà engagé davantage : ce mouvement la mettrait à découvert.")


@dataclass(frozen=True, slots=True)
class Vote:
    """The vote on which a budget rests: its reference and its day."""

    reference: str
    voted_on: date


def open_envelope(
    by: User,
    scheme: Scheme,
    year: int,
    bucket: str,
    amount: Decimal,
    *,
    instrument: str = Instrument.GRANT,
    credit_year: int | None = None,
    vote: Vote | None = None,
    **fields: Any,
) -> Envelope:
    """Open the envelope of a scheme for a year, or move its ceiling, overbooking or payment credits. Euro.

    An instrument that is not a grant has an envelope of its own. Shares and lead funder come from the
    version of the rules in force. Overbooking rests on a vote; payment credits are those of one year.
    """
    administrator_only(by, scheme.region, _("Seul un administrateur de la région ouvre des crédits."))
    if not amount:
        raise Denied(_("Indiquer un montant différent de zéro."))
    _voted(bucket, amount, vote)
    of_year = (credit_year or year) if bucket == Bucket.CREDITS else None
    try:
        with transaction.atomic():
            return _open(by, _envelope(scheme, year, instrument, fields), bucket, amount, of_year, vote)
    except NoRoom as error:
        raise Denied(OVERDRAWN) from error
    except NoCredits as error:
        raise Denied(CREDITS_DRAWN) from error


def _voted(bucket: str, amount: Decimal, vote: Vote | None) -> None:
    """Overbooking is never more than what an assembly voted."""
    if bucket == Bucket.OVERBOOKING and amount > ZERO and (vote is None or not vote.reference.strip()):
        raise Denied(_("La surprogrammation repose sur un vote : indiquer sa référence et sa date."))


def _open(
    by: User, envelope: Envelope, bucket: str, amount: Decimal, of_year: int | None, vote: Vote | None
) -> Envelope:
    _never_negative(envelope, bucket, amount)
    act = act_of(by, envelope.scheme.region)
    facts = {"amount": amount, "year": of_year or envelope.year} | _keep_vote(
        envelope, act, bucket, amount, of_year, vote
    )
    event = log(envelope, act, f"envelope.{bucket}", facts)
    open_budget(envelope, bucket, amount, Cause(f"envelope.{bucket}", name_of(event), by, act.day, act.at), of_year)
    waiting.wake_later(envelope, name_of(event))
    return envelope


def _keep_vote(
    envelope: Envelope, act: Act, bucket: str, amount: Decimal, of_year: int | None, vote: Vote | None
) -> dict[str, Any]:
    if vote is None:
        return {}
    BudgetVote(
        envelope=envelope, bucket=bucket, year=of_year, amount=amount, reference=vote.reference.strip(),
        voted_on=vote.voted_on, made_by=act.actor, made_at=act.at,
    ).save()  # fmt: skip
    return {"vote": vote.reference.strip(), "voted_on": vote.voted_on}


def _never_negative(envelope: Envelope, bucket: str, amount: Decimal) -> None:
    """Neither credits nor overbooking can be taken away beyond what was opened."""
    if totals(envelope)[bucket] + amount < ZERO:
        raise Denied(_("Le retrait dépasse ce qui est ouvert."))


def totals(envelope: Envelope) -> dict[str, Decimal]:
    """Bucket → euro of an envelope, all funders together."""
    rows = list(EnvelopePosition.objects.filter(line__envelope=envelope))
    return {bucket: sum((getattr(row, bucket) for row in rows), ZERO) for bucket in Bucket.values}


def _envelope(scheme: Scheme, year: int, instrument: str, fields: Mapping[str, Any]) -> Envelope:
    name = f"{scheme.name_fr} {year}" + ("" if instrument == Instrument.GRANT else f" – {Instrument(instrument).label}")
    envelope, made = Envelope.objects.select_for_update(of=("self",)).get_or_create(
        scheme=scheme, year=year, instrument=instrument, defaults={"name": name, **fields}
    )
    if made:
        _lines(envelope)
    return envelope


def _lines(envelope: Envelope) -> None:
    try:
        rules = envelope.scheme.version_on(date(envelope.year, 12, 31)).rules
    except SchemeVersion.DoesNotExist as error:
        raise Denied(_("Aucun règlement publié n’est en vigueur cette année-là : le publier d’abord.")) from error
    for funder in rules["funding"]["funders"]:
        EnvelopeLine.objects.create(
            envelope=envelope, funder=funder["code"], share_percent=Decimal(str(funder["share"])) * 100,
            is_lead=funder["code"] == rules["funding"]["lead"],
        )  # fmt: skip


# --- transfers


def propose_transfer(by: User, source: Envelope, target: Envelope, amount: Decimal, reason: str) -> EnvelopeTransfer:
    """Propose to move credits from one envelope to another of the region; another person makes it."""
    region = source.scheme.region
    administrator_only(by, region, _("Seul un administrateur de la région propose un virement."))
    _transferable(region, source, target, amount)
    if not reason.strip():
        raise Denied(_("Indiquer le motif du virement."))
    _room(source, amount)
    act = act_of(by, region)
    return EnvelopeTransfer.objects.create(
        source=source, target=target, amount=amount, reason=reason.strip(), proposed_by=by, proposed_at=act.at
    )


def _transferable(region: Region, source: Envelope, target: Envelope, amount: Decimal) -> None:
    if target.scheme.region_id != region.pk:
        raise Denied(_("Les deux enveloppes doivent être de la même région."))
    if source.pk == target.pk:
        raise Denied(_("Choisir deux enveloppes différentes."))
    if amount <= ZERO:
        raise Denied(_("Indiquer un montant supérieur à zéro."))
    if source.instrument != target.instrument:
        raise Denied(_("Les deux enveloppes doivent être du même instrument : une subvention n’est pas un prêt."))
    if (source.shares(), source.lead()) != (target.shares(), target.lead()):
        raise Denied(_("Les deux enveloppes n’ont pas les mêmes financeurs : les crédits de l’un iraient à l’autre."))


def _room(source: Envelope, amount: Decimal) -> None:
    """What may leave an envelope: its open credits, less what is already committed."""
    held = totals(source)
    free = min(held[Bucket.CEILING], held[Bucket.CEILING] + held[Bucket.OVERBOOKING] - held[Bucket.COMMITTED])
    if amount > free:
        raise Denied(OVERDRAWN)


def confirm_transfer(by: User, transfer: EnvelopeTransfer) -> EnvelopeTransfer:
    """Make a transfer that another administrator proposed: one ledger row less, one more, per funder."""
    administrator_only(
        by, transfer.source.scheme.region, _("Seul un administrateur de la région confirme un virement.")
    )
    try:
        with transaction.atomic():
            transfer = _locked(transfer)
            if by.person_id == transfer.proposed_by.person_id:
                raise Forbidden(_("Un virement est confirmé par une autre personne que celle qui le propose."))
            return _transfer(by, transfer)
    except NoRoom as error:
        raise Denied(OVERDRAWN) from error


def _locked(transfer: EnvelopeTransfer) -> EnvelopeTransfer:
    rows = EnvelopeTransfer.objects.select_for_update(of=("self",)).select_related("proposed_by")
    row = rows.get(pk=transfer.pk)
    if not row.is_proposed:
        raise Denied(_("Cette proposition a déjà reçu sa réponse."))
    return row


def _transfer(by: User, transfer: EnvelopeTransfer) -> EnvelopeTransfer:
    """Both envelopes locked in the order of their keys, so that two transfers never cross."""
    keys = sorted([transfer.source_id, transfer.target_id])
    held = {e.pk: e for e in Envelope.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")}
    source, target = held[transfer.source_id], held[transfer.target_id]
    act = act_of(by, source.scheme.region)
    _transferable(source.scheme.region, source, target, transfer.amount)
    _room(source, transfer.amount)
    for envelope, amount in ((source, -transfer.amount), (target, transfer.amount)):
        _book(envelope, amount, act, transfer)
    transfer.confirmed_by, transfer.confirmed_at = by, act.at
    transfer.save(update_fields=["confirmed_by", "confirmed_at"])
    return transfer


def _book(envelope: Envelope, amount: Decimal, act: Act, transfer: EnvelopeTransfer) -> None:
    event = log(envelope, act, "envelope.transfer", {"amount": amount, "transfer": transfer.pk})
    cause = Cause("envelope.transfer", name_of(event), act.actor, act.day, act.at)
    open_budget(envelope, Bucket.CEILING, amount, cause)
    waiting.wake_later(envelope, name_of(event))


def decline_transfer(by: User, transfer: EnvelopeTransfer) -> EnvelopeTransfer:
    """Say no to a proposed transfer, or take back one's own proposal."""
    region = transfer.source.scheme.region
    administrator_only(by, region, _("Seul un administrateur de la région refuse un virement."))
    with transaction.atomic():
        transfer = _locked(transfer)
        transfer.declined_at = act_of(by, region).at
        transfer.save(update_fields=["declined_at"])
        return transfer
