"""The walls of the house, read from its own source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from regions.schemes.loader import shipped

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("regions", "applications", "workflows", "reporting", "backoffice")


def _sources(*packages: str) -> Iterator[tuple[Path, str]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT), path.read_text(encoding="utf-8")


def test_only_workflows_assigns_a_legal_state() -> None:
    """Technical states (jobs, report runs) are free; no other package writes a state, nor updates one."""
    technical = {"reporting/runs.py", "reporting/jobs.py"}
    written = re.compile(r"\.(state|status)\s*=[^=]|\.update\([^)]*\bstate=")
    found = [
        str(path)
        for path, text in _sources("regions", "applications", "reporting", "backoffice")
        if written.search(text) and str(path) not in technical
    ]
    assert found == []


def test_only_booking_writes_the_ledger_and_only_the_trigger_the_positions() -> None:
    written = re.compile(r"\bLedgerEntry\(|LedgerEntry\.objects\.(bulk_)?create|INSERT INTO.*[Ll]edger_?[Ee]ntry")
    writers = [str(path) for path, text in _sources(*PACKAGES) if written.search(text)]
    assert writers == ["applications/booking.py", "applications/models/ledger.py"]
    positions = re.compile(r"(Envelope|Case)Position(\(|\.objects\.(bulk_)?(create|update))")
    assert [str(p) for p, t in _sources(*PACKAGES) if positions.search(t)] == ["applications/models/ledger.py"]


def test_the_clock_is_the_only_source_of_the_present() -> None:
    present = re.compile(r"timezone\.now\(|datetime\.now\(|date\.today\(|datetime\.utcnow\(")
    found = [str(path) for path, text in _sources(*PACKAGES) if present.search(text)]
    assert found == ["regions/clock.py"]


def test_no_scheme_and_no_kind_is_named_in_gate_machines_ledger_or_reports() -> None:
    schemes = "|".join(re.escape(name) for code in shipped() for name in {code, code.replace("-", "_")})
    names = re.compile(
        rf"\bkap\b|numerik|SchemeKind\.|e_export|consulting|['\"]voucher['\"]|\b({schemes})\b", re.IGNORECASE
    )
    guarded = (
        "workflows/gate.py",
        "workflows/machines/",
        "applications/booking.py",
        "applications/models/ledger.py",
        "reporting/",
    )
    found = [
        f"{path}: {match.group()}"
        for path, text in _sources("workflows", "applications", "reporting")
        if str(path).startswith(guarded) and (match := names.search(_without_docstrings(text)))
    ]
    assert found == []


def _without_docstrings(text: str) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body[0] = ast.Pass()
    return ast.unparse(tree)


def test_imports_stand_at_the_top_of_the_file() -> None:
    hidden = []
    for path, text in _sources(*PACKAGES):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(n, ast.Import | ast.ImportFrom) for n in ast.walk(node)
            ):
                hidden.append(f"{path}:{node.name}")
    assert hidden == []


def test_a_module_holds_one_idea() -> None:
    long = [f"{path}: {text.count(chr(10))}" for path, text in _sources(*PACKAGES) if text.count("\n") > 400]
    assert long == []


@pytest.mark.parametrize("verb", ["make demo", "make test"])
def test_the_readme_shows_the_two_commands(verb: str) -> None:
    assert verb in (ROOT / "README.md").read_text(encoding="utf-8")


def test_continuous_integration_runs_the_tests() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


TYPED = {"CheckConstraint", "ExpressionWrapper", "_euro"}


def test_no_sum_of_columns_leaves_the_database_without_its_type() -> None:
    """« F(a) - F(b) » of two amounts comes back in cents: it is compared inside, or wrapped as an amount."""
    found = [f"{path}:{line}" for path, text in _sources(*PACKAGES) for line in _untyped(ast.parse(text))]
    assert found == []


def _untyped(node: ast.AST, typed: bool = False) -> Iterator[int]:
    """The lines on which columns are added or subtracted outside a call that gives the result its type."""
    typed = typed or (isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in TYPED)
    if not typed and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) and _column(node.right):
        yield node.lineno
        return
    for child in ast.iter_child_nodes(node):
        yield from _untyped(child, typed)


def _column(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "F"
