"""Thirty definitions that somebody got wrong: each is refused with one sentence, at the line to mend."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from regions.schemes.loader import SchemeError, parse, shipped

# Which definition, what is written, what somebody wrote instead, the line to mend, the words to say so.
BROKEN = [
    ("kap-numerik", "kind: voucher", "kind: bon", "kind: bon", "« bon » n’est pas une valeur possible"),
    ("kap-numerik", "prefix: KAP", "prefix: Kap", "prefix: Kap", "n’a pas la forme attendue"),
    ("kap-numerik", "sources:\n  - Public", "sources: Public", "sources: Public", "il faut une liste"),
    ("kap-numerik", "legal_basis:", "basis:", "basis: de_minimis", "ce nom n’existe pas ici : « basis »"),
    ("kap-numerik", "examination:\n  checks: [eligibility, documents, de_minimis, provider]\n", "", "format: 1",
     "« examination » : remplir la partie, ou la nommer"),
    ("kap-numerik", "fact: headcount, op: lt", "fact: staff, op: lt", "fact: staff", "le fait « staff » n’existe pas"),
    ("kap-numerik", "fact: turnover, op: lt", "fact: turnover, op: in", "fact: turnover, op: in",
     "l’opérateur « in » ne convient pas au fait « turnover »"),
    ("kap-numerik", '{fact: turnover, op: lt, value: "500000.00"}\n    - {fact',
     "{fact: turnover, op: includes, value: x}\n    - {fact",
     "op: includes", "l’opérateur « includes » ne convient pas"),
    ("kap-numerik", 'op: lt, value: "20"', 'op: lt, value: "vingt"', 'value: "vingt"', "la valeur « vingt »"),
    ("kap-numerik", 'op: ge, value: "10"', 'op: eq, value: "dix"', 'op: eq, value: "dix"', "la valeur « dix »"),
    ("kap-numerik", 'rev2: ["01", "03"', 'rev2: [[], "03"', "      value:\n", "n’a pas la forme que lit"),
    ("kap-numerik", '        "2025": ["01"', '        "2027": ["01"', "      value:\n", "dans chaque nomenclature"),
    ("kap-numerik", 'rev2: ["01", "03"', '"2024": ["01"]\n        rev2: ["01", "03"', "      value:\n",
     "« rev2 », « 2025 »"),
    ("kap-numerik", "value: [liberal_regulated, public]", "value: public", "value: public", "n’a pas la forme que lit"),
    ("kap-numerik", "value: [awarded_on, applied_on]", "value: [award]", "value: [award]", "n’a pas la forme que lit"),
    ("kap-numerik", "reason: sector\n", "reason: sectors\n", "- fact: naf", "« sectors » n’a pas de texte"),
    ("kap-numerik", "{code: chatbot,", "{code: mobile_application,",
     "{code: mobile_application, aid_ceiling: \"2000.00\", label: {fr: Application",
     "« mobile_application » est déjà défini plus haut"),
    ("kap-numerik", "function: percent_by_category", "function: percentage", "function: percentage",
     "« percentage » n’est pas une valeur possible"),
    ("kap-numerik", 'headcount_below: "20", rate', 'headcount_below: "10", rate', 'headcount_below: "10", rate: "0.50"',
     "« headcount_below » doivent croître"),
    ("kap-numerik", 'rate: "0.80"', 'rate: "80"', 'rate: "80"', "n’a pas la forme attendue"),
    ("kap-numerik", "  model: reimbursement", "  model: advance_balance", "payment:\n", "il manque « advance »"),
    ("kit-numerique", "  model: assignment", "  model: split", "payment:\n", "il manque « split »"),
    ("impulsion-export", '      annual_rate_percent: "2.00"',
     '      annual_rate_percent: "2.00"\n      success: {least_share: "0.3",turnover_share: "0.1",declaration_days: 9}',
     "      success:", "celui d’une avance sans intérêt"),
    ("kit-numerique", "  model: assignment", '  model: split\n  split: {provider_share: "1.00"}', "  split:",
     "« payment.split.provider_share » : « 1.00 » n’a pas la forme attendue"),
    ("kit-numerique", "  model: assignment", '  model: assignment\n  split: {provider_share: "0.60"}', "  model:",
     "la valeur doit être « split »"),
    ("commerce-connecte", 'step_aid: "150.00"', 'step_aid: "150.00"\n  rate: "0.50"', '  rate: "0.50"',
     "ce nom n’existe pas ici : « rate »"),
    ("commerce-connecte", "excluded: true, reason: hardware_list", "excluded: true, reason: computers",
     "reason: computers", "« computers » n’a pas de texte"),
    ("commerce-connecte", "{code: website, label", '{code: website, aid_ceiling: "10.00", label', "code: website",
     "n’est lu que par le calcul « percent_by_category »"),
    ("commerce-connecte", 'step_aid: "150.00"', 'step_aid: "300.01"', 'step_aid: "300.01"',
     "son aide ne peut dépasser"),
    ("commerce-connecte", 'step_cost: "300.00"', 'step_cost: "0.00"', "step_aid",
     "un palier de coût doit dépasser zéro"),
    ("conseil-digital", '  rate: "0.50"\n', "", "how:\n", "donner un taux"),
    ("conseil-digital", "territory: region", "territory: country", "territory: country", "choisir parmi : any, region"),
    ("accompagnement-numerique", "categories: [potential_analysis]", "categories: [analysis]", "categories: [analysis]",
     "la catégorie « analysis » n’est pas sous"),
    ("accompagnement-numerique", "    - level: 2", "    - level: 1", "    - level: 1\n      categories: [cyber",
     "« 1 » est déjà défini plus haut"),
    ("accompagnement-numerique", '        days_max: "30"\n', "", "      how:\n        function: days",
     "il manque « days_max »"),
    ("groupement-export", "export_nature: trade_fair", "export_nature: fair", "export_nature: fair", "choisir parmi"),
    ("groupement-export", "on_loss: reduce", "on_loss: ignore", "on_loss: ignore", "choisir parmi : reduce, revoke"),
    ("impulsion-export", "instrument: loan", "instrument: advance",
     "- instrument: advance\n      share_of_cost: \"0.30\"\n      amount_floor: \"5",
     "« advance » est déjà défini plus haut"),
    ("impulsion-export", "      months: 48", "      months: 47", "      months: 47", "multiples de « every_months »"),
    ("impulsion-export", 'valid_from: "2025-01-01"', 'valid_from: "2025-02-30"', 'valid_from: "2025-02-30"',
     "« 2025-02-30 » n’est pas une date"),
    ("impulsion-export", '    share: "0.50"', "    share: 0.50", "    share: 0.50",
     "il faut un texte entre guillemets"),
    ("cheque-transformation", "  rolling:\n    years: 3", "  rolling:\n    years: 0", "    years: 0",
     "passe la limite de 1"),
    ("aide-numerique-tpe", '{up_to: "500.00", rate: "1.00"}', '{rate: "1.00"}', '{rate: "0.50"}',
     "« up_to » doivent croître"),
    ("cours-e-export", "service_offer: {",
     'how: {function: flat, amount: "1.00", cost_floor: "1.00"}\nservice_offer: {',
     "how: {function: flat", "cette partie n’existe pas pour un dispositif de cette nature"),
]  # fmt: skip
CALL = """format: 1
code: appel
kind: call
prefix: APP
name: {fr: Appel, en: Call}
sources: [Essai]
call:
  threshold: 60
  opens_on: "2026-03-01"
  closes_on: "2026-05-31"
  criteria:
    - {code: quality, weight: 60, label: {fr: Qualité, en: Quality}}
    - {code: reach, weight: 40, label: {fr: Portée, en: Reach}}
