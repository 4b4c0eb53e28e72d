"""Signing in, signing up, recovering a password, and one's own account."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMessage, get_connection
from django.test import Client

from applications.models import Company, Mandate
from backoffice.demo.world import PASSWORD, World
from regions import clock
from regions.models import User
from regions.territory import load_regions

pytestmark = pytest.mark.django_db

LIBRARY = "00000101600013"  # Exemple Librairie, of the shipped register
CODE = re.compile(r"^([A-Z0-9]+(?:-[A-Z0-9]+)+)$", re.MULTILINE)
NEW_PASSWORD = "quatre girafes sous la pluie"
SIGN_UP = {"email": "nouvelle@example.org", "name": "Dominique Nouvelle"}


def text(response: Any) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\xa0", " ")


def code() -> str:
    """The code of the latest message."""
    found = CODE.search(str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def user(email: str = "lea@example.org") -> User:
    return User.objects.create_user(email, "Léa Exemple", PASSWORD)


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def attempts_counted(settings: Any, tmp_path: Path) -> None:
    """A cache of this test alone, in which attempts are counted."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": str(tmp_path)}}


# --- by password


def test_by_password(client: Client) -> None:
    user()
    answer = client.post("/connexion/", {"login": "lea@example.org", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/")
    assert signed_in(client)


def test_back_to_the_page_that_asked(client: Client) -> None:
    user()
    given = {"login": "lea@example.org", "password": PASSWORD}
    assert client.post("/connexion/", given | {"next": "/mon-compte/"}).url == "/mon-compte/"
    client.post("/deconnexion/")
    assert client.post("/connexion/", given | {"next": "https://ailleurs.example/"}).url == "/"


def test_a_wrong_password_is_told_without_saying_which_is_wrong(client: Client) -> None:
    user()
    for given in (("lea@example.org", "faux"), ("inconnue@example.org", PASSWORD)):
        page = text(client.post("/connexion/", dict(zip(("login", "password"), given, strict=True))))
        assert "Adresse électronique ou mot de passe incorrect" in page
    assert not signed_in(client)


@pytest.mark.usefixtures("attempts_counted")
def test_after_five_failures_one_waits(client: Client) -> None:
    user()
    for _attempt in range(5):
        client.post("/connexion/", {"login": "lea@example.org", "password": "faux"})
    page = text(client.post("/connexion/", {"login": "lea@example.org", "password": PASSWORD}))
    assert "Trop d’essais : attendre cinq minutes" in page
    assert not signed_in(client)


def test_a_closed_account_stays_out(client: Client) -> None:
    User.objects.filter(pk=user().pk).update(is_active=False)
    client.post("/connexion/", {"login": "lea@example.org", "password": PASSWORD})
    assert not signed_in(client)


def test_the_system_never_signs_in(client: Client) -> None:
    system = User.objects.system()
    system.set_password(PASSWORD)
    system.save()
    page = client.post("/connexion/", {"login": system.email, "password": PASSWORD}, follow=True)
    assert "Adresse électronique ou mot de passe incorrect" in text(page)
    assert not signed_in(client)
    client.post("/connexion/code/", {"email": system.email})
    client.post("/connexion/code/saisie/", {"code": code()})
    assert not signed_in(client)


def test_signing_out_is_a_post(client: Client) -> None:
    client.force_login(user())
    assert "Se déconnecter" in text(client.get("/deconnexion/"))
    assert signed_in(client)
    assert "Vous êtes déconnecté" in text(client.post("/deconnexion/", follow=True))
    assert not signed_in(client)


# --- by code


def test_by_code(client: Client) -> None:
    user()
    answer = client.post("/connexion/code/", {"email": "lea@example.org"})
    assert answer.url == "/connexion/code/saisie/"
    assert mail.outbox[-1].subject == "Guichet – Votre code de connexion"
    assert client.post("/connexion/code/saisie/", {"code": code()}).url == "/"
    assert signed_in(client)


def test_an_unknown_address_is_not_told_on_screen_but_by_mail(client: Client, world: World) -> None:
    page = client.post("/connexion/code/", {"email": "inconnue@example.org"}, follow=True)
    assert "Si un compte existe à l’adresse" in text(page)
    assert mail.outbox[-1].to == ["inconnue@example.org"]
    assert "aucun compte ne la porte" in mail.outbox[-1].body


def test_three_wrong_codes_end_the_attempt(client: Client) -> None:
    user()
    client.post("/connexion/code/", {"email": "lea@example.org"})
    right = code()
    assert "Ce code n’est pas celui" in text(client.post("/connexion/code/saisie/", {"code": "FAUX-FAUX"}))
    for _attempt in range(2):
        client.post("/connexion/code/saisie/", {"code": "FAUX-FAUX"})
    client.post("/connexion/code/saisie/", {"code": right})
    assert not signed_in(client)


def test_another_code_can_be_sent(client: Client) -> None:
    user()
    client.post("/connexion/code/", {"email": "lea@example.org"})
    first = code()
    assert "Envoyer un autre code" in text(client.get("/connexion/code/saisie/"))
    client.post("/connexion/code/saisie/", {"action": "resend"})
    assert code() != first


# --- recovery


def test_a_lost_password_is_replaced(client: Client) -> None:
    user()
    client.post("/mot-de-passe/oubli/", {"email": "lea@example.org"})
    answer = client.post("/mot-de-passe/oubli/code/", {"code": code()})
    assert answer.url == "/mot-de-passe/oubli/nouveau/"
    weak = text(client.post(answer.url, {"password1": "court", "password2": "court"}))
    assert "12 caractères" in weak
    client.post(answer.url, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert signed_in(client)
    assert User.objects.get(email="lea@example.org").check_password(NEW_PASSWORD)
    assert mail.outbox[-1].subject == "Guichet – Mot de passe changé"


# --- sign-up


def sign_up(client: Client, **given: str) -> Any:
    answer = client.post("/inscription/", SIGN_UP | given)
    if answer.status_code == 302:
        answer = client.post("/inscription/adresse/", {"action": "verify", "code": code()}, follow=True)
    return answer


def test_a_representative_signs_up_with_her_firm(client: Client) -> None:
    load_regions()
    page = text(sign_up(client, siret="000 001 016 00013", representative="on"))
    assert "Exemple Librairie est inscrite" in page
    mandate = Mandate.objects.select_related("user", "company").get()
    assert (mandate.user.email, mandate.company.siret) == ("nouvelle@example.org", LIBRARY)
    assert (mandate.kind, mandate.valid_from) == ("representative", clock.today("Indian/Reunion"))
    assert EmailAddress.objects.get().verified
    assert not mandate.user.has_usable_password()


def test_nothing_is_bound_before_the_address_is_proved(client: Client) -> None:
    load_regions()
    client.post("/inscription/", SIGN_UP | {"siret": LIBRARY, "representative": "on"})
    assert not signed_in(client)
    assert not Mandate.objects.exists()
    client.post("/inscription/adresse/", {"action": "verify", "code": "FAUX-FAUX"})
    assert not Mandate.objects.exists()


def test_what_one_person_declared_is_not_bound_to_the_next_at_the_same_screen(client: Client) -> None:
    load_regions()
    user()
    client.post("/inscription/", SIGN_UP | {"siret": LIBRARY, "representative": "on"})
    client.post("/deconnexion/")
    client.post("/connexion/", {"login": "lea@example.org", "password": PASSWORD})
    assert signed_in(client)
    assert not Mandate.objects.exists()


def test_the_declaration_goes_with_the_firm(client: Client) -> None:
    assert "seul le représentant légal inscrit l’entreprise" in text(sign_up(client, siret=LIBRARY))
    assert not User.objects.exists()


def test_a_wrong_siret_is_told_beside_its_field(client: Client) -> None:
    page = text(sign_up(client, siret="00000101600014", representative="on"))
    assert "Ce SIRET n’est pas valable" in page
    assert SIGN_UP["name"] in page


def test_a_firm_that_has_a_representative_keeps_him(client: Client, world: World) -> None:
    taken = world.companies["F01"]
    page = text(sign_up(client, siret=taken.siret, representative="on"))
    assert "Cette entreprise a déjà un représentant inscrit" in page
    assert not Mandate.objects.filter(user__email="nouvelle@example.org").exists()
    assert taken.mandates.count() == 1


def test_an_unknown_firm_is_entered_by_hand(client: Client) -> None:
    load_regions()
    page = text(sign_up(client, siret="73282932000074", representative="on"))
    assert "Aucune entreprise n’est connue sous ce SIRET" in page
    given = {
        "siret": "73282932000074", "name": "Exemple Inconnue", "legal_category": "company", "naf_code": "4711a",
        "commune": "97411", "created_on": "2020-01-15", "representative": "on",
    }  # fmt: skip
    answer = client.post("/mon-entreprise/", given | {"next": "/aides/"})
    assert answer.url == "/aides/"
    company = Company.objects.get()
    assert (company.region.code, company.naf_code) == ("04", "47.11A")


def test_an_address_that_has_an_account_learns_it_by_mail_only(client: Client) -> None:
    user("nouvelle@example.org")
    page = text(client.post("/inscription/", SIGN_UP, follow=True))
    assert "Un code vient d’être envoyé" in page
    assert "a déjà un compte" in mail.outbox[-1].body
    assert User.objects.count() == 1


def test_an_account_opened_by_an_administrator_needs_no_second_proof(client: Client) -> None:
    client.force_login(user())
    client.post("/deconnexion/")
    client.post("/connexion/", {"login": "lea@example.org", "password": PASSWORD})
    assert EmailAddress.objects.get().verified


# --- one's firm


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("siret", "123", "Ce SIRET n’est pas valable"),
        ("naf_code", "commerce", "quatre chiffres et une lettre"),
        ("commune", "974", "cinq caractères du code INSEE"),
        ("commune", "98735", "dans aucune des régions"),
        ("created_on", "2099-01-01", "dans l’avenir"),
        ("representative", "", "seul le représentant légal"),
    ],
)
def test_a_wrong_fact_of_the_firm_is_told(client: Client, field: str, typed: str, words: str) -> None:
    load_regions()
    client.force_login(user())
    given = {
        "siret": LIBRARY, "name": "Exemple Librairie", "legal_category": "company", "naf_code": "47.61Z",
        "commune": "97411", "created_on": "2016-09-01", "representative": "on",
    }  # fmt: skip
    page = text(client.post("/mon-entreprise/", given | {field: typed}))
    assert words in page
    assert not Company.objects.exists()


def test_the_firm_page_fills_itself_from_the_register(client: Client) -> None:
    load_regions()
    client.force_login(user())
    page = text(client.get("/mon-entreprise/", {"siret": LIBRARY}))
    for words in ("Exemple Librairie", "47.61Z", "97411", "2016-09-01"):
        assert words in page


def test_the_firm_page_does_not_send_elsewhere(client: Client) -> None:
    load_regions()
    client.force_login(user())
    given = {
        "siret": LIBRARY, "name": "Exemple Librairie", "legal_category": "company", "naf_code": "47.61Z",
        "commune": "97411", "created_on": "2016-09-01", "representative": "on", "next": "https://ailleurs.example/",
    }  # fmt: skip
    assert client.post("/mon-entreprise/", given).url == "/"


def test_declaring_twice_makes_one_mandate(client: Client) -> None:
    load_regions()
    client.force_login(user())
    given = {
        "siret": LIBRARY, "name": "Exemple Librairie", "legal_category": "sole_trader", "naf_code": "47.61Z",
        "commune": "97411", "created_on": "2016-09-01", "representative": "on",
    }  # fmt: skip
    for _time in range(2):
        client.post("/mon-entreprise/", given)
    assert Mandate.objects.count() == 1
    assert not Company.objects.get().name_published


# --- one's account


def test_name_telephone_and_language_are_one_s_own(client: Client) -> None:
    client.force_login(user())
    page = client.post("/mon-compte/", {"name": "Léa Autre", "phone": "0262", "language": "en"}, follow=True)
    changed = User.objects.get()
    assert (changed.name, changed.phone, changed.language) == ("Léa Autre", "0262", "en")
    assert '<html lang="en">' in text(page)


def test_a_wrong_language_is_refused(client: Client) -> None:
    client.force_login(user())
    assert client.post("/mon-compte/", {"name": "Léa", "language": "xx"}).status_code == 200
    assert User.objects.get().language == "fr"


def test_a_password_is_changed_with_the_present_one(client: Client) -> None:
    client.force_login(user())
    given = {"oldpassword": "faux", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert "Ce n’est pas le mot de passe actuel" in text(client.post("/mon-compte/mot-de-passe/", given))
    client.post("/mon-compte/mot-de-passe/", given | {"oldpassword": PASSWORD})
    assert User.objects.get().check_password(NEW_PASSWORD)
    assert signed_in(client)


def test_a_first_password_is_chosen(client: Client) -> None:
    client.force_login(User.objects.create_user("code@example.org", "Sans Mot"))
    assert client.get("/mon-compte/mot-de-passe/").url == "/mon-compte/premier-mot-de-passe/"
    client.post("/mon-compte/premier-mot-de-passe/", {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert User.objects.get().check_password(NEW_PASSWORD)


@pytest.mark.parametrize("page", ["/mon-compte/", "/mon-entreprise/", "/mon-compte/mot-de-passe/"])
def test_one_s_own_pages_ask_to_sign_in(client: Client, page: str) -> None:
    assert client.get(page).url == f"/connexion/?next={page}"


# --- language


def test_switching_the_language_is_remembered_by_the_account(client: Client) -> None:
    client.force_login(user())
    client.post("/langue/setlang/", {"language": "en", "next": "/aides/"})
    assert User.objects.get().language == "en"
    other_device = Client()
    other_device.force_login(User.objects.get())
    assert '<html lang="en">' in text(other_device.get("/aides/"))


def test_a_visitor_switches_the_language_of_the_device(client: Client) -> None:
    client.post("/langue/setlang/", {"language": "en", "next": "/aides/"})
    assert '<html lang="en">' in text(client.get("/aides/"))


def test_a_language_that_is_not_spoken_changes_nothing(client: Client) -> None:
    client.force_login(user())
    client.post("/langue/setlang/", {"language": "xx"})
    assert User.objects.get().language == "fr"


# --- the local catcher


def test_the_catcher_shows_what_was_not_sent(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = tmp_path
    backend = "django.core.mail.backends.filebased.EmailBackend"
    message = EmailMessage("Objet d’essai", "Le texte du courriel", to=["lea@example.org"])
    message.attach("lettre.pdf", b"%PDF-", "application/pdf")
    get_connection(backend, file_path=str(tmp_path)).send_messages([message, message])
    page = text(client.get("/courriels/"))
    assert page.count("Objet d’essai") == 2
    for words in ("Le texte du courriel", "lea@example.org", "lettre.pdf"):
        assert words in page


def test_the_catcher_is_for_the_demonstration_only(client: Client, settings: Any, tmp_path: Path) -> None:
    assert client.get("/courriels/").status_code == 404
    settings.EMAIL_FILE_PATH = tmp_path
    assert client.get("/courriels/").status_code == 200
    settings.GUICHET_SIMULATED_CLOCK = False
    assert client.get("/courriels/").status_code == 404


ENTRANCE = ("/connexion/", "/connexion/code/", "/inscription/", "/mot-de-passe/oubli/", "/compte-ferme/")
ENGLISH = re.compile(r"\b(Sign|Email|Password|Enter|Forgot|Request|Your|Please|This field)\b")


@pytest.mark.parametrize("page", ENTRANCE)
def test_no_english_word_on_a_french_page(client: Client, page: str) -> None:
    assert not ENGLISH.search(re.sub(r"<[^>]+>", " ", text(client.get(page))))


@pytest.fixture
def visits(client: Client) -> Callable[[str], Any]:
    return client.get


def test_a_visitor_is_shown_the_aids_first(visits: Callable[[str], Any]) -> None:
    assert visits("/").url == "/aides/"
