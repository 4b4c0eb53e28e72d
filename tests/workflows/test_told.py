"""What happened is told as done, in both languages, whatever the act."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from workflows import gate
from workflows.records import RECORDS
from workflows.told import TOLD, told

MOVES = [f"{machine}.{name}" for machine, kind in gate.MACHINES.items() for name in kind.moves()]


@pytest.mark.parametrize("act", [*MOVES, *(f"record.{kind}" for kind in RECORDS)])
def test_every_act_can_be_told(act: str) -> None:
    with override("fr"):
        assert str(told(act))


def test_no_words_are_kept_for_an_act_that_does_not_exist() -> None:
    assert set(TOLD) <= {*MOVES, *(f"record.{kind}" for kind in RECORDS)}


def test_a_filing_is_told_as_done() -> None:
    with override("fr"):
        assert str(told("application.submit")) == "Demande déposée"
