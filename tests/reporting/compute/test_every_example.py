"""No worked example of the law is without a test that answers it, and none is answered under two numbers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent
# Numbers of the worked examples, by subject: size of firms, de minimis, grant equivalents, register, export expenses,
# block exemption, simplified costs, eligibility, deadlines, communication, data transmission, payment applications,
# accounts, irregularities, climate, indicators, sampling, VAT, the published voucher.
EXAMPLES = {
    "SME": "01 02 03 06 08 09 12 16 18 21 23", "DM": "01 02 03 05 08 12", "GGE": "01 02 07 09 13", "REG": "01 02",
    "EXP": "01 02 03 04 05 06 07 08 09", "GB": "01 02 05 08", "SCO": "01 02 03 06 10", "EL": "01 02",
    "PAY": "01 02 04", "COM": "01", "TR": "01", "PA": "01 03 07", "ACC": "01", "IR": "01 04", "CL": "01",
    "IND": "01 05", "AUD": "01 02 05 06 08 09 14 15", "VAT": "01 03", "VOU": "01 02 03 06",
    "FR": "go-digital-2015 go-digital-2016 mentoring four-exporters bpi-conseil go-digital laptop floor-and-cap "
    "staff-1-2-49-50 staff-99-100 programming",
}  # fmt: skip


def _numbers(text: str) -> Iterator[str]:
    """What a file's tables and tests call themselves; a second half of one example ends with « b »."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("case", "worked"):
            rows = node.args[:1] if node.func.id == "case" else node.args
            yield from map(ast.literal_eval, rows)


def test_each_example_is_claimed_by_a_test() -> None:
    claimed = [one for path in sorted(FOLDER.glob("test_*.py")) for one in _numbers(path.read_text(encoding="utf-8"))]
    known = {f"{subject}-{number}" for subject, numbers in EXAMPLES.items() for number in numbers.split()}
    assert known - set(claimed) == set()
    assert {one.removesuffix("b") for one in claimed} - known == set()
