"""The checks of a file as the officer reads them: what the machine finds today, and what people recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from applications.enums import CheckKind, DocumentKind, Finding
from applications.models import Application, CheckResult
from backoffice.views.officer.fields import sentences
from backoffice.views.officer.project import expenses_of
from backoffice.views.public.wording import cited
from regions.money import floor_cent
from workflows.assessment import Assessment, finding
from workflows.conditions import latest_checks, required_checks

BY_HAND = (CheckKind.DOCUMENTS, CheckKind.ELIGIBILITY, CheckKind.DE_MINIMIS, CheckKind.EXPORT)
AWAITED_FROM: dict[str, Any] = {
    CheckKind.PROVIDER: gettext_lazy("Attendu du prestataire"),
    CheckKind.MEMBERS: gettext_lazy("Attendu des entreprises du groupement"),
}
STEPS: dict[str, Any] = {
    "excluded_lines": gettext_lazy("Lignes hors du dispositif écartées"),
    "rate": gettext_lazy("Taux d’aide appliqué"),
    "category_ceilings": gettext_lazy("Plafonds par service"),
    "aid_ceiling": gettext_lazy("Plafond du projet"),
    "other_aid": gettext_lazy("Autres aides publiques"),
    "category_costs": gettext_lazy("Plafonds de coût par service"),
    "cost_ceiling": gettext_lazy("Plafond du coût retenu"),
    "flat": gettext_lazy("Forfait"),
    "steps": gettext_lazy("Barème par paliers"),
    "days": gettext_lazy("Prix et nombre de journées"),
    "level_lines": gettext_lazy("Dépenses du niveau demandé"),
    "member_ceiling": gettext_lazy("Plafond par entreprise du groupement"),
    "wallet_rolling": gettext_lazy("Plafond glissant de l’entreprise"),
    "wallet_year": gettext_lazy("Plafond annuel de l’entreprise"),
    "window_coefficient": gettext_lazy("Coefficient de répartition"),
    "asked_less": gettext_lazy("Montant demandé par l’entreprise"),
    "advance": gettext_lazy("Avance remboursable"),
    "loan": gettext_lazy("Prêt"),
    "guarantee": gettext_lazy("Garantie"),
}


@dataclass(slots=True)
class Check:
    """One check: the machine’s finding of the day ("" when a person alone can tell), and the latest record."""

    kind: str
    machine: str
    words: list[str]
    record: CheckResult | None
    recorded_words: list[str] = field(default_factory=list)
    form: Any = None

    @property
    def label(self) -> Any:
        return CheckKind(self.kind).label

    @property
    def shown_label(self) -> Any:
        return Finding(self.shown).label if self.shown else ""

    @property
    def confirmed(self) -> bool:
        """A person has recorded it; what the machine recorded at filing waits for eyes."""
        return self.record is not None and not self.record.made_by.is_system

    @property
    def shown(self) -> str:
        """The finding that counts: a person’s, else the machine’s of the day, else what is recorded."""
        recorded = self.record.finding if self.record else ""
        return recorded if self.confirmed or not self.machine else self.machine

    @property
    def green(self) -> bool:
        return self.shown == Finding.GREEN

    @property
    def awaited_from(self) -> Any:
        """Who else records it."""
        return AWAITED_FROM.get(self.kind, "")

    @property
    def by_hand(self) -> bool:
        """An officer records it; the provider records his own commitment."""
        return self.kind in BY_HAND


def checks_of(file: Application, verdict: Assessment) -> list[Check]:
    """The checks that the scheme asks for, what needs eyes first."""
    latest, words = latest_checks(file), dict(sentences(file))
    machine = _machine(file, verdict)
    rows = []
    for kind in required_checks(file):
        record = latest.get(kind)
        found, why = machine.get(kind, ("", []))
        codes = [words.get(code, code) for code in record.codes] if record else []
        rows.append(Check(kind, found, why, record, codes))
    return sorted(rows, key=lambda check: (check.green, check.kind))


def _machine(file: Application, verdict: Assessment) -> dict[str, tuple[str, list[str]]]:
    """Kind → the machine’s finding of the day and why."""
    by_rules = verdict.by_rules
    missing = missing_documents(file)
    there = (Finding.GREEN, [_("Toutes les pièces demandées sont là : les lire avant de confirmer.")])
    documents = (Finding.RED, [_("Il manque : %s.") % ", ".join(missing)]) if missing else there
    return {
        CheckKind.DOCUMENTS: documents,
        CheckKind.ELIGIBILITY: (finding(by_rules), reasons_in_words(by_rules)),
        CheckKind.DE_MINIMIS: (finding(verdict.de_minimis), reasons_in_words(verdict.de_minimis)),
        CheckKind.EXPORT: _export(file),
    }


def _export(file: Application) -> tuple[str, list[str]]:
    """An expense that the law excludes or leaves open needs eyes; those that it allows do not."""
    found = [one for one in expenses_of(file) if one.words]
    words = [f"{one.line.label} : {sentence}" for one in found for sentence in one.words]
    return (Finding.EXCEPTION if found else Finding.GREEN), words


def reasons_in_words(verdict: Any) -> list[str]:
    """The sentences of a verdict, each with the article that it rests on."""
    tongue = get_language() or "fr"
    return [f"{r.sentence(tongue)} ({cited(r.article)})" if r.article else r.sentence(tongue) for r in verdict.reasons]


def missing_documents(file: Application) -> list[str]:
    """The documents that the scheme asks at filing and that the file does not hold."""
    held = set(file.documents.filter(deleted_at__isnull=True).values_list("kind", flat=True))
    asked = file.scheme_version.rule("evidence", "application", default=[])
    return [str(DocumentKind(kind).label) for kind in asked if kind not in held]


def greens(checks: list[Check]) -> list[Check]:
    """What the machine finds green and nobody has looked at yet: one confirmation for all."""
    return [check for check in checks if check.by_hand and check.green and not check.confirmed]


def steps_of(verdict: Assessment) -> list[dict[str, Any]]:
    """The order of operations that made the amount, each step in words. Euro."""
    steps = verdict.amount.details.get("steps", [])
    return [step | {"label": STEPS.get(step["name"], step["name"])} for step in steps]


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the quote: what was asked, what is eligible, what is aided, and why less."""

    line: Any
    category: str
    eligible: Any
    aid: Any
    why: str

    @property
    def day_price(self) -> Any:
        """What a day costs on the quote, in euro, rounded down to the cent."""
        return floor_cent(self.line.amount / self.line.quantity) if self.line.quantity else None