"""
BROKEN_CALLS = [
    ("weight: 40", "weight: 50", "  criteria:", "les poids des critères doivent faire 100"),
    ('closes_on: "2026-05-31"', 'closes_on: "2026-02-28"', 'closes_on: "2026-02-28"', "se ferme avant de s’ouvrir"),
    ('opens_on: "2026-03-01"', 'opens_on: "2026-13-01"', 'opens_on: "2026-13-01"', "n’est pas une date"),
    ("threshold: 60", "threshold: 101", "threshold: 101", "passe la limite de 100"),
]


@pytest.fixture(autouse=True)
def _french() -> Iterator[None]:
    with translation.override("fr"):
        yield


def _refused(text: str, at: str, said: str) -> None:
    with pytest.raises(SchemeError) as caught:
        parse(text, "essai.yaml")
    assert said in caught.value.sentence
    assert caught.value.line == text[: text.index(at)].count("\n") + 1
    assert caught.value.sentence.count("\n") == 0
    assert caught.value.sentence.endswith(".")


@pytest.mark.parametrize(("code", "old", "new", "at", "said"), BROKEN)
def test_a_broken_definition_is_refused_at_its_line(code: str, old: str, new: str, at: str, said: str) -> None:
    text = shipped()[code].read_text(encoding="utf-8")
    assert text.count(old) >= 1
    _refused(text.replace(old, new, 1), at, said)


@pytest.mark.parametrize(("old", "new", "at", "said"), BROKEN_CALLS)
def test_a_broken_call_is_refused_at_its_line(old: str, new: str, at: str, said: str) -> None:
    assert parse(CALL, "appel.yaml")["kind"] == "call"
    _refused(CALL.replace(old, new, 1), at, said)


def test_a_guarantee_needs_a_loan_before_it() -> None:
    text = shipped()["impulsion-export"].read_text(encoding="utf-8")
    start, end = text.index("    - instrument: loan"), text.index("    - instrument: guarantee")
    _refused(text[:start] + text[end:], "    - instrument: guarantee", "une garantie suit le prêt qu’elle garantit")


def test_the_same_fault_is_told_in_english() -> None:
    text = (
        shipped()["kap-numerik"]
        .read_text(encoding="utf-8")
        .replace("fact: headcount, op: lt", "fact: staff, op: lt", 1)
    )
    with translation.override("en"), pytest.raises(SchemeError, match="the fact “staff” does not exist; choose among"):
        parse(text, "essai.yaml")
