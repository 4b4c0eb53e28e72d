"""The sign-up page, which knows the SIRET already given to the simulator."""

from __future__ import annotations

from typing import Any

from allauth.account.views import SignupView

from backoffice.views.public.carried import KEY


class SignUp(SignupView):
    """Sign-up of a firm's representative."""

    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_initial()
        return initial | {"siret": self.request.session.get(KEY, {}).get("siret", "")}


sign_up = SignUp.as_view()
