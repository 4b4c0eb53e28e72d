"""The English catalogue: complete for what the sources say, and checked by a tool that sees its faults."""

from __future__ import annotations

import gettext
from io import BytesIO
from pathlib import Path

import pytest

from tools import messages
from tools.messages import Entry, Key

MODULE = """
from django.utils.translation import gettext as now_, gettext_lazy as _, ngettext, pgettext
from django.utils import translation
from elsewhere import other
WORDS = [_("Un dossier"), now_("Deux"), pgettext("verbe", "Montre"), translation.gettext("En toutes lettres")]
JOINED = format_lazy(_("Pour {name} "
                       "aussi"), name=_("Nom"))
COUNTED = ngettext("%(n)s pièce", "%(n)s pièces", 2)
NOT_OURS = [other("rien"), _(WORDS[0])]
"""
TEMPLATE = """{% load i18n %}
<a title="{% translate 'Ouvrir' %}">{{ _("Fermer") }}</a>
{% translate "Montre" context "objet" %} 40 %
{% blocktranslate trimmed with n=count %}
  Il reste
  {{ n }} jours, soit 50 %
{% endblocktranslate %}
{% blocktranslate count n=total %}{{ n }} euro{% plural %}{{ n }} euros{% endblocktranslate %}
"""


def tree(root: Path, module: str, catalogue: messages.Catalogue) -> Path:
    """A source tree of one module and one catalogue."""
    (root / "regions").mkdir()
    (root / "regions" / "words.py").write_text(module, encoding="utf-8")
    path = root / messages.CATALOGUE
    path.parent.mkdir(parents=True)
    path.write_text(messages.write(catalogue), encoding="utf-8")
    return root


def one(text: str) -> str:
    return f"from django.utils.translation import gettext as _\nWORDS = _({text!r})\n"


def test_the_english_catalogue_is_complete() -> None:
    assert messages.check() == []


def test_python_calls_are_found_under_any_local_name() -> None:
    assert set(messages.extract(MODULE, "words.py")) == {
        Key("Un dossier"), Key("Deux"), Key("Montre", context="verbe"), Key("En toutes lettres"),
        Key("Pour {name} aussi"), Key("Nom"), Key("%(n)s pièce", "%(n)s pièces"),
    }  # fmt: skip


def test_template_tags_are_found_as_django_looks_them_up() -> None:
    assert set(messages.extract(TEMPLATE, "page.html")) == {
        Key("Ouvrir"), Key("Fermer"), Key("Montre", context="objet"),
        Key("Il reste %(n)s jours, soit 50 %%"), Key("%(n)s euro", "%(n)s euros"),
    }  # fmt: skip


def test_a_missing_string_is_caught(tmp_path: Path) -> None:
    root = tree(tmp_path, one("Nouveau"), {})
    assert messages.check(root) == ["missing: « Nouveau »"]


def test_an_obsolete_string_is_caught(tmp_path: Path) -> None:
    root = tree(tmp_path, "", {Key("Ancien"): Entry(["Old"])})
    assert messages.check(root) == ["obsolete: « Ancien »"]


@pytest.mark.parametrize(
    ("key", "entry", "fault"),
    [
        (Key("Jour"), Entry([""]), "not translated: « Jour »"),
        (Key("Jour"), Entry(["Day"], fuzzy=True), "fuzzy: « Jour »"),
        (Key("Le {day}"), Entry(["On {date}"]), "other placeholders: « Le {day} »"),
        (Key("Le %(day)s"), Entry(["On the day"]), "other placeholders: « Le %(day)s »"),
        (Key("De %s à %s"), Entry(["From %s"]), "other placeholders: « De %s à %s »"),
        (Key("%s an", "%s ans"), Entry(["%s year"]), "not translated: « %s an »"),
        (Key("%s an", "%s ans"), Entry(["%s year", "years"]), "other placeholders: « %s an »"),
    ],
)
def test_a_faulty_translation_is_caught(key: Key, entry: Entry, fault: str) -> None:
    assert messages.problems([key], {key: entry}) == [fault]


def test_a_percentage_is_no_placeholder() -> None:
    key = Key("40 % du coût, 50 %% au plus")
    assert messages.problems([key], {key: Entry(["40% of the cost, 50%% at most"])}) == []


def test_update_keeps_translations_and_names_the_new(tmp_path: Path) -> None:
    kept = {Key("Jour"): Entry(["Day"]), Key("Ancien"): Entry(["Old"])}
    root = tree(tmp_path, one("Jour") + 'OTHER = _("Nouveau")\n', kept)
    assert messages.update(root) == ["not translated: « Nouveau »"]
    assert messages.load(root) == {
        Key("Jour"): Entry(["Day"], ["regions/words.py"]),
        Key("Nouveau"): Entry([""], ["regions/words.py"]),
    }


def test_what_is_written_is_read_again() -> None:
    catalogue = {
        Key('Dire « oui »\n"et" \\ signer\t'): Entry(['Say "yes"\nand \\ sign\t'], ["a.py", "b.html"]),
        Key("%s an", "%s ans", "durée"): Entry(["%s year", "%s years"], fuzzy=True),
    }
    assert messages.read(messages.write(catalogue)) == catalogue


def test_the_compiled_catalogue_is_what_gettext_reads() -> None:
    catalogue = {
        Key("Dossier"): Entry(["File"]),
        Key("Montre", context="objet"): Entry(["Watch"]),
        Key("%s an", "%s ans"): Entry(["%s year", "%s years"]),
        Key("Vide"): Entry([""]),
    }
    read = gettext.GNUTranslations(BytesIO(messages.compiled(catalogue)))
    assert (read.gettext("Dossier"), read.pgettext("objet", "Montre")) == ("File", "Watch")
    assert [read.ngettext("%s an", "%s ans", n) for n in (0, 1, 2)] == ["%s years", "%s year", "%s years"]
    assert read.gettext("Vide") == "Vide"


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert messages.main(["translate"]) == 2
    assert "check|update|compile" in capsys.readouterr().err
