"""The rules of a scheme in words, made from its data: who, what, how much, when, on what evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from applications.enums import CheckKind, DocumentKind, LegalCategory
from applications.rules import follow_up
from applications.rules.amounts.order import order
from applications.rules.payment_models import model_of
from backoffice.views.manage.rulehow import band_of, euro, percent, rows_of, words
from backoffice.views.manage.rulewords import FACTS, LEGAL_BASIS, MODES, OPERATORS, ORDER, PAYMENT, REFERENCES, label_of
from backoffice.views.owners import SIZES
from regions.enums import Funder, SchemeKind
from regions.models import Region
from regions.schemes.words import words_of
from workflows import waiting

Rules = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the rules, its rows (label, words), its sentences, and its steps in order."""

    title: str
    rows: list[tuple[str, str]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)


def sections(rules: Rules) -> list[Section]:
    """The whole text, heading by heading."""
    made = [
        _summary(rules), _who(rules), _what(rules), _how(rules), _when(rules), _evidence(rules), _provider(rules),
        _payment(rules), _control(rules), _call(rules), _fees(rules), _erdf(rules), _reasons(rules),
        _open_points(rules),
        Section(_("Sources"), sentences=list(rules["sources"])),
    ]  # fmt: skip
    said = [section for section in made if section.rows or section.sentences or section.steps]
    return [_in_currency(section, rules.get("currency", "EUR")) for section in said]


def _in_currency(section: Section, currency: str) -> Section:
    """Amounts are written in euro; those of a foreign programme keep their own currency."""
    if currency == "EUR":
        return section
    rows = [(label.replace("€", currency), value.replace("€", currency)) for label, value in section.rows]
    sentences = [sentence.replace("€", currency) for sentence in section.sentences]
    return replace(section, rows=rows, sentences=sentences)


def _summary(rules: Rules) -> Section:
    rows = [
        (_("Dispositif"), words(rules["name"])),
        (_("Nature"), str(dict(SchemeKind.choices)[rules["kind"]])),
        (_("Région"), _region(rules["region"]) if "region" in rules else _("à choisir")),
        (_("Références"), f"{rules['prefix']}-…"),
        (_("Code"), rules["code"]),
    ]
    if rules.get("currency", "EUR") != "EUR":
        rows.append((_("Monnaie des montants"), rules["currency"]))
    return Section(_("L’essentiel"), [*rows, *_funding(rules)])


def _funding(rules: Rules) -> list[tuple[str, str]]:
    """Law, beneficiary and funders of an aid; a programme that pays no aid has none."""
    rows = [(_("Régime d’aide"), str(LEGAL_BASIS[rules["legal_basis"]]))] if "legal_basis" in rules else []
    rows += [(said, words_) for said, words_ in _beneficiary(rules.get("beneficiary", {}))]
    if "funding" not in rules:
        return rows
    funders = dict(Funder.choices)
    shares = " + ".join(f"{funders[f['code']]} {percent(f['share'])}" for f in rules["funding"]["funders"])
    lead = (_("Financeur qui prend l’arrondi"), str(funders[rules["funding"]["lead"]]))
    return [*rows, (_("Financement"), shares), lead, *_drawn(rules["funding"])]


def _drawn(funding: Rules) -> list[tuple[str, str]]:
    """How an envelope is drawn, where the scheme says more than the first file that comes."""
    credits = (
        [(_("Crédits de paiement"), str(label_of("yearly")))] if funding.get("payment_credits") == "yearly" else []
    )
    rule = funding.get("waiting_list", waiting.STRICT)
    return credits if rule == "none" else [*credits, (_("Liste d’attente"), str(label_of(rule)))]


def _beneficiary(beneficiary: Rules) -> list[tuple[str, str]]:
    """Who is the beneficiary for ERDF, and what the managing authority granted in writing."""
    made = [(_("Bénéficiaire au sens du FEDER"), str(MODES[beneficiary["mode"]]))] if beneficiary else []
    granted = ((str(label_of(name)), value) for name, value in beneficiary.items() if name != "mode")
    return [*made, *((said[:1].upper() + said[1:], value) for said, value in granted)]


