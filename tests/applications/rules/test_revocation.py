"""Taking back a grant: each ground, its effects, and the four months of an unlawful decision."""

from __future__ import annotations

from datetime import date

import pytest

from applications.enums import RevocationEffect, RevocationGround
from applications.rules.base import InputError
from applications.rules.revocation import GROUNDS, allowed_until, revocable

GRANTED = date(2025, 10, 31)


def test_the_grounds_offered_are_those_of_the_code() -> None:
    assert set(GROUNDS) == set(RevocationGround.values)
    assert {effect for ground in GROUNDS.values() for effect in ground.effects} == set(RevocationEffect.values)


@pytest.mark.parametrize(
    ("ground", "effect", "on", "codes"),
    [
        ("illegal", "withdrawal", date(2026, 2, 28), ()),
        ("illegal", "repeal", date(2026, 2, 28), ()),
        ("illegal", "withdrawal", date(2026, 3, 1), ("too_late",)),
        ("conditions_not_met", "withdrawal", date(2031, 1, 1), ()),
        ("conditions_not_met", "repeal", date(2026, 1, 1), ("effect_not_allowed",)),
        ("condition_ended", "repeal", date(2031, 1, 1), ()),
        ("condition_ended", "withdrawal", date(2026, 1, 1), ("effect_not_allowed",)),
        ("fraud", "withdrawal", date(2040, 1, 1), ()),
    ],
)
def test_each_ground_has_its_effects_and_its_time(ground: str, effect: str, on: date, codes: tuple[str, ...]) -> None:
    verdict = revocable(ground, effect, GRANTED, on)
    assert verdict.codes() == codes
    assert verdict.ok == (not codes)


def test_an_unlawful_grant_is_taken_back_within_four_months() -> None:
    assert allowed_until("illegal", GRANTED) == date(2026, 2, 28)
    assert allowed_until("fraud", GRANTED) is None
    with pytest.raises(InputError):
        allowed_until("whim", GRANTED)
