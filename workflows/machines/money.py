"""The money of a file's acts: which envelope, what is booked on each instrument, what is given back. Euro."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications.booking import Booking, holdings
from applications.enums import Bucket
from regions.enums import Instrument
from regions.money import ZERO
from workflows import assessment
from workflows.acts import Act, Denied, Reliance
from workflows.sentences import euro, in_words

Component = Mapping[str, Any]


def reliance(verdict: assessment.Assessment) -> Reliance:
    """What a decision is frozen with."""
    return Reliance(verdict.law_version, verdict.inputs, verdict.outcome())


def envelope(file: Any, act: Act) -> Any:
    """The envelope that the file draws on: that of its year, or of this one when none was open then."""
    grants = file.scheme_version.scheme.envelopes.filter(instrument=Instrument.GRANT)
    return file.envelope or grants.filter(year=act.day.year).first()


def draw_on_envelope(file: Any, act: Act) -> None:
    """Attach the file to its envelope; Denied when none is open."""
    file.envelope = envelope(file, act)
    if file.envelope is None:
        raise Denied(_("Aucune enveloppe n’est ouverte pour ce dispositif cette année."))


def amount(act: Act, verdict: assessment.Assessment) -> Decimal:
    """The amount asked for by the act, or what the rules give; never more (no trimming: refuse)."""
    if not verdict.ok:
        raise Denied(in_words(verdict.blocking()))
    given: Decimal = act.facts.get("amount", verdict.aid)
    if given > verdict.aid:
        raise Denied(_("Le montant dépasse l’aide calculée par le règlement : %s.") % euro(verdict.aid))
    if given <= ZERO:
        raise Denied(_("Le montant doit être positif."))
    return given


def components(verdict: assessment.Assessment) -> list[Component]:
    """What the rules give besides the grant: loans, repayable advances, guarantees, with their terms."""
    found = verdict.amount.details.get("components", [])
    return [part for part in found if part["instrument"] != Instrument.GRANT and Decimal(part["amount"]) > ZERO]


def on_all(bucket: str, grant: Decimal, parts: Iterable[Component]) -> list[Booking]:
    """One bucket on the grant and on each other instrument."""
    others = [Booking(bucket, Decimal(part["amount"]), part["instrument"]) for part in parts]
    return [Booking(bucket, grant), *others]


def free(file: Any, *buckets: Bucket) -> list[Booking]:
    """Give back all that is held in these buckets, on every instrument; nothing when nothing is held."""
    return [
        Booking(bucket, -held[bucket], instrument)
        for instrument, held in holdings(file).items()
        for bucket in buckets
        if held[bucket]
    ]


def release(file: Any) -> list[Booking]:
    """Give back the reservation, and the commitment that no verification used; a guarantee given stays given."""
    unused = [
        Booking(Bucket.COMMITTED, held[Bucket.VERIFIED] - held[Bucket.COMMITTED], instrument)
        for instrument, held in holdings(file).items()
        if held[Bucket.COMMITTED] != held[Bucket.VERIFIED] and not _given(file, instrument)
    ]
    return free(file, Bucket.RESERVED) + unused


def _given(file: Any, instrument: str) -> bool:
    """A guarantee is never paid out: it stays committed once the project is done."""
    return instrument == Instrument.GUARANTEE and file.completed_on is not None
