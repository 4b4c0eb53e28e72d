from applications.models.application import Application, ApplicationLine, CheckResult, Decision, ItemRequest
from applications.models.bank_change import BankChange
from applications.models.case_version import CaseVersion, ClaimVersion
from applications.models.claim import Claim, ClaimLine
from applications.models.company import BankDetails, Company, CompanyLink, Mandate, SirenLock
from applications.models.document import Document
from applications.models.grant import Grant, GrantShare
from applications.models.ledger import CasePosition, EnvelopePosition, LedgerEntry
from applications.models.operation import IndicatorTarget, Operation
from applications.models.payment import PaymentOrder, PaymentReturn, PaymentRun
from applications.models.privacy import PrivacyRequest
from applications.models.register import DeMinimisAward

__all__ = [
    "Application",
    "ApplicationLine",
    "BankChange",
    "BankDetails",
    "CasePosition",
    "CaseVersion",
    "CheckResult",
    "Claim",
    "ClaimLine",
    "ClaimVersion",
    "Company",
    "CompanyLink",
    "DeMinimisAward",
    "Decision",
    "Document",
    "EnvelopePosition",
    "Grant",
    "GrantShare",
    "IndicatorTarget",
    "ItemRequest",
    "LedgerEntry",
    "Mandate",
    "Operation",
    "PaymentOrder",
    "PaymentReturn",
    "PaymentRun",
    "PrivacyRequest",
    "SirenLock",
]
