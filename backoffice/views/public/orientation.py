"""« May I get an aid? »: one page before any account, a SIRET or five answers, every open scheme of her region."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import self_diagnosis
from applications.decisive import Change
from applications.forms.fields import categories, tongue
from applications.forms.orientation import BEFORE, OrientationForm, told
from applications.forms.work_units import WorkUnitsForm
from applications.orientation import DEPENDS, NO, YES, Answer, answer, changed
from backoffice.views import work_units
from backoffice.views.public import decides, money
from backoffice.views.public.gives import gives
from backoffice.views.public.nearby import Near, nearby
from backoffice.views.public.schemes import open_versions
from backoffice.views.public.wording import told as reasons_told
from regions import clock
from regions.models import Region, SchemeVersion

ORDER = {YES: 0, DEPENDS: 1, NO: 2}


@dataclass(slots=True)
class Card:
    """What the page shows of one scheme: its answer, in words."""

    version: SchemeVersion
    answer: Answer
    near: Near | None = None
    change: Change | None = None
    decisions: list[decides.Told] = field(default_factory=list)

    @property
    def scheme(self) -> Any:
        return self.version.scheme

    @property
    def reasons(self) -> list[tuple[str, str]]:
        return reasons_told(self.answer.result.reasons)

    @property
    def missing(self) -> list[str]:
        return [decides.label(name) for name in self.answer.result.missing]

    @property
    def limits(self) -> list[tuple[str, str]]:
        """What is left out of the example, and why."""
        return reasons_told(reason for line in self.answer.result.lines for reason in line.reasons)

    @property
    def category(self) -> str:
        return dict(categories(self.version.rules))[self.answer.line.category]

    @property
    def gives(self) -> list[str]:
        return gives(self.version.rules)

    @property
    def money(self) -> list[str]:
        return money.when_told(self.version.rules, self.answer.result, self.answer.outlay)

    @property
    def papers(self) -> list[Any]:
        return money.papers(self.version.rules)

    @property
    def to_confirm(self) -> list[str]:
        return [item["note"][tongue()] for item in self.version.rule("to_confirm", default=[])]

    @property
    def provider_needed(self) -> bool:
        return bool(self.version.rule("provider", "accreditation_required", default=False))

    @property
    def diagnosis(self) -> bool:
        return self_diagnosis.asked_by(self.version.rules)

    @property
    def then(self) -> str:
        return decides.then(self.change) if self.change else ""

    @property
    def lifted(self) -> bool:
        return bool(self.change and self.change.lifted and not self.change.appeared)

    @property
    def why(self) -> tuple[tuple[str, str], ...]:
        return decides.why(self.change) if self.change else ()


@require_http_methods(["GET", "HEAD", "POST"])
def orientation(request: HttpRequest) -> HttpResponse:
    """Ask, then answer above the questions; asked again with another figure, tell what that figure changed."""
    versions = [version for version in open_versions() if "how" in version.rules]
    asked = _asked(versions)
    if request.method != "POST":
        return _page(request, OrientationForm(asked=asked))
    if work_units.asked(request):
        typed, people = work_units.counted(request)
        return _page(request, OrientationForm(initial=typed, asked=asked), people=people)
    form = OrientationForm(request.POST, asked=asked)
    if not form.is_valid():
        return _page(request, form)
    before = OrientationForm(request.POST, asked=asked, prefix=BEFORE)
    return _page(request, _again(form, asked), **_outcome(versions, form, before if before.is_valid() else None))


def _asked(versions: Iterable[SchemeVersion]) -> set[str]:
    """The facts that the conditions of the open schemes name."""
    conditions = (c for version in versions for c in version.rule("who", "conditions", default=[]))
    return {part["fact"] for condition in conditions for part in condition.get("any_of", [condition])}


def _again(form: OrientationForm, asked: set[str]) -> OrientationForm:
    """The questions once more, holding what was typed and what the register filled."""
    written = {n: f"{v.normalize():f}" if isinstance(v, Decimal) else v for n, v in form.cleaned_data.items()}
    again = OrientationForm(initial=written, asked=asked)
    again.notice = form.notice
    return again


def _outcome(versions: list[SchemeVersion], form: OrientationForm, before: OrientationForm | None) -> dict[str, Any]:
    here = [version for version in versions if version.scheme.region.code == form.region]
    day = clock.today(here[0].scheme.region.time_zone) if here else clock.today()
    cards = _cards(here, form, day)
    if before is not None:
        _compare(cards, before, day)
    region = here[0].scheme.region if here else Region.objects.filter(code=form.region).first()
    return {
        "cards": sorted(cards, key=lambda card: ORDER[card.answer.standing]), "region": region,
        "cost": form.cost_told, "best": max((card.answer.result.aid for card in cards), default=Decimal(0)),
        "open": [card for card in cards if card.answer.standing == YES], "carried": told(form.cleaned_data),
        "figures": _figures(before, form) if before is not None else [], "before": before,
    }  # fmt: skip


def _cards(versions: list[SchemeVersion], form: OrientationForm, day: date) -> list[Card]:
    near = nearby((version.scheme_id for version in versions), form.cleaned_data["place"], day)
    cards = []
    for version in versions:
        found = answer(version.rules, form.facts(), form.cost_told, day)
        told_tips = [*decides.decisions(found.tips), *decides.costs(found.costs)]
        cards.append(Card(version, found, near.get(version.scheme_id), decisions=told_tips))
    return cards


def _compare(cards: list[Card], before: OrientationForm, day: date) -> None:
    """Set beside each answer what the answer before was."""
    for card in cards:
        earlier = answer(card.version.rules, before.facts(), before.cost_told, day)
        card.change = changed(earlier, card.answer)


def _figures(before: OrientationForm, after: OrientationForm) -> list[tuple[str, str, str]]:
    """The answers that were changed: which, from what, to what."""
    pairs = ((name, _shown(before, name), _shown(after, name)) for name in before.fields)
    return [(decides.label(name), old, new) for name, old, new in pairs if old != new]


def _shown(form: OrientationForm, name: str) -> str:
    value: Any = form.cleaned_data.get(name)
    if value in (None, ""):
        return _("non renseigné")
    if name == "legal_category":
        return str(dict(form.fields[name].choices)[value])  # type: ignore[attr-defined]
    return decides.figure(value) if isinstance(value, Decimal) else str(value)


def _page(request: HttpRequest, form: OrientationForm, **outcome: Any) -> HttpResponse:
    return render(
        request,
        "public/orientation.html",
        {"form": form, "asked": BEFORE, "people": WorkUnitsForm.typed_in(request.POST)} | outcome,
    )
