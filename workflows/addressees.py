"""To whom an e-mail without an account goes, in words: those whom its own words name when it leaves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

FIRM, REGION, OFFICER = _("l’entreprise"), _("la région"), _("l’instructeur")
COMPLAINANT, PROVIDER = _("l’auteur de la réclamation"), _("le prestataire")

ADDRESSEES: dict[str, Any] = {
    "provider_confirmation": PROVIDER,
    "accreditation_changed": PROVIDER,
    "member_confirmation": _("les entreprises du groupement"),
    "complaint_received": COMPLAINANT,
    "complaint_answered": COMPLAINANT,
    "complaint_soon": REGION,
    "complaint_late": REGION,
    "irregularity_soon": REGION,
    "irregularity_late": REGION,
    "finding_sent": REGION,
    "finding_answered": _("l’auditeur"),
    "instalment_late_desk": _("le liquidateur"),
    "turnover_declared": OFFICER,
    "turnover_late_desk": OFFICER,
}
"""Template → whom. Any other goes to the firm, or to the account that its row names."""


def addressee(template: str) -> Any:
    """In the reader’s language."""
    return ADDRESSEES.get(template, FIRM)
