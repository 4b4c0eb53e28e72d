"""The flow of a voucher: documents checked and provider's word, side by side, then the decision and the payment."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflows.flows import parts

VoucherFlow = parts.make(
    "VoucherFlow",
    __name__,
    _("Chèque numérique"),
    "Filing, examination, decision, notification, claim, payment of a voucher.",
    parts.completeness(_("Vérifier la complétude")),
    parts.checks(
        {
            "documents": (_("Contrôler les pièces"), parts.of_region("officer")),
            "provider": (_("Confirmer l’engagement"), parts.of_provider),
        }
    ),
    parts.decision(),
    parts.payment(),
)
