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
    return _("il faut %(kind)s.") % {"kind": kinds.get(str(fault.validator_value), str(fault.validator_value))}


def _too_few(fault: Any) -> str:
    return _("il faut au moins %(count)s élément(s).") % {"count": fault.validator_value}


def _bounds(fault: Any) -> str:
    return _("« %(value)s » passe la limite de %(limit)s.") % {"value": fault.instance, "limit": fault.validator_value}


def _one_of(fault: Any) -> str:
    return _("donner soit un fait, un opérateur et une valeur, soit une liste « any_of ».")


def _other(fault: Any) -> str:
    return _("cette valeur n’est pas admise.")


SAYINGS: dict[str, Callable[[Any], str]] = {
    "required": _required, "additionalProperties": _additional, "enum": _enum, "const": _const,
    "pattern": _pattern, "type": _type, "minItems": _too_few, "minLength": _too_few, "minimum": _bounds,
    "maximum": _bounds, "oneOf": _one_of,
}  # fmt: skip
