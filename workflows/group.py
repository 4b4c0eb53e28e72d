"""A group of firms on one file: the lead, the members that take part, and each one's part of the aid.

The ceiling of the single undertaking is each firm's own (Reg. (EU) 2023/2831, art. 2(2) and 3(2)), so
the grant is divided: equal parts rounded down to the cent, the lead takes the remainder.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from applications.models import Application, ApplicationMember, Company
from regions.money import ZERO, floor_cent


@dataclass(frozen=True, slots=True)
class Party:
    """A firm of the file, and what it declared of other de minimis aid. Euro."""

    company: Company
    declared: Decimal
    member: ApplicationMember | None = None


def taking_part(file: Application) -> list[ApplicationMember]:
    """The members that have not left, the lead apart."""
    return list(file.members.filter(left_on__isnull=True).select_related("company"))


def parties(file: Application) -> list[Party]:
    """The lead first, then the members."""
    lead = Party(file.company, file.declared_de_minimis or ZERO)
    return [lead, *(Party(m.company, m.declared_de_minimis or ZERO, m) for m in taking_part(file))]


def size(file: Application) -> int:
    """How many firms take part, the lead counted."""
    return 1 + file.members.filter(left_on__isnull=True).count()


def parts(amount: Decimal, firms: int) -> list[Decimal]:
    """An amount divided among firms: equal parts rounded down to the cent, the remainder to the first."""
    each = floor_cent(amount / firms)
    return [amount - each * (firms - 1), *[each] * (firms - 1)]


def terms(file: Application) -> dict[str, Any]:
    """What the scheme asks of a group; empty when it aids one firm."""
    how = file.scheme_version.rule("how", default={})
    return dict(how) if "min_members" in how else {}


def fewest(file: Application) -> int:
    """The fewest firms that the scheme admits."""
    return int(terms(file).get("min_members", 1))


def unconfirmed(file: Application) -> list[ApplicationMember]:
    """The members that have not confirmed that they take part."""
    return [member for member in taking_part(file) if member.confirmed_at is None]
