"""The thirteen elements of the audit trail for grants: Regulation (EU) 2021/1060 (CPR), Annex XIII, section I."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Element:
    """An element that the audit trail must hold; its folder bears both names, in letters that every system reads."""

    number: int
    folder: str
    french: str
    english: str

    def said(self, language: str) -> str:
        return self.english if language.startswith("en") else self.french


ELEMENTS = (
    Element(1, "01_Selection_et_approbation--Selection_and_approval",
            "Application des critères, procédure de sélection et approbation",
            "Application of the criteria, selection procedure and approval"),
    Element(2, "02_Decision_et_convention--Grant_agreement",
            "Décision ou convention d’octroi signée", "Signed grant agreement or decision"),
    Element(3, "03_Comptabilite_des_demandes--Accounting_records_of_claims",
            "Demandes de paiement et leurs écritures", "Payment claims and their accounting records"),
    Element(4, "04_Non_delocalisation_et_perennite--Non-relocation_and_durability",
            "Contrôle de la non-délocalisation et de la pérennité", "Verification of non-relocation and durability"),
    Element(5, "05_Preuve_de_paiement_de_l_aide--Proof_of_payment_of_the_aid",
            "Preuve et date du paiement de l’aide publique", "Proof and date of payment of the public contribution"),
    Element(6, "06_Controles--Administrative_and_on-the-spot_checks",
            "Contrôles administratifs et sur place", "Administrative and on-the-spot checks"),
    Element(7, "07_Audits--Audits", "Audits menés", "Audits carried out"),
    Element(8, "08_Suites_des_controles_et_audits--Follow-up_of_checks_and_audits",
            "Suites données aux contrôles et aux audits", "Follow-up of verifications and audit findings"),
    Element(9, "09_Conformite_au_droit--Compliance_with_the_law",
            "Conformité au droit applicable", "Compliance with applicable law"),
    Element(10, "10_Indicateurs--Indicators",
            "Indicateurs de réalisation et de résultat", "Output and result indicators"),
    Element(11, "11_Corrections_et_deductions--Corrections_and_deductions",
            "Corrections financières et déductions", "Financial corrections and deductions"),
    Element(12, "12_Couts_reels--Real_costs",
            "Coûts réels : factures, preuves de paiement, comptabilité du bénéficiaire",
            "Real costs: invoices, proofs of payment, the beneficiary’s accounting records"),
    Element(13, "13_Couts_simplifies--Simplified_costs",
            "Options de coûts simplifiés : méthode et base", "Simplified cost options: method and basis"),
)  # fmt: skip

CHAIN = Element(0, "00_Chaine_des_actes--Chain_of_acts", "Chaîne des actes et sceaux", "Chain of acts and seals")

BY_NUMBER = {element.number: element for element in (CHAIN, *ELEMENTS)}
