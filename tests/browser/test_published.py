"""Open data in a browser, without an account: the list of operations and a scheme’s figures, read and taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils.translation import gettext, override

from backoffice.demo import stories
from backoffice.demo.world import World
from tests.browser.conftest import Opener
from tests.browser.test_orientation import spoken

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "lang"), [(390, "fr"), (1440, "en")])
def test_the_list_is_read_and_its_files_are_taken(
    visitor: Opener, people: Callable[..., World], width: int, lang: str
) -> None:
    people("F01")
    reader = spoken(visitor("manager", width=width, lang=lang), lang)
    reader.go("/operations-feder/")
    assert "Kap Numérik 2025" in reader.text()
    take(reader, lang, csv="Télécharger la liste en CSV", xlsx="Télécharger la liste en XLSX")


@pytest.mark.parametrize(("width", "lang"), [(390, "fr"), (1440, "en")])
def test_the_figures_of_a_scheme_are_reached_and_taken(
    visitor: Opener, people: Callable[..., World], width: int, lang: str
) -> None:
    file = stories.paid(people("F01")).file
    reader = spoken(visitor("manager", width=width, lang=lang), lang).go("/aides/")
    follow(reader, lang, "Ses chiffres")
    assert {"fr": "2 200,00 €", "en": "€2,200.00"}[lang] in reader.text().replace("\u202f", "\u00a0").replace(
        "\u00a0", " "
    )
    assert file.reference not in reader.text()
    take(reader, lang, csv="Télécharger ces chiffres en CSV", xlsx="Télécharger ces chiffres en XLSX")
    follow(reader, lang, "Tous les dispositifs")
    assert reader.page.url.endswith("/chiffres/")
    take(reader, lang, csv="Télécharger les subventions accordées (SCDL, CSV)")


def follow(reader: Any, lang: str, words: str) -> None:
    with override(lang):
        reader.page.get_by_role("link", name=gettext(words)).first.click()


def take(reader: Any, lang: str, **links: str) -> None:
    """Click each link, and get a file of the form that it names."""
    for form, words in links.items():
        with reader.page.expect_download() as taken:
            follow(reader, lang, words)
        assert taken.value.suggested_filename.endswith(f".{form}")
