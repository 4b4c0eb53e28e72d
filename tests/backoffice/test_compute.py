"""`manage.py compute`: answers, refusals that name the field, several objects, schemas, and no traceback ever."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from applications.rules.base import InputError
from applications.rules.compute.reading import parse
from backoffice.management.commands.compute import BROKEN_RULE, WRONG_INPUT, language_of
from reporting.compute import RULES
from reporting.compute.manual import manual
from tests.reporting.compute.fuzz import LEGAL, VALUES, changed, leaves, of_schema

ROOT = Path(__file__).resolve().parent.parent.parent


def run(text: str | bytes, *arguments: str) -> tuple[int, str, str]:
    """Status, standard output and standard error of the command on an input."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    out, err = io.StringIO(), io.StringIO()
    held, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
    try:
        call_command("compute", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    finally:
        sys.stdin = held
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture(autouse=True)
def no_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def test_the_verdict_is_json_with_its_reasons_in_both_languages() -> None:
    status, out, err = run(json.dumps(RULES["de-minimis"].example), "de-minimis")
    answer = json.loads(out)
    assert (status, err, out.count("\n")) == (0, "", 1)
    assert (answer["ok"], answer["amount"], answer["details"]["total"]) == (False, "0.00", "320000.00")
    (reason,) = answer["reasons"]
    assert set(reason) >= {"code", "fr", "en", "article", "blocking"}
    assert answer["inputs"]["awards"][0]["member_state"] == "FR"


def test_one_object_per_line_gives_one_answer_per_line() -> None:
    lines = ['{"granted_on": "2026-11-12"}', "", '{"granted_on": "2026-11-31"}', '{"granted_on": "2026-11-17"}']
    status, out, err = run("\n".join(lines), "register_deadline")
    answers = [json.loads(line) for line in out.splitlines()]
    assert status == WRONG_INPUT
    assert [one.get("details", {}).get("register_by") for one in answers] == ["2026-12-10", None, "2026-12-15"]
    assert answers[1]["error"]["field"] == "$.granted_on"
    assert err.startswith("ligne 2, $.granted_on")


def test_an_object_over_several_lines_is_one_object() -> None:
    status, out, _err = run(json.dumps({"granted_on": "2026-11-12"}, indent=2), "register-deadline", "--pretty")
    assert status == 0
    assert json.loads(out)["ok"]
    assert out.count("\n") > 3


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "fr"),
        ({"LANG": "C.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LC_ALL": "fr_FR", "LANG": "en_GB"}, "fr"),
    ],
)
def test_the_language_follows_the_environment(environment: Mapping[str, str], language: str) -> None:
    assert language_of(environment) == language


WRONG = [
    ("", "$"),
    ("  \n ", "$"),
    ("not json", "$"),
    ('{"granted_on": ', "$"),
    ("[]", "$"),
    ("[" * 100_000, "$"),
    ("3", "$"),
    ("null", "$"),
    ("{}", "$.granted_on"),
    ('{"granted_on": null}', "$.granted_on"),
    ('{"granted_on": 20261117}', "$.granted_on"),
    ('{"granted_on": "2026-02-30"}', "$.granted_on"),
    ('{"granted_on": "17/11/2026"}', "$.granted_on"),
    ('{"granted_on": "0001-01-01"}', "$.granted_on"),
    ('{"granted_on": "2026-11-17", "garnted_on": 1}', "$.garnted_on"),
    ('{"granted_on": "2026-11-17", "a b": 1}', '$["a b"]'),
    ('{"granted_on": "2026-11-17", "region": "99"}', "$.region"),
    ('{"granted_on": "2026-11-17", "granted_on": "2026-11-18"}', "$"),
]


@pytest.mark.parametrize(("text", "field"), WRONG)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_wrong_input_names_its_field_in_one_sentence(text: str, field: str, language: str) -> None:
    status, out, err = run(text, "register-deadline", "--language", language)
    assert (status, out, err.count("\n")) == (WRONG_INPUT, "", 1)
    assert err.startswith(field + (": " if language == "en" else " : "))


