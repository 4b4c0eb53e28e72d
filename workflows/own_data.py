"""A copy of what the house knows of a person: account, rights, firms, files, documents, acts (GDPR, art. 15).

Names of the keys are French: the reader is the person. Amounts are strings in euro, moments ISO in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from applications.models import Application, BankChange, Company, Document, FollowUp, PrivacyRequest
from applications.models.application import live
from regions import clock
from regions.models import User
from workflows import opened
from workflows.gate import act_label
from workflows.models import Event, EventNote, FileOpened, OutboxMessage


def of(user: User) -> dict[str, Any]:
    """Everything about a person, in plain values."""
    companies = list(Company.objects.filter(pk__in=live(user.mandates, None).values("company")).order_by("pk"))
    files = Application.objects.filter(Q(representative=user) | Q(manager=user.person)).order_by("pk").distinct()
    return {
        "date": _plain(clock.now()),
        "compte": _account(user),
        "roles": [_role(role) for role in user.roles.select_related("region").order_by("pk")],
        "mandats": [_mandate(mandate) for mandate in user.mandates.select_related("company").order_by("pk")],
        "prestataires": [str(m.provider) for m in user.provider_memberships.select_related("provider")],
        "entreprises": [_company(company) for company in companies],
        "dossiers": [_file(file) for file in files.select_related("company", "scheme_version__scheme")],
        "documents": [_document(d) for d in Document.objects.filter(added_by=user).order_by("pk")],
        "changements_bancaires": [_change(c) for c in BankChange.objects.filter(asked_by=user).order_by("pk")],
        "courriers": [_letter(m) for m in OutboxMessage.objects.filter(recipient=user).order_by("pk")],
        "actes": [_act(event) for event in Event.objects.filter(person_id_value=user.person_id).order_by("pk")],
        "textes": list(EventNote.objects.filter(event__person_id_value=user.person_id).values_list("text", flat=True)),
        "dossiers_ouverts": [_opened(o) for o in opened.of(user).select_related("application").order_by("pk")],
        "demandes_rgpd": [_request(r) for r in PrivacyRequest.objects.filter(user=user).order_by("pk")],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else None if value is None else str(value)


def _fields(row: Any, names: Mapping[str, str]) -> dict[str, Any]:
    """French key → the value of a column, as text."""
    return {key: _plain(getattr(row, name)) for key, name in names.items()}


def _account(user: User) -> dict[str, Any]:
    return _fields(
        user,
        {"nom": "name", "adresse_electronique": "email", "telephone": "phone", "langue": "language",
         "personne": "person", "derniere_connexion": "last_login"},
    )  # fmt: skip


def _role(role: Any) -> dict[str, Any]:
    names = {"depuis": "valid_from", "jusqu_au": "valid_to", "delegation": "delegation", "region": "region"}
    return {"role": str(role.get_kind_display())} | _fields(role, names)


def _mandate(mandate: Any) -> dict[str, Any]:
    names = {"entreprise": "company", "depuis": "valid_from", "jusqu_au": "valid_to"}
    return {"qualite": str(mandate.get_kind_display())} | _fields(mandate, names)


def _company(company: Company) -> dict[str, Any]:
    names = {
        "denomination": "name", "siren": "siren", "siret": "siret", "naf": "naf_code", "commune": "commune",
        "effectif": "headcount", "chiffre_d_affaires": "turnover", "total_du_bilan": "balance_sheet",
    }  # fmt: skip
    bank = {"titulaire": "holder", "iban": "iban", "depuis": "valid_from", "jusqu_au": "valid_to"}
    return _fields(company, names) | {
        "coordonnees_bancaires": [_fields(row, bank) for row in company.bank_details.order_by("pk")]
    }


def _file(file: Application) -> dict[str, Any]:
    names = {
        "reference": "reference", "entreprise": "company", "projet": "title", "depose_le": "submitted_at",
        "decide_le": "decided_on", "notifie_le": "notified_on", "effectif": "headcount",
        "chiffre_d_affaires": "turnover", "aides_de_minimis_declarees": "declared_de_minimis",
        "montant_demande": "amount_requested", "montant_accorde": "amount_granted",
        "intensite_numerique_avant": "digital_intensity_before",
        "intensite_numerique_apres": "digital_intensity_after",
        "moitie_du_capital_perdue": "capital_lost", "procedure_collective": "insolvent",
        "aide_au_sauvetage_en_cours": "rescue_aid",
    }  # fmt: skip
    said = {"statut": str(file.get_state_display()), "dispositif": str(file.scheme_version.scheme)}
    ties = {"nom": "name", "siren": "siren", "capital_en_pourcent": "capital", "votes_en_pourcent": "votes"}
    links = [_fields(row, ties) for row in file.ownership_links.order_by("pk")]
    told = [_told(row) for row in file.follow_ups.order_by("pk")]
    lists = {"liens": links, "resultats": told}
    return said | _fields(file, names) | {name: rows for name, rows in lists.items() if rows}


def _told(row: FollowUp) -> dict[str, Any]:
    names = {
        "repondu_le": "answered_on", "effectif": "headcount", "chiffre_d_affaires": "turnover",
        "part_en_ligne": "online_share", "part_a_l_export": "export_share", "outil_utilise": "in_use",
        "offre_nouvelle": "new_offer", "methodes_nouvelles": "new_methods",
        "intensite_numerique": "digital_intensity", "satisfaction": "satisfaction",
    }  # fmt: skip
    return {"voie": str(row.get_channel_display())} | _fields(row, names)


def _opened(row: FileOpened) -> dict[str, Any]:
    names = {"dossier": "application", "premiere_fois": "first_at", "derniere_fois": "last_at", "fois": "times"}
    return _fields(row, names)


def _document(document: Document) -> dict[str, Any]:
    names = {"nom": "name", "ajoute_le": "added_at", "supprime_le": "deleted_at", "sha256": "sha256"}
    return {"nature": str(document.get_kind_display())} | _fields(document, names)


def _change(change: BankChange) -> dict[str, Any]:
    names = {"titulaire": "holder", "iban": "iban", "demande_le": "asked_at", "repondu_le": "answered_at"}
    return {"statut": str(change.get_state_display())} | _fields(change, names)


def _letter(message: OutboxMessage) -> dict[str, Any]:
    return _fields(message, {"modele": "template", "cree_le": "created_at", "envoye_le": "sent_at"})


def _act(event: Event) -> dict[str, Any]:
    return {"acte": _label(event.act), "le": _plain(event.at), "objet": event.object}


def _label(act: str) -> str:
    """The words of an act; acts of administration are given by their stored name."""
    try:
        return str(act_label(act))
    except KeyError:
        return act


def _request(request: PrivacyRequest) -> dict[str, Any]:
    names = {"texte": "text", "demande_le": "asked_at", "repondu_le": "answered_at", "reponse": "answer"}
    return {"demande": str(request.get_kind_display())} | _fields(request, names)
