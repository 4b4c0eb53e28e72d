"""What a scheme gives, in sentences, from the figures of its aid function: one sentence maker per function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications.forms.fields import figure
from applications.rules.payment_models import model_of
from backoffice.views.public.wording import by_success, figure_of
from regions.enums import Instrument

Rules = Mapping[str, Any]


def gives(rules: Rules) -> list[str]:
    """Rates, ceilings and who is paid; empty sentences are left out."""
    return [*of_function(rules["how"]), *_paid(rules)]


def of_function(how: Rules) -> Iterator[str]:
    """The sentences of an aid function and of those inside it."""
    maker = MAKERS.get(how["function"], _plain)
    yield from maker(how)


def _percent(rate: str) -> str:
    return figure_of(Decimal(rate) * 100)


def _plain(how: Rules) -> Iterator[str]:
    """A rate, by size of firm or for all, with its ceilings."""
    for band in how.get("bands", [{}]):
        yield _banded({**how, **band})
    if "cost_ceiling" in how:
        yield _("Dépenses retenues jusqu’à %s €.") % figure(how["cost_ceiling"])


def _banded(terms: Rules) -> str:
    words = {"percent": _percent(terms["rate"]), "below": terms.get("headcount_below", "")}
    if "aid_ceiling" in terms:
        words["most"] = figure(terms["aid_ceiling"])
        if words["below"]:
            return (
                _("Sous %(below)s équivalents temps plein : %(percent)s %% de vos dépenses, jusqu’à %(most)s € d’aide.")
                % words
            )
        return _("%(percent)s %% de vos dépenses, jusqu’à %(most)s € d’aide.") % words
    if words["below"]:
        return _("Sous %(below)s équivalents temps plein : %(percent)s %% de vos dépenses.") % words
    return _("%(percent)s %% de vos dépenses.") % words


def _flat(how: Rules) -> Iterator[str]:
    words = {"amount": figure(how["amount"]), "floor": figure(how.get("cost_floor", "0"))}
    yield _("%(amount)s €, dès %(floor)s € de dépenses.") % words


def _steps(how: Rules) -> Iterator[str]:
    words = {"aid": figure(how["step_aid"]), "cost": figure(how["step_cost"])}
    yield _("%(aid)s € par tranche entière de %(cost)s € de dépenses.") % words
    if "cost_ceiling" in how:
        yield _("Dépenses retenues jusqu’à %s €.") % figure(how["cost_ceiling"])


def _slices(how: Rules) -> Iterator[str]:
    for segment in how["segments"]:
        words = {"percent": _percent(segment["rate"]), "up_to": figure(segment.get("up_to", "0"))}
        if "up_to" in segment:
            yield _("%(percent)s %% jusqu’à %(up_to)s € de dépenses.") % words
        else:
            yield _("%(percent)s %% au-delà.") % words


def _days(how: Rules) -> Iterator[str]:
    words = {
        "percent": _percent(how["rate"]), "price": figure(how["day_rate_ceiling"]), "most": how["days_max"],
    }  # fmt: skip
    yield _("%(percent)s %% de %(most)s jours au plus, chacun retenu jusqu’à %(price)s €.") % words


def _group(how: Rules) -> Iterator[str]:
    yield _("Pour un groupement de %s entreprises au moins.") % how["min_members"]
    words = {"percent": _percent(how["rate"]), "most": figure(how["aid_ceiling_per_member"])}
    yield _("%(percent)s %% du projet commun, jusqu’à %(most)s € par entreprise.") % words


def _levels(how: Rules) -> Iterator[str]:
    for entry in how["levels"]:
        for sentence in of_function(entry["how"]):
            yield _("Niveau %(level)s : %(sentence)s") % {"level": entry["level"], "sentence": sentence}


def _wallet(how: Rules) -> Iterator[str]:
    yield from of_function(how["how"])
    words = {"most": figure(how["rolling"]["ceiling"]), "years": how["rolling"]["years"]}
    yield _("Au plus %(most)s € par entreprise sur %(years)s ans.") % words


def _inner(how: Rules) -> Iterator[str]:
    yield from of_function(how["how"])


def _mix(how: Rules) -> Iterator[str]:
    for entry in how["components"]:
        label = Instrument(entry["instrument"]).label
        for sentence in _component(entry):
            yield _("%(instrument)s : %(sentence)s") % {"instrument": label, "sentence": sentence}


def _component(entry: Rules) -> Iterator[str]:
    if "how" in entry:
        yield from of_function(entry["how"])
    elif "share_of_loan" in entry:
        yield _("%s %% du prêt.") % _percent(entry["share_of_loan"])
    else:
        yield _banded({"rate": entry["share_of_cost"]} | {"aid_ceiling": entry["amount_ceiling"]})
    if "success" in entry:
        yield by_success(entry["success"])


def _paid(rules: Rules) -> Iterator[str]:
    model = model_of(rules)
    if model.share_first:
        yield _("Vous versez votre part d’avance ; la région paie le prestataire.")
    elif model.split:
        share = _percent(rules["payment"]["split"]["provider_share"])
        yield (
            _("La région paie %s %% de l’aide au prestataire, et vous verse le reste ; la TVA reste à votre charge.")
            % share
        )
    elif model.to_provider:
        yield _("La région paie le prestataire : vous n’avancez que votre part.")
    elif model.advance:
        yield _("Une partie peut être versée d’avance.")


MAKERS: dict[str, Callable[[Rules], Iterator[str]]] = {
    "flat": _flat, "steps": _steps, "piecewise": _slices, "days": _days, "group": _group, "levels": _levels,
    "wallet": _wallet, "pro_rata": _inner, "mix": _mix,
}  # fmt: skip
