"""Closed lists of a case: states, actors, reasons. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("Brouillon")
    SUBMITTED = "submitted", _("Déposée")
    TO_COMPLETE = "to_complete", _("Pièces demandées")
    EXAMINING = "examining", _("En instruction")
    PROPOSED = "proposed", _("Proposée")
    GRANTED = "granted", _("Accordée")
    RUNNING = "running", _("Notifiée")
    COMPLETED = "completed", _("Soldée")
    REFUSED = "refused", _("Refusée")
    CLOSED = "closed", _("Classée sans suite")
    WITHDRAWN = "withdrawn", _("Retirée par l’entreprise")
    LAPSED = "lapsed", _("Caduque")
    REVOKED = "revoked", _("Retirée par décision")


ENDED = (
    ApplicationState.COMPLETED,
    ApplicationState.REFUSED,
    ApplicationState.CLOSED,
    ApplicationState.WITHDRAWN,
    ApplicationState.LAPSED,
    ApplicationState.REVOKED,
)

# The region owes a decision: its clock runs.
UNDECIDED = (ApplicationState.SUBMITTED, ApplicationState.EXAMINING, ApplicationState.PROPOSED)


class ClaimState(models.TextChoices):
    DRAFT = "draft", _("Brouillon")
    SUBMITTED = "submitted", _("Déposée")
    TO_COMPLETE = "to_complete", _("Compléments demandés")
    CHECKED = "checked", _("Contrôlée")
    VERIFIED = "verified", _("Service fait certifié")
    SETTLED = "settled", _("Soldée")
    REJECTED = "rejected", _("Rejetée")
    WITHDRAWN = "withdrawn", _("Retirée")


class ClaimKind(models.TextChoices):
    """What a claim asks to be paid: expenses on invoices, an advance on the grant, or money that is repaid."""

    EXPENSES = "expenses", _("Dépenses réalisées")
    ADVANCE = "advance", _("Avance sur la subvention")
    RELEASE = "release", _("Versement d’un prêt ou d’une avance remboursable")


class Payee(models.TextChoices):
    FIRM = "firm", _("Entreprise")
    PROVIDER = "provider", _("Prestataire")


class OrderState(models.TextChoices):
    NEW = "new", _("À préparer")
    PREPARED = "prepared", _("Préparé")
    SIGNED = "signed", _("Signé")
    SENT = "sent", _("Transmis")
    PAID = "paid", _("Payé")
    REJECTED = "rejected", _("Rejeté")
    CANCELLED = "cancelled", _("Annulé")


class RecoveryState(models.TextChoices):
    NEW = "new", _("À constater")
    OPENED = "opened", _("Constat")
    HEARING = "hearing", _("Contradictoire")
    ORDERED = "ordered", _("Titre émis")
    SUSPENDED = "suspended", _("Contesté")
    RECOVERED = "recovered", _("Recouvré")
    DROPPED = "dropped", _("Sans suite")
    WRITTEN_OFF = "written_off", _("Non-valeur ou remise")


class RecoveryReason(models.TextChoices):
    """Why money that was paid has to come back."""

    OVERPAID = "overpaid", _("Trop-perçu")
    NOT_DONE = "not_done", _("Projet non réalisé ou abandonné")
    NOT_KEPT = "not_kept", _("Engagements non tenus après le paiement")
    INELIGIBLE = "ineligible", _("Dépense inéligible constatée après paiement")
    DOUBLE_FUNDING = "double_funding", _("Double financement")
    REVOKED = "revoked", _("Décision d’octroi retirée")


class IrregularityState(models.TextChoices):
    NEW = "new", _("À constater")
    FOUND = "found", _("Constatée, à apprécier")
    CONFIRMED = "confirmed", _("Retenue, à signaler")
    EXEMPT = "exempt", _("Retenue, exemptée de signalement")
    REPORTED = "reported", _("Signalée, suivie")
    CLOSED = "closed", _("Close")
    DROPPED = "dropped", _("Écartée")


class AuditFindingState(models.TextChoices):
    NEW = "new", _("À rédiger")
    DRAFT = "draft", _("Brouillon")
    SENT = "sent", _("Envoyé, réponse attendue")
    ANSWERED = "answered", _("Répondu")
    CLOSED = "closed", _("Clos")
    WITHDRAWN = "withdrawn", _("Retiré")
    DISCARDED = "discarded", _("Abandonné")


class ComplaintState(models.TextChoices):
    NEW = "new", _("À enregistrer")
    RECEIVED = "received", _("Reçue, réponse attendue")
    ANSWERED = "answered", _("Répondue")
    CLOSED = "closed", _("Close")


class AuditFindingKind(models.TextChoices):
    ELIGIBILITY = "eligibility", _("Éligibilité de la dépense ou de l’entreprise")
    EVIDENCE = "evidence", _("Pièce ou piste d’audit manquante")
    AMOUNT = "amount", _("Calcul du montant")
    STATE_AID = "state_aid", _("Aides d’État")
    PUBLICITY = "publicity", _("Publicité de l’aide de l’Union")
    SYSTEM = "system", _("Système de gestion et de contrôle")
    OTHER = "other", _("Autre")


class IrregularityNature(models.TextChoices):
    """What kind of irregularity, in the house's words (annex XII asks for a type)."""

    ELIGIBILITY = "eligibility", _("Dépense ou entreprise non éligible")
    MISSING_PROOF = "missing_proof", _("Pièce absente, incomplète ou fausse")
    NOT_DELIVERED = "not_delivered", _("Réalisation absente ou non conforme")
    DOUBLE_FUNDING = "double_funding", _("Double financement")
    NOT_KEPT = "not_kept", _("Engagement non tenu après paiement")
    INTEREST = "interest", _("Conflit d’intérêts")
    OTHER = "other", _("Autre")


