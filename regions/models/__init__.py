from regions.models.cost import WorkingCost
from regions.models.envelope import Envelope, EnvelopeLine, EnvelopeTransfer
from regions.models.integrity import DeclaredInterest, IntegrityTerms, InterestDeclaration
from regions.models.paying import PayingTerms, SignatureBand
from regions.models.people import Absence, Person, Role, User, in_force
from regions.models.programme import Priority, PriorityRate, Programme, SpecificObjective
from regions.models.provider import Accreditation, AccreditationDocument, Expert, Provider, ProviderMember
from regions.models.region import Region
from regions.models.scheme import Scheme, SchemeVersion

__all__ = [
    "Absence",
    "Accreditation",
    "AccreditationDocument",
    "DeclaredInterest",
    "Envelope",
    "EnvelopeLine",
    "EnvelopeTransfer",
    "Expert",
    "IntegrityTerms",
    "InterestDeclaration",
    "PayingTerms",
    "Person",
    "Priority",
    "PriorityRate",
    "Programme",
    "Provider",
    "ProviderMember",
    "Region",
    "Role",
    "Scheme",
    "SchemeVersion",
    "SignatureBand",
    "SpecificObjective",
    "User",
    "WorkingCost",
    "in_force",
]