@pytest.mark.parametrize(
    "value",
    ["-1", "-0.01", "NaN", "Infinity", "-Infinity", "1e400", "1e999999999999999999999", '"12,50"', '"1 000"', "true",
     "[]", "{}", '""', '"NaN"', '"１２"', "1" + "0" * 5000, "0.0000000000001", '"\\ud800"'],
)  # fmt: skip
def test_a_wrong_amount_is_named(value: str) -> None:
    text = f'{{"granted_on": "2026-11-17", "new_amount": 1, "awards": [{{"amount": {value}}}]}}'
    status, out, err = run(text, "de-minimis")
    assert (status, out) == (WRONG_INPUT, "")
    assert err.startswith("$.awards[0].amount : donner un nombre")


def test_an_amount_never_passes_through_a_binary_fraction() -> None:
    for amount in ("100000.01", "0.1", '"100000.01"', "100000010000000e-9", "123456789012345.67"):
        _status, out, _err = run(f'{{"amount": {amount}, "granted_on": "2026-05-04"}}', "award-publication")
        exact = {"0.1": "0.10", "100000010000000e-9": "100000.01"}.get(amount, amount.strip('"'))
        assert json.loads(out)["amount"] == exact


def test_bytes_that_are_no_text_are_refused() -> None:
    status, out, err = run(b'{"a": "\xff"}', "awu")
    assert (status, out) == (WRONG_INPUT, "")
    assert "UTF-8" in err


def test_a_mark_at_the_head_of_the_text_does_not_matter() -> None:
    assert run(b'\xef\xbb\xbf{"granted_on": "2026-11-12"}', "register-deadline")[0] == 0


@pytest.mark.parametrize(("name", "word"), [("", "--list"), ("sme-siez", "sme-size"), ("xyz", "residual-error")])
def test_an_unknown_rule_is_told_what_there_is(name: str, word: str) -> None:
    said = []
    for language in ("fr", "en"):
        status, out, err = run("{}", *([name] if name else []), "--language", language)
        assert (status, out, err.count("\n")) == (WRONG_INPUT, "", 1)
        assert word in err
        said.append(err)
    assert said[0] != said[1]


def test_the_list_names_every_rule_in_the_readers_language() -> None:
    for language in ("fr", "en"):
        _status, out, _err = run("", "--list", "--language", language)
        lines = dict(line.split(maxsplit=1) for line in out.splitlines())
        assert lines == {name: rule.summary[language] for name, rule in RULES.items()}
    asked = (
        "sme-size de-minimis gge gber aid-amount scheme-eligibility export-expense simplified-costs cost-eligibility "
        "payment-deadline retention register-deadline irregularity payment-application residual-error sample-size "
        "sample-projection indicators"
    )
    assert set(asked.split()) <= set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_every_schema_is_valid_its_example_fits_and_runs(name: str) -> None:
    for language in ("fr", "en"):
        _status, out, _err = run("", name, "--schema", "--language", language)
        schema = json.loads(out)
        Draft202012Validator.check_schema(schema)
        (example,) = schema["examples"]
        Draft202012Validator(schema).validate(example)
        assert all(_described(part) for part in _parts(schema))
    status, out, err = run(json.dumps(example), name)
    assert (status, err, json.loads(out)["rule"]) == (0, "", name)


def _parts(schema: Any) -> list[Mapping[str, Any]]:
    """Every property of a schema, however deep."""
    found: list[Mapping[str, Any]] = []
    for part in (*schema.get("properties", {}).values(), schema.get("items"), schema.get("additionalProperties")):
        if isinstance(part, dict):
            found += [part, *_parts(part)]
    return found


def _described(part: Mapping[str, Any]) -> bool:
    return bool(part["description"]) and " | " not in part["description"]


