from applications.models.application import (
    Application,
    ApplicationLine,
    ApplicationMember,
    CheckResult,
    Decision,
    ItemRequest,
)
from applications.models.audit_finding import AuditFinding
from applications.models.bank_change import BankChange
from applications.models.case_version import CaseVersion, ClaimVersion
from applications.models.claim import Claim, ClaimLine
from applications.models.company import BankDetails, Company, CompanyLink, Mandate, SirenLock
from applications.models.complaint import Complaint
from applications.models.control import ClaimRisk, SiteVisit
from applications.models.declaration import Correction, OperationClaim, OperationClaimLine, PaymentApplication
from applications.models.document import Document
from applications.models.durability import DurabilityCheck
from applications.models.escrow import EscrowEntry, EscrowPosition
from applications.models.follow_up import FollowUp
from applications.models.grant import Grant, GrantComponent, GrantShare, Instalment
from applications.models.irregularity import Irregularity
from applications.models.ledger import BudgetVote, CasePosition, EnvelopePosition, LedgerEntry, PaymentCreditPosition
from applications.models.operation import IndicatorTarget, Operation, OperationAmendment
from applications.models.ordered_invoice import OrderedInvoice
from applications.models.ownership import OwnershipLink, Restructuring
from applications.models.payment import PaymentOrder, PaymentReturn, PaymentRun
from applications.models.privacy import PrivacyRequest
from applications.models.programme_proposal import ProgrammeProposal
from applications.models.recovery import Recovery, RecoveryInterest
from applications.models.register import DeMinimisAward, GrantCorrection, RegisterFiling
from applications.models.revocation import Revocation
from applications.models.turnover import ExportTurnover

__all__ = [
    "Application",
    "ApplicationLine",
    "ApplicationMember",
    "AuditFinding",
    "BankChange",
    "BankDetails",
    "BudgetVote",
    "CasePosition",
    "CaseVersion",
    "CheckResult",
    "Claim",
    "ClaimLine",
    "ClaimRisk",
    "ClaimVersion",
    "Company",
    "CompanyLink",
    "Complaint",
    "Correction",
    "DeMinimisAward",
    "Decision",
    "Document",
    "DurabilityCheck",
    "EnvelopePosition",
    "EscrowEntry",
    "EscrowPosition",
    "ExportTurnover",
    "FollowUp",
    "Grant",
    "GrantComponent",
    "GrantCorrection",
    "GrantShare",
    "IndicatorTarget",
    "Instalment",
    "Irregularity",
    "ItemRequest",
    "LedgerEntry",
    "Mandate",
    "Operation",
    "OperationAmendment",
    "OperationClaim",
    "OperationClaimLine",
    "OrderedInvoice",
    "PaymentApplication",
    "PaymentCreditPosition",
    "OwnershipLink",
    "PaymentOrder",
    "PaymentReturn",
    "PaymentRun",
    "PrivacyRequest",
    "ProgrammeProposal",
    "Recovery",
    "RecoveryInterest",
    "RegisterFiling",
    "Restructuring",
    "Revocation",
    "SirenLock",
    "SiteVisit",
]
