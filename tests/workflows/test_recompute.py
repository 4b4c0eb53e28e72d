"""Frozen decisions run again: the same, different since an engine, or altered."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from applications.models import Application, Decision
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from workflows.recompute import recompute
from workflows.release import ENGINE_VERSION

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(world: World) -> Application:
    """A file that was granted."""
    case = Case(world, "F15").fill(SITE).file_it().grant()
    return Application.objects.get(pk=case.pk)


def said(file: Application) -> list[str]:
    out = io.StringIO()
    call_command("recompute", file.reference, stdout=out)
    return out.getvalue().splitlines()


def test_every_decision_of_a_file_is_run_again(file: Application) -> None:
    decisions = list(file.decisions.order_by("id"))
    assert decisions
    assert said(file) == [f"{one.act}: the same (engine {ENGINE_VERSION}, now {ENGINE_VERSION})" for one in decisions]


def test_another_outcome_is_told_with_its_engine(file: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    class Again:
        def outcome(self) -> dict[str, Any]:
            return {"aid": "0.00"}

    monkeypatch.setattr("workflows.recompute.assessment.run", lambda inputs: Again())
    with pytest.raises(CommandError, match="not reproduced"):
        said(file)
    found = recompute(file.decisions.first())  # type: ignore[arg-type]
    assert str(found).endswith(f"differs since engine {ENGINE_VERSION} (now {ENGINE_VERSION})")


@pytest.mark.parametrize("field", ["inputs", "outcome"])
def test_altered_facts_are_told_and_never_run(file: Application, field: str) -> None:
    kept = file.decisions.first()
    assert isinstance(kept, Decision)
    setattr(kept, field, b"{")
    found = recompute(kept)
    assert (found.intact, found.same) == (False, False)
    assert str(found).endswith("its frozen facts were altered")


def test_an_unknown_file_is_told(file: Application) -> None:
    with pytest.raises(CommandError, match="KAP-1999-00001"):
        call_command("recompute", "KAP-1999-00001")
