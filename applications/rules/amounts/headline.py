"""How much a scheme gives, in a sentence that a manager reads before any account: from its parameters alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

How = Mapping[str, Any]
Text = dict[str, str]
NARROW = "\u202f"  # narrow no-break space: French thousands, and before the euro sign


def headlines(how: How) -> list[Text]:
    """One sentence in each language for each size of firm, level or instrument of an aid function."""
    return SENTENCES[how["function"]](how)


def euro(value: str) -> Text:
    """« 3 200 € », or with its cents when it has some; the same in English."""
    amount = Decimal(value)
    plain = f"{int(amount):,}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    return {"fr": f"{plain.replace(',', NARROW).replace('.', ',')}{NARROW}€", "en": f"€{plain}"}


def percent(rate: str) -> Text:
    """« 80 % » from 0.80."""
    plain = f"{(Decimal(rate) * 100).normalize():f}"
    return {"fr": f"{plain.replace('.', ',')}{NARROW}%", "en": f"{plain}%"}


def _say(fr: str, en: str, **values: Any) -> Text:
    """A sentence in both languages; a value is a bilingual text, or the same word in both."""
    words = {name: value if isinstance(value, dict) else {"fr": value, "en": value} for name, value in values.items()}
    return {
        "fr": fr.format(**{name: text["fr"] for name, text in words.items()}),
        "en": en.format(**{name: text["en"] for name, text in words.items()}),
    }


def _join(*texts: Text) -> Text:
    return {language: "".join(text[language] for text in texts) for language in ("fr", "en")}


def _after(head: Text, texts: list[Text]) -> list[Text]:
    """Sentences under a heading: « Niveau 1 : … »."""
    return [_join(head, _say(" : ", ": "), text) for text in texts]


def _limits(terms: How) -> Text:
    """What bounds an aid: the cost from which it starts, the cost accepted, the aid at most."""
    said = _say("", "")
    for name, fr, en in LIMITS:
        if name in terms:
            said = _join(said, _say(fr, en, amount=euro(terms[name])))
    return said


LIMITS = (
    ("cost_floor", ", à partir de {amount} de dépenses", ", from {amount} of expenses on"),
    ("cost_ceiling", ", retenues jusqu’à {amount}", ", accepted up to {amount}"),
    ("aid_ceiling", ", jusqu’à {amount} d’aide", ", up to {amount} of aid"),
)


def _percent(how: How) -> list[Text]:
    if "bands" not in how:
        return [
            _join(_say("{rate} de vos dépenses", "{rate} of your expenses", rate=percent(how["rate"])), _limits(how))
        ]
    return [text for band in how["bands"] for text in _after(_size(band), _percent(_terms(how, band)))]


def _terms(how: How, band: How) -> How:
    return {name: value for name, value in {**how, **band}.items() if name not in ("bands", "headcount_below")}


def _size(band: How) -> Text:
    fr, en = "Sous {count} équivalents temps plein", "Below {count} work units"
    return _say(fr, en, count=band["headcount_below"])


def _flat(how: How) -> list[Text]:
    return [_join(_say("{amount} d’aide", "{amount} of aid", amount=euro(how["amount"])), _limits(how))]


def _steps(how: How) -> list[Text]:
    fr, en = "{aid} d’aide par tranche entière de {cost} de dépenses", "{aid} of aid for each whole {cost} of expenses"
    return [_join(_say(fr, en, aid=euro(how["step_aid"]), cost=euro(how["step_cost"])), _limits(how))]


def _piecewise(how: How) -> list[Text]:
    first, *rest = how["segments"]
    said = _slice(first)
    for segment in rest:
        said = _join(said, _say(", puis ", ", then "), _slice(segment))
    return [_join(said, _limits(how))]


def _slice(segment: How) -> Text:
    said = _say("{rate} de vos dépenses", "{rate} of your expenses", rate=percent(segment["rate"]))
    if "up_to" not in segment:
        return said
    return _join(said, _say(" jusqu’à {amount}", " up to {amount}", amount=euro(segment["up_to"])))


def _days(how: How) -> list[Text]:
    fr = "{rate} des journées de conseil, jusqu’à {price} par jour et {days} jours"
    en = "{rate} of the consulting days, up to {price} a day and {days} days"
    said = _say(fr, en, rate=percent(how["rate"]), price=euro(how["day_rate_ceiling"]), days=how["days_max"])
    return [_join(said, _limits(how))]


def _group(how: How) -> list[Text]:
    fr = "{rate} du projet commun, jusqu’à {amount} par entreprise, à {count} entreprises au moins"
    en = "{rate} of the joint project, up to {amount} per firm, for {count} firms at least"
    ceiling = euro(how["aid_ceiling_per_member"])
    return [_say(fr, en, rate=percent(how["rate"]), amount=ceiling, count=str(how["min_members"]))]


def _levels(how: How) -> list[Text]:
    return [
        text
        for entry in how["levels"]
        for text in _after(_say("Niveau {level}", "Level {level}", level=str(entry["level"])), headlines(entry["how"]))
    ]


def _wallet(how: How) -> list[Text]:
    fr, en = (
        ", dans la limite de {amount} par entreprise sur {years} ans",
        ", within {amount} per firm over {years} years",
    )
    rolling = how["rolling"]
    limit = _say(fr, en, amount=euro(rolling["ceiling"]), years=str(rolling["years"]))
    return [_join(text, limit) for text in headlines(how["how"])]


def _pro_rata(how: How) -> list[Text]:
    limit = _say(
        ", réduits en proportion si le budget ne suffit pas", ", reduced in proportion if the budget falls short"
    )
    return [_join(text, limit) for text in headlines(how["how"])]


def _mix(how: How) -> list[Text]:
    return [text for component in how["components"] for text in _component(component)]


def _component(component: How) -> list[Text]:
    head = INSTRUMENTS[component["instrument"]]
    if component["instrument"] == "grant":
        return _after(head, headlines(component["how"]))
    if component["instrument"] == "guarantee":
        return _after(head, [_say("{rate} du prêt", "{rate} of the loan", rate=percent(component["share_of_loan"]))])
    fr = "{rate} de vos dépenses, jusqu’à {amount}, à rembourser en {months} mois"
    en = "{rate} of your expenses, up to {amount}, to be repaid within {months} months"
    rate, ceiling = percent(component["share_of_cost"]), euro(component["amount_ceiling"])
    return _after(head, [_say(fr, en, rate=rate, amount=ceiling, months=str(component["months"]))])


INSTRUMENTS: Mapping[str, Text] = {
    "grant": _say("Subvention", "Grant"),
    "advance": _say("Avance remboursable", "Repayable advance"),
    "loan": _say("Prêt", "Loan"),
    "guarantee": _say("Garantie", "Guarantee"),
}
SENTENCES: Mapping[str, Callable[[How], list[Text]]] = {
    "percent_by_category": _percent, "percent": _percent, "flat": _flat, "steps": _steps, "piecewise": _piecewise,
    "days": _days, "group": _group, "levels": _levels, "wallet": _wallet, "pro_rata": _pro_rata, "mix": _mix,
}  # fmt: skip
