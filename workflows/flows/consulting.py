"""The flow of co-financed consulting: the consultant confirms his quote while the pieces are checked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflows.flows import parts

ConsultingFlow = parts.make(
    "ConsultingFlow",
    __name__,
    _("Cofinancement de conseil"),
    "Filing, quote confirmed, examination, decision, mission, report, payment of a consulting mission.",
    parts.completeness(_("Vérifier la complétude et le niveau de la mission")),
    parts.checks(
        {
            "provider": (_("Confirmer le devis et la mission"), parts.of_provider),
            "documents": (_("Contrôler les pièces et le devis"), parts.of_region("officer")),
        }
    ),
    parts.decision(),
    parts.payment(),
)
