"""The terms under which a region pays: one administrator proposes them, another confirms; they never change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from applications.documents.payments.transfers import BIC, sepa_iban
from regions.models import PayingTerms, Region, SignatureBand, User
from regions.models.paying import FEWEST, MOST
from workflows.acts import Denied, Forbidden
from workflows.administration.common import act_of, administrator_only, log
from workflows.sentences import euro

Band = tuple[Decimal, int]


def propose_terms(
    by: User,
    region: Region,
    valid_from: date,
    *,
    debtor_name: str = "",
    debtor_iban: str = "",
    debtor_bic: str = "",
    bands: Iterable[Band] = (),
) -> PayingTerms:
    """Propose terms from a day on, today at the earliest; `bands`: above so many euro, so many persons sign."""
    administrator_only(by, region, _("Seul un administrateur de la région propose ses conditions de paiement."))
    act = act_of(by, region)
    if valid_from < act.day:
        raise Denied(_("Ces conditions s’appliquent au plus tôt aujourd’hui : ce qui est déjà parti ne change pas."))
    debtor_iban, debtor_bic, bands = _account(debtor_iban), _bic(debtor_bic), _growing(bands)
    with transaction.atomic():
        terms = PayingTerms.objects.create(
            region=region, valid_from=valid_from, debtor_name=debtor_name.strip(), debtor_iban=debtor_iban,
            debtor_bic=debtor_bic, proposed_by=by, proposed_at=act.at,
        )  # fmt: skip
        for above, signatures in bands:
            SignatureBand.objects.create(terms=terms, above=above, signatures=signatures)
        log(terms, act, "terms.propose", {"valid_from": valid_from, "bands": _facts(terms)})
        return terms


def _growing(bands: Iterable[Band]) -> list[Band]:
    """The bands, the lowest first; refused unless more persons sign for a greater amount."""
    found = sorted(bands, key=lambda band: band[1])
    if any(above < 0 or not FEWEST <= signatures <= MOST for above, signatures in found):
        raise Denied(_("Un palier demande de 2 à 5 signatures, au-delà d’un montant positif ou nul."))
    for (low, fewer), (high, more) in pairwise(found):
        if high <= low or fewer == more:
            raise Denied(_not_growing(low, fewer, high, more))
    return found


def _not_growing(low: Decimal, fewer: int, high: Decimal, more: int) -> Any:
    return format_lazy(
        _(
            "Les paliers ne croissent pas : {fewer} personnes signent au-delà de {low}, donc {more} personnes "
            "ne peuvent signer qu’au-delà d’un montant plus élevé, pas au-delà de {high}."
        ),
        fewer=fewer, low=euro(low), more=more, high=euro(high),
    )  # fmt: skip


def _facts(terms: PayingTerms) -> list[dict[str, Any]]:
    return [{"above": band.above, "signatures": band.signatures} for band in terms.bands.all()]


def _account(text: str) -> str:
    try:
        return sepa_iban(text, "debtor") if text.strip() else ""
    except ValueError as error:
        raise Denied(
            _("Cet IBAN n’est pas valable, ou n’est pas de la zone SEPA : vérifier chaque chiffre.")
        ) from error


def _bic(text: str) -> str:
    bic = "".join(text.split()).upper()
    if bic and not BIC.fullmatch(bic):
        raise Denied(_("Ce BIC n’est pas valable : 8 ou 11 caractères, par exemple BDFEFRPP."))
    return bic


def confirm_terms(by: User, terms: PayingTerms) -> PayingTerms:
    """Confirm terms that another administrator proposed."""
    administrator_only(by, terms.region, _("Seul un administrateur de la région confirme ses conditions de paiement."))
    with transaction.atomic():
        terms = _locked(terms)
        if by.person_id == terms.proposed_by.person_id:
            raise Forbidden(_("Ces conditions sont confirmées par une autre personne que celle qui les propose."))
        act = act_of(by, terms.region)
        terms.confirmed_by, terms.confirmed_at = by, act.at
        terms.save(update_fields=["confirmed_by", "confirmed_at"])
        log(terms, act, "terms.confirm", {"valid_from": terms.valid_from, "bands": _facts(terms)})
        return terms


def _locked(terms: PayingTerms) -> PayingTerms:
    rows = PayingTerms.objects.select_for_update(of=("self",)).select_related("proposed_by", "region")
    row = rows.get(pk=terms.pk)
    if not row.is_proposed:
        raise Denied(_("Cette proposition a déjà reçu sa réponse."))
    return row


def decline_terms(by: User, terms: PayingTerms) -> PayingTerms:
    """Say no to proposed terms, or take back one's own proposal."""
    administrator_only(by, terms.region, _("Seul un administrateur de la région refuse ces conditions de paiement."))
    with transaction.atomic():
        terms = _locked(terms)
        act = act_of(by, terms.region)
        terms.declined_at = act.at
        terms.save(update_fields=["declined_at"])
        log(terms, act, "terms.decline", {})
        return terms
