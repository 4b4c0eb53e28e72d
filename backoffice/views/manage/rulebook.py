"""The rules of a scheme in words, made from its data: who, what, how much, when, on what evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from applications.enums import CheckKind, DocumentKind, LegalCategory
from backoffice.views.manage.rulehow import band_of, euro, percent, rows_of, words
from backoffice.views.manage.rulewords import FACTS, LEGAL_BASIS, MODES, OPERATORS, PAYMENT, REFERENCES, label_of
from regions.enums import Funder, SchemeKind
from regions.models import Region
from regions.schemes.words import words_of

Rules = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the rules, its rows (label, words) and its sentences."""

    title: str
    rows: list[tuple[str, str]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


def sections(rules: Rules) -> list[Section]:
    """The whole text, heading by heading."""
    made = [
        _summary(rules), _who(rules), _what(rules), _how(rules), _when(rules), _evidence(rules), _payment(rules),
        _call(rules), _fees(rules), _erdf(rules), _open_points(rules),
        Section(_("Sources"), sentences=list(rules["sources"])),
    ]  # fmt: skip
    said = [section for section in made if section.rows or section.sentences]
    return [_in_currency(section, rules.get("currency", "EUR")) for section in said]


def _in_currency(section: Section, currency: str) -> Section:
    """Amounts are written in euro; those of a foreign programme keep their own currency."""
    if currency == "EUR":
        return section
    rows = [(label.replace("€", currency), value.replace("€", currency)) for label, value in section.rows]
    return Section(section.title, rows, [sentence.replace("€", currency) for sentence in section.sentences])


def _summary(rules: Rules) -> Section:
    rows = [
        (_("Dispositif"), words(rules["name"])),
        (_("Nature"), str(dict(SchemeKind.choices)[rules["kind"]])),
        (_("Région"), _region(rules["region"]) if "region" in rules else _("à choisir")),
        (_("Références"), f"{rules['prefix']}-…"),
    ]
    if rules.get("currency", "EUR") != "EUR":
        rows.append((_("Monnaie des montants"), rules["currency"]))
    return Section(_("L’essentiel"), [*rows, *_funding(rules)])


def _funding(rules: Rules) -> list[tuple[str, str]]:
    """Law, beneficiary and funders of an aid; a programme that pays no aid has none."""
    if "funding" not in rules:
        return []
    funders = dict(Funder.choices)
    shares = " + ".join(f"{funders[f['code']]} {percent(f['share'])}" for f in rules["funding"]["funders"])
    return [
        (_("Régime d’aide"), str(LEGAL_BASIS[rules["legal_basis"]])),
        (_("Bénéficiaire au sens du FEDER"), str(MODES[rules["beneficiary"]["mode"]])),
        (_("Financement"), shares),
        (_("Financeur qui prend l’arrondi"), str(funders[rules["funding"]["lead"]])),
    ]


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
    if fact in ("turnover", "balance_sheet", "other_public_aid"):
        return euro(str(value))
    return str(value)


# --- what, how much, when


def _what(rules: Rules) -> Section:
    if "what" not in rules:
        return Section(_("Quelles dépenses"))
    rows = [(words(c["label"]), _ceiling(c)) for c in rules["what"]["categories"]]
    notes = [_("Les montants sont hors taxes.")]
    if rules["what"]["hardware_excluded"]:
        notes.append(_("L’équipement matériel n’est pas aidé."))
    return Section(_("Quelles dépenses"), rows, notes)


def _ceiling(category: Rules) -> str:
    if category.get("excluded"):
        return _("non aidé")
    limits = [said % {"amount": _limit(category[name])} for name, said in _limits() if name in category]
    return ", ".join(limits) or (_("à examiner") if category.get("review") else _("aidé"))


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
    return Section(_("Combien"), rows_of(rules.get("how", {}), rules))


def _when(rules: Rules) -> Section:
    when = rules.get("when")
    if when is None:
        return Section(_("Quand"))
    rows = [(str(label_of(key)), _duration(key, value)) for key, value in when.items() if isinstance(value, int)]
    return Section(_("Quand"), [(str(label_of("start_rule")), str(label_of(when["start_rule"]))), *rows])


def _duration(key: str, count: int) -> str:
    if key == "warning_day":
        return _("le %(count)se jour") % {"count": count}
    unit = _("mois") if key.endswith("_months") else _("jours")
    return f"{count} {unit}"


# --- evidence, payment, programme


ASKED_ELSEWHERE = (("advance", _l("Avec la demande d’avance")), ("release", _l("Au versement d’un prêt")))


def _evidence(rules: Rules) -> Section:
    if "evidence" not in rules:
        return Section(_("Sur quelles preuves"))
    labels, checks = dict(DocumentKind.choices), dict(CheckKind.choices)
    named = {stage: [str(labels.get(kind, kind)) for kind in kinds] for stage, kinds in rules["evidence"].items()}
    return Section(
        _("Sur quelles preuves"),
        [
            (_("À la demande"), " ; ".join(named["application"])),
            (_("À la demande de paiement"), " ; ".join(named["claim"])),
            *((str(words), " ; ".join(named[stage])) for stage, words in ASKED_ELSEWHERE if named.get(stage)),
            (
                _("Contrôles avant la décision"),
                " ; ".join(str(checks.get(c, c)) for c in rules["examination"]["checks"]),
            ),
            *_accreditation(rules),
        ],
    )


def _accreditation(rules: Rules) -> list[tuple[str, str]]:
    if "provider" not in rules:
        return []
    asked = rules["provider"]["accreditation_required"]
    return [(_("Prestataire"), _("habilitation exigée") if asked else _("sans habilitation"))]


def _payment(rules: Rules) -> Section:
    payment = rules.get("payment")
    if payment is None:
        return Section(_("Paiement"))
    rows = [(_("Mode"), str(PAYMENT[payment["model"]])), (_("Coûts"), str(PAYMENT[payment["costs"]]))]
    if "advance" in payment:
        rows.append((_("Avance"), percent(payment["advance"]["share"])))
    if "firm_validation_days" in payment:
        days = _("%(count)s jours") % {"count": payment["firm_validation_days"]}
        rows.append((_("Validation par l’entreprise"), days))
    return Section(_("Paiement"), rows)


def _call(rules: Rules) -> Section:
    """How the projects of a call are chosen."""
    call = rules.get("call")
    if call is None:
        return Section(_("Sélection"))
    rows = [(words(c["label"]), _points(c["weight"])) for c in call["criteria"]]
    return Section(_("Sélection"), [*rows, (_("Note minimale"), _points(call["threshold"]))])


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


def _open_points(rules: Rules) -> Section:
    """What the public sources do not say: to confirm, or missing."""
    notes = [words(point["note"]) for point in (*rules.get("gaps", []), *rules.get("to_confirm", []))]
    return Section(_("À confirmer"), sentences=notes)


# --- differences


def differences(before: Rules, after: Rules) -> list[tuple[str, str, str]]:
    """Path in words, value before, value after: every field that differs, « – » when there is none."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    paths = [*old, *(path for path in new if path not in old)]
    return [
        (" › ".join(str(label_of(part)) for part in path), _plain(old.get(path)), _plain(new.get(path)))
        for path in paths
        if old.get(path) != new.get(path)
    ]


def _leaves(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each value with its path; a row of a list is named by its code, else by its rank."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _leaves(value, (*path, str(key)))
    elif isinstance(node, list) and node and all(isinstance(item, Mapping) for item in node):
        for rank, item in enumerate(node, start=1):
            yield from _leaves(item, (*path, _name(item, rank)))
    else:
        yield path, node


def _name(item: Rules, rank: int) -> str:
    if "label" in item:
        return words(item["label"])
    return str(item.get("code") or item.get("reason") or item.get("path") or rank)


def _plain(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    return ", ".join(str(label_of(str(v))) for v in value) if isinstance(value, list) else str(label_of(str(value)))
