"""Sign-in by password, and scoped permission strings instead of rows per object.

A permission reads « officer:R-04 » or « provider:P-12 »: viewflow's task list compares them with the
string stored on each task, so a region sees its own tasks only.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from applications.models.application import live


def scopes(user: Any) -> set[str]:
    """The scoped permissions of an account today: its roles, providers and firms."""
    roles = {f"{r.kind}:R-{r.region.code}" for r in live(user.roles, None).select_related("region")}
    providers = {f"provider:P-{m.provider_id}" for m in live(user.provider_memberships, None)}
    firms = {f"firm:C-{m.company_id}" for m in live(user.mandates, None)}
    return roles | providers | firms


class ScopeBackend(ModelBackend):
    """The account's own password, and no permission but its scopes."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        return scopes(user_obj)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm in self.get_all_permissions(user_obj, obj)

    def get_user(self, user_id: Any) -> Any:
        user = super().get_user(user_id)
        return None if user is None or user.is_system else user
