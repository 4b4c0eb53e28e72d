"""Aid exempted under the GBER: the largest aid, the incentive effect, the publication of awards."""

from __future__ import annotations

from datetime import date

from applications.rules import difficulty, gber, incentive_effect
from applications.rules.base import InputError, Verdict
from applications.rules.compute.build import choice, day, euro, flag, may, need, record, rows, text
from applications.rules.compute.wrapping import Given, rule
from applications.rules.gber import DRAWBACKS, Beneficiary, Cost, Project
from applications.rules.gber_versions import ARTICLES, in_force
from applications.rules.incentive_effect import CONTENTS, PREPARATIONS, STARTS, Request
from applications.rules.sme_size import SIZES

KINDS = ", ".join(f"{article} : {', '.join(kinds)}" for article, kinds in gber.KINDS.items())
COST = record(
    "Un coût du projet | A cost of the project",
    need(
        "kind",
        text(
            f"Nature ; celles de l’article, les autres sont écartées ({KINDS}) | "
            f"Kind; those of the article, others are left out ({KINDS})"
        ),
    ),
    need("amount", euro("Montant hors taxes | Amount excl. VAT")),
    may("vat", euro("TVA de ce coût | VAT on this cost"), 0),
    may("vat_refundable", flag("TVA récupérable en droit national | VAT refundable under national law"), True),
    may(
        "drawbacks",
        rows("Ce qui écarte ce coût | What makes this cost fall out", choice("Motif | Ground", tuple(DRAWBACKS))),
        [],
    ),
)
EVENT = record(
    "Un acte du projet | An act of the project",
    need(
        "kind",
        choice(
            "Nature ; les actes préparatoires ne commencent rien | Kind; preparations start nothing",
            (*STARTS, *PREPARATIONS),
        ),
    ),
    need("on", day("Date | Date")),
)
REQUEST = (
    may("applied_on", day("Dépôt de la demande écrite | Day of the written application")),
    may(
        "contents",
        rows(
            "Ce que contient la demande (par défaut, tout) | What the application holds (by default everything)",
            choice("Mention | Item", tuple(CONTENTS)),
        ),
    ),
    may(
        "events",
        rows("Actes du projet : devis signé, commande… | Acts of the project: signed quote, order…", EVENT),
        [],
    ),
)
DISTRESS = record(
    "Réponses de l’entreprise sur ses difficultés (art. 2(18)) | Answers of the undertaking on difficulty (art. 2(18))",
    may(
        "capital_lost",
        flag("Plus de la moitié du capital souscrit perdue | More than half of the subscribed capital lost"),
    ),
    may(
        "insolvent",
        flag("Procédure collective, ou conditions réunies | Insolvency proceedings, or their criteria fulfilled"),
    ),
    may(
        "rescue_aid",
        flag(
            "Aide au sauvetage non remboursée, ou restructuration en cours | "
            "Rescue aid not repaid, or restructuring plan running"
        ),
    ),
    may(
        "created_on",
        day(
            "Création ; une PME de moins de trois ans échappe au critère du capital | "
            "Creation; an SME of less than three years escapes the criterion of capital"
        ),
    ),
)
PROJECT = record(
    "Un projet et son bénéficiaire | A project and its beneficiary",
    need("article", choice("Article du règlement | Article of the Regulation", ARTICLES)),
    need("granted_on", day("Date d’octroi | Day of the grant")),
    may("costs", rows("Coûts du projet | Costs of the project", COST), []),
    may(
        "size",
        choice("Taille de l’entreprise (règle sme-size) | Size of the undertaking (rule sme-size)", SIZES),
        "small",
    ),
    may(
        "requested",
        euro("Aide demandée (par défaut, la plus forte possible) | Aid asked for (by default the largest possible)"),
    ),
    may("other_aid", euro("Autres aides publiques aux mêmes coûts | Other public aid for the same costs"), 0),
    may(
        "aid_to_threshold",
        euro(
            "Autres aides d’État au projet, pour le seuil de notification | "
            "Other State aid to the project, for the notification threshold"
        ),
        0,
    ),
    may("highest", euro("Aide qu’une autre exemption permettrait | Aid that another exemption would allow")),
    may(
        "innovation_awards",
        rows(
            "Aides à l’innovation (conseil et appui) déjà reçues | Innovation advisory and support aid received",
            record(
                "Une aide | An aid",
                need("granted_on", day("Date d’octroi | Day of the grant")),
                need("amount", euro("Montant | Amount")),
            ),
        ),
        [],
    ),
    *REQUEST,
    may("scheme_since", day("Entrée en vigueur du régime | Day the scheme took effect")),
    may("in_difficulty", flag("Entreprise en difficulté | Undertaking in difficulty"), False),
    may("difficulty", DISTRESS),
    may("recovery_outstanding", flag("Aide illégale à rembourser | Unlawful aid still to be repaid"), False),
    may("export_aid", flag("Aide à l’exportation | Export aid"), False),
    may(
        "boundary_counts",
        flag("L’aide octroyée trois ans avant jour pour jour compte | Aid granted exactly three years before counts"),
        True,
    ),
)