class DetectedHow(models.TextChoices):
    """How an irregularity was detected (annex XII, section 2)."""

    DESK = "desk", _("Contrôle sur pièces")
    ON_THE_SPOT = "on_the_spot", _("Visite sur place")
    AUDIT = "audit", _("Audit")
    REPORT = "report", _("Signalement d’un tiers")
    BENEFICIARY = "beneficiary", _("Déclaration de l’entreprise")
    OTHER = "other", _("Autre")


class CorrectionLanding(models.TextChoices):
    """Where the correction of declared expenditure is recorded (`applications.rules.correction_landing`)."""

    BEFORE = "before", _("Avant toute déclaration")
    APPLICATION = "application", _("Prochaine demande de paiement de l’exercice")
    ACCOUNTS = "accounts", _("Comptes de l’exercice")
    LATER = "later", _("Exercice de la décision")


class DurabilityOutcome(models.TextChoices):
    """What a yearly check found of an aided investment (CPR art. 65); the breaches say since which day."""

    KEPT = "kept", _("Maintenu : l’investissement est en place et sert encore")
    CESSATION = "cessation", _("Activité arrêtée")
    MOVED = "transfer_outside_nuts2", _("Activité transférée hors de la région")
    OWNERSHIP = "ownership_change", _("Infrastructure cédée, avec un avantage indu")
    CHANGED = "substantial_change", _("Nature, objectifs ou mise en œuvre changés en substance")
    BANKRUPTCY = "bankruptcy", _("Faillite non frauduleuse")
    FRAUD = "fraud", _("Faillite frauduleuse")
    NOT_BOUND = "not_bound", _("Hors champ : ni infrastructure ni investissement productif")


class RevocationGround(models.TextChoices):
    """Why a grant is taken back; the articles stand in `applications.rules.revocation`."""

    CONDITIONS_NOT_MET = "conditions_not_met", _("Conditions de l’octroi non respectées")
    CONDITION_ENDED = "condition_ended", _("Condition qui n’est plus remplie")
    ILLEGAL = "illegal", _("Décision illégale, dans les quatre mois")
    FRAUD = "fraud", _("Décision obtenue par fraude")


class RevocationEffect(models.TextChoices):
    """From when a grant is taken back."""

    WITHDRAWAL = "withdrawal", _("Retrait : depuis l’origine, ce qui a été payé est à reverser")
    REPEAL = "repeal", _("Abrogation : pour l’avenir, ce qui a été payé reste acquis")


class RevocationOutcome(models.TextChoices):
    REVOKED = "revoked", _("Décision retirée")
    DROPPED = "dropped", _("Abandonné")


class BankChangeState(models.TextChoices):
    NEW = "new", _("À demander")
    ASKED = "asked", _("Demandé")
    CONFIRMED = "confirmed", _("Confirmé")
    REFUSED = "refused", _("Refusé")
    WITHDRAWN = "withdrawn", _("Retiré")


