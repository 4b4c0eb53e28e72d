"""Run a rule of the registry as the command does: from JSON text to JSON text and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from applications.rules.compute.reading import parse
from reporting.compute import RULES

Test = TypeVar("Test", bound=Callable[..., None])


def computed(rule: str, **given: Any) -> dict[str, Any]:
    """The answer of a rule to an input."""
    answer: dict[str, Any] = json.loads(json.dumps(RULES[rule].run(parse(json.dumps(given)))))
    return answer


def at(answer: dict[str, Any], path: str) -> Any:
    """A value of an answer by its dotted path; `reasons` gives their codes."""
    if path == "reasons":
        return [reason["code"] for reason in answer["reasons"]]
    found: Any = answer
    for part in path.split("/"):
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found


def outcome(rule: str, given: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """What came where something is expected."""
    answer = computed(rule, **given)
    return {path: at(answer, path) for path in expected}


def case(example: str, *values: Any) -> Any:
    """A row of a table of tests that is one worked example of the law, by its number."""
    return pytest.param(*values, id=example)


def worked(*examples: str) -> Callable[[Test], Test]:
    """A test that is itself one worked example or more; `test_every_example` finds their numbers in the text."""

    def mark(test: Test) -> Test:
        assert examples, "an example has a number"
        return test

    return mark
