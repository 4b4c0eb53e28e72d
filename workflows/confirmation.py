"""The link by which a provider answers for a file: signed, for one provider, until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.core import signing
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from regions import clock
from workflows.acts import Denied, NotFound

VALID = timedelta(days=30)
SIGNER = signing.Signer(salt="guichet.provider-confirmation")


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says: the file's number, its provider's, and the link's last day."""

    application: int
    provider: int
    until: date


def token_for(file: Application, asked_on: date) -> str:
    """The token of a file for its present provider: the same each time the same message is made."""
    until = asked_on + VALID
    return SIGNER.sign_object({"a": file.pk, "p": file.provider_id, "u": until.isoformat()})


def read(token: str) -> Link:
    """What a token says; refused when it was not signed here, or when its days are over."""
    try:
        said = SIGNER.unsign_object(token)
    except signing.BadSignature as error:
        raise NotFound(_("Ce lien n’est pas un lien de confirmation.")) from error
    link = Link(said["a"], said["p"], date.fromisoformat(said["u"]))
    if link.until < clock.today():
        raise Denied(_("Ce lien n’est plus valable : se connecter pour retrouver le dossier."))
    return link
