"""The 142 fields that annex XVII of Regulation (EU) 2021/1060 asks to record on each operation.

The table ends at 142, although its heading says 152. `when`: Y for an ERDF operation always, C if the
case arises, FI for financial instruments only, N never for the ERDF’s investment for jobs and growth.
"""

from __future__ import annotations

from dataclasses import dataclass

ALWAYS, CASE, INSTRUMENT, NEVER = "Y", "C", "FI", "N"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the annex: its number and what it asks for."""

    number: int
    when: str
    fr: str
    en: str


# First and last number, when it applies, in French, in English.
_ROWS: tuple[tuple[int, int, str, str, str], ...] = (
    (1, 1, ALWAYS, "Nom et identifiant du bénéficiaire", "Name and identifier of the beneficiary"),
    (2, 2, ALWAYS, "Nature du bénéficiaire et numéro fiscal ou de TVA", "Kind of beneficiary and tax or VAT number"),
    (3, 3, ALWAYS, "Bénéficiaires effectifs", "Beneficial owners"),
    (4, 4, CASE, "Organisme qui reçoit ou qui octroie l’aide", "Body receiving or granting the aid"),
    (5, 5, CASE, "Partenariat : partenaire public ou privé", "Partnership: public body or private partner"),
    (6, 6, NEVER, "Fonds pour petits projets (Interreg)", "Small project fund (Interreg)"),
    (7, 7, ALWAYS, "Coordonnées du bénéficiaire", "Contact details of the beneficiary"),
    (8, 8, INSTRUMENT, "Fonds à participation ou fonds spécifique", "Holding fund or specific fund"),
    (9, 9, ALWAYS, "Nom et code de l’opération", "Name and code of the operation"),
    (10, 10, ALWAYS, "Description de l’opération", "Description of the operation"),
    (11, 11, ALWAYS, "Relève de l’article 94 ou 95", "Under Article 94 or 95"),
    (12, 12, ALWAYS, "Importance stratégique", "Strategic importance"),
    (13, 13, NEVER, "Type d’action (BMVI, ISF, AMIF)", "Action type (BMVI, ISF, AMIF)"),
    (14, 14, ALWAYS, "Dépôt de la demande", "Submission of the application"),
    (15, 15, ALWAYS, "Début dans le document des conditions", "Start in the document of conditions"),
    (16, 16, ALWAYS, "Fin dans le document des conditions", "End in the document of conditions"),
    (17, 17, ALWAYS, "Achèvement réel", "Actual completion"),
    (18, 18, ALWAYS, "Organisme qui a émis le document des conditions", "Body issuing the document of conditions"),
    (19, 19, ALWAYS, "Date du document des conditions", "Date of the document of conditions"),
    (20, 20, ALWAYS, "Aide d’État", "State aid"),
    (21, 21, ALWAYS, "Aide de minimis", "De minimis aid"),
    (22, 22, ALWAYS, "Partenariat public-privé", "Public-private partnership"),
    (23, 23, CASE, "Contractants des marchés au-dessus des seuils", "Contractors above the procurement thresholds"),
    (24, 24, CASE, "Sous-traitants de plus de 50 000 €", "Sub-contractors above EUR 50 000"),
    (
        25,
        25,
        CASE,
        "Entreprise aidée : nom, numéro de TVA, date, référence et montant",
        "Firm aided: name, VAT number, date, reference and amount",
    ),  # fmt: skip
    (26, 26, CASE, "TVA non récupérable au-delà de 5 M€", "VAT not recoverable above EUR 5 m"),
    (27, 27, ALWAYS, "Monnaie", "Currency"),
    (28, 28, ALWAYS, "CCI du programme", "CCI of the programme"),
    (29, 29, ALWAYS, "Priorité", "Priority"),
    (30, 30, ALWAYS, "Fonds", "Fund"),
    (31, 31, NEVER, "Participation de pays tiers", "Third country participation"),
    (32, 34, NEVER, "Aide matérielle (FSE+)", "Material assistance (ESF+)"),
    (35, 35, ALWAYS, "Catégorie de région", "Category of region"),
    (36, 45, INSTRUMENT, "Instrument financier : mise en œuvre", "Financial instrument: implementation"),
    (46, 46, ALWAYS, "Codes de l’intervention", "Codes of the intervention"),
    (47, 47, NEVER, "Thème secondaire (FSE+)", "Secondary theme (ESF+)"),
    (48, 48, NEVER, "Codes AMIF, ISF, BMVI", "AMIF, ISF, BMVI codes"),
    (49, 49, ALWAYS, "Indicateurs de réalisation", "Output indicators"),
    (50, 50, ALWAYS, "Réalisations : unité, cible et valeur atteinte", "Outputs: unit, target and achieved value"),
    (51, 51, CASE, "Valeur intermédiaire", "Milestone"),
    (52, 52, ALWAYS, "Indicateurs de résultat", "Result indicators"),
    (53, 53, NEVER, "Ventilation des résultats", "Breakdown of results"),
    (54, 54, NEVER, "Unité des résultats", "Unit of results"),
    (
        55,
        55,
        ALWAYS,
        "Résultats : valeur de départ, cible et valeur atteinte",
        "Results: baseline, target and achieved value",
    ),  # fmt: skip
    (56, 56, ALWAYS, "Coût total éligible", "Total eligible cost"),
    (57, 57, ALWAYS, "Coût éligible donnant lieu à contribution publique", "Eligible cost given a public contribution"),
    (58, 58, ALWAYS, "Soutien du Fonds", "Support from the Fund"),
    (59, 69, INSTRUMENT, "Instrument financier : montants", "Financial instrument: amounts"),
    (70, 70, ALWAYS, "Réception des demandes de paiement", "Receipt of payment claims"),
    (71, 71, ALWAYS, "Dernier paiement", "Last payment"),
    (72, 72, ALWAYS, "Dépense éligible payée et date du paiement", "Eligible expenditure paid and date of payment"),
    (
        73,
        73,
        ALWAYS,
        "Dépense dans la dernière demande de l’exercice",
        "Expenditure in the final application of the year",
    ),  # fmt: skip
    (74, 74, CASE, "Répartition entre catégories de région", "Pro rata to categories of region"),
    (75, 75, CASE, "Répartition entre fonds ou programmes", "Pro rata to Funds or programmes"),
    (76, 76, ALWAYS, "Vérifications de gestion", "Management verifications"),
    (77, 77, ALWAYS, "Contrôles et audits sur place", "On-the-spot checks and audits"),
    (78, 78, ALWAYS, "Organisme qui vérifie", "Body carrying out the verification"),
    (79, 79, CASE, "Dépense déclarée en coûts réels", "Expenditure on real costs"),
    (80, 80, CASE, "Contribution publique aux coûts réels", "Public contribution to real costs"),
    (81, 81, CASE, "Type et montant des marchés", "Type and amount of contracts"),
    (82, 82, CASE, "Dépense payée sur ces marchés", "Expenditure paid on such contracts"),
    (83, 83, CASE, "Procédure de passation", "Procurement procedure"),
    (84, 84, CASE, "Titulaires et sous-traitants", "Contractors and sub-contractors"),
    (85, 85, NEVER, "Marchés de défense", "Defence procurement"),
    (86, 90, CASE, "Coûts unitaires", "Unit costs"),
    (91, 94, CASE, "Montants forfaitaires", "Lump sums"),
    (95, 96, CASE, "Taux forfaitaires", "Flat rates"),
    (97, 101, INSTRUMENT, "Instrument financier : dépenses", "Financial instrument: expenditure"),
    (102, 102, CASE, "Déductions : date, motif et nature", "Deductions: date, reason and type"),
    (103, 103, CASE, "Dépense éligible déduite", "Eligible expenditure deducted"),
    (104, 104, CASE, "Contribution publique déduite", "Public contribution deducted"),
    (105, 105, ALWAYS, "Date de chaque demande de paiement", "Date of each payment application"),
    (106, 106, ALWAYS, "Dépense éligible de chaque demande", "Eligible expenditure in each application"),
    (107, 107, ALWAYS, "Contribution publique de chaque demande", "Public contribution in each application"),
    (108, 110, CASE, "Avances d’aide d’État", "State aid advances"),
    (111, 111, CASE, "Aide d’État versée au bénéficiaire", "State aid paid to the beneficiary"),
    (112, 117, CASE, "Financement non lié aux coûts, articles 94 et 95", "Financing under Articles 94 and 95"),
    (118, 123, INSTRUMENT, "Instrument financier : demandes de paiement", "Financial instrument: payment applications"),
    (124, 124, ALWAYS, "Date de chaque jeu de comptes", "Date of each set of accounts"),
    (125, 125, ALWAYS, "Dépense éligible dans les comptes", "Eligible expenditure in the accounts"),
    (126, 126, ALWAYS, "Contribution publique dans les comptes", "Public contribution in the accounts"),
    (127, 127, ALWAYS, "Paiements au bénéficiaire", "Payments to the beneficiary"),
    (128, 128, ALWAYS, "Dépense retirée dans l’exercice", "Expenditure withdrawn in the year"),
    (129, 129, ALWAYS, "Contribution publique retirée", "Public contribution withdrawn"),
    (130, 130, ALWAYS, "Dépense déduite au titre de l’article 98(6)", "Expenditure deducted under Article 98(6)"),
    (131, 134, INSTRUMENT, "Instrument financier : comptes", "Financial instrument: accounts"),
    (135, 135, NEVER, "Dépense de type FEDER par le FSE+", "ERDF-type expenditure by ESF+"),
    (136, 136, CASE, "Dépense de type FSE+ par le FEDER", "ESF+-type expenditure by ERDF"),
    (137, 137, CASE, "Achat de terrains", "Land purchase"),
    (138, 138, CASE, "Contributions en nature", "In-kind contributions"),
    (139, 139, CASE, "Amortissements", "Depreciation"),
    (140, 140, NEVER, "Fonds pour petits projets (Interreg)", "Small project fund (Interreg)"),
    (141, 141, NEVER, "Fonctionnement (BMVI, ISF, AMIF)", "Operating support (BMVI, ISF, AMIF)"),
    (142, 142, NEVER, "Équipement (ISF)", "Equipment (ISF)"),
)

FIELDS: tuple[Field, ...] = tuple(
    Field(number, when, fr, en) for first, last, when, fr, en in _ROWS for number in range(first, last + 1)
)
