"""Each letter says what the law asks it to say, in both languages, and nothing it does not know."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from applications.documents.facts import Lent, OwnOperation, PaidHow
from applications.documents.letters import LETTERS, render
from tests.applications.documents.samples import facts, pages, words

DECISIONS = ("grant", "refusal", "lapse", "recovery_order", "revocation")


def french(kind: str, **changes: Any) -> str:
    return words(render(kind, facts(kind, **changes), "fr"))


def english(kind: str, **changes: Any) -> str:
    return words(render(kind, facts(kind, **changes), "en"))


@pytest.mark.parametrize("kind", list(LETTERS))
def test_every_letter_names_the_parties(kind: str) -> None:
    text = french(kind)
    for expected in (
        "Région Réunion",
        "Direction des affaires économiques – Pôle numérique",
        "aides-numeriques@region.example · 02 62 00 00 00",
        "Épicerie du Cœur SARL",
        "732 829 320 00074",
        "Mme Zoé Lebœuf",
        "Saint-Denis, le 2 mars 2026",
        "Référence 04-2026-000123",
        "Dispositif Kap Numérik",
        "Dossier suivi par Aïcha Grondin",
        f"Objet : {LETTERS[kind].fr}",
        "Pour la présidente du conseil régional et par délégation, Jean-Noël Payet",
        "1 / ",
    ):
        assert expected in text, expected
    assert "authentic" not in text


@pytest.mark.parametrize("kind", list(LETTERS))
def test_every_letter_in_english_is_a_translation(kind: str) -> None:
    text = english(kind)
    assert f"Subject: {LETTERS[kind].en}" in text
    assert "Saint-Denis, 2 March 2026" in text
    assert "Dear Sir or Madam" in text
    assert "the French version of this letter alone is authentic" in text
    assert "Veuillez" not in text


def test_acknowledgement_carries_its_legal_mentions() -> None:
    text = french("acknowledgement")
    for expected in (
        "reçu le 1er mars 2026",
        "Ne signez aucun devis",
        "ne signifie pas que votre dossier est complet",
        "notifiée le 1er mai 2026 au plus tard, votre demande sera réputée rejetée",
        "article L. 231-4, 3°",
        "Adresse 12 avenue du Port, 97490 Saint-Denis",
        "Téléphone 02 62 00 00 00",
        "Courriel aides-numeriques@region.example",
        "deux mois à compter du 1er mai 2026",
        "recours gracieux",
        "tribunal administratif de La Réunion",
    ):
        assert expected in text, expected


def test_acknowledgement_in_english() -> None:
    text = english("acknowledgement")
    for expected in (
        "on 1 March 2026",
        "Do not sign any quote",
        "does not mean that your file is complete",
        "by 1 May 2026, your application will be deemed rejected",
        "within two months from 1 May 2026",
    ):
        assert expected in text, expected


def test_a_letter_that_nobody_signs_ends_with_the_service() -> None:
    text = french("acknowledgement", signatory="", delegation="")
    assert "salutations distinguées. Direction des affaires économiques" in text


def test_request_lists_the_items_the_deadline_and_the_clock() -> None:
    text = french("request_for_items")
    for expected in (
        "Devis détaillé non signé",
        "Relevé d’identité bancaire",
        "Demandez au prestataire une ligne par prestation.",
        "au plus tard le 1er avril 2026",
        "est suspendu",
        "article L. 114-5",
        "vaudra rejet le 1er juin 2026",
    ):
        assert expected in text, expected
    assert "is suspended" in english("request_for_items")
    assert "will mean rejection on 1 June 2026" in english("request_for_items")


def test_request_about_a_claim_speaks_of_the_payment() -> None:
    text = french("request_for_items", claim_number="DP-7", suspended_note="Il reste 31 jours à courir.")
    assert "demande de paiement n° DP-7" in text
    assert "le délai de paiement est interrompu" in text
    assert "Il reste 31 jours à courir." in text
    assert "vaudra rejet" not in text
    assert "L. 114-5" not in text
    assert "the payment period is interrupted" in english("request_for_items", claim_number="DP-7")


def test_grant_states_amount_regime_deadlines_and_duties() -> None:
    text = french("grant")
    for expected in (
        "DEC-2026-0042",
        "une aide de 3 200,00 € vous est accordée",
        "KAP-7F3Q-92XM",
        "Vous pouvez signer le devis",
        "Prestations à achever au plus tard le 31 décembre 2026",
        "Paiement à demander au plus tard le 31 mars 2027",
        "Boutique en ligne 3 000,00 € 3 000,00 € 2 000,00 €",
        "Total 4 500,00 € 4 499,50 € 3 234,56 €",
        "Aide accordée 3 200,00 €",
        "FEDER 2 720,00 €",
        "Région Réunion 480,00 €",
        "règlement (UE) 2023/2831 de la Commission du 13 décembre 2023",
        "équivalent-subvention brut est de 3 150,25 €",
        "factures acquittées ; preuves de paiement",
        "emblème de l’Union européenne",
        "« Cofinancé par l’Union européenne »",
        "pendant dix ans",
        "31 décembre de l’année du dernier paiement",
        "présenter vos observations",
        "deux mois à compter de sa notification",
    ):
        assert expected in text, expected


def test_grant_in_english() -> None:
    text = english("grant")
    for expected in (
        "aid of €3,200.00 is granted to you",
        "Commission Regulation (EU) 2023/2831 of 13 December 2023",
        "gross grant equivalent is €3,150.25",
        "Complete the services by 31 December 2026",
        "“Co-funded by the European Union”",
        "within two months of its notification",
    ):
        assert expected in text, expected
    assert "(UE)" not in text


def test_grant_says_nothing_of_what_it_was_not_told() -> None:
    text = french(
        "grant",
        regulation="",
        gross_grant_equivalent=None,
        lines=(),
        shares=(),
        voucher_code="",
        complete_by=None,
        claim_by=None,
        items=(),
        eu_cofunded=False,
        officer_name="",
    )
    for absent in (
        "minimis",
        "équivalent",
        "Dépenses retenues",
        "Financement",
        "chèque",
        "au plus tard",
        "Union européenne »",
        "dernier paiement",
        "suivi par",
        "None",
        "confirmer",
    ):
        assert absent not in text, absent
    assert "pendant dix ans à compter de cette décision." in text


def test_grant_under_another_regulation_is_not_called_de_minimis() -> None:
    text = french("grant", regulation="(UE) 651/2014")
    assert "en application du règlement (UE) 651/2014. Son équivalent-subvention brut est de 3 150,25 €" in text
    assert "minimis" not in text


def test_a_firm_that_is_the_beneficiary_reads_its_operation_and_the_voucher_of_a_region_does_not() -> None:
    own = OwnOperation("CSD-2025-00001", "Programme FEDER Réunion", Decimal(1600), 60)
    text = french("grant", operation=own)
    for expected in (
        "bénéficiaire de l’opération CSD-2025-00001 du programme « Programme FEDER Réunion »", "1 600,00 €",
        "60 jours après une demande de paiement complète", "article 73, paragraphe 3",
    ):  # fmt: skip
        assert expected in text, expected
    assert "beneficiary of operation CSD-2025-00001" in english("grant", operation=own)
    assert "bénéficiaire de l’opération" not in french("grant")


def test_a_grant_equal_to_its_lines_has_one_total() -> None:
    lines = (("Boutique en ligne", Decimal(4000), Decimal(4000), Decimal(3200)),)
    assert "Aide accordée" not in french("grant", lines=lines)


def test_grant_adds_the_duties_of_the_scheme() -> None:
    assert "Remplir le bilan à un an." in french("grant", obligations=("Remplir le bilan à un an.",))


def test_refusal_gives_each_reason_with_its_article() -> None:
    text = french("refusal")
    for expected in (
        "pour les motifs suivants :",
        "Le devis a été signé avant le dépôt de la demande. règlement du dispositif, article 5",
        "Le plafond des aides de minimis serait dépassé. règlement (UE) 2023/2831, article 3",
        "deux mois à compter de sa notification",
    ):
        assert expected in text, expected
    assert "for the following reasons:" in english("refusal")


def test_refusal_for_one_reason_is_singular() -> None:
    one = (("Le siège n’est pas dans la région.", ""),)
    assert "pour le motif suivant :" in french("refusal", reasons=one)
    assert "for the following reason:" in english("refusal", reasons=one)


def test_lapse_gives_its_reason_and_its_effect() -> None:
    text = french("lapse")
    for expected in (
        "la caducité de l’aide de 3 200,00 € accordée à votre entreprise par la décision n° DEC-2026-0042",
        "Aucune demande de paiement n’a été déposée avant le 31 mars 2027.",
        "aucun paiement ne pourra plus être demandé",
    ):
        assert expected in text, expected
    bare = french("lapse", amount=None, grant_number="")
    assert "la caducité de l’aide accordée à votre entreprise au titre" in bare


def test_payment_gives_amount_date_and_reference() -> None:
    text = french("payment")
    for expected in (
        "Montant versé 1 234,56 €",
        "Date du paiement 20 novembre 2026",
        "Référence du comptable public PR-2026-11-8841",
        "Demande de paiement DP-7",
    ):
        assert expected in text, expected
    assert "recours" not in text
    assert "Amount paid €1,234.56" in english("payment")


def test_a_reduced_payment_gives_its_reasons_and_the_appeal() -> None:
    text = french("payment", reasons=(("La facture 3 n’est pas acquittée.", "règlement du dispositif, article 9"),))
    assert "Une partie des dépenses n’a pas été retenue : – La facture 3 n’est pas acquittée." in text
    assert "Voies et délais de recours" in text


@pytest.mark.parametrize("kind", DECISIONS)
def test_every_decision_can_be_contested(kind: str) -> None:
    text = french(kind)
    assert "Vous pouvez contester cette décision dans un délai de deux mois à compter de sa notification" in text
    assert "recours gracieux adressé à la région" in text
    assert "un recours devant le tribunal administratif de La Réunion." in text
    assert "You may contest this decision within two months of its notification" in english(kind)


def test_appeal_follows_the_parameters_of_the_region() -> None:
    text = french(
        "refusal",
        appeal_months=3,
        court_name="",
        court_address="27 rue du Barachois, 97400 Saint-Denis",
        online_appeal="www.telerecours.fr",
        overseas_note="Ce délai est augmenté d’un mois si vous demeurez outre-mer.",
    )
    for expected in (
        "dans un délai de trois mois",
        "tribunal administratif dans le ressort duquel se trouve Saint-Denis, 27 rue du Barachois",
        "y compris en ligne (www.telerecours.fr)",
        "augmenté d’un mois",
    ):
        assert expected in text, expected
    assert "within 12 months" in english("refusal", appeal_months=12)
    assert "within one month of" in english("refusal", appeal_months=1)


def test_unsettled_points_of_law_stay_out_by_default() -> None:
    text = french("refusal")
    for absent in ("outre-mer", "en ligne", "à confirmer", "None"):
        assert absent not in text, absent


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", ["acknowledgement", "request_for_items", "refusal", "lapse", "payment"])
def test_an_ordinary_letter_is_one_page(kind: str, language: str) -> None:
    assert len(pages(render(kind, facts(kind), language))) == 1


def test_an_ordinary_grant_is_two_pages() -> None:
    numbered = pages(render("grant", facts("grant"), "fr"))
    assert len(numbered) == 2
    assert numbered[1].endswith("2 / 2")
    assert "Voies et délais de recours" in numbered[1]


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("acknowledgement", "received_on"),
        ("acknowledgement", "silence_on"),
        ("request_for_items", "items"),
        ("request_for_items", "answer_by"),
        ("grant", "grant_number"),
        ("grant", "amount"),
        ("refusal", "reasons"),
        ("lapse", "lapse_reason"),
        ("payment", "amount"),
        ("payment", "paid_on"),
        ("payment", "accountant_reference"),
    ],
)
def test_a_letter_refuses_to_go_without_what_it_needs(kind: str, missing: str) -> None:
    empty = () if missing in ("items", "reasons") else None
    with pytest.raises(ValueError, match=missing):
        render(kind, facts(kind, **{missing: empty}), "fr")


def test_a_regulation_goes_with_its_gross_grant_equivalent() -> None:
    with pytest.raises(ValueError, match="gross grant equivalent"):
        french("grant", gross_grant_equivalent=None)


def test_shares_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        french("grant", shares=(("FEDER", Decimal("2720.00")), ("Région Réunion", Decimal("480.01"))))


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        render("postcard", facts("payment"), "fr")


# --- beyond one firm and one grant

LOAN = Lent("loan", Decimal("6000.00"), Decimal("300.00"), 60, 12, 3, Decimal("2.00"))
ADVANCE = Lent("advance", Decimal("4500.00"), Decimal("250.00"), 48, 12, 3)
GUARANTEE = Lent("guarantee", Decimal("4200.00"), Decimal("120.00"), 60, annual_rate=Decimal("1.00"))


def test_a_grant_tells_loan_advance_and_guarantee_with_their_terms() -> None:
    text = french("grant", lent=(LOAN, ADVANCE, GUARANTEE))
    for expected in (
        "Prêt de 6 000,00 €, à rembourser sur 60 mois, après 12 mois de différé, par échéances tous les trois mois, "
        "au taux de 2,00 % par an",
        "Avance remboursable de 4 500,00 €",
        "sans intérêt",
        "Garantie de 4 200,00 €, pendant 60 mois, contre une prime de 1,00 % par an",
        "équivalent-subvention brut : 300,00 €",
        "Ces montants ne sont pas des subventions",
    ):
        assert expected in text, expected
    assert "Loan of €6,000.00, to be repaid over 60 months" in english("grant", lent=(LOAN,))


def test_a_grant_to_a_group_tells_each_firm_its_part() -> None:
    members = (("Épicerie", "732829320", Decimal("1600.00")), ("Fromagerie", "000000018", Decimal("1600.00")))
    text = french("grant", members=members)
    assert "Les entreprises du groupement" in text
    assert "Fromagerie 000000018 1 600,00 €" in text
    with pytest.raises(ValueError, match="do not add up"):
        french("grant", members=members[:1])


def test_a_grant_tells_how_it_is_paid() -> None:
    how = PaidHow(
        provider="Exemple Conseil", own_share=Decimal("800.00"), advance=Decimal("500.00"), firm_validates=True
    )
    text = french("grant", paid_how=how)
    for expected in (
        "Votre part, 800,00 € hors taxes, est à verser d’abord à la région",
        "Une avance de 500,00 € peut être demandée",
        "Le prestataire remet son rapport",
        "payée à votre place au prestataire, Exemple Conseil, par cession de créance",
    ):
        assert expected in text, expected
    assert "Comment l’aide est payée" not in french("grant", paid_how=PaidHow())


def test_a_hearing_asks_for_comments_and_for_no_money() -> None:
    text = french("recovery_hearing")
    for expected in (
        "R-04-2026-000123-1", "500,00 €", "La facture F-12 a été payée deux fois.", "jusqu’au 17 mars 2026",
        "articles L. 121-1 et L. 122-1", "n’est pas une demande de paiement",
    ):  # fmt: skip
        assert expected in text, expected
    assert "no demand for payment" in english("recovery_hearing")


def test_an_order_says_what_to_pay_when_and_how_to_contest() -> None:
    text = french("recovery_order")
    for expected in (
        "T-2026-17", "500,00 €", "1er avril 2026", "Vos observations du 10 mars 2026 ont été examinées.",
        "Les deux factures sont au dossier.", "Voies et délais de recours", "tribunal administratif de La Réunion",
    ):  # fmt: skip
        assert expected in text, expected
    assert "No comment was received in time." in english("recovery_order", observed_on=None)


def test_interest_is_an_account_step_by_step_and_no_demand() -> None:
    text = french("recovery_interest")
    for expected in (
        "T-2026-17", "31 mars 2025", "91", "1 000,00 €", "3,71 %", "9,24 €", "2,76 %", "9,55 €", "indicatifs",
        "n’est pas une demande de paiement",
    ):  # fmt: skip
        assert expected in text, expected
    assert "no demand for payment" in english("recovery_interest")


def test_a_withdrawal_is_announced_then_decided() -> None:
    text = french("revocation_hearing")
    for expected in (
        "Nous envisageons de retirer l’aide", "500,00 €", "CRPA, art. L. 242-2, 2°", "jusqu’au 17 mars 2026",
        "ni une décision ni une demande de paiement",
    ):  # fmt: skip
        assert expected in text, expected
    text = french("revocation")
    for expected in ("est retirée", "Vos observations du 10 mars 2026", "un titre de recettes vous sera adressé"):
        assert expected in text, expected
    assert "is withdrawn" in english("revocation")


def test_a_repeal_ends_the_aid_and_asks_nothing_back() -> None:
    assert "de mettre fin, pour l’avenir, à l’aide" in french("revocation_hearing", repealed=True, amount=None)
    text = french("revocation", repealed=True, amount=None)
    assert "est abrogée" in text
    assert "Rien n’est à reverser." in text
    assert "is repealed" in english("revocation", repealed=True, amount=None)


def test_a_payment_to_the_provider_says_so() -> None:
    text = french("payment", paid_to="Exemple Conseil", own_share=Decimal("300.00"))
    assert "a été versée par virement au prestataire" in text
    assert "Payé à Exemple Conseil" in text
    assert "300,00 €" in text
    assert "Le prêt qui vous a été accordé" in french("payment", lent_kind="loan")
