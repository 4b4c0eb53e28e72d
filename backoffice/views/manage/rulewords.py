"""The words of a definition’s keys and codes, for pages that people read."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.enums import CheckKind, DocumentKind, LegalCategory
from regions.enums import Funder, SchemeKind

FACTS: dict[str, Any] = {
    "headcount": _("effectif en équivalents temps plein"),
    "turnover": _("chiffre d’affaires hors taxes"),
    "balance_sheet": _("total du bilan"),
    "size": _("taille, entreprises partenaires et liées comprises"),
    "group_headcount": _("effectif, entreprises partenaires et liées comprises"),
    "group_turnover": _("chiffre d’affaires, entreprises partenaires et liées comprises"),
    "group_balance_sheet": _("total du bilan, entreprises partenaires et liées comprises"),
    "naf": _("secteur d’activité"),
    "legal_category": _("forme juridique"),
    "seat_region": _("région du siège"),
    "created_on": _("date de création"),
    "works_start_on": _("devis signé"),
    "firm_applications_this_year": _("autres demandes de l’entreprise dans l’année"),
    "person_applications_this_year": _("autres demandes du dirigeant dans l’année"),
    "other_public_aid": _("autres aides publiques sur le projet"),
    "applied_on": _("date de la demande"),
    "awarded_on": _("date de la décision"),
    "age_months": _("âge de l’entreprise, en mois"),
    "members": _("entreprises du groupement"),
    "level": _("niveau demandé"),
    "prior_steps": _("étapes déjà suivies"),
}
# What a method of control may ask of a payment claim.
CLAIM_FACTS: dict[str, Any] = {
    "declared": _("dépenses déclarées"), "lines": _("lignes de dépense"), "suppliers": _("fournisseurs"),
    "largest_line_percent": _("part de la plus grande ligne"), "certified_before": _("demandes déjà certifiées"),
    "rejected_percent_before": _("part écartée des demandes précédentes"),
    "requests": _("demandes de pièces"), "granted": _("aide accordée"),
}  # fmt: skip
OPERATORS: dict[str, Any] = {
    "lt": _("inférieur à"),
    "le": _("d’au plus"),
    "gt": _("supérieur à"),
    "ge": _("d’au moins"),
    "eq": _("égal à"),
    "ne": _("autre que"),
    "in": _("parmi"),
    "not_in": _("autre que"),
    "outside_sectors": _("hors de"),
    "within_sectors": _("dans"),
    "absent_or_after": _("après"),
    "before": _("avant le"),
    "includes": _("dont"),
}
REFERENCES: dict[str, Any] = {"awarded_on": _("la décision d’octroi"), "applied_on": _("le dépôt de la demande")}
LEGAL_BASIS: dict[str, Any] = {
    "de_minimis": _("de minimis, règlement (UE) 2023/2831"),
    "gber_18": _("règlement (UE) 651/2014, article 18"),
    "gber_19": _("règlement (UE) 651/2014, article 19"),
    "gber_28": _("règlement (UE) 651/2014, article 28"),
    "none": _("aucun : ce n’est pas une aide d’État"),
}
MODES: dict[str, Any] = {
    "grouped": _("la région, pour une opération qui regroupe les chèques"),
    "single": _("chaque entreprise"),
}
PAYMENT: dict[str, Any] = {
    "reimbursement": _("remboursement à l’entreprise, après sa dépense"),
    "assignment": _("cession au prestataire"),
    "escrow": _("séquestre"),
    "advance_balance": _("avance puis solde"),
    "flat": _("forfait"),
    "once": _("en une seule fois"),
    "partly": _("en plusieurs fois"),
    "real": _("coûts réels"),
    "simplified": _("coûts simplifiés"),
    "accountant": _("lot pour le comptable public"),
    "pain.001.001.03": _("virements pour une banque, pain.001.001.03"),
    "pain.001.001.09": _("virements pour une banque, pain.001.001.09"),
}
ORDER: dict[str, Any] = {
    "excluding_vat": _("prendre les montants hors taxes"),
    "excluded_lines": _("écarter les lignes qui ne sont pas aidées"),
    "category_costs": _("plafonner le coût de chaque service"),
    "level_lines": _("ne garder que les dépenses du niveau demandé"),
    "days": _("plafonner le prix d’une journée, puis le nombre de journées"),
    "cost_floor": _("vérifier que le coût minimal est atteint"),
    "cost_ceiling": _("plafonner le coût du projet"),
    "rate": _("appliquer le taux"),
    "flat": _("fixer le forfait"),
    "steps": _("compter les paliers entiers"),
    "category_ceilings": _("plafonner l’aide à chaque service"),
    "aid_ceiling": _("plafonner l’aide au projet"),
    "member_ceiling": _("plafonner l’aide par entreprise du groupement"),
    "advance": _("calculer l’avance remboursable"),
    "loan": _("calculer le prêt"),
    "guarantee": _("calculer la garantie"),
    "wallet_rolling": _("s’arrêter au plafond glissant de l’entreprise"),
    "wallet_year": _("s’arrêter au plafond de l’année civile"),
    "window_coefficient": _("multiplier par le coefficient de répartition du budget"),
    "other_aid": _("tenir compte des autres aides publiques au projet"),
    "aid_floor": _("vérifier que l’aide minimale est atteinte"),
    "de_minimis": _("vérifier ce qui reste du plafond de minimis, sans rogner l’aide d’office"),
    "gber": _("vérifier l’intensité et l’effet incitatif du règlement d’exemption"),
    "envelope": _("réserver l’aide sur l’enveloppe"),
}
NATURES: dict[str, Any] = {
    "market_study": _("étude de marché"), "launch_consultancy": _("conseil au lancement"),
    "trade_fair": _("salon professionnel"), "one_off_investment": _("investissement ponctuel"),
    "translation": _("traduction"), "per_unit_exported": _("dépense par unité exportée"),
    "sales_office_abroad": _("bureau de vente à l’étranger"), "sales_commission": _("commission sur les ventes"),
    "export_freight": _("transport à l’exportation"),
    "mixed_subscription": _("abonnement à usage mixte"), "export_advertising": _("publicité à l’exportation"),
    "allowed": _("admise"), "flag": _("à examiner au cas par cas"),
}  # fmt: skip
KEYS: dict[str, Any] = {
    "format": _("format"), "code": _("code"), "kind": _("nature"), "prefix": _("préfixe"), "region": _("région"),
    "name": _("nom"), "sources": _("sources"), "to_confirm": _("à confirmer"), "gaps": _("lacunes"),
    "path": _("endroit"), "note": _("note"), "legal_basis": _("régime d’aide"), "beneficiary": _("bénéficiaire"),
    "mode": _("mode"), "authority_approval": _("accord de l’autorité de gestion"),
    "research_exemption": _("dispense pour la recherche et l’innovation"), "funding": _("financement"),
    "payment_credits": _("crédits de paiement"), "yearly": _("par année"), "waiting_list": _("liste d’attente"),
    "strict": _("personne ne passe avant un dossier complet plus tôt"),
    "fitting": _("un dossier passe si ce qui reste ne paie pas ceux d’avant"),
    "lead": _("financeur principal"), "funders": _("financeurs"), "share": _("part"), "erdf": _("FEDER"),
    "specific_objective": _("Objectif spécifique"), "intervention_field": _("Domaine d’intervention"),
    "form_of_support": _("Forme de soutien"), "territorial_delivery": _("Mécanisme territorial"),
    "gender": _("Égalité entre les femmes et les hommes"), "indicators": _("Indicateurs"), "who": _("qui"),
    "conditions": _("conditions"), "fact": _("fait"), "op": _("opérateur"), "value": _("valeur"),
    "any_of": _("l’une de"), "reason": _("motif"), "what": _("quelles dépenses"), "vat_basis": _("base de TVA"),
    "excluding": _("hors taxes"), "hardware_excluded": _("matériel exclu"), "categories": _("catégories"),
    "aid_ceiling": _("plafond d’aide"), "excluded": _("exclue"), "label": _("libellé"), "how": _("combien"),
    "function": _("calcul"), "percent_by_category": _("pourcentage par catégorie"), "bands": _("tranches"),
    "headcount_below": _("effectif inférieur à"), "rate": _("taux"), "aid_floor": _("aide minimale"),
    "public_aid_max_share": _("part maximale des aides publiques"), "when": _("quand"),
    "start_rule": _("Début du projet"), "after_award": _("après la décision d’octroi"),
    "rules_of": _("Version appliquée à un dossier"), "submission": _("celle en vigueur le jour du dépôt"),
    "opening": _("celle en vigueur à l’ouverture du brouillon"), "award": _("celle en vigueur le jour de la décision"),
    "after_application": _("après le dépôt de la demande"), "any": _("à tout moment"),
    "decision_months": _("Décision de la région"),
    "warning_day": _("Alerte interne avant le silence"), "item_request_days": _("Réponse à une demande de pièces"),
    "completion_months": _("Réalisation du projet"), "claim_window_days": _("Demande de paiement, ensuite"),
    "payment_days": _("Paiement"), "provider": _("prestataire"),
    "accreditation_required": _("habilitation exigée"), "evidence": _("preuves"), "application": _("à la demande"),
    "claim": _("à la demande de paiement"),
    "release": _("au versement d’un prêt"), "payment": _("paiement"), "model": _("mode"),
    "output": _("fichier de paiement"), "costs": _("coûts"),
    "examination": _("instruction"), "checks": _("contrôles"), "reasons": _("motifs de refus"), "fr": _("français"),
    "en": _("anglais"), "clause": _("clause"), "currency": _("monnaie"), "percent": _("pourcentage du coût"),
    "flat": _("forfait"), "steps": _("barème par paliers"), "piecewise": _("taux par tranche de coût"),
    "days": _("pourcentage des journées"), "group": _("groupement d’entreprises"), "levels": _("niveaux"),
    "wallet": _("portefeuille de l’entreprise"), "pro_rata": _("répartition du budget"),
    "mix": _("plusieurs instruments"), "amount": _("Montant"), "cost_floor": _("Coût minimal"),
    "cost_ceiling": _("Coût retenu au plus"), "unit_cost_ceiling": _("Coût d’une unité au plus"),
    "max_units": _("Unités au plus"), "step_cost": _("Palier de coût"), "step_aid": _("Aide par palier"),
    "segments": _("tranches de coût"), "up_to": _("jusqu’à"), "day_rate_ceiling": _("Prix d’une journée au plus"),
    "days_max": _("Journées au plus"), "min_members": _("Entreprises au moins"),
    "aid_ceiling_per_member": _("Aide au plus par entreprise"), "on_loss": _("Si une entreprise se retire"),
    "reduce": _("le plafond baisse"), "revoke": _("l’aide prend fin"),
    "replace_days": _("Jours pour la remplacer"), "level": _("niveau"), "rolling": _("Plafond glissant"),
    "years": _("années"), "ceiling": _("plafond"), "calendar_year_ceiling": _("Plafond par année civile"),
    "components": _("instruments"), "instrument": _("instrument"), "grant": _("Subvention"),
    "advance": _("Avance remboursable"), "loan": _("Prêt"), "guarantee": _("Garantie"),
    "share_of_cost": _("part du coût"), "share_of_loan": _("part du prêt"), "amount_floor": _("montant minimal"),
    "amount_ceiling": _("montant maximal"), "months": _("durée, en mois"), "grace_months": _("différé, en mois"),
    "every_months": _("une échéance tous les, en mois"), "annual_rate_percent": _("taux annuel"),
    "collateral_percent": _("sûretés"), "premium_percent": _("prime"), "reference": _("taux de référence"),
    "base_rate_percent": _("Taux de base de la Commission"), "valid_from": _("En vigueur depuis le"),
    "review": _("à examiner"), "export_nature": _("nature de la dépense d’export"),
    "cost_kind": _("nature de la dépense exemptée"),
    "territory": _("territoire"), "change_after_days": _("jours sans réponse avant de changer de prestataire"),
    "firm_validation_days": _("jours pour la validation de l’entreprise"),
    "guarantee_required": _("garantie exigée"), "programme": _("programme d’origine"),
    "export_settled": _("réponses de l’autorité de gestion"), "call": _("appel à projets"),
    "criteria": _("critères"), "weight": _("poids"), "threshold": _("note minimale"), "budget": _("budget"),
    "opens_on": _("ouvre le"), "closes_on": _("ferme le"), "service_offer": _("offre de service"),
    "control": _("contrôle des demandes de paiement"), "points": _("points"), "sample": _("lignes tirées"),
    "fewest": _("au moins"), "always_from": _("toujours à partir de"),
    "redemption": _("utilisation"), "on_the_spot_from": _("contrôle sur place à partir de"), "version": _("version"),
    "fees": _("participations"), "fee": _("participation"),
}  # fmt: skip
VALUES: dict[str, Any] = {
    **FACTS, **CLAIM_FACTS, **OPERATORS, **REFERENCES, **LEGAL_BASIS, **MODES, **PAYMENT, **dict(DocumentKind.choices),
    **NATURES, **dict(CheckKind.choices), **dict(LegalCategory.choices), **dict(Funder.choices),
    **dict(SchemeKind.choices), **KEYS,
}  # fmt: skip


def label_of(code: str) -> Any:
    """The words of a key or of a code of the definition; a scheme’s own code stays as it is."""
    return VALUES.get(code, code)
