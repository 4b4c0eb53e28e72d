from regions.models.envelope import Envelope, EnvelopeLine
from regions.models.people import Person, Role, User, in_force
from regions.models.programme import Priority, Programme, SpecificObjective
from regions.models.provider import Accreditation, Expert, Provider, ProviderMember
from regions.models.region import Region
from regions.models.scheme import Scheme, SchemeVersion

__all__ = [
    "Accreditation",
    "Envelope",
    "EnvelopeLine",
    "Expert",
    "Person",
    "Priority",
    "Programme",
    "Provider",
    "ProviderMember",
    "Region",
    "Role",
    "Scheme",
    "SchemeVersion",
    "SpecificObjective",
    "User",
    "in_force",
]
