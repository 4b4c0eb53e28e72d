"""A region's scheme goes to another one as a file: exported, taken over, completed, published by a second person."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from backoffice.demo.world import World
from regions.enums import RoleKind
from regions.models import Region, SchemeVersion, User
from regions.schemes import exchange
from regions.schemes.loader import fingerprint, parse, shipped
from tests.backoffice.manage.test_manage import post, signed_in, text
from tests.roles import hold

pytestmark = pytest.mark.django_db
FILLED = {
    "share_erdf": "40", "share_region": "45.5", "share_state": "14.5", "share_local": "0", "lead": "region",
    "specific_objective": "RSO1.2", "intervention_field": "013", "form_of_support": "01", "territorial_delivery": "33",
    "gender": "03", "indicators": "RCO01, RCO02", "operation": "on", "contact": "on", "valid_from": "2026-02-01",
}  # fmt: skip


@pytest.fixture
def abroad(world: World) -> tuple[Client, Client]:
    """Two administrators of Île-de-France."""
    region = Region.objects.get(code="11")
    users = [User.objects.create_user(f"admin{n}.11@demo.example", f"Admin {n} d’ailleurs") for n in (1, 2)]
    for user in users:
        hold(user, RoleKind.ADMINISTRATOR, region)
    return signed_in(users[0]), signed_in(users[1])


def _file(world: World) -> bytes:
    version = world.scheme.versions.get()
    answer = signed_in(world.staff["officer"]).get(reverse("manage-export", args=[version.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="kap-numerik-v1.yaml"'
    return bytes(answer.content)


def _adopt(client: Client, content: bytes, **data: Any) -> Any:
    upload = SimpleUploadedFile("kap.yaml", content)
    given = {"file": upload, "letters": "IDN", "valid_from": "2026-01-01"} | data
    return client.post(reverse("manage-adopt"), {k: v for k, v in given.items() if v is not None}, follow=True)


def test_the_file_of_a_version_reads_back_with_its_fingerprint(world: World) -> None:
    content = _file(world).decode()
    version = world.scheme.versions.get()
    assert version.fingerprint in content.splitlines()[1]
    assert fingerprint(parse(content, "kap.yaml")) == version.fingerprint


def test_the_file_belongs_to_those_who_may_read_the_version(world: World, abroad: tuple[Client, Client]) -> None:
    url = reverse("manage-export", args=[world.scheme.versions.get().pk])
    assert abroad[0].get(url).status_code == 404
    assert signed_in(world.managers["F01"]).get(url).status_code == 404


def test_another_region_takes_it_over_completes_it_and_publishes_it(
    world: World, abroad: tuple[Client, Client]
) -> None:
    first, second = abroad
    Region.objects.filter(code="11").update(service="Aides numériques", email="aides@idf.example")
    page = text(_adopt(first, _file(world)))
    assert "Le projet est repris" in page
    for said in ("Lacune : Financeurs et parts", "Lacune : Codage FEDER", "Lacune : Opération", "Lacune : Service"):
        assert said in page
    draft = SchemeVersion.objects.latest("pk")
    assert (draft.scheme.code, draft.scheme.region.code, draft.scheme.prefix) == ("kap-numerik-11", "11", "IDN")
    assert "Lacune : Financeurs" in post(second, "manage-publish", draft.pk)
    assert "Compléter ce projet" in page
    answer = first.post(reverse("manage-complete", args=[draft.pk]), FILLED, follow=True)
    assert "Le projet est complété dans une nouvelle version" in text(answer)
    filled = SchemeVersion.objects.latest("pk")
    assert (filled.number, filled.scheme) == (2, draft.scheme)
    assert [f["share"] for f in filled.rules["funding"]["funders"]] == ["0.4", "0.455", "0.145"]
    assert "autre personne" in post(first, "manage-publish", filled.pk)
    assert "La version est publiée" in post(second, "manage-publish", filled.pk)
    assert first.get(reverse("manage-complete", args=[filled.pk])).status_code == 404
    back = first.get(reverse("manage-export", args=[filled.pk])).content.decode()
    assert fingerprint(parse(back, "idf.yaml")) == filled.fingerprint


def test_a_programme_of_another_country_is_taken_over_with_its_own_gaps(abroad: tuple[Client, Client]) -> None:
    answer = abroad[0].post(
        reverse("manage-adopt"),
        {"preset": "assurance-prospection", "letters": "APX", "valid_from": "2026-01-01", "code": "prospection"},
        follow=True,
    )
    page = text(answer)
    rules = parse(shipped()["assurance-prospection"].read_text(encoding="utf-8"), "")
    for gap in rules["gaps"]:
        assert gap["note"]["fr"] in page
    assert SchemeVersion.objects.latest("pk").scheme.code == "prospection"


@pytest.mark.parametrize(
    ("change", "data", "said"),
    [
        (("kind: voucher", "kind: bon"), {}, "Ligne 6 : « kind » : « bon » n’est pas une valeur possible"),
        (("format: 1", "format: 2"), {}, "Ligne 3 : « format » : la valeur doit être « 1 »"),
        (("", ""), {"letters": "Kap"}, "De deux à huit lettres majuscules."),
        (("", ""), {"letters": "KAP"}, "Ce préfixe de référence est déjà pris"),
        (("", ""), {"code": "kap-numerik"}, "Ce code désigne déjà un dispositif d’une autre région"),
        (("", ""), {"code": "Kap Numérik"}, "Des minuscules, des chiffres et des traits d’union."),
        (("", ""), {"file": None}, "l’un des deux"),
        (("", ""), {"valid_from": "bientôt"}, "Saisissez une date valide"),
    ],
)
def test_a_wrong_file_or_name_is_told(
    world: World, abroad: tuple[Client, Client], change: tuple[str, str], data: dict[str, Any], said: str
) -> None:
    before = SchemeVersion.objects.count()
    content = _file(world).decode().replace(*change, 1).encode()
    assert said in text(_adopt(abroad[0], content, **data))
    assert SchemeVersion.objects.count() == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"share_region": "45"}, "Les parts des financeurs doivent faire 100 %."),
        ({"share_erdf": "101"}, "inférieure ou égale à 100"),
        ({"specific_objective": "", "intervention_field": "", "form_of_support": "", "territorial_delivery": "",
          "gender": "", "indicators": ""}, "il manque « erdf »"),
        ({"intervention_field": "13"}, "« 13 » n’a pas la forme attendue"),
        ({"operation": ""}, "obligatoire"),
        ({}, "Remplir d’abord le service et son adresse"),
    ],
)  # fmt: skip
def test_a_completion_that_is_wrong_is_told(
    world: World, abroad: tuple[Client, Client], change: dict[str, str], said: str
) -> None:
    if change:
        Region.objects.filter(code="11").update(service="Aides numériques", email="aides@idf.example")
    _adopt(abroad[0], _file(world))
    draft = SchemeVersion.objects.latest("pk")
    page = text(abroad[0].post(reverse("manage-complete", args=[draft.pk]), FILLED | change, follow=True))
    assert said in page
    assert SchemeVersion.objects.latest("pk") == draft


def test_a_scheme_paid_without_erdf_needs_no_coding(world: World, abroad: tuple[Client, Client]) -> None:
    Region.objects.filter(code="11").update(service="Aides numériques", email="aides@idf.example")
    _adopt(abroad[0], _file(world))
    draft = SchemeVersion.objects.latest("pk")
    alone = {
        name: "" for name in FILLED if name in exchange.PARTS or name.endswith(("_field", "_support", "_delivery"))
    }
    data = FILLED | alone | {
        "share_erdf": "0", "share_region": "100", "share_state": "0", "specific_objective": "", "gender": "",
        "indicators": "", "operation": "on", "contact": "on",
    }  # fmt: skip
    abroad[0].post(reverse("manage-complete", args=[draft.pk]), data)
    filled = SchemeVersion.objects.latest("pk")
    assert filled.rules["funding"]["funders"] == [{"code": "region", "share": "1"}]
    assert "erdf" not in filled.rules
    assert "La version est publiée" in post(abroad[1], "manage-publish", filled.pk)


def test_only_administrators_of_the_region_take_over_and_complete(world: World, abroad: tuple[Client, Client]) -> None:
    _adopt(abroad[0], _file(world))
    draft = SchemeVersion.objects.latest("pk")
    for client in (signed_in(world.staff["admin"]), signed_in(world.staff["officer"])):
        assert client.get(reverse("manage-complete", args=[draft.pk])).status_code == 404
        assert client.post(reverse("manage-complete", args=[draft.pk]), FILLED).status_code == 404
    assert signed_in(world.staff["officer"]).get(reverse("manage-adopt")).status_code == 404
    assert SchemeVersion.objects.latest("pk") == draft


def test_a_file_that_is_refused_comes_back_to_be_corrected_on_the_page(
    world: World, abroad: tuple[Client, Client]
) -> None:
    wrong = _file(world).replace(b"kind: voucher", b"kind: bon")
    page = _adopt(abroad[0], wrong).content.decode()
    assert "kind: bon" in page.partition("<textarea")[2].partition("</textarea>")[0]
    mended = wrong.replace(b"kind: bon", b"kind: voucher").decode().replace("\n", "\r\n")
    given = {"text": mended, "letters": "IDN", "valid_from": "2026-01-01"}
    assert "Le projet est repris" in text(abroad[0].post(reverse("manage-adopt"), given, follow=True))


def test_a_file_is_kept_when_another_box_is_wrong(world: World, abroad: tuple[Client, Client]) -> None:
    page = _adopt(abroad[0], _file(world), letters="Kap").content.decode()
    assert "kind: voucher" in page.partition("<textarea")[2]
