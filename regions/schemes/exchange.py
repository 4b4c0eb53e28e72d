"""A scheme as one file, and what another region makes of it: good practice is shared by a copy.

Written out and read again, a definition keeps its fingerprint. Adopted by another region, it loses what
belonged to the first one: each such part is a named gap, and a gap stops publication until it is filled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from regions.schemes import loader
from regions.schemes.references import AID, SECTIONS

Definition = Mapping[str, Any]
LOCAL = ("authority_approval", "research_exemption")


def _note(fr: str, en: str) -> dict[str, str]:
    return {"fr": fr, "en": en}


# The parts that a region fills for itself, in the order of the page that asks for them.
PARTS: Mapping[str, dict[str, str]] = {
    "funding": _note("Financeurs et parts, à fixer par la région qui reprend ce dispositif.",
                     "Funders and shares, to be set by the region that adopts this scheme."),
    "erdf": _note("Codage FEDER, à reprendre du programme de la région.",
                  "ERDF coding, to be taken from the programme of the region."),
    "operation": _note("Opération FEDER qui regroupe les aides, à déposer auprès de l’autorité de gestion.",
                       "ERDF operation above the aid, to be filed with the managing authority."),
    "contact": _note("Service qui répond aux entreprises, à inscrire dans les coordonnées de la région.",
                     "Service that answers the firms, to be written in the contacts of the region."),
}  # fmt: skip
CLAUSES = _note("Les motifs de refus citent le règlement de la région d’origine : les relire.",
                "The reasons for refusal quote the rules of the region of origin: read them again.")  # fmt: skip


# --- one file


def write(definition: Definition, *heading: str) -> str:
    """The definition as YAML, in the order of its schema, under comment lines; amounts stand between quotes."""
    comments = "".join(f"# {' '.join(line.split())}\n" for line in heading)
    return comments + yaml.dump(_ordered(definition), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=118)


class _Dumper(yaml.SafeDumper):
    """Text that could be read as a number or a date is quoted, and nothing refers to anything else."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _ordered(node: Any) -> Any:
    """Names in the order in which the schema lists them: a database may have kept another."""
    if isinstance(node, Mapping):
        return {key: _ordered(node[key]) for key in sorted(node, key=_rank)}
    return [_ordered(item) for item in node] if isinstance(node, list) else node


def _rank(name: str) -> tuple[int, str]:
    ranks = _ranks()
    return ranks.get(name, len(ranks)), name


@cache
def _ranks() -> dict[str, int]:
    """Sections as the guide lists them, then every other name as the schema meets it."""
    schema = json.loads((loader.FOLDER / "schema.json").read_text(encoding="utf-8"))
    first = (
        "format",
        "programme",
        "code",
        "kind",
        "prefix",
        "region",
        "name",
        "sources",
        "currency",
        "to_confirm",
        "gaps",
    )
    names = [*first, *AID, "erdf", "call", "service_offer", *_names(schema)]
    return {name: rank for rank, name in enumerate(dict.fromkeys(names))}


def _names(node: Any) -> list[str]:
    if isinstance(node, list):
        return [name for item in node for name in _names(item)]
    if not isinstance(node, dict):
        return []
    own = list(node["properties"]) if isinstance(node.get("properties"), dict) else []
    return own + [name for value in node.values() for name in _names(value)]


# --- another region


def adopt(definition: Definition, region: str, code: str, prefix: str) -> dict[str, Any]:
    """The definition as a draft of another region: its seat, and a gap in place of each part of the first one."""
    origin = definition.get("region", "")
    lost = [part for part in PARTS if part in _asked(definition)]
    kept = {name: value for name, value in definition.items() if name not in lost}
    made = kept | {"region": region, "code": code, "prefix": prefix, "sources": _sources(definition)}
    if "beneficiary" in made:
        made["beneficiary"] = {name: value for name, value in made["beneficiary"].items() if name not in LOCAL}
    if "who" in made:
        made["who"] = _seated(made["who"], origin, region)
    if made.get("reasons"):
        made["to_confirm"] = _with(made.get("to_confirm", []), {"reasons": CLAUSES})
    made["gaps"] = _with(definition.get("gaps", []), {part: PARTS[part] for part in lost})
    return made


def _asked(definition: Definition) -> list[str]:
    """The parts that this kind of scheme needs of a region."""
    return list(PARTS) if SECTIONS[definition["kind"]] == AID else ["contact"]


def _sources(definition: Definition) -> list[str]:
    """Where it comes from: the scheme and the region of origin, by their codes."""
    origin = definition.get("region")
    said = [f"{definition['name']['fr']}, {definition['code']}, {origin}"] if origin else []
    return list(dict.fromkeys([*definition["sources"], *said]))


def _seated(node: Any, origin: str, region: str) -> Any:
    """The conditions, with the seat asked for in the adopting region where it was asked for in the first."""
    if isinstance(node, list):
        return [_seated(item, origin, region) for item in node]
    if not isinstance(node, Mapping):
        return node
    if node.get("fact") == "seat_region":
        value = node["value"]
        there = [region if one == origin else one for one in value] if isinstance(value, list) else value
        return {**node, "value": region if value == origin else there}
    return {name: _seated(value, origin, region) for name, value in node.items()}


def _with(points: list[dict[str, Any]], notes: Mapping[str, dict[str, str]]) -> list[dict[str, Any]]:
    """The points already named, and those that are not yet."""
    named = {point["path"] for point in points}
    return [*points, *({"path": path, "note": note} for path, note in notes.items() if path not in named)]


def open_parts(definition: Definition) -> list[str]:
    """The parts of a region that are still gaps, in order."""
    named = {gap["path"] for gap in definition.get("gaps", [])}
    return [part for part in PARTS if part in named]


def fill(definition: Definition, sections: Mapping[str, Any]) -> dict[str, Any]:
    """The definition with some parts filled (None: settled elsewhere), their gaps closed; read again before use."""
    gaps = [gap for gap in definition.get("gaps", []) if gap["path"] not in sections]
    kept = {name: value for name, value in definition.items() if name != "gaps"}
    told = {name: section for name, section in sections.items() if section is not None}
    return kept | told | ({"gaps": gaps} if gaps else {})