@pytest.mark.parametrize("name", RULES)
def test_the_languages_of_a_schema_differ(name: str) -> None:
    french, english = (RULES[name].schema(language) for language in ("fr", "en"))
    pairs = list(zip(_parts(french), _parts(english), strict=True))
    same = [one["description"] for one, other in pairs if one["description"] == other["description"]]
    assert set(same) <= SAME_IN_BOTH


SAME_IN_BOTH = {"Date", "Article", "Instrument", "Option", "Phase"}


def test_the_page_of_the_rules_is_up_to_date() -> None:
    assert (ROOT / "docs" / "compute.md").read_text(encoding="utf-8") == manual(RULES.values(), "en")
    assert run("", "--manual", "--language", "en")[1] == manual(RULES.values(), "en")


def test_the_program_itself_answers_and_refuses() -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "compute", "register-deadline"]
    results = [
        subprocess.run(command, input=text, capture_output=True, text=True, check=False, cwd=ROOT)
        for text in ('{"granted_on": "2026-11-12"}', "{")
    ]
    assert [result.returncode for result in results] == [0, WRONG_INPUT]
    assert json.loads(results[0].stdout)["details"]["register_by"] == "2026-12-10"
    assert "Traceback" not in results[1].stderr


def test_a_broken_rule_is_said_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(value: Any) -> Mapping[str, Any]:
        raise KeyError("gone")

    monkeypatch.setitem(RULES, "awu", replace(RULES["awu"], run=broken))
    status, out, err = run("{}", "awu")
    assert (status, out) == (BROKEN_RULE, "")
    assert "KeyError" in err
    with pytest.raises(KeyError):
        run("{}", "awu", "--traceback")


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_whatever_the_input_there_is_a_verdict_or_a_named_field(name: str, data: st.DataObject) -> None:
    value = data.draw(of_schema(RULES[name].schema("fr")))
    answer = _answer_or_fault(name, json.dumps(value))
    if isinstance(answer, InputError):
        assert answer.field.startswith("$")
        assert answer.fr != answer.sentence
    else:
        assert set(answer) == {"rule", "ok", "amount", "reasons", "details", "inputs"}
        json.dumps(answer, allow_nan=False)


def _answer_or_fault(name: str, text: str) -> Mapping[str, Any] | InputError:
    try:
        return RULES[name].run(parse(text))
    except InputError as fault:
        return fault


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_an_example_with_other_values_gets_a_verdict_or_a_named_field(name: str, data: st.DataObject) -> None:
    example = dict(RULES[name].example)
    schema = RULES[name].schema("fr")["properties"]
    for added in data.draw(st.lists(st.sampled_from(sorted(schema)), max_size=2)):
        example[added] = data.draw(of_schema(schema[added]))
    path = data.draw(st.sampled_from(leaves(example)))
    answer = _answer_or_fault(name, json.dumps(changed(example, path, data.draw(LEGAL | VALUES))))
    assert isinstance(answer, InputError) or answer["rule"] == name
    assert not isinstance(answer, InputError) or answer.fr != answer.sentence


@pytest.mark.parametrize(
    "steps", [[{"multiple": "0", "share": "0"}], [{"multiple": "0.9", "share": "0.5"}]], ids=["outside", "a hole"]
)
def test_a_wrong_table_of_success_is_told_in_both_languages(steps: list[dict[str, str]]) -> None:
    example = {**RULES["success-repayment"].example, "low": "0.5", "full": "1", "least_share": "0", "steps": steps}
    fault = _answer_or_fault("success-repayment", json.dumps(example))
    assert isinstance(fault, InputError)
    assert fault.field == "$.steps"
    assert fault.fr != fault.sentence


@settings(max_examples=100, deadline=None)
@given(st.text() | VALUES.map(json.dumps), st.sampled_from(sorted(RULES)))
def test_whatever_the_text_the_command_ends_with_a_status(text: str, name: str) -> None:
    status, out, err = run(text, name)
    assert status in (0, WRONG_INPUT)
    assert bool(err) is (status == WRONG_INPUT)
    assert out.count("\n") <= 1 or "\n" in text
