"""The list of operations in a browser, without an account: read, and both files taken."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils.translation import gettext, override

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
    for form, words in (("csv", "Télécharger la liste en CSV"), ("xlsx", "Télécharger la liste en XLSX")):
        with override(lang):
            name = gettext(words)
        with reader.page.expect_download() as taken:
            reader.page.get_by_role("link", name=name).click()
        assert taken.value.suggested_filename.endswith(f".{form}")
