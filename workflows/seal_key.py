"""The electronic seal of the house: a detached CMS signature (RFC 5652) by its key, over what it is given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from django.conf import settings

from regions import clock


class Unfit(Exception):
    """Why the key cannot sign, in a sentence."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature in DER, and the certificate of the key that made it."""

    content: bytes
    certificate: str
    signer: str
    serial: str


def sign(data: bytes) -> Signed:
    """Sign the data; raises OSError or ValueError when a file cannot be read, Unfit when the key may not sign."""
    key, (own, *between) = private_key(), certificates()
    fit(key, own)
    builder = PKCS7SignatureBuilder().set_data(data).add_signer(own, key, SHA256())
    for certificate in between:
        builder = builder.add_certificate(certificate)
    content = builder.sign(Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary])
    told = own.subject.rfc4514_string()[:200]
    return Signed(content, own.public_bytes(Encoding.PEM).decode("ascii"), told, str(own.serial_number))


def private_key() -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    password = settings.GUICHET_SEAL_KEY_PASSWORD
    key = load_pem_private_key(Path(settings.GUICHET_SEAL_KEY).read_bytes(), password.encode() if password else None)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise Unfit("GUICHET_SEAL_KEY is neither an RSA nor an elliptic key")
    return key


def certificates() -> list[x509.Certificate]:
    """The key's own certificate, then those between it and its root."""
    return x509.load_pem_x509_certificates(Path(settings.GUICHET_SEAL_CERTIFICATE).read_bytes())


def fit(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, own: x509.Certificate) -> None:
    """The certificate is the key's, and is in force."""
    if own.public_key() != key.public_key():
        raise Unfit("GUICHET_SEAL_CERTIFICATE is not the certificate of GUICHET_SEAL_KEY")
    if not own.not_valid_before_utc <= clock.now() <= own.not_valid_after_utc:
        raise Unfit(f"the certificate of the seal is in force until {own.not_valid_after_utc:%Y-%m-%d} only")
