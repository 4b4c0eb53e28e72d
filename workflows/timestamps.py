"""A time stamp by an authority (RFC 3161): the request, the answer, and what must hold before it is kept.

The authority's certificate is asked for, so that the token can be verified when the authority is gone.
Asks the network; no other code of the seals does.
"""

from __future__ import annotations

import hashlib
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from workflows.der import ordered

TIMEOUT = 10
MAX_BYTES = 1 << 20
ASKED, ANSWERED = "application/timestamp-query", "application/timestamp-reply"


class Refused(Exception):
    """Why an answer is not kept, in a sentence."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """A token that holds, and what it says. `content` is the whole response, in DER."""

    content: bytes
    certificate: str
    signer: str
    at: datetime
    policy: str
    serial: str
    nonce: str


def stamp(data: bytes) -> Stamped:
    """Have the data stamped by the authority; raises OSError when it does not answer, Refused when it is no token."""
    builder = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256)
    asked = builder.nonce(nonce=True).cert_request(cert_request=True).build()
    return checked(asked, send(asked.as_bytes()), data)


def send(asked: bytes) -> bytes:
    """POST the request to the authority (RFC 3161, 3.4)."""
    address = settings.GUICHET_TIMESTAMP_URL
    if not address.startswith(("https://", "http://")):
        raise Refused("GUICHET_TIMESTAMP_URL is not on the web")
    headers = {"Content-Type": ASKED, "Accept": ANSWERED, "User-Agent": "Guichet"}
    request = urllib.request.Request(address, data=asked, headers=headers, method="POST")
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        content: bytes = answer.read(MAX_BYTES)
    return content


def checked(asked: TimeStampRequest, content: bytes, data: bytes) -> Stamped:
    """The token, once status, imprint, nonce and certificate hold; its signature too when the roots are known."""
    try:
        answer = decoded(content)
        granted(answer)
        told = answer.tst_info
        signed_by = _signer(answer)
    except ValueError as error:
        raise Refused(f"the answer is no time stamp ({error})") from error
    _same(
        told.message_imprint.message == hashlib.sha256(data).digest(), "it stamps something else: its imprint differs"
    )
    _same(told.nonce == asked.nonce, "it answers another request: its nonce differs")
    _trusted(asked, answer, data)
    return Stamped(
        content, signed_by.public_bytes(Encoding.PEM).decode("ascii"), signed_by.subject.rfc4514_string()[:200],
        told.gen_time, told.policy.dotted_string, str(told.serial_number), str(told.nonce),
    )  # fmt: skip


def decoded(content: bytes) -> TimeStampResponse:
    """The response; raises ValueError when it is none."""
    try:
        return decode_timestamp_response(content)
    except ValueError as error:
        try:
            return decode_timestamp_response(ordered(content))
        except (ValueError, IndexError):
            raise error from None


def granted(answer: TimeStampResponse) -> None:
    """Raise what the authority says when it grants nothing; a token « with modifications » is not what was asked."""
    if answer.status != PKIStatus.GRANTED:
        said = "; ".join(answer.status_string)
        raise Refused(f"the authority answered {PKIStatus(answer.status).name}{': ' if said else ''}{said}")


def _same(holds: bool, sentence: str) -> None:
    if not holds:
        raise Refused(sentence)


def _signer(answer: TimeStampResponse) -> x509.Certificate:
    """The certificate of the one who signed, which the answer must carry."""
    (info,) = answer.signed_data.signer_infos
    for held in answer.signed_data.certificates:
        certificate = x509.load_der_x509_certificate(held)
        if (certificate.issuer, certificate.serial_number) == (info.issuer, info.serial_number):
            return certificate
    raise Refused("it does not carry the certificate of its authority")


def _trusted(asked: TimeStampRequest, answer: TimeStampResponse, data: bytes) -> None:
    """The signature, and the way from its certificate to a known root, at the time that the token says."""
    if settings.GUICHET_TIMESTAMP_ROOTS:
        roots = x509.load_pem_x509_certificates(Path(settings.GUICHET_TIMESTAMP_ROOTS).read_bytes())
        try:
            VerifierBuilder(roots=roots, nonce=asked.nonce).build().verify_message(answer, data)
        except VerificationError as error:
            raise Refused(f"its signature does not hold ({error})") from error
