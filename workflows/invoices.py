"""The same invoice is never ordered by two files: noted when an order is prepared, freed when it ends unpaid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from applications.enums import OrderState
from applications.models import Claim, ClaimLine, OrderedInvoice
from workflows.acts import Denied

GONE = (OrderState.REJECTED, OrderState.CANCELLED)


def hold(claim: Claim) -> None:
    """Note the invoices of a claim; raises Denied, naming the one that another file has had ordered."""
    for siret, number in sorted(set(_of(claim))):
        row, _made = OrderedInvoice.objects.get_or_create(
            supplier_siret=siret, number=plain(number), defaults={"application": claim.application, "claim": claim}
        )
        if row.application_id != claim.application_id:
            raise Denied(
                _("La facture %(number)s du fournisseur %(siret)s est déjà payée par un autre dossier : l’écarter.")
                % {"number": number, "siret": siret}
            )


def free(order: Any) -> None:
    """Let go of the invoices of an order that ends unpaid, unless another order of the file pays them too."""
    if order.claim.orders.exclude(pk=order.pk).exclude(state__in=GONE).exists():
        return
    others = Claim.objects.filter(application=order.application_id, orders__isnull=False).exclude(pk=order.claim_id)
    kept = {
        (siret, plain(number))
        for claim in others.exclude(orders__state__in=GONE).distinct()
        for siret, number in _of(claim)
    }
    for row in OrderedInvoice.objects.filter(claim=order.claim_id):
        if (row.supplier_siret, row.number) not in kept:
            row.delete()


def _of(claim: Claim) -> Iterator[tuple[str, str]]:
    """Supplier and number of each invoice of which something was accepted."""
    yield from ClaimLine.objects.filter(claim=claim, accepted__gt=0).values_list("supplier_siret", "invoice_number")


def plain(number: str) -> str:
    """An invoice number as two writers of it would agree: no spaces, one case."""
    return "".join(number.split()).upper()
