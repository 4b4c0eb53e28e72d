"""The compiler: archivable, tagged, dated, the same everywhere, and deaf to its data."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pikepdf
import pytest

from applications.documents import glyphs
from applications.documents.letters import LETTERS, letter_values, render
from applications.documents.pdf import compile_pdf
from tests.applications.documents.samples import CREATED, facts, words

ROOT = Path(__file__).resolve().parents[3]
REMOTE = """
import hashlib, sys
from applications.documents.letters import render
from tests.applications.documents.samples import facts
sys.stdout.write(hashlib.sha256(render("grant", facts("grant"), "fr")).hexdigest())
"""


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", list(LETTERS))
def test_is_for_the_archive_and_for_screen_readers(kind: str, language: str) -> None:
    with pikepdf.open(io.BytesIO(render(kind, facts(kind), language))) as pdf:
        metadata = pdf.open_metadata()
        assert metadata["pdfaid:part"] == "2"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == f"{LETTERS[kind].title(language)} – 04-2026-000123"
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == language


def _fonts(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [font for page in pdf.pages for font in page.Resources.Font.values()]


def test_uses_the_compiler_s_own_fonts_embedded() -> None:
    with pikepdf.open(io.BytesIO(render("grant", facts("grant"), "fr"))) as pdf:
        fonts = _fonts(pdf)
        names = {str(font.BaseFont).split("+")[1] for font in fonts}
        assert names
        assert all(name.startswith("Libertinus") for name in names)
        assert all("/FontFile3" in font.DescendantFonts[0].FontDescriptor for font in fonts)


def test_the_same_values_give_the_same_bytes() -> None:
    first = render("grant", facts("grant"), "fr")
    with ThreadPoolExecutor(4) as pool:
        again = pool.map(lambda _: render("grant", facts("grant"), "fr"), range(8))
        assert all(each == first for each in again)


def test_the_same_bytes_in_another_process_zone_and_home(tmp_path: Path) -> None:
    settings = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Noumea", "HOME": str(tmp_path), "SOURCE_DATE_EPOCH": "1"}
    done = subprocess.run(
        [sys.executable, "-c", REMOTE],
        cwd=ROOT,
        env={**os.environ, **settings, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == hashlib.sha256(render("grant", facts("grant"), "fr")).hexdigest()


def test_is_dated_by_the_caller_in_any_zone() -> None:
    values = letter_values("payment", facts("payment"), "fr")
    reunion = CREATED.astimezone(ZoneInfo("Indian/Reunion"))
    dated = compile_pdf("letter", values, created=CREATED)
    assert compile_pdf("letter", values, created=reunion) == dated
    assert compile_pdf("letter", values, created=CREATED.astimezone(timezone(timedelta(hours=-10)))) == dated
    assert compile_pdf("letter", values, created=datetime(2027, 1, 1, tzinfo=UTC)) != dated
    with pikepdf.open(io.BytesIO(dated)) as pdf:
        assert str(pdf.docinfo.CreationDate).startswith("D:20260302083000")


def test_a_date_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        compile_pdf("letter", {}, created=datetime(2026, 3, 2))


@pytest.mark.parametrize("name", ["nothing", "../pdf", "letter.typ", "/etc/passwd", ""])
def test_only_our_templates(name: str) -> None:
    with pytest.raises(ValueError, match="unknown template"):
        compile_pdf(name, {}, created=CREATED)


def test_every_covered_character_can_be_printed() -> None:
    characters = [chr(code) for low, high in glyphs.COVERED for code in range(low, high + 1)]
    message = " ".join(glyphs.printable("".join(characters)))
    assert words(render("payment", facts("payment", message=message), "fr"))


def test_what_has_no_glyph_is_replaced_and_what_hides_goes() -> None:
    assert glyphs.printable("中 \U0001f600 \ud800") == "\ufffd \ufffd \ufffd"
    assert glyphs.printable("a\u202eb\u200bc\x00d\u00ade\ufefff") == "abcdef"
    assert glyphs.printable("e\u0301 o\u0308") == "é ö"
    assert glyphs.printable("un\tdeux\u3000trois") == "un deux trois"
    assert glyphs.printable("un\r\ndeux\rtrois\u2028quatre") == "un\ndeux\ntrois\nquatre"
    assert (
        glyphs.printable("Œuvre « 1\u202f234,56\u202f€ » l’été – 1ᵉʳ") == "Œuvre « 1\u202f234,56\u202f€ » l’été – 1ᵉʳ"
    )


def test_strings_are_cleaned_wherever_they_are() -> None:
    assert glyphs.printable_values({"a": ["x\x00", {"b": "y\u202e"}], "n": 3, "t": ("z\u200b",), "ok": True}) == {
        "a": ["x", {"b": "y"}],
        "n": 3,
        "t": ["z"],
        "ok": True,
    }


def test_any_script_still_makes_a_letter() -> None:
    text = words(render("payment", facts("payment", message="株式会社 \U0001f600 \u0623\u0628 \u202eCœur"), "fr"))
    assert "\ufffd\ufffd\ufffd\ufffd" in text
    assert "Cœur" in text


def test_a_moment_of_real_life_has_microseconds() -> None:
    """The clock of a service does not stop on whole seconds: a letter is made all the same."""
    given = facts("grant", created=CREATED.replace(microsecond=123456))
    assert render("grant", given, "fr") == render("grant", facts("grant"), "fr")
