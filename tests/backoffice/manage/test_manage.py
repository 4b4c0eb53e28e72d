"""The administrator’s pages: what each shows, what it does, and that nobody else finds it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.enums import Bucket, PrivacyKind
from applications.models import EnvelopePosition, PrivacyRequest
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from regions.models import Absence, Envelope, EnvelopeTransfer, Region, Role, SchemeVersion, User, WorkingCost
from regions.schemes.loader import shipped
from tests.backoffice.manage.conftest import signed_in
from tests.backoffice.test_pages import sound
from workflows import administration, delivery, gate
from workflows.addressees import ADDRESSEES
from workflows.emails import BY_TEMPLATE
from workflows.models import LedgerDifference, OutboxMessage

pytestmark = pytest.mark.django_db

LISTS = (
    "manage-people", "manage-absences", "manage-costs", "manage-envelopes", "manage-versions", "manage-letters",
    "manage-privacy",
    "manage-differences", "manage-invite", "manage-budget", "manage-transfer", "manage-propose", "manage-adopt",
    "manage-paying", "manage-paying-propose", "manage-interests",
)  # fmt: skip


def text(response: Any) -> str:
    assert response.status_code == 200, response
    return sound(response.content.decode()).text


def post(client: Client, url_name: str, /, *args: Any, **data: Any) -> str:
    return text(client.post(reverse(url_name, args=args), data, follow=True))


# --- who may


def test_each_page_opens_for_the_administrator(admin: Client) -> None:
    for name in LISTS:
        text(admin.get(reverse(name)))
    assert "La Réunion" in text(admin.get(reverse("manage-contacts"), follow=True))


def test_nobody_else_finds_them(world: World) -> None:
    others = [world.staff["officer"], world.staff["auditor"], world.managers["F01"], world.provider_users["P01"]]
    for user in others:
        client = signed_in(user)
        for name in set(LISTS) - {"manage-versions"}:
            assert client.get(reverse(name)).status_code == 404, (user, name)
    assert Client().get(reverse("manage-people")).status_code == 302


def test_another_regions_administrator_sees_and_moves_nothing_here(world: World, elsewhere: Client) -> None:
    role = Role.objects.get(user=world.staff["officer"])
    version = SchemeVersion.objects.get()
    absence = administration.record_absence(
        world.staff["admin"], world.staff["officer"], world.staff["officer2"], world.region, *[clock.today()] * 2
    )
    later = administration.open_envelope(world.staff["admin"], world.scheme, 2026, Bucket.CEILING, Decimal(10))
    transfer = administration.propose_transfer(
        world.staff["admin"], Envelope.objects.get(year=2025), later, Decimal(1), "x"
    )
    message = OutboxMessage.objects.latest("pk")
    request = PrivacyRequest.objects.create(user=world.managers["F01"], kind=PrivacyKind.ACCESS, asked_at=clock.now())
    for name in LISTS:
        page = text(elsewhere.get(reverse(name)))
        assert "Camille Instruit" not in page
        assert "Kap Numérik 2025" not in page
    for name, row in (
        ("manage-role-confirm", role), ("manage-role-decline", role), ("manage-role-end", role),
        ("manage-absence-cancel", absence), ("manage-transfer-confirm", transfer),
        ("manage-transfer-decline", transfer), ("manage-publish", version), ("manage-letter-again", message),
        ("manage-privacy-answer", request),
    ):  # fmt: skip
        assert elsewhere.post(reverse(name, args=[row.pk])).status_code == 404, name
    for url in (
        reverse("manage-version", args=[version.pk]),
        reverse("manage-export", args=[version.pk]),
        f"{reverse('manage-compare', args=[version.pk])}?avec={version.pk}",
        reverse("manage-contact", args=["04"]),
        reverse("manage-privacy-answer", args=[request.pk]),
    ):
        assert elsewhere.get(url).status_code == 404, url


def test_a_role_only_proposed_opens_no_page(world: World) -> None:
    user = User.objects.create_user("future@demo.example", "Future")
    administration.give_role(world.staff["admin"], user, RoleKind.ADMINISTRATOR, world.region, clock.today())
    assert signed_in(user).get(reverse("manage-people")).status_code == 404


# --- differences


def test_a_difference_is_read_noted_and_closed_by_the_check_alone(
    world: World, admin: Client, elsewhere: Client
) -> None:
    EnvelopePosition.objects.filter(line__is_lead=True).update(reserved=Decimal("12.34"))
    assert "Tout a été comparé" in post(admin, "manage-differences-check")
    row = LedgerDifference.objects.get()
    assert "1 écart du contrôle de nuit" in text(admin.get(reverse("home")))
    page = text(admin.get(reverse("manage-differences")))
    assert "Position et grand livre" in page
    assert "12,34 €" in page
    assert "Écrire ce qui a été trouvé" in post(admin, "manage-difference-note", row.pk, text=" ")
    assert "Vu avec l’hébergeur" in post(admin, "manage-difference-note", row.pk, text="Vu avec l’hébergeur")
    assert elsewhere.post(reverse("manage-difference-note", args=[row.pk]), {"text": "x"}).status_code == 404
    assert "12,34 €" not in text(elsewhere.get(reverse("manage-differences")))
    EnvelopePosition.objects.filter(line__is_lead=True).update(reserved=Decimal(0))
    page = post(admin, "manage-differences-check")
    assert "Rien ne diffère" in page
    assert "Levé" in page


# --- people


def test_a_role_is_proposed_by_one_and_confirmed_by_the_other(world: World, admin: Client, admin2: Client) -> None:
    said = post(
        admin, "manage-invite", email="neuve@demo.example", name="Neuve Personne", kind="officer",
        valid_from=clock.today().isoformat(),
    )  # fmt: skip
    assert "un autre administrateur doit le confirmer" in said
    assert "Neuve Personne" in said
    assert "Une autre personne doit confirmer votre proposition" in said
    role = Role.objects.get(user__email="neuve@demo.example")
    assert "Un droit est confirmé par une autre personne" in post(admin, "manage-role-confirm", role.pk)
    assert "Le rôle est confirmé" in post(admin2, "manage-role-confirm", role.pk)
    assert "déjà reçu sa réponse" in post(admin2, "manage-role-confirm", role.pk)
    delivery.deliver()
    assert [m.to for m in mail.outbox][-1] == ["neuve@demo.example"]


def test_an_invitation_that_is_wrong_keeps_what_was_typed(world: World, admin: Client) -> None:
    page = admin.post(
        reverse("manage-invite"), {"email": "sans.nom@demo.example", "kind": "officer", "valid_from": "32/13/2025"}
    )
    words = text(page)
    assert "Indiquer le nom" in words
    assert 'value="sans.nom@demo.example"' in page.content.decode()
    page = admin.post(
        reverse("manage-invite"),
        {"email": "officer@demo.example", "kind": "officer", "valid_from": clock.today().isoformat()},
    )
    assert "déjà ce rôle" in text(page)
    page = admin.post(
        reverse("manage-invite"),
        {"email": "admin@demo.example", "kind": "decider", "valid_from": clock.today().isoformat()},
    )
    assert "soi-même" in text(page)


def test_a_proposal_is_declined_and_a_role_ended(world: World, admin: Client, admin2: Client) -> None:
    user = User.objects.create_user("x@demo.example", "Xavière")
    role = administration.give_role(world.staff["admin"], user, RoleKind.AUDITOR, world.region, clock.today())
    assert "La proposition est refusée" in post(admin2, "manage-role-decline", role.pk)
    assert "Xavière" in text(admin.get(reverse("manage-people") + "?tab=ended"))
    held = Role.objects.get(user=world.staff["officer2"])
    assert "Morgan Instruit" in text(admin.get(reverse("manage-role-end", args=[held.pk])))
    assert "ne peut pas précéder" in text(
        admin.post(reverse("manage-role-end", args=[held.pk]), {"last_day": "2020-01-01"})
    )
    assert "La fin de ce rôle" in post(admin, "manage-role-end", held.pk, last_day=clock.today().isoformat())


def test_a_region_with_one_administrator_reads_how_to_have_a_second(world: World) -> None:
    region = Region.objects.get(code="11")
    user = administration.first_administrator("un@demo.example", "Un", "mot-de-passe-long", region)
    assert "first_administrator 11" in text(signed_in(user).get(reverse("manage-people")))
    assert "first_administrator" not in text(signed_in(world.staff["admin"]).get(reverse("manage-people")))


# --- absences


def test_an_absence_is_recorded_and_cancelled(world: World, admin: Client) -> None:
    data = {
        "user": world.staff["officer"].pk, "substitute": world.staff["officer2"].pk, "first": "2025-03-10",
        "last": "2025-03-14",
    }  # fmt: skip
    assert "L’absence est enregistrée" in post(admin, "manage-absences", **data)
    assert "couvre déjà" in post(admin, "manage-absences", **data)
    assert "le même rôle" in post(admin, "manage-absences", **data | {"substitute": world.staff["decider"].pk})
    absence = Absence.objects.get()
    assert "L’absence est annulée" in post(admin, "manage-absence-cancel", absence.pk)
    assert "déjà annulée" in post(admin, "manage-absence-cancel", absence.pk)


# --- the working cost


def test_a_cost_is_recorded_then_corrected_by_a_row(world: World, admin: Client) -> None:
    data = {"scheme": "", "year": "2024", "staff": "2,5", "amount": "120 000,00", "source": "Paie 2024"}
    assert "Le coût est enregistré" in post(admin, "manage-costs", **data)
    page = post(admin, "manage-costs", **data | {"amount": "125 000"})
    assert page.count("Corrigé depuis") == 1
    assert "Paie 2024" in page
    assert [str(row.amount) for row in WorkingCost.objects.all()] == ["125000.00", "120000.00"]
    assert "pas commencé" in post(admin, "manage-costs", **data | {"year": "2099"})


# --- money


VOTE = {"vote_reference": "CP 2026-12", "voted_on": "2026-01-15"}


def test_credits_are_opened_and_shown_per_funder(world: World, admin: Client) -> None:
    page = text(admin.get(reverse("manage-envelopes")))
    assert "FEDER 85 %" in page
    assert "100 000,00 €" in page
    data = {"scheme": world.scheme.pk, "year": 2026, "bucket": "ceiling", "instrument": "grant", "amount": "1 000,50"}
    assert "1 000,50 €" in post(admin, "manage-budget", **data)
    assert "200,00 €" in post(admin, "manage-budget", **data | {"bucket": "overbooking", "amount": "200"} | VOTE)
    assert "délibération CP 2026-12" in text(admin.get(reverse("manage-envelopes")))
    assert "référence de la délibération" in post(
        admin, "manage-budget", **data | {"bucket": "overbooking", "amount": "1"}
    )
    assert "l’année où ces crédits paient" in post(admin, "manage-budget", **data | {"bucket": "credits"})
    page = post(admin, "manage-budget", **data | {"bucket": "credits", "credit_year": 2027, "amount": "700"})
    assert "700,00 €" in page
    assert "2027" in page
    assert "dépasse ce qui est ouvert" in post(admin, "manage-budget", **data | {"amount": "-2000"})
    assert "Aucun règlement publié" in post(admin, "manage-budget", **data | {"year": 2024})
    assert Envelope.objects.filter(year=2024).count() == 0


def test_a_transfer_needs_the_other_administrator(world: World, admin: Client, admin2: Client) -> None:
    post(admin, "manage-budget", scheme=world.scheme.pk, year=2026, bucket="ceiling", instrument="grant", amount="1000")
    source, target = Envelope.objects.order_by("year")
    data = {"source": source.pk, "target": target.pk, "amount": "500", "reason": "Besoins de 2026"}
    assert "à découvert" in post(admin, "manage-transfer", **data | {"amount": "100000,01"})
    assert "doit le confirmer" in post(admin, "manage-transfer", **data)
    transfer = EnvelopeTransfer.objects.get()
    assert "une autre personne que celle qui le propose" in post(admin, "manage-transfer-confirm", transfer.pk)
    assert "Le virement est fait" in post(admin2, "manage-transfer-confirm", transfer.pk)
    assert "99 500,00 €" in text(admin.get(reverse("manage-envelopes")))
    post(admin, "manage-transfer", **data)
    other = EnvelopeTransfer.objects.latest("pk")
    assert "virement est refusée" in post(admin2, "manage-transfer-decline", other.pk)


# --- rules


def yaml(change: tuple[str, str] | None = None) -> SimpleUploadedFile:
    content = shipped()["kap-numerik"].read_text(encoding="utf-8")
    if change:
        assert change[0] in content
        content = content.replace(*change, 1)
    return SimpleUploadedFile("kap.yaml", content.encode())


def propose(client: Client, upload: Any = None, **data: Any) -> Any:
    given = {"valid_from": "2026-01-01"} | data | ({"file": upload} if upload else {})
    return client.post(reverse("manage-propose"), given, follow=True)


def test_a_version_is_proposed_read_compared_and_published_by_another(
    world: World, admin: Client, admin2: Client
) -> None:
    assert "La version est proposée" in text(propose(admin, yaml(('"3200.00"', '"3000.00"'))))
    version = SchemeVersion.objects.latest("pk")
    page = text(admin.get(reverse("manage-version", args=[version.pk])))
    for words in (
        "80 % du coût aidé, 3 000,00 € au plus", "Effectif en équivalents temps plein inférieur à 20",
        "FEDER 85 % + Région 15 %", "Site marchand", "aide de 2 000,00 € au plus", "Devis détaillé non signé",
        "Décision de la région", "2 mois", "À confirmer", "habilitation exigée", "RCO13",
    ):  # fmt: skip
        assert words in page, words
    first = version.scheme.versions.get(number=1)
    page = text(admin.get(reverse("manage-compare", args=[version.pk]) + f"?avec={first.pk}"))
    assert "plafond d’aide" in page
    assert "3200.00" in page
    assert "3000.00" in page
    assert page.count("3200.00") == 1
    assert "autre personne" in post(admin, "manage-publish", version.pk)
    assert "La version est publiée" in post(admin2, "manage-publish", version.pk)
    assert "disent la même chose" in text(
        admin.get(reverse("manage-compare", args=[version.pk]) + f"?avec={version.pk}")
    )


def test_the_shipped_rules_are_proposed_without_a_file(world: World, admin: Client) -> None:
    assert "La version est proposée" in text(propose(admin, preset="kap-numerik"))
    assert "l’un des deux" in text(propose(admin))
    assert "l’un des deux" in text(propose(admin, yaml(), preset="kap-numerik"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("kind: voucher", "kind: bon"), "Ligne 6 : « kind » : « bon » n’est pas une valeur possible"),
        (("prefix: KAP\n", ""), "il manque « prefix »"),
        (("legal_basis: de_minimis", "legal_base: de_minimis"), "« legal_bas"),
        (('aid_ceiling: "1200.00"', "aid_ceiling: 1200.00"), "il faut un texte entre guillemets"),
        (("reason: headcount}", "reason: autre}"), "le motif « autre » n’a pas de texte"),
        (("format: 1", "format: [1"), "n’est pas du YAML"),
        (("format: 1", "format: 2"), "la valeur doit être « 1 »"),
        (("decision_months: 2", "decision_months: 99"), "passe la limite de 24"),
        (('region: "04"', 'region: "4"'), "n’a pas la forme attendue"),
        (("mode: grouped", "mode: &a grouped\n  authority_approval: *a"), "les renvois"),
        (('op: lt, value: "20"', "op: lt, value: 2025-01-01"), "entre guillemets"),
        (('op: lt, value: "20"', 'op: lt, value: "\\0"'), "entre guillemets"),
        (("format: 1", "format: \x01"), "n’est pas du YAML"),
        (("format: 1", "[" * 5000), "n’est pas du YAML"),
    ],
)
def test_a_wrong_definition_is_refused_in_french_with_its_line(
    world: World, admin: Client, change: tuple[str, str], said: str
) -> None:
    given = yaml(change)
    written = given.read().decode()
    given.seek(0)
    page = text(propose(admin, given))
    assert said in page
    assert re.search(r"Ligne \d+ :", page)
    assert page.count("is not") <= " ".join(written.split()).count("is not"), "only the text given back may be English"
    assert SchemeVersion.objects.count() == 1


def test_a_file_that_is_no_text_or_too_long_is_refused(world: World, admin: Client) -> None:
    assert "UTF-8" in text(propose(admin, SimpleUploadedFile("a.yaml", b"\xff\xfe\x00")))
    assert "256 Ko" in text(propose(admin, SimpleUploadedFile("a.yaml", b"# " + b"x" * 300_000)))


def test_what_the_law_forbids_is_told_before_publishing(world: World, admin: Client, admin2: Client) -> None:
    propose(admin, yaml(("mode: grouped", "mode: single")))
    version = SchemeVersion.objects.latest("pk")
    page = text(admin2.get(reverse("manage-version", args=[version.pk])))
    assert "Cette version ne peut pas être publiée" in page
    assert "art. 53(2)" in page
    assert "coûts réels sont exclus" in post(admin2, "manage-publish", version.pk)
    version.refresh_from_db()
    assert version.published_on is None


def test_staff_read_the_rules_and_change_nothing(world: World) -> None:
    version = SchemeVersion.objects.get()
    officer = signed_in(world.staff["officer"])
    assert "Proposer un règlement" not in text(officer.get(reverse("manage-versions")))
    assert "Qui peut être aidé" in text(officer.get(reverse("manage-version", args=[version.pk])))
    assert officer.post(reverse("manage-publish", args=[version.pk])).status_code == 404
    assert signed_in(world.managers["F01"]).get(reverse("manage-version", args=[version.pk])).status_code == 404


def test_a_comparison_needs_another_version_of_the_same_scheme(world: World, admin: Client) -> None:
    version = SchemeVersion.objects.get()
    url = reverse("manage-compare", args=[version.pk])
    for with_ in ("", "x", "²", "999999", "9" * 40):
        assert admin.get(url, {"avec": with_}).status_code == 404


# --- letters, contact, personal data


def test_letters_show_their_state_and_are_sent_again(world: World, admin: Client) -> None:
    Case(world, "F01").fill(SITE).file_it()
    message = OutboxMessage.objects.get(template="acknowledgement")
    page = text(admin.get(reverse("manage-letters")))
    assert "Accusé de réception" in page
    assert "KAP-2025-00001" in page
    assert "Accès ouvert" in page
    assert "remis à l’envoi" in post(admin, "manage-letter-again", message.pk)
    OutboxMessage.objects.filter(template="role_given").update(
        sent_at=None, attempts=10, error="SMTPServerDisconnected: closed"
    )
    page = text(admin.get(reverse("manage-letters") + "?tab=failed"))
    assert "Abandonné" in page
    assert "n’ont pas pu partir" in page
    assert "À envoyer" in text(admin.get(reverse("manage-letters") + "?tab=waiting"))
    role_mail = OutboxMessage.objects.filter(template="role_given").latest("pk")
    assert "remis à l’envoi" in post(admin, "manage-letter-again", role_mail.pk)
    role_mail.refresh_from_db()
    assert (role_mail.attempts, role_mail.error) == (0, "")


def test_a_mail_without_an_account_says_whom_it_is_for(world: World, admin: Client) -> None:
    """A third party complains, and a file of the waiting list is told: neither goes to the provider."""
    gate.open_complaint(
        world.staff["officer"], world.region, source="other", channel="mail", email="voisin@demo.example",
        title="Bruit", reason="Trop lent.",
    )  # fmt: skip
    told = OutboxMessage.objects.get(template="complaint_received")
    for template, whom in {
        "complaint_received": "l’auteur de la réclamation", "complaint_late": "la région",
        "waiting_list": "l’entreprise", "provider_confirmation": "le prestataire",
        "member_confirmation": "les entreprises du groupement",
    }.items():  # fmt: skip
        OutboxMessage.objects.filter(pk=told.pk).update(template=template)
        page = admin.get(reverse("manage-letters")).content.decode()
        assert f'<td data-label="Destinataire">{whom}</td>' in page, template
    assert set(ADDRESSEES) < set(BY_TEMPLATE)


def test_the_region_says_who_answers_for_it(world: World, admin: Client) -> None:
    data = {
        "siret": "239 740 012 00012", "service": "Pôle numérique", "email": "aides@example.org", "phone": "02",
        "address": "1 rue\n97400",
        "court_name": "tribunal", "court_address": "Saint-Denis",
    }  # fmt: skip
    assert "Les coordonnées sont enregistrées" in post(admin, "manage-contact", "04", **data)
    assert Region.objects.get(code="04").service == "Pôle numérique"
    page = admin.post(reverse("manage-contact", args=["04"]), data | {"email": "pas une adresse"})
    assert "pas une adresse" in page.content.decode()
    assert Region.objects.get(code="04").email == "aides@example.org"
    page = admin.post(reverse("manage-contact", args=["04"]), data | {"siret": "239 740 012 00013"})
    assert "Ce SIRET n’est pas valable" in page.content.decode()
    assert Region.objects.get(code="04").siret == "23974001200012"


def test_a_request_about_personal_data_is_answered_once(world: World, admin: Client) -> None:
    asked = PrivacyRequest.objects.create(
        user=world.managers["F01"], kind=PrivacyKind.ERASURE, text="Effacer mon téléphone.", asked_at=clock.now()
    )
    page = text(admin.get(reverse("manage-privacy")))
    assert "Effacer mon téléphone." in page
    assert "3 avril 2025" in page
    assert "champ est obligatoire" in post(admin, "manage-privacy-answer", asked.pk)
    assert "La réponse est enregistrée" in post(admin, "manage-privacy-answer", asked.pk, answer="C’est fait.")
    assert "déjà reçu sa réponse" in text(
        admin.post(reverse("manage-privacy-answer", args=[asked.pk]), {"answer": "Encore."})
    ) or "C’est fait." in text(admin.get(reverse("manage-privacy-answer", args=[asked.pk])))


# --- cost


def _roles(world: World, rows: int) -> None:
    users = [
        User(email=f"r{n}@demo.example", name=f"Rôle {n}", person=world.staff["admin"].person) for n in range(rows)
    ]
    User.objects.bulk_create(users)
    system, moment = User.objects.system(), clock.now()
    Role.objects.bulk_create(
        Role(user=u, kind="officer", region=world.region, valid_from=date(2025, 1, 1), proposed_by=world.staff["admin"],
             confirmed_by=system, confirmed_at=moment)
        for u in users
    )  # fmt: skip


def _absences(world: World, rows: int) -> None:
    officer, other, moment = world.staff["officer"], world.staff["officer2"], clock.now()
    Absence.objects.bulk_create(
        Absence(user=officer, substitute=other, region=world.region, valid_from=date(2025, 1, 1),
                valid_to=date(2025, 1, 2), recorded_by=other, recorded_at=moment)
        for _n in range(rows)
    )  # fmt: skip


def _costs(world: World, rows: int) -> None:
    for n in range(rows):
        row = WorkingCost(
            region=world.region, scheme=world.scheme, year=2024, staff=1, amount=n + 1, source="Paie",
            recorded_by=world.staff["admin"], recorded_at=clock.now(),
        )  # fmt: skip
        row.save()


def _messages(world: World, rows: int) -> None:
    made = OutboxMessage.objects.latest("pk")
    OutboxMessage.objects.bulk_create(
        OutboxMessage(kind=made.kind, template=made.template, event=made.event, recipient=made.recipient,
                      created_at=made.created_at)
        for _n in range(rows)
    )  # fmt: skip


def _versions(world: World, rows: int) -> None:
    made = SchemeVersion.objects.get()
    SchemeVersion.objects.bulk_create(
        SchemeVersion(scheme=made.scheme, number=n + 2, rules=made.rules, fingerprint="", valid_from=made.valid_from,
                      proposed_by=made.proposed_by)
        for n in range(rows)
    )  # fmt: skip


def _envelopes(world: World, rows: int) -> None:
    made = Envelope.objects.get()
    Envelope.objects.bulk_create(Envelope(scheme=made.scheme, year=3000 + n, name=f"E{n}") for n in range(rows))


def _requests(world: World, rows: int) -> None:
    moment = clock.now()
    PrivacyRequest.objects.bulk_create(
        PrivacyRequest(user=world.managers["F01"], kind=PrivacyKind.ACCESS, asked_at=moment, answered_at=moment,
                       answered_by=world.staff["admin"], answer="Oui.")
        for _n in range(rows)
    )  # fmt: skip


@pytest.mark.parametrize("rows", [10, 1000])
@pytest.mark.parametrize(
    ("name", "fill"),
    [
        ("manage-people", _roles), ("manage-absences", _absences), ("manage-costs", _costs),
        ("manage-letters", _messages),
        ("manage-versions", _versions), ("manage-envelopes", _envelopes), ("manage-privacy", _requests),
    ],
)  # fmt: skip
def test_each_list_costs_few_queries_and_pages(world: World, admin: Client, name: str, fill: Any, rows: int) -> None:
    fill(world, rows)
    with CaptureQueriesContext(connection) as queries:
        page = admin.get(reverse(name)).content.decode()
    assert len(queries) <= 21, [q["sql"][:120] for q in queries]
    if rows == 1000:
        following = re.search(r'href="\?([^"]*before=\d+)"', page)
        assert following
        assert admin.get(f"{reverse(name)}?{following[1]}").status_code == 200


def test_a_loan_has_an_envelope_of_its_own(world: World, admin: Client) -> None:
    data = {"scheme": world.scheme.pk, "year": 2026, "bucket": "ceiling", "instrument": "loan", "amount": "5 000"}
    page = post(admin, "manage-budget", **data)
    assert "Prêt" in page
    envelope = Envelope.objects.get(scheme=world.scheme, year=2026)
    assert envelope.instrument == "loan"
