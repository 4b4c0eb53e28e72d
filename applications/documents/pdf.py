"""Documents as PDF/A: a template and values in, bytes out, the same bytes for the same values.

Values travel as one JSON string and are read by the template as data, never as source. Only the
fonts inside the compiler are used, and the only date is the one given. The files are both PDF/A-2a
(archiving) and PDF/UA-1 (tagged, for screen readers): the compiler writes the two at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from applications.documents.glyphs import printable_values

TEMPLATES = Path(__file__).resolve().parent / "templates"
STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]


@cache
def _fonts() -> typst.Fonts:
    """The compiler's own fonts and no other: the same letter on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


@cache
def _source(template: str) -> Path:
    """The file of a template; raises ValueError for a name that is not one of ours."""
    if template not in {path.stem for path in TEMPLATES.glob("*.typ")}:
        raise ValueError(f"unknown template: {template!r}")
    return TEMPLATES / f"{template}.typ"


def _inputs(values: Mapping[str, Any]) -> dict[str, str]:
    return {"data": json.dumps(printable_values(dict(values)), ensure_ascii=False)}


def compile_pdf(template: str, values: Mapping[str, Any], *, created: datetime) -> bytes:
    """The PDF of a template (by name, without suffix) and JSON values, dated `created` (with its zone)."""
    if created.tzinfo is None:
        raise ValueError("the date of a document needs its time zone")
    return typst.compile(
        _source(template),
        root=TEMPLATES,
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=_inputs(values),
        pdf_standards=STANDARDS,
        timestamp=created.astimezone(UTC).replace(microsecond=0),  # the compiler takes whole seconds only
    )