def _region(code: str) -> str:
    return Region.objects.filter(code=code).values_list("name", flat=True).first() or code


# --- who


def _who(rules: Rules) -> Section:
    return Section(_("Qui peut être aidé"), sentences=[_condition(c, rules) for c in _conditions(rules)])


def _conditions(rules: Rules) -> list[Rules]:
    return list(rules.get("who", {}).get("conditions", []))


def _condition(condition: Rules, rules: Rules) -> str:
    tests = condition.get("any_of") or [condition]
    if any(test["fact"] not in FACTS for test in tests):
        return words(words_of(rules, condition["reason"])).replace("{found}", "…")
    said = _(" ou ").join(_test(test) for test in tests)
    return said[:1].upper() + said[1:] + "."


def _test(test: Rules) -> str:
    name, operator = str(FACTS[test["fact"]]), test["op"]
    return _("%(fact)s %(operator)s %(value)s") % {
        "fact": name, "operator": str(OPERATORS[operator]), "value": _value(test["fact"], operator, test["value"]),
    }  # fmt: skip


def _value(fact: str, operator: str, value: Any) -> str:
    if operator == "outside_sectors":
        return " ; ".join(f"{_nomenclature(key)} {', '.join(codes)}" for key, codes in value.items())
    if operator == "absent_or_after":
        return _(" et ").join(str(REFERENCES.get(name, name)) for name in value)
    values = value if isinstance(value, list) else [value]
    return ", ".join(_one(fact, item) for item in values)


def _nomenclature(key: str) -> str:
    return _("NAF rév. 2 :") if key == "rev2" else _("NAF %(year)s :") % {"year": key}


def _one(fact: str, value: Any) -> str:
    if fact == "legal_category":
        return str(dict(LegalCategory.choices).get(value, value)).lower()
    if fact == "seat_region":
        return _region(str(value))
    if fact == "size":
        return str(SIZES.get(value, value)).lower()
    if fact in ("turnover", "balance_sheet", "other_public_aid", "group_turnover", "group_balance_sheet"):
        return euro(str(value))
    return str(value)


# --- what, how much, when


def _what(rules: Rules) -> Section:
    if "what" not in rules:
        return Section(_("Quelles dépenses"))
    rows = [(words(c["label"]), _kept(c, rules)) for c in rules["what"]["categories"]]
    notes = [_("Les montants sont hors taxes.")]
    if rules["what"]["hardware_excluded"]:
        notes.append(_("L’équipement matériel n’est pas aidé."))
    settled = rules["what"].get("export_settled", {})
    notes += [_settled(nature, answer) for nature, answer in settled.items()]
    return Section(_("Quelles dépenses"), rows, notes)


def _kept(category: Rules, rules: Rules) -> str:
    """Whether a category is aided, why not, up to what, and what it is for the law on export aid."""
    said = _ceiling(category)
    if "reason" in category:
        said = f"{said} ({words(words_of(rules, category['reason'])).replace('{found}', '…').rstrip('.')})"
    nature = category.get("export_nature")
    return f"{said} ; {label_of(nature)}" if nature else said


def _settled(nature: str, answer: str) -> str:
    return _("Réponse de l’autorité de gestion : %(nature)s, %(answer)s.") % {
        "nature": label_of(nature), "answer": label_of(answer),
    }  # fmt: skip


def _ceiling(category: Rules) -> str:
    if category.get("excluded"):
        return _("non aidé")
    limits = [said % {"amount": _limit(category[name])} for name, said in _limits() if name in category]
    limits += [_("à examiner")] if category.get("review") else []
    return ", ".join(limits) or _("aidé")


def _limits() -> list[tuple[str, str]]:
    return [
        ("aid_ceiling", _("aide de %(amount)s au plus")),
        ("cost_ceiling", _("coût de %(amount)s au plus")),
        ("unit_cost_ceiling", _("%(amount)s au plus par unité")),
        ("max_units", _("%(amount)s unités au plus")),
    ]


def _limit(value: Any) -> str:
    return str(value) if isinstance(value, int) else euro(value)