class PrivacyKind(models.TextChoices):
    """What a person may ask about his own data (GDPR, arts 15 to 17)."""

    ACCESS = "access", _("Recevoir une copie de mes données")
    RECTIFICATION = "rectification", _("Faire corriger mes données")
    ERASURE = "erasure", _("Faire effacer mes données")


class Actor(models.TextChoices):
    """Who has the file now: shown to all, written by the gate."""

    FIRM = "firm", _("L’entreprise")
    PROVIDER = "provider", _("Le prestataire")
    OFFICER = "officer", _("L’instructeur")
    DECIDER = "decider", _("Le décideur")
    NOTIFIER = "notifier", _("L’agent qui notifie")
    CERTIFIER = "certifier", _("Le certificateur")
    LIQUIDATOR = "liquidator", _("Le liquidateur")
    AUTHORISING = "authorising", _("L’ordonnateur")
    ACCOUNTANT = "accountant", _("Le comptable public")
    NOBODY = "", _("Personne")


class LegalCategory(models.TextChoices):
    COMPANY = "company", _("Société")
    SOLE_TRADER = "sole_trader", _("Entreprise individuelle")
    ASSOCIATION = "association", _("Association")
    LIBERAL_UNREGULATED = "liberal_unregulated", _("Profession libérale non réglementée")
    LIBERAL_REGULATED = "liberal_regulated", _("Profession libérale réglementée")
    PUBLIC = "public", _("Personne publique")


# Sole traders and professionals bear their own name, and INSEE lets a firm keep its name unpublished.
PERSONS = (LegalCategory.SOLE_TRADER, LegalCategory.LIBERAL_UNREGULATED, LegalCategory.LIBERAL_REGULATED)


class HolderKind(models.TextChoices):
    """Who stands at the other end of a tie of ownership (Rec. 2003/361/EC, annex, art. 3)."""

    ENTERPRISE = "enterprise", _("Entreprise")
    PERSON = "person", _("Personne physique")
    PUBLIC_BODY = "public_body", _("Organisme public")
    LOCAL_AUTHORITY = "local_authority", _("Collectivité locale")
    PUBLIC_INVESTMENT = "public_investment", _("Société publique de participation")
    VENTURE_CAPITAL = "venture_capital", _("Société de capital-risque")
    BUSINESS_ANGEL = "business_angel", _("Investisseur providentiel (« business angel »)")
    UNIVERSITY = "university", _("Université ou centre de recherche sans but lucratif")
    INSTITUTIONAL = "institutional", _("Investisseur institutionnel, fonds de développement régional")


class Direction(models.TextChoices):
    """Which end of a tie holds the other."""

    OWNER = "owner", _("la détient")
    OWNED = "owned", _("est détenue par elle")


class Control(models.TextChoices):
    """Another control than a majority of the votes (art. 3(3)(b) to (d))."""

    BOARD = "board", _("Nomme ou révoque la majorité de la direction")
    CONTRACT = "contract", _("Influence dominante par contrat ou par les statuts")
    AGREEMENT = "agreement", _("Majorité des votes par accord avec d’autres associés")


class MandateKind(models.TextChoices):
    REPRESENTATIVE = "representative", _("Représentant légal")
    PROXY = "proxy", _("Mandataire")


class CheckKind(models.TextChoices):
    """What must be recorded before a proposal; a scheme names those it asks for."""

    ELIGIBILITY = "eligibility", _("Conditions d’éligibilité")
    DOCUMENTS = "documents", _("Pièces justificatives")
    DE_MINIMIS = "de_minimis", _("Aides de minimis antérieures")
    PROVIDER = "provider", _("Engagement du prestataire")
    MEMBERS = "members", _("Participation de chaque entreprise du groupement")
    EXPORT = "export", _("Dépenses liées à l’export")


class Finding(models.TextChoices):
    GREEN = "green", _("Conforme")
    EXCEPTION = "exception", _("À examiner")
    RED = "red", _("Non conforme")


class Opinion(models.TextChoices):
    """What the officer proposes to the decider."""

    GRANT = "grant", _("Accorder")
    REFUSE = "refuse", _("Refuser")