def lines_of(file: Application, verdict: Assessment | None) -> list[LineRow]:
    """The lines as proposed when they were, else as the rules find them today; a decided file keeps its own words."""
    tongue = "en" if (get_language() or "fr").startswith("en") else "fr"
    labels = {c["code"]: c["label"][tongue] for c in file.scheme_version.rule("what", "categories", default=[])}
    found = verdict.amount.details.get("lines", []) if verdict is not None else _frozen_lines(file)
    computed = {row["key"]: row for row in found}
    words = dict(sentences(file))
    return [_line_row(line, computed.get(str(line.number), {}), labels, words, tongue) for line in file.lines.all()]


def _frozen_lines(file: Application) -> list[dict[str, Any]]:
    """The lines as the latest decision relied on them."""
    decision = file.decisions.order_by("-id").first()
    return list(json.loads(bytes(decision.outcome)).get("lines", [])) if decision else []


def _line_row(line: Any, row: Any, labels: dict[str, str], words: dict[str, str], tongue: str) -> LineRow:
    why = " ".join(_named(reason[tongue], line.label) for reason in row.get("reasons", []))
    fixed = line.eligible is not None
    eligible, aid = (line.eligible, line.aid) if fixed else (row.get("eligible"), row.get("aid"))
    if fixed and line.reason:
        why = why or words.get(line.reason, line.reason)
    return LineRow(line, labels.get(line.category, line.category), eligible, aid, why)


def _named(sentence: str, label: str) -> str:
    """The rules never see a label, which may name a person: the screen puts it back between its marks."""
    return sentence.replace("«  »", f"« {label} »").replace("“”", f"“{label}”")
