"""Closed lists of the territory: roles, kinds of aid, funds, accreditation states."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoleKind(models.TextChoices):
    """What a person may be in a region; each act names the kind it asks for."""

    OFFICER = "officer", _("Instructeur")
    DECIDER = "decider", _("Décideur")
    NOTIFIER = "notifier", _("Agent habilité à notifier")
    CERTIFIER = "certifier", _("Certificateur du service fait")
    LIQUIDATOR = "liquidator", _("Liquidateur")
    AUTHORISING = "authorising", _("Délégataire de l’ordonnateur")
    ACCOUNTANT = "accountant", _("Comptable public")
    AUDITOR = "auditor", _("Auditeur")
    ADMINISTRATOR = "administrator", _("Administrateur")


class SchemeKind(models.TextChoices):
    VOUCHER = "voucher", _("Chèque numérique")
    E_EXPORT = "e_export", _("Aide à l’e-export")
    CONSULTING = "consulting", _("Cofinancement de conseil")
    CALL = "call", _("Appel à projets")
    SERVICE_OFFER = "service_offer", _("Offre de service")
    LISTING = "listing", _("Référencement")


class Instrument(models.TextChoices):
    """The form of an aid: only the first is a grant; the others are repaid, or never paid out (cases, law 3)."""

    GRANT = "grant", _("Subvention")
    ADVANCE = "advance", _("Avance remboursable")
    LOAN = "loan", _("Prêt")
    GUARANTEE = "guarantee", _("Garantie")


class Funder(models.TextChoices):
    ERDF = "erdf", _("FEDER")
    REGION = "region", _("Région")
    STATE = "state", _("État")
    LOCAL = "local", _("Collectivité locale")


class AccreditationState(models.TextChoices):
    DRAFT = "draft", _("Brouillon")
    SUBMITTED = "submitted", _("Déposée")
    TO_COMPLETE = "to_complete", _("À compléter")
    ACTIVE = "active", _("Habilité")
    SUSPENDED = "suspended", _("Suspendu")
    REFUSED = "refused", _("Refusé")
    WITHDRAWN = "withdrawn", _("Retiré")
    EXPIRED = "expired", _("Expiré")


class CategoryOfRegion(models.TextChoices):
    """The category on which a programme's highest co-financing rate depends (CPR art. 108(2), 110 and 112(3))."""

    LESS = "less", _("région moins développée")
    TRANSITION = "transition", _("région en transition")
    MORE = "more", _("région plus développée")
    OUTERMOST = "outermost", _("région ultrapériphérique")
