"""Conditions of what is declared to the Union: who verifies has taken no part in what he verifies."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from applications.models import OperationClaimLine
from workflows import single_operation
from workflows.acts import Act, predicate
from workflows.chain import key
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
    return bool(target.operation.is_grouped)


@predicate(_("Cette opération est groupée : la région y est bénéficiaire et remet elle-même ses demandes."))
def firm_is_beneficiary(target: Any, act: Act) -> bool:
    """The operation is in single mode: the firm that receives the aid is the beneficiary (CPR art. 2(9)(c))."""
    return not target.operation.is_grouped


@predicate(
    _("Vous avez agi sur le dossier de cette entreprise : une personne qui n’y a pas pris part doit le déclarer.")
)
def took_no_part_in_file(target: Any, act: Act) -> bool:
    """Who declares made no act on the file: accounting is apart from the verification of beneficiaries (art. 76)."""
    files = [key(file) for file in target.operation.applications.all()]
    return not Event.objects.filter(subject__in=files, person_id_value=act.actor.person_id).exists()


@predicate(
    _(
        "L’entreprise serait bénéficiaire d’une opération FEDER, mais l’objectif spécifique du dispositif n’est dans "
        "aucun programme ouvert de la région : un administrateur doit le créer."
    )
)
def objective_known(file: Any, act: Act) -> bool:
    """In single mode, the objective that the rules name is in a programme of the region that is open."""
    return not single_operation.is_single(file) or single_operation.objective_of(file, act.day) is not None
