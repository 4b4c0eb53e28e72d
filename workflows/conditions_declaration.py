"""Conditions of what is declared to the Union: who verifies has taken no part in what he verifies."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from applications.models import OperationClaimLine
from workflows.acts import Act, predicate
from workflows.models import Event


@predicate(_("Vous avez agi sur un dossier de cette demande : une personne qui n’y a pas pris part doit la vérifier."))
def took_no_part(target: Any, act: Act) -> bool:
    """The natural person made no act on any file of the claim (CPR art. 74(3): functions are separated)."""
    subject = Concat(Value("application:"), Cast("application_id", CharField()))
    lines = OperationClaimLine.objects.filter(claim=target.pk).annotate(file=subject)
    own = Event.objects.filter(subject=OuterRef("file"), person_id_value=act.actor.person_id)
    return not lines.filter(Exists(own)).exists()


@predicate(_("Cette opération n’est pas groupée : l’entreprise y est bénéficiaire et dépose elle-même ses demandes."))
def region_is_beneficiary(target: Any, act: Act) -> bool:
    """The operation is in grouped mode: the region is the beneficiary (CPR art. 2(9)(d))."""
    return bool(target.operation.beneficiary_mode == target.operation.Mode.GROUPED)
