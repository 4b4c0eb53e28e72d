"""The flow of an aid to e-export: expenses examined one by one, each firm of a group heard, side by side."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflows.flows import parts

EExportFlow = parts.make(
    "EExportFlow",
    __name__,
    _("Aide à l’e-export"),
    "Filing, expenses examined one by one, firms of the group heard, decision, advance, claim, payment.",
    parts.completeness(_("Vérifier la complétude")),
    parts.checks(
        {
            "documents": (_("Contrôler les pièces"), parts.of_region("officer")),
            "export": (_("Examiner les dépenses à l’export"), parts.of_region("officer")),
            "members": (_("Confirmer la participation des entreprises"), parts.of_firm),
            "provider": (_("Confirmer l’engagement"), parts.of_provider),
        }
    ),
    parts.decision(),
    parts.payment(),
)