def _how(rules: Rules) -> Section:
    """The parameters of the aid function, then the order in which they apply."""
    return Section(_("Combien"), rows_of(rules.get("how", {}), rules), steps=[str(ORDER[s]) for s in order(rules)])


def _when(rules: Rules) -> Section:
    when = rules.get("when")
    if when is None:
        return Section(_("Quand"))
    asked = follow_up.terms(rules)
    counted = {name: getattr(asked, name.removeprefix("results_")) for name in RESULTS} | when
    rows = [(str(label_of(key)), _duration(key, value)) for key, value in counted.items() if isinstance(value, int)]
    rows.append((str(label_of("results_questions")), ", ".join(str(label_of(name)) for name in asked.questions)))
    said = {"start_rule": when["start_rule"], "rules_of": when.get("rules_of", "submission")}
    return Section(_("Quand"), [*((str(label_of(key)), str(label_of(value))) for key, value in said.items()), *rows])


RESULTS = ("results_months", "results_answer_days", "results_reminders")


def _duration(key: str, count: int) -> str:
    if key == "warning_day":
        return _("le %(count)se jour") % {"count": count}
    if key == "results_reminders":
        return str(count)
    unit = _("mois") if key.endswith("_months") else _("jours")
    return f"{count} {unit}"


# --- evidence, payment, programme


STAGES = (
    ("application", _l("À la demande")), ("claim", _l("À la demande de paiement")),
    ("advance", _l("Avec la demande d’avance")), ("release", _l("Au versement d’un prêt")),
)  # fmt: skip


def _evidence(rules: Rules) -> Section:
    labels, stages = dict(DocumentKind.choices), rules.get("evidence", {})
    named = {stage: " ; ".join(str(labels.get(kind, kind)) for kind in kinds) for stage, kinds in stages.items()}
    rows = [(str(said), named[stage]) for stage, said in STAGES if named.get(stage)]
    checks = rules.get("examination", {}).get("checks", [])
    if checks:
        known = dict(CheckKind.choices)
        rows.append((_("Contrôles avant la décision"), " ; ".join(str(known.get(c, c)) for c in checks)))
    return Section(_("Sur quelles preuves"), rows)


def _provider(rules: Rules) -> Section:
    provider = rules.get("provider")
    if provider is None:
        return Section(_("Prestataire"))
    asked = _("habilitation exigée") if provider["accreditation_required"] else _("sans habilitation")
    rows = [(_("Qui peut l’être"), asked)]
    if "territory" in provider:
        local = _("la région") if provider["territory"] == "region" else _("sans limite")
        rows.append((_("Territoire"), local))
    if "change_after_days" in provider:
        days = _("%(count)s jours") % {"count": provider["change_after_days"]}
        rows.append((_("Sans réponse de sa part, l’entreprise peut en changer après"), days))
    return Section(_("Prestataire"), rows)


def _payment(rules: Rules) -> Section:
    payment = rules.get("payment")
    if payment is None:
        return Section(_("Paiement"))
    rows = [(_("Mode"), str(PAYMENT[payment["model"]])), (_("Coûts"), str(PAYMENT[payment["costs"]]))]
    rows.append((_("Fichier de paiement"), str(PAYMENT[payment.get("output", "accountant")])))
    if "advance" in payment:
        rows.append((_("Avance"), _advance(payment["advance"])))
    if "split" in payment:
        rows.append((_("Partage de l’aide"), _split(payment["split"])))
    if model_of(rules).to_provider:
        rows.append((_("TVA"), _("toujours à la charge de l’entreprise")))
    if "redemption" in payment:
        rows.append((_("Utilisation"), str(PAYMENT[payment["redemption"]])))
    if "firm_validation_days" in payment:
        days = _("%(count)s jours") % {"count": payment["firm_validation_days"]}
        rows.append((_("Validation par l’entreprise"), days))
    return Section(_("Paiement"), rows)


def _split(terms: Rules) -> str:
    words = {"share": percent(terms["provider_share"])}
    return _("%(share)s au prestataire, arrondis au centime inférieur ; le reste à l’entreprise") % words


