"""Hostile, endless or missing values: printed as they are, on the paper, without breaking the letter."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from applications.documents.letters import render
from tests.applications.documents.samples import CONTACT, facts, letters_only, longest_line, pages, words


def words_of(kind: str, **changes: Any) -> str:
    return words(render(kind, facts(kind, **changes), "fr"))


HOSTILE = (
    '#import "@preview/x:1.0.0": *',
    "#panic(1) #{let x = 1}",
    "$x^2$ et 5 $",
    "*gras* _italique_ `code`",
    "\\ \\u{41} C:\\temp\\n",
    "<script>alert(1)</script>",
    "= Titre // commentaire /* bloc */ @ref <label>",
    "\"guillemets\" 'simples' -- --- ... ~",
    '{"json": [1, 2]} ${x} {{ y }} {% z %} %s',
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printed_as_it_is(text: str) -> None:
    hostile = facts(
        "grant",
        firm_name=text,
        recipient_name=text,
        scheme_name=text,
        message=text,
        signatory=text,
        voucher_code=text,
        lines=((text, Decimal(1), Decimal(1), Decimal(1)),),
        shares=((text, Decimal("3200.00")),),
        obligations=(text,),
    )
    found = letters_only(words(render("grant", hostile, "fr")))
    assert found.count(letters_only(text)) >= 10


def test_hostile_text_in_every_other_field() -> None:
    text = HOSTILE[0]
    changes: dict[str, Any] = {
        "reasons": ((text, text),),
        "court_name": text,
        "court_address": text,
        "online_appeal": text,
        "overseas_note": text,
        "reference": text,
        "region_name": text,
        "officer_name": text,
        "delegation": text,
        "place": text,
        "recipient_address": (text,),
        "region_contact": type(CONTACT)(text, text, text, (text,)),
    }
    found = letters_only(words(render("refusal", facts("refusal", **changes), "fr")))
    assert found.count(letters_only(text)) >= 12


def test_a_word_without_end_stays_on_the_paper() -> None:
    name = "Établissements" + "X" * 300
    long = facts("payment", firm_name=name, message="Y" * 400, scheme_name="Z" * 200)
    letter = render("payment", long, "fr")
    text = letters_only(words(letter))
    assert text.count(name) == 2
    assert "Y" * 400 in text
    assert "Z" * 200 in text
    assert longest_line(letter) < 120
    boxed = render("payment", facts("payment", grant_number="W" * 150), "fr")
    assert "W" * 150 in letters_only(words(boxed))
    assert longest_line(boxed) < 120


def test_long_labels_stay_in_their_columns() -> None:
    lines = (("V" * 160, Decimal("1234567.89"), Decimal("1234567.89"), Decimal(3200)),)
    letter = render("grant", facts("grant", lines=lines, reference="R" * 90, officer_name="O" * 60), "fr")
    assert "V" * 160 in letters_only(words(letter))
    assert longest_line(letter) < 120


def test_sixty_lines_break_over_pages_under_the_same_heading() -> None:
    lines = tuple((f"Prestation {number}", Decimal(10), Decimal(10), Decimal(8)) for number in range(1, 61))
    numbered = pages(render("grant", facts("grant", lines=lines), "fr"))
    assert len(numbered) >= 3
    assert sum("Prestation (hors taxes)" in page for page in numbered) >= 2
    assert all(f"Prestation {number} 10,00 €" in " ".join(numbered) for number in range(1, 61))
    assert "Total 600,00 € 600,00 € 480,00 €" in " ".join(numbered)


def test_a_long_message_keeps_its_lines() -> None:
    text = words_of("payment", message="Première ligne.\n\nSeconde ligne.\r\nTroisième.")
    assert "Première ligne. Seconde ligne. Troisième." in text


def test_the_signature_never_stands_alone() -> None:
    for count in range(1, 30):
        message = "\n".join(f"Ligne {number}" for number in range(count))
        last = pages(render("payment", facts("payment", message=message), "fr"))[-1]
        assert "salutations distinguées" in last
        assert "Jean-Noël Payet" in last


def test_a_letter_without_email_or_telephone() -> None:
    bare = type(CONTACT)("Service des aides", "", "", ())
    assert "Service des aides" in words_of("acknowledgement", region_contact=bare)


def test_a_letter_takes_little_time() -> None:
    render("grant", facts("grant"), "fr")
    started = time.process_time()
    for number in range(10):
        render("grant", facts("grant", reference=f"04-2026-{number}", day=date(2026, 3, 2)), "fr")
    assert (time.process_time() - started) / 10 < 0.3
