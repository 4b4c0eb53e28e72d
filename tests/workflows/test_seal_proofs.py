"""A seal is time-stamped and signed where it is set so: by a job, checked, kept once, never in its way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backoffice import doctor
from regions import clock
from tests.authority import POLICY, Authority, openssl, served
from workflows import jobs, seal_proofs, tasks, timestamps
from workflows.models import Job, Seal, SealProof
from workflows.seal import seal

pytestmark = pytest.mark.django_db
TIMESTAMP, SIGNATURE = SealProof.Kind.TIMESTAMP, SealProof.Kind.SIGNATURE


@pytest.fixture
def authority(settings: Any, tmp_path: Path) -> Iterator[Authority]:
    keys = tmp_path / "keys"
    keys.mkdir()
    settings.GUICHET_SEALS_DIR = tmp_path / "seals"
    with served(Authority(keys)) as made:
        settings.GUICHET_TIMESTAMP_URL = made.url
        settings.GUICHET_TIMESTAMP_ROOTS = str(keys / "root.pem")
        yield made


@pytest.fixture
def key(authority: Authority, settings: Any) -> Authority:
    settings.GUICHET_TIMESTAMP_URL = ""
    settings.GUICHET_SEAL_KEY = str(authority.folder / "house.key")
    settings.GUICHET_SEAL_CERTIFICATE = str(authority.folder / "house.pem")
    return authority


def sealed() -> Seal:
    made = seal(clock.today())
    jobs.drain()
    return made


def error() -> str:
    return Job.objects.get(name=seal_proofs.JOB).error


def test_nothing_is_asked_where_nothing_is_set(settings: Any, tmp_path: Path) -> None:
    settings.GUICHET_SEALS_DIR = tmp_path
    sealed()
    tasks.sweep_all()
    assert not Job.objects.exists()
    assert not SealProof.objects.exists()
    assert doctor.proofs().health == doctor.Health.GOOD


def test_a_seal_is_stamped_after_it_is_made_and_openssl_verifies_it(authority: Authority, tmp_path: Path) -> None:
    made = seal(clock.today())
    assert authority.asked == 0
    jobs.drain()
    proof = SealProof.objects.get(seal=made, kind=TIMESTAMP)
    assert (proof.policy, proof.signer) == (POLICY, "CN=Guichet test stamper")
    assert abs((proof.at - datetime.now(UTC)).total_seconds()) < 60
    assert int(proof.nonce) > 0
    assert int(proof.serial) > 0
    token, root = tmp_path / "seal.tsr", tmp_path / "seal.txt"
    token.write_bytes(bytes(proof.content))
    root.write_bytes(made.root.encode())
    roots = str(authority.folder / "root.pem")
    assert "Verification: OK" in openssl("ts", "-verify", "-data", str(root), "-in", str(token), "-CAfile", roots)


@pytest.mark.parametrize("names", [("root", "house"), ("house", "root")])
def test_an_authority_may_send_its_chain_in_any_order(authority: Authority, names: tuple[str, str]) -> None:
    authority.answer = lambda asked: authority.stamp_with_chain(asked, *names)
    made = timestamps.stamp(b"a root")
    assert made.signer == "CN=Guichet test stamper"
    assert len(timestamps.decoded(made.content).signed_data.certificates) == 3


def test_the_same_seal_is_stamped_once(authority: Authority) -> None:
    made = sealed()
    seal(clock.today())
    seal_proofs.prove(made.pk, TIMESTAMP)
    tasks.sweep_all()
    assert (authority.asked, SealProof.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("stamp_another", "its imprint differs"),
        ("refuse", "the authority answered REJECTION"),
        ("come_late", "timed out"),
        ("nonsense", "the answer is no time stamp"),
    ],
)
def test_what_is_no_stamp_of_this_seal_is_not_kept(
    authority: Authority, answer: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timestamps, "TIMEOUT", 0.15 if answer == "come_late" else 5)
    authority.answer = getattr(authority, answer, lambda asked: b"<html>busy</html>")
    assert sealed().root
    assert not SealProof.objects.exists()
    assert said in error()


def test_an_answer_to_another_request_is_not_kept(authority: Authority) -> None:
    kept: list[bytes] = []

    def again(asked: bytes) -> bytes:
        kept.append(kept[0] if kept else authority.stamp(asked))
        return kept[0]

    authority.answer = again
    timestamps.stamp(b"a root")
    with pytest.raises(timestamps.Refused, match="its nonce differs"):
        timestamps.stamp(b"a root")


def test_a_stamp_of_an_authority_that_is_not_known_is_not_kept(
    authority: Authority, settings: Any, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    Authority(other)
    settings.GUICHET_TIMESTAMP_ROOTS = str(other / "root.pem")
    with pytest.raises(timestamps.Refused, match="its signature does not hold"):
        timestamps.stamp(b"a root")


def test_an_unreachable_authority_is_told_and_asked_again_after_an_hour(authority: Authority, settings: Any) -> None:
    settings.GUICHET_TIMESTAMP_URL = "http://127.0.0.1:1/"
    made = sealed()
    assert Job.objects.get().state == Job.State.FAILED
    settings.GUICHET_TIMESTAMP_URL = authority.url
    tasks.sweep_all()
    assert authority.asked == 0
    clock.advance(hours=2)
    told = doctor.proofs()
    assert (told.health, str(made.day) in told.sentence) == (doctor.Health.BAD, True)
    assert "refused" in told.sentence
    tasks.sweep_all()
    assert made.proofs.count() == 1
    assert Job.objects.get().error == ""
    assert doctor.proofs().health == doctor.Health.GOOD


def test_a_seal_made_before_the_authority_was_set_is_stamped_too(authority: Authority, settings: Any) -> None:
    settings.GUICHET_TIMESTAMP_URL = ""
    made = sealed()
    settings.GUICHET_TIMESTAMP_URL = authority.url
    tasks.sweep_all()
    assert made.proofs.count() == 1


def test_the_doctor_asks_for_the_roots(authority: Authority, settings: Any) -> None:
    settings.GUICHET_TIMESTAMP_ROOTS = ""
    sealed()
    told = doctor.proofs()
    assert (told.health, "GUICHET_TIMESTAMP_ROOTS" in told.sentence) == (doctor.Health.DOUBT, True)


def test_a_seal_is_signed_by_the_house_and_openssl_verifies_it(key: Authority, tmp_path: Path) -> None:
    made = sealed()
    proof = made.proofs.get(kind=SIGNATURE)
    assert proof.signer == "CN=Guichet test house"
    signature, root = tmp_path / "seal.p7s", tmp_path / "seal.txt"
    signature.write_bytes(bytes(proof.content))
    root.write_bytes(made.root.encode())
    given = ["-in", str(signature), "-content", str(root), "-purpose", "any", "-CAfile", str(key.folder / "root.pem")]
    said = openssl("cms", "-verify", "-binary", "-inform", "DER", *given)
    assert "CMS Verification successful" in said.replace("verification", "Verification")


def _another_key(key: Authority, settings: Any) -> None:
    settings.GUICHET_SEAL_CERTIFICATE = str(key.folder / "stamper.pem")


def _expired(key: Authority, settings: Any) -> None:
    key.give("house", None, until=datetime(2021, 1, 1, tzinfo=UTC))


def _no_key(key: Authority, settings: Any) -> None:
    settings.GUICHET_SEAL_KEY = str(key.folder / "nowhere.key")


@pytest.mark.parametrize(
    ("harm", "said"),
    [(_another_key, "is not the certificate of"), (_expired, "until 2021-01-01 only"), (_no_key, "FileNotFoundError")],
)
def test_a_key_that_may_not_sign_is_told_and_the_seal_stands(
    key: Authority, settings: Any, harm: Any, said: str
) -> None:
    harm(key, settings)
    assert sealed().root
    assert not SealProof.objects.exists()
    assert said in error()