def _advance(advance: Rules) -> str:
    parts = [percent(advance["share"])]
    if "ceiling" in advance:
        parts.append(_("%(amount)s au plus") % {"amount": euro(advance["ceiling"])})
    if "guarantee_required" in advance:
        parts.append(_("contre une garantie") if advance["guarantee_required"] else _("sans garantie"))
    return ", ".join(parts)


def _control(rules: Rules) -> Section:
    """The written method by which payment claims are chosen for a check, and how far they are checked."""
    method = rules.get("control")
    if method is None:
        return Section(_("Contrôle des demandes de paiement"))
    rows = [(_("Méthode"), f"{method['version']}, {method['valid_from']}")]
    rows += [(words(c["label"]), f"{_asked_of_claim(c)} : {_points(c['points'])}") for c in method["criteria"]]
    rows.append((_("Lignes contrôlées"), _sampled(method.get("sample"))))
    if "on_the_spot_from" in method:
        rows.append((_("Contrôle sur place avant certification à partir de"), _points(method["on_the_spot_from"])))
    return Section(_("Contrôle des demandes de paiement"), rows)


def _asked_of_claim(criterion: Rules) -> str:
    """« dépenses déclarées d’au moins 8 000,00 € »."""
    fact, value = criterion["fact"], criterion["value"]
    if fact in ("declared", "granted"):
        value = euro(value)
    elif fact.endswith(("_percent", "_percent_before")):
        value = percent(str(Decimal(value) / 100))
    return f"{label_of(fact)} {label_of(criterion['op'])} {value}"


def _sampled(sample: Rules | None) -> str:
    if sample is None:
        return str(_("toutes"))
    parts = [_("%(share)s tirées au sort") % {"share": percent(sample["share"])}]
    if "fewest" in sample:
        parts.append(_("au moins %(count)s") % {"count": sample["fewest"]})
    if "always_from" in sample:
        parts.append(_("toutes celles de %(amount)s et plus") % {"amount": euro(sample["always_from"])})
    return ", ".join(parts)


def _call(rules: Rules) -> Section:
    """How the projects of a call are chosen."""
    call = rules.get("call")
    if call is None:
        return Section(_("Sélection"))
    rows = [(words(c["label"]), _points(c["weight"])) for c in call["criteria"]]
    rows.append((_("Note minimale"), _points(call["threshold"])))
    known = [(name, call[name]) for name in ("budget", "opens_on", "closes_on") if name in call]
    told = [(str(label_of(name)), euro(value) if name == "budget" else value) for name, value in known]
    return Section(_("Sélection"), [*rows, *((said[:1].upper() + said[1:], value) for said, value in told)])


def _points(count: int) -> str:
    return _("%(count)s points") % {"count": count}


def _fees(rules: Rules) -> Section:
    """What a firm pays for a service that is offered to it."""
    fees = rules.get("service_offer", {}).get("fees", [])
    rows = [(band_of(fee) if "headcount_below" in fee else _("Toute entreprise"), euro(fee["fee"])) for fee in fees]
    return Section(_("Participation de l’entreprise"), rows)


def _erdf(rules: Rules) -> Section:
    rows = [(str(label_of(k)), ", ".join(v) if isinstance(v, list) else v) for k, v in rules.get("erdf", {}).items()]
    return Section(_("Programme FEDER"), rows)


def _reasons(rules: Rules) -> Section:
    """What the firm reads when it is refused, in the scheme’s own words, with the clause."""
    own = rules.get("reasons", {}).values()
    said = [words(text).replace("{found}", "…") + _clause(text) for text in own]
    return Section(_("Motifs de refus"), sentences=said)


def _clause(text: Rules) -> str:
    return f" ({text['clause']})" if "clause" in text else ""


def _open_points(rules: Rules) -> Section:
    """What the public sources do not say: to confirm, or missing."""
    notes = [words(point["note"]) for point in (*rules.get("gaps", []), *rules.get("to_confirm", []))]
    return Section(_("À confirmer"), sentences=notes)
