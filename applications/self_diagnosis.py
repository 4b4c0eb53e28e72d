"""The self-diagnosis: its dated questionnaires, and the reference of a result, which holds the answers and a seal.

Nothing is stored for somebody without an account: the reference itself says the questionnaire, the day and the
answers, and its seal (a truncated HMAC) shows that the house computed it. A file that cites one keeps it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from applications.rules.self_diagnosis import assess

FOLDER = Path(__file__).resolve().parent / "data" / "self_diagnosis"
STEP = "self_diagnosis"  # as a scheme's condition on prior steps names it
SALT = "guichet.self-diagnosis"
SEAL = 6  # bytes
FORM = re.compile(r"AD(\d{1,3})-(\d{8})-(\d{1,40})-([A-Z2-7]{10})")


@dataclass(frozen=True, slots=True)
class Cited:
    """What a reference holds: the questionnaire, the day, the answers by question, and the level."""

    reference: str
    version: int
    day: date
    answers: Mapping[str, int]
    level: str

    @property
    def words(self) -> Mapping[str, str]:
        """The level in each language."""
        found: Mapping[str, str] = next(
            one["label"] for one in questionnaires()[self.version]["levels"] if one["code"] == self.level
        )
        return found


@cache
def questionnaires() -> dict[int, dict[str, Any]]:
    """Every version that comes with the project, by its number."""
    read = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml")))
    return {one["version"]: one for one in read}


def questionnaire(day: date) -> dict[str, Any]:
    """The version in force on a day; the first one before its time."""
    ordered = sorted(questionnaires().values(), key=lambda one: str(one["valid_from"]))
    return next((one for one in reversed(ordered) if date.fromisoformat(one["valid_from"]) <= day), ordered[0])


def reference(asked: Mapping[str, Any], answers: Mapping[str, int], day: date) -> str:
    """« AD1-20250303-2101221012-ABCDE23456 »: questionnaire, day, rank of each answer, seal."""
    ranks = "".join(str(answers[question["code"]]) for question in asked["questions"])
    body = f"AD{asked['version']}-{day:%Y%m%d}-{ranks}"
    return f"{body}-{_seal(body, settings.SECRET_KEY)}"


def _seal(body: str, key: str) -> str:
    return base64.b32encode(salted_hmac(SALT, body, secret=key).digest()[:SEAL]).decode().rstrip("=")


def read(text: str) -> Cited | None:
    """What a reference holds, or None when the house never gave it."""
    plain = "".join(text.split()).upper()
    parts = FORM.fullmatch(plain)
    if parts is None or not _sealed(plain.rpartition("-")[0], parts[4]):
        return None
    asked = questionnaires()[int(parts[1])]  # what is sealed was given by a version that is kept
    answers = {question["code"]: int(rank) for question, rank in zip(asked["questions"], parts[3], strict=True)}
    day = date.fromisoformat(parts[2])
    return Cited(plain, asked["version"], day, answers, assess(asked, answers).details["level"])


def _sealed(body: str, seal: str) -> bool:
    """Whether one of the keys, the present or an earlier one, made the seal."""
    keys = (settings.SECRET_KEY, *getattr(settings, "SECRET_KEY_FALLBACKS", ()))
    return any(constant_time_compare(_seal(body, key), seal) for key in keys)


def asked_by(rules: Mapping[str, Any]) -> bool:
    """Whether a scheme asks for the self-diagnosis as a prior step."""
    conditions = rules.get("who", {}).get("conditions", [])
    parts = (part for condition in conditions for part in condition.get("any_of", [condition]))
    return any((part["fact"], part["value"]) == ("prior_steps", STEP) for part in parts)
