"""What is wrong at a line of a definition, in the reader's language; a fault is jsonschema's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _


def sentence(fault: Any) -> str:
    """Where it is and what to mend."""
    where = ".".join(str(part) for part in fault.absolute_path) or _("le règlement")
    said = SAYINGS.get(str(fault.validator), _other)(fault)
    return _("« %(where)s » : %(said)s") % {"where": where, "said": said}


def unreadable() -> str:
    """The text is no YAML."""
    return _("cette ligne n’est pas du YAML : vérifier les retraits, les deux-points et les guillemets.")


def alias() -> str:
    """A value is a reference to another one."""
    return _("les renvois (« * ») ne sont pas admis : écrire la valeur en entier.")


def unstorable() -> str:
    """A value that has no canonical form."""
    return _("une valeur n’est ni un texte, ni un nombre, ni true ou false : la mettre entre guillemets.")


def reason_without_words(reason: str) -> str:
    """A condition names a reason that has no words."""
    return _("le motif « %(reason)s » n’a pas de texte sous « reasons ».") % {"reason": reason}


def missing_sections(names: list[str]) -> str:
    """Parts of the definition that its kind needs, and that are not named as gaps either."""
    listed = ", ".join(f"« {name} »" for name in names)
    return _("il manque %(names)s : remplir la partie, ou la nommer sous « gaps ».") % {"names": listed}


def unknown_fact(fact: str, known: list[str]) -> str:
    """A condition names a fact that no file holds."""
    return _("le fait « %(fact)s » n’existe pas ; choisir parmi : %(known)s.") % {
        "fact": fact, "known": ", ".join(known),
    }  # fmt: skip


def operator_of_fact(operator: str, fact: str, known: list[str]) -> str:
    """An operator that makes no sense of the fact."""
    return _("l’opérateur « %(operator)s » ne convient pas au fait « %(fact)s » ; choisir parmi : %(known)s.") % {
        "operator": operator, "fact": fact, "known": ", ".join(known),
    }  # fmt: skip


def value_of_operator(value: Any, operator: str) -> str:
    """A value that the operator cannot read."""
    return _("la valeur « %(value)s » n’a pas la forme que lit l’opérateur « %(operator)s ».") % {
        "value": value, "operator": operator,
    }  # fmt: skip


def nomenclatures(known: list[str]) -> str:
    """A condition on the sector that leaves out one of the two nomenclatures, or names another."""
    return _("donner les codes du secteur dans chaque nomenclature, et dans elles seules : %(known)s.") % {
        "known": ", ".join(f"« {one} »" for one in known),
    }  # fmt: skip


def twice(value: Any) -> str:
    """A code that must be unique comes again."""
    return _("« %(value)s » est déjà défini plus haut.") % {"value": value}


def ceiling_unread(code: str) -> str:
    """A ceiling on the aid of a category that the aid function does not read."""
    return _("le plafond d’aide de « %(code)s » n’est lu que par le calcul « percent_by_category ».") % {"code": code}


def not_ascending(limit: str) -> str:
    """Rows whose limits are not in order."""
    return _("les limites « %(limit)s » doivent croître d’une ligne à l’autre ; seule la dernière peut manquer.") % {
        "limit": limit,
    }  # fmt: skip


def step_above_cost() -> str:
    """A step that gives more than it costs, or that costs nothing."""
    return _("un palier de coût doit dépasser zéro, et son aide ne peut dépasser ce coût.")


def unknown_category(code: str) -> str:
    """A level names a category that the scheme does not have."""
    return _("la catégorie « %(code)s » n’est pas sous « what.categories ».") % {"code": code}


def guarantee_alone() -> str:
    """A guarantee without a loan before it."""
    return _("une garantie suit le prêt qu’elle garantit : l’inscrire après lui.")


def periods() -> str:
    """A duration that is not made of whole periods."""
    return _("la durée et le différé doivent être des multiples de « every_months », et le différé plus court.")


def success() -> str:
    """A repayment by success that is no free advance of whole years."""
    return _("le remboursement selon le succès est celui d’une avance sans intérêt, sur des années entières.")


def no_day(value: str) -> str:
    """A date that is in no calendar."""
    return _("« %(value)s » n’est pas une date (année-mois-jour).") % {"value": value}


def weights() -> str:
    """The weights of the criteria do not add up."""
    return _("les poids des critères doivent faire 100.")


def closes_first() -> str:
    """A call that closes before it opens."""
    return _("l’appel se ferme avant de s’ouvrir.")


def _required(fault: Any) -> str:
    held = fault.instance if isinstance(fault.instance, dict) else {}
    missing = [name for name in fault.validator_value if name not in held]
    return _("il manque %(names)s.") % {"names": ", ".join(f"« {name} »" for name in missing)}


def _additional(fault: Any) -> str:
    known = fault.schema.get("properties", {})
    unknown = [str(name) for name in fault.instance if name not in known]
    return _("ce nom n’existe pas ici : %(names)s.") % {"names": ", ".join(f"« {name} »" for name in unknown)}


def _enum(fault: Any) -> str:
    choices = ", ".join(str(choice) for choice in fault.validator_value)
    return _("« %(value)s » n’est pas une valeur possible ; choisir parmi : %(choices)s.") % {
        "value": fault.instance, "choices": choices,
    }  # fmt: skip


def _const(fault: Any) -> str:
    return _("la valeur doit être « %(value)s ».") % {"value": fault.validator_value}


def _pattern(fault: Any) -> str:
    return _("« %(value)s » n’a pas la forme attendue (%(pattern)s).") % {
        "value": fault.instance, "pattern": fault.validator_value,
    }  # fmt: skip


def _type(fault: Any) -> str:
    kinds = {
        "string": _("un texte entre guillemets"), "integer": _("un nombre entier"), "boolean": _("true ou false"),
        "array": _("une liste"), "object": _("des champs nommés"),
    }  # fmt: skip
    return _("« %(value)s » ne convient pas : il faut %(kind)s.") % {
        "value": fault.instance, "kind": kinds.get(str(fault.validator_value), str(fault.validator_value)),
    }  # fmt: skip


def _too_few(fault: Any) -> str:
    return _("il faut au moins %(count)s élément(s).") % {"count": fault.validator_value}


def _bounds(fault: Any) -> str:
    return _("« %(value)s » passe la limite de %(limit)s.") % {"value": fault.instance, "limit": fault.validator_value}


def _one_of(fault: Any) -> str:
    return _("donner soit un fait, un opérateur et une valeur, soit une liste « any_of ».")


def _no_rate(fault: Any) -> str:
    return _("donner un taux (« rate »), pour toutes les entreprises ou à chaque tranche.")


def _not_here(fault: Any) -> str:
    return _("cette partie n’existe pas pour un dispositif de cette nature.")


def _other(fault: Any) -> str:
    return _("cette valeur n’est pas admise.")


SAYINGS: dict[str, Callable[[Any], str]] = {
    "required": _required, "additionalProperties": _additional, "enum": _enum, "const": _const,
    "pattern": _pattern, "type": _type, "minItems": _too_few, "minLength": _too_few, "minimum": _bounds,
    "maximum": _bounds, "oneOf": _one_of,
    "anyOf": _no_rate, "not": _not_here,
}  # fmt: skip