class DocumentKind(models.TextChoices):
    IDENTITY = "identity", _("Pièce d’identité du représentant légal")
    BANK_DETAILS = "bank_details", _("Relevé d’identité bancaire")
    QUOTE = "quote", _("Devis détaillé non signé")
    PROVIDER_COMMITMENT = "provider_commitment", _("Fiche d’engagement du prestataire")
    LOCATION = "location", _("Justificatif de localisation")
    REGISTER_EXTRACT = "register_extract", _("Extrait du registre national des entreprises")
    AID_STATEMENT = "aid_statement", _("Fiche de cumul d’aides")
    INVOICE = "invoice", _("Facture acquittée")
    PAYMENT_PROOF = "payment_proof", _("Preuve de paiement")
    PROVIDER_REPORT = "provider_report", _("Rapport du prestataire")
    DELIVERABLE = "deliverable", _("Livrable")
    MANDATE = "mandate", _("Mandat écrit")
    EXPORT_PLAN = "export_plan", _("Plan de développement à l’export")
    GROUP_AGREEMENT = "group_agreement", _("Accord de groupement signé")
    CLAIM_ASSIGNMENT = "claim_assignment", _("Cession de créance au prestataire")
    ADVANCE_REQUEST = "advance_request", _("Demande d’avance signée")
    ADVANCE_GUARANTEE = "advance_guarantee", _("Garantie bancaire de l’avance")
    SCHEDULE = "schedule", _("Contrat de prêt et échéancier signés")
    CONTROL_REPORT = "control_report", _("Rapport de contrôle sur place")
    CERTIFICATE = "certificate", _("Certificat de service fait")
    LETTER = "letter", _("Courrier de la région")
    BORDEREAU = "bordereau", _("Bordereau de mandatement")
    PAYMENT_FILE = "payment_file", _("Fichier de paiement transmis")
    OTHER = "other", _("Autre pièce")


class RejectionReason(models.TextChoices):
    """Why a claimed line is accepted in part or not at all; a finding goes with it."""

    NOT_GRANTED = "not_granted", _("Dépense hors de la décision d’octroi")
    NOT_PAID = "not_paid", _("Dépense non acquittée")
    BEFORE_AWARD = "before_award", _("Dépense engagée avant l’octroi")
    OUT_OF_PERIOD = "out_of_period", _("Dépense hors délai")
    VAT = "vat", _("TVA non retenue")
    HARDWARE = "hardware", _("Équipement matériel")
    NOT_DELIVERED = "not_delivered", _("Livrable absent ou non conforme")
    PUBLICITY = "publicity", _("Obligations de publicité non respectées")
    UNIT_PRICE = "unit_price", _("Prix unitaire au-delà du plafond")
    OVER_GRANTED = "over_granted", _("Au-delà du montant accordé")
    OTHER = "other", _("Autre motif, à préciser")


class Bucket(models.TextChoices):
    """Where an amount stands in the life of an envelope; each ledger row moves one bucket."""

    CEILING = "ceiling", _("Autorisations d’engagement ouvertes")
    OVERBOOKING = "overbooking", _("Surprogrammation votée")
    CREDITS = "credits", _("Crédits de paiement ouverts")
    RESERVED = "reserved", _("Réservé")
    COMMITTED = "committed", _("Engagé")
    VERIFIED = "verified", _("Service fait certifié")
    ORDERED = "ordered", _("Mandaté")
    PAID = "paid", _("Payé")
    RECOVERED = "recovered", _("Recouvré")


# What an envelope is given, as opposed to what its files draw.
BUDGET_BUCKETS = (Bucket.CEILING, Bucket.OVERBOOKING, Bucket.CREDITS)


class OperationClaimState(models.TextChoices):
    """The region's own claim, as beneficiary, to the managing authority (CPR art. 74(3))."""

    NEW = "new", _("À préparer")
    SUBMITTED = "submitted", _("Remise à l’autorité de gestion")
    VERIFIED = "verified", _("Vérifiée par l’autorité de gestion")
    RETURNED = "returned", _("Retournée à la région")


class PaymentApplicationState(models.TextChoices):
    """The programme's payment application to the Commission (CPR art. 91)."""

    NEW = "new", _("À préparer")
    PREPARED = "prepared", _("Préparée")
    SENT = "sent", _("Transmise à la Commission")
    CANCELLED = "cancelled", _("Annulée")


class Deduction(models.TextChoices):
    """Why declared expenditure is taken back: the three points of CPR art. 98(6)."""

    IRREGULAR = "irregular", _("Dépense irrégulière corrigée (point a)")
    ASSESSMENT = "assessment", _("Dépense en cours d’évaluation (point b)")
    OTHER = "other", _("Autre montant, pour ramener l’erreur à 2 % (point c)")