def exempted(given: Given) -> Verdict:
    """The largest aid, or the aid asked for when it is lower; zero when the project is not exempted."""
    project = Project(
        given["article"],
        [Cost(**{**row, "drawbacks": frozenset(row["drawbacks"])}) for row in given["costs"]],
        given["granted_on"],
        innovation_awards=[(row["granted_on"], row["amount"]) for row in given["innovation_awards"]],
        request=_request(given),
        events=_events(given),
        **{name: given[name] for name in ("requested", "other_aid", "aid_to_threshold", "highest", "scheme_since")},
    )
    flags = {name: given[name] for name in ("size", "in_difficulty", "recovery_outstanding", "export_aid")}
    beneficiary = Beneficiary(situation=_situation(given), **flags)
    return gber.assess(project, beneficiary, boundary_counts=given["boundary_counts"])


def _situation(given: Given) -> difficulty.Situation | None:
    """The answers on difficulty, when they are given."""
    said = given["difficulty"]
    if said is None:
        return None
    answers = {name: said[name] for name in difficulty.QUESTIONS}
    return difficulty.Situation(answers, given["size"], said["created_on"], given["granted_on"])


def _request(given: Given) -> Request | None:
    """The application, when anything is said of it or of what began."""
    if given["applied_on"] is None and not given["events"] and given["contents"] is None:
        return None
    held = CONTENTS if given["contents"] is None else given["contents"]
    return Request(given["applied_on"], frozenset(held))


def _events(given: Given) -> list[tuple[str, date]]:
    return [(row["kind"], row["on"]) for row in given["events"]]


INCENTIVE = record(
    "Une demande et les actes du projet | An application and the acts of the project",
    *REQUEST,
    may(
        "same_day",
        flag("Des travaux commencés le jour du dépôt sont admis | Work begun on the day of filing is accepted"),
        False,
    ),
    any_of=("applied_on", "events"),
)


def incentive(given: Given) -> Verdict:
    """Whether a complete application came before the start of works."""
    held = CONTENTS if given["contents"] is None else given["contents"]
    return incentive_effect.check(
        Request(given["applied_on"], frozenset(held)), _events(given), same_day=given["same_day"]
    )


PUBLICATION = record(
    "Une aide individuelle | An individual award",
    need("amount", euro("Montant octroyé | Amount granted")),
    need("granted_on", day("Date d’octroi | Day of the grant")),
    may("primary", flag("Production primaire agricole ou pêche | Primary agriculture or fishery"), False),
)


def publication(given: Given) -> Verdict:
    """Whether the award is published on the transparency module: strictly above the threshold."""
    version = in_force(given["granted_on"])
    if version is None:
        fr = "aucune version du règlement 651/2014 n’est en vigueur à cette date."
        raise InputError("$.granted_on", "no version of Regulation 651/2014 is in force on this day.", fr)
    details = gber.publication(given["amount"], given["granted_on"], version, primary=given["primary"])
    return Verdict(True, amount=given["amount"], details=details | {"version": version.code})


RULES = (
    rule(
        "gber",
        "Aide exemptée, articles 17, 18, 19 et 28 du règlement 651/2014 : montant le plus élevé | "
        "Exempted aid, articles 17, 18, 19 and 28 of Regulation 651/2014: the largest amount",
        PROJECT,
        {
            "article": "18",
            "granted_on": "2026-05-04",
            "size": "small",
            "costs": [{"kind": "consultancy", "amount": "30000.00", "vat": "6000.00"}],
        },
        exempted,
    ),
    rule(
        "incentive-effect",
        "Effet incitatif : demande complète avant le début des travaux (règlement 651/2014, art. 6) | "
        "Incentive effect: complete application before the start of works (Regulation 651/2014, art. 6)",
        INCENTIVE,
        {"applied_on": "2026-03-10", "events": [{"kind": "signed_quote", "on": "2026-03-05"}]},
        incentive,
    ),
    rule(
        "award-publication",
        "Publication d’une aide individuelle au module de transparence (règlement 651/2014, art. 9) | "
        "Publication of an individual award on the transparency module (Regulation 651/2014, art. 9)",
        PUBLICATION,
        {"amount": "100000.01", "granted_on": "2026-05-04"},
        publication,
    ),
)
