"""De minimis awards of a file: registered at grant, one per firm and instrument; corrected by new rows.

Where the aid is exempted instead, the same acts correct the equivalent of the grant that is published.

Reg. (EU) 2023/2831, art. 3(3) and 6: the award counts from the day of the grant, in gross grant
equivalent, and is registered within 20 working days. Euro.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Sum

from applications.booking import positions
from applications.enums import Bucket
from applications.models import DeMinimisAward, GrantCorrection
from applications.rules.de_minimis import register_by
from regions.enums import Instrument
from regions.money import ZERO, floor_cent
from workflows import group
from workflows.acts import Act
from workflows.machines import corrections
from workflows.machines.money import Component

GRANT = Instrument.GRANT
Cause = GrantCorrection.Cause


def counts(file: Any) -> bool:
    """Whether the scheme gives its aid as de minimis."""
    return str(file.scheme_version.rule("legal_basis", default="de_minimis")) == "de_minimis"


def register(file: Any, act: Act, amount: Decimal, components: list[Component]) -> None:
    """Register what a grant gives to each firm of the file, and its equivalent in other forms."""
    if not counts(file):
        return
    number, parties = file.agreement.number, group.parties(file)
    for rank, (party, part) in enumerate(zip(parties, group.parts(amount, len(parties)), strict=True)):
        _award(file, act, party.company, part, number if rank == 0 else f"{number}-{rank + 1}")
    for component in components:
        equivalent = Decimal(component["gross_grant_equivalent"])
        if equivalent > ZERO:
            kind = component["instrument"]
            _award(file, act, file.company, equivalent, f"{number}-{kind}", instrument=kind)


def join(file: Any, act: Act, member: Any, part: Decimal) -> None:
    """Register the part of a firm that takes another's place in the group."""
    corrections.change(file, act, part, Cause.JOINED)
    if counts(file) and part > ZERO:
        _award(file, act, member.company, part, f"{file.agreement.number}-{member.pk}r")


def _award(file: Any, act: Act, company: Any, amount: Decimal, number: str, instrument: str = GRANT) -> None:
    DeMinimisAward(
        siren=company.siren, amount=amount, granted_on=act.day, authority=str(file.region), instrument=instrument,
        authority_siret=file.region.siret, nace=company.naf_code[:5],
        source=DeMinimisAward.Source.OWN, aid_number=number, application=file,
        register_by=register_by(act.day), recorded_at=act.at,
    ).save()  # fmt: skip


def keep(file: Any, act: Act, amount: Decimal) -> None:
    """The grant is definitively smaller: its awards come down to it, less what already came back."""
    _keep(file, act, amount, Cause.AMENDED)


def keep_used(file: Any, act: Act) -> None:
    """The file ended: its awards come down to what was verified."""
    _keep(file, act, positions(file)[Bucket.VERIFIED], Cause.UNUSED)


def _keep(file: Any, act: Act, amount: Decimal, cause: str) -> None:
    left = amount - positions(file)[Bucket.RECOVERED]
    corrections.lower(file, act, left, cause)
    _lower(file, act, left)


def give_back(file: Any, act: Act, amount: Decimal) -> None:
    """Aid that was paid came back: the awards come down by as much, and the register is told (to be confirmed)."""
    corrections.change(file, act, -amount, Cause.RECOVERED)
    _lower(file, act, sum(_standing(file).values(), ZERO) - amount)


def _lower(file: Any, act: Act, amount: Decimal) -> None:
    """Correcting rows bring the awards of the grant down to an amount, all firms together."""
    standing = _standing(file)
    less = sum(standing.values(), ZERO) - amount
    if less > ZERO:
        for award, part in zip(standing, _parts(list(standing.values()), less), strict=True):
            _correct(award, act, part)


def drop(file: Any, act: Act, member: Any) -> None:
    """A firm left the group: nothing is given to it any more."""
    corrections.change(file, act, -member.share, Cause.LEFT)
    for award, amount in _standing(file).items():
        if award.siren == member.company.siren:
            _correct(award, act, amount)


def _standing(file: Any) -> dict[DeMinimisAward, Decimal]:
    """Award of the grant → what stands of it after its corrections, when something does."""
    originals = file.de_minimis_awards.filter(corrects__isnull=True, instrument=GRANT).order_by("pk")
    net = {award: award.amount + _corrected(award) for award in originals}
    return {award: amount for award, amount in net.items() if amount > ZERO}


def _corrected(award: DeMinimisAward) -> Decimal:
    rows = DeMinimisAward.objects.filter(corrects=award).aggregate(total=Sum("amount"))
    return rows["total"] or ZERO


def _parts(amounts: list[Decimal], less: Decimal) -> list[Decimal]:
    """Divide a reduction in proportion of what stands, rounded down; the first take the remainder they can hold."""
    total = sum(amounts, ZERO)
    parts = [floor_cent(less * amount / total) for amount in amounts]
    rest = less - sum(parts, ZERO)
    for rank, amount in enumerate(amounts):
        more = min(rest, amount - parts[rank])
        parts[rank], rest = parts[rank] + more, rest - more
    return parts


def _correct(award: DeMinimisAward, act: Act, less: Decimal) -> None:
    if not less:
        return
    rank = DeMinimisAward.objects.filter(corrects=award).count() + 1
    DeMinimisAward(
        siren=award.siren, amount=-less, granted_on=award.granted_on, authority=award.authority, nace=award.nace,
        authority_siret=award.authority_siret,
        instrument=award.instrument, source=award.source, aid_number=f"{award.aid_number}/{rank}",
        application=award.application, corrects=award, recorded_at=act.at, register_by=register_by(act.day),
    ).save()  # fmt: skip
