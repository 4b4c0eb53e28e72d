"""A confirmed role for tests: what two administrators do together."""

from __future__ import annotations

from typing import Any

from regions import clock
from regions.enums import RoleKind
from regions.models import Region, Role, User


def hold(user: User, kind: RoleKind, region: Region, since: Any = "2025-01-01") -> Role:
    """Give a role in force since a day, confirmed by the system account."""
    return Role.objects.create(
        user=user, kind=kind, region=region, valid_from=since, confirmed_by=User.objects.system(),
        confirmed_at=clock.now(),
    )  # fmt: skip
