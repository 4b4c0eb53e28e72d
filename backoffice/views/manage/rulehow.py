"""The aid function of a scheme in words: one row for each parameter, nested functions under their heading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.documents.formats import money
from backoffice.views.manage.rulewords import label_of

Rules = Mapping[str, Any]
Rows = list[tuple[str, str]]

FRACTIONS = ("rate", "share", "share_of_cost", "share_of_loan", "public_aid_max_share")
PERCENTS = ("annual_rate_percent", "collateral_percent", "premium_percent", "base_rate_percent")
COUNTS = ("months", "grace_months", "every_months", "days_max", "min_members", "years", "valid_from", "replace_days")
WORDS = ("on_loss",)


def words(text: Mapping[str, str]) -> str:
    """A bilingual text in the reader’s language."""
    return text["en" if (get_language() or "fr").startswith("en") else "fr"]


def euro(amount: str) -> str:
    """« 3 200,00 € »."""
    return money(Decimal(amount), get_language() or "fr")


def percent(fraction: str) -> str:
    """« 80 % » from 0.80."""
    return _("%(share)s %%") % {"share": floatformat(Decimal(fraction) * 100, "-2")}


def rows_of(how: Rules, rules: Rules) -> Rows:
    """The rows of an aid function, in the order of its parameters."""
    made: Rows = []
    for name, value in how.items():
        made += SHAPES[name](value, rules) if name in SHAPES else [(str(label_of(name)), shown(name, value))]
    return made


def shown(name: str, value: Any) -> str:
    """A parameter in words: its name says whether it is a share, a percentage, a count or an amount."""
    if name in FRACTIONS:
        return percent(value)
    if name in PERCENTS:
        return _("%(share)s %%") % {"share": floatformat(Decimal(value), "-2")}
    if name in COUNTS:
        return str(value)
    return str(label_of(value)) if name in ("function", "instrument", *WORDS) else euro(value)


def _bands(bands: list[Rules], rules: Rules) -> Rows:
    return [(band_of(band), _aid(band)) for band in bands]


def band_of(band: Rules) -> str:
    return _("Moins de %(count)s équivalents temps plein") % {"count": band["headcount_below"]}


def _aid(band: Rules) -> str:
    if "rate" in band and "aid_ceiling" in band:
        return _("%(rate)s du coût aidé, %(ceiling)s au plus") % {
            "rate": percent(band["rate"]), "ceiling": euro(band["aid_ceiling"]),
        }  # fmt: skip
    parts = ((name, value) for name, value in band.items() if name != "headcount_below")
    return ", ".join(f"{label_of(name)} {shown(name, value)}" for name, value in parts)


def _segments(segments: list[Rules], rules: Rules) -> Rows:
    return [(_segment(segment), percent(segment["rate"])) for segment in segments]


def _segment(segment: Rules) -> str:
    if "up_to" not in segment:
        return _("Au-delà")
    return _("Jusqu’à %(amount)s de coût") % {"amount": euro(segment["up_to"])}


def _levels(levels: list[Rules], rules: Rules) -> Rows:
    labels = {category["code"]: words(category["label"]) for category in rules["what"]["categories"]}
    made: Rows = []
    for entry in levels:
        head = _("Niveau %(level)s") % {"level": entry["level"]}
        made.append((head, ", ".join(labels.get(code, code) for code in entry["categories"])))
        made += _under(head, rows_of(entry["how"], rules))
    return made


def _components(components: list[Rules], rules: Rules) -> Rows:
    made: Rows = []
    for component in components:
        rest = {name: value for name, value in component.items() if name != "instrument"}
        made += _under(str(label_of(component["instrument"])), rows_of(rest, rules))
    return made


def _nested(how: Rules, rules: Rules) -> Rows:
    return rows_of(how, rules)


def _rolling(rolling: Rules, rules: Rules) -> Rows:
    said = _("%(amount)s sur %(years)s ans") % {"amount": euro(rolling["ceiling"]), "years": rolling["years"]}
    return [(str(label_of("rolling")), said)]


def _success(terms: Rules, rules: Rules) -> Rows:
    shares = [(str(label_of(name)), percent(terms[name])) for name in ("least_share", "turnover_share")]
    days = _("%(count)s jours") % {"count": terms["declaration_days"]}
    return _under(str(label_of("success")), [*shares, (str(label_of("declaration_days")), days)])


def _under(head: str, rows: Rows) -> Rows:
    return [(f"{head} › {label}", value) for label, value in rows]


def _function(name: str, rules: Rules) -> Rows:
    """The usual formula goes without saying: its bands tell it."""
    return [] if name == "percent_by_category" else [(str(label_of("function")), str(label_of(name)))]


SHAPES: dict[str, Callable[[Any, Rules], Rows]] = {
    "function": _function, "bands": _bands, "segments": _segments, "levels": _levels, "components": _components,
    "how": _nested, "rolling": _rolling, "reference": _nested,
    "success": _success,
}  # fmt: skip
