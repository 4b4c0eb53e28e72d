"""Aid under the general block exemption (GBER art. 18, 19 and 28): what the article leaves of what the rules give.

Pure but for `gather`: the verdict is made of frozen inputs. Euro excl. VAT.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from applications.models import Application, Grant
from applications.publication import publication_of, standing
from applications.rules import difficulty, eligibility, gber, terms
from applications.rules.base import Verdict
from applications.rules.gber_versions import in_force
from applications.rules.incentive_effect import CONTENTS, Request
from regions.money import ZERO

PREFIX = "gber_"
# What an expense is under each article when the scheme does not say: the whole of a consulting scheme is
# consultancy; a fair and an innovation name their kinds, and what has none is left out.
KINDS = {"18": "consultancy", "19": "", "28": ""}
# A trial on fictitious firms has no file behind it: nothing is missing from the application, nothing came before.
TRIAL: Mapping[str, Any] = {"contents": tuple(CONTENTS), "scheme_since": None, "earlier": ()}
WHOLE_RATE_ARTICLE, YEARLY_ARTICLE = "28", "19"


def article_of(rules: Mapping[str, Any]) -> str:
    """« 18 », « 19 » or « 28 »; empty when the scheme rests on something else."""
    basis = str(rules.get("legal_basis", ""))
    return basis.removeprefix(PREFIX) if basis.startswith(PREFIX) else ""


def gather(application: Application, sirens: Iterable[str]) -> dict[str, Any] | None:
    """What the article asks besides the file's facts; None outside the exemption."""
    rules = application.scheme_version.rules
    if not article_of(rules):
        return None
    return {
        "contents": _contents(application), "scheme_since": application.scheme_version.valid_from,
        "earlier": _earlier(application, sirens), **_declared(application),
    }  # fmt: skip


def _declared(application: Application) -> dict[str, Any]:
    """The firm's answers on difficulty, where the law asks for them."""
    if not terms.asks_difficulty(application.scheme_version.rules):
        return {}
    return {"difficulty": {name: getattr(application, name) for name in difficulty.QUESTIONS}}


def _contents(application: Application) -> list[str]:
    """What the written application holds of the five things that art. 6(2) asks."""
    given = {
        "name_and_size": application.headcount is not None,
        "description_and_dates": bool(application.title),
        "location": bool(application.commune or application.company.commune),
        "costs": application.lines.exists(),
        "aid_sought": application.lines.exists(),
    }
    return sorted(name for name, there in given.items() if there)


def _earlier(application: Application, sirens: Iterable[str]) -> list[dict[str, Any]]:
    """Earlier grants to the undertaking under the same article, where the article counts them."""
    basis = application.scheme_version.rule("legal_basis", default="")
    if article_of({"legal_basis": basis}) not in (WHOLE_RATE_ARTICLE, YEARLY_ARTICLE):
        return []
    rows = Application.objects.filter(
        company__siren__in=sorted(sirens), amount_granted__isnull=False, scheme_version__rules__legal_basis=basis
    ).exclude(pk=application.pk)
    found = rows.order_by("decided_on", "pk").values_list("decided_on", "amount_granted")
    return [{"granted_on": on, "amount": amount} for on, amount in found]


def assess(inputs: Mapping[str, Any], facts: Mapping[str, Any], amount: Verdict) -> Verdict:
    """The aid that the article allows, never more than the rules give; accepted as it is outside the exemption."""
    article = article_of(inputs["rules"])
    if not article:
        return Verdict(True, amount=amount.amount)
    size = eligibility.derived(facts).get("size") or ""
    beneficiary = gber.Beneficiary(size, situation=situation(inputs, facts))
    return gber.assess(_project(article, inputs, facts, amount), beneficiary)


def situation(inputs: Mapping[str, Any], facts: Mapping[str, Any]) -> difficulty.Situation | None:
    """The answers on difficulty as of the day; None where they are not asked, or were not when the file was frozen."""
    answers = (inputs.get("exemption") or TRIAL).get("difficulty")
    if answers is None:
        return None
    size = eligibility.derived(facts).get("size") or ""
    return difficulty.Situation(answers, size, facts["created_on"], inputs["day"])


def _project(article: str, inputs: Mapping[str, Any], facts: Mapping[str, Any], amount: Verdict) -> gber.Project:
    day = inputs["day"]
    more = inputs.get("exemption") or TRIAL
    started = facts.get("works_start_on")
    earlier = [(row["granted_on"], row["amount"]) for row in more["earlier"]]
    return gber.Project(
        article=article, costs=_costs(article, inputs, amount), granted_on=day, requested=amount.amount or ZERO,
        other_aid=facts["other_public_aid"], aid_to_threshold=_to_threshold(article, facts, earlier, day),
        innovation_awards=earlier if article == WHOLE_RATE_ARTICLE else (),
        request=Request(facts.get("applied_on"), frozenset(more["contents"])),
        events=[("signed_quote", started)] if started else [], scheme_since=more["scheme_since"],
    )  # fmt: skip


def _costs(article: str, inputs: Mapping[str, Any], amount: Verdict) -> list[gber.Cost]:
    """The eligible part of each line, of the kind that the scheme gives its category."""
    kinds = {one["code"]: one.get("cost_kind", KINDS[article]) for one in inputs["rules"]["what"]["categories"]}
    category = {line["key"]: line["category"] for line in inputs["lines"]}
    return [
        gber.Cost(kinds.get(category[line["key"]], ""), Decimal(line["eligible"]))
        for line in amount.details["lines"]
        if Decimal(line["eligible"])
    ]


def _to_threshold(article: str, facts: Mapping[str, Any], earlier: list[tuple[date, Decimal]], day: date) -> Decimal:
    """Other aid that counts towards the notification threshold: of the project, of the year for fairs."""
    other: Decimal = facts["other_public_aid"]
    if article != YEARLY_ARTICLE:
        return other
    return other + sum((amount for on, amount in earlier if on.year == day.year), ZERO)


def publication(application: Application) -> dict[str, Any] | None:
    """Whether the grant is to be published and by when (art. 9); None when nothing was granted, or elsewhere.

    It is measured on the equivalent that stands, or that was published already.
    """
    grant = Grant.objects.filter(application=application).first()
    if not article_of(application.scheme_version.rules) or grant is None:
        return None
    version = in_force(grant.decided_on, scheme_since=application.scheme_version.valid_from)
    filing = publication_of(grant)
    told = standing(grant, filing.filed_on if filing else None)
    return None if version is None else gber.publication(told, grant.decided_on, version)
