"""A time-stamping authority for the tests: its keys, and a server on this machine that openssl answers for."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

POLICY = "1.2.3.4.1"
CONFIG = f"""\
[tsa]
default_tsa = authority
[authority]
serial = {{folder}}/serial
signer_cert = {{folder}}/stamper.pem
signer_key = {{folder}}/stamper.key
signer_digest = sha256
default_policy = {POLICY}
digests = {{digests}}
{{more}}
ess_cert_id_alg = sha256
"""
BORN = datetime(2020, 1, 1, tzinfo=UTC)
Answer = Callable[[bytes], bytes]


class Authority:
    """Its root, its stamper, the house's key under the same root; `answer` is what its server says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""
        self.asked = 0
        self.root_key = ec.generate_private_key(ec.SECP256R1())
        self.root = self._certificate("root", self.root_key)
        self.give("stamper", ExtendedKeyUsageOID.TIME_STAMPING)
        self.give("house", None)
        (folder / "serial").write_text("01\n")
        self.answer: Answer = self.stamp

    def give(self, name: str, use: x509.ObjectIdentifier | None, until: datetime | None = None) -> None:
        """A key of this name, certified by the root."""
        key = ec.generate_private_key(ec.SECP256R1())
        plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (self.folder / f"{name}.key").write_bytes(plain)
        self._certificate(name, key, use, until)

    def _certificate(
        self, name: str, key: ec.EllipticCurvePrivateKey, use: x509.ObjectIdentifier | None = None,
        until: datetime | None = None,
    ) -> x509.Certificate:  # fmt: skip
        own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Guichet test {name}")])
        by = own if name == "root" else self.root.subject
        builder = x509.CertificateBuilder().subject_name(own).issuer_name(by).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(BORN).not_valid_after(until or BORN + timedelta(days=36500))
        builder = builder.add_extension(x509.BasicConstraints(ca=name == "root", path_length=None), critical=True)
        if use:
            builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=True)
        made = builder.sign(self.root_key, SHA256())
        (self.folder / f"{name}.pem").write_bytes(made.public_bytes(Encoding.PEM))
        return made

    def stamp(self, asked: bytes, digests: str = "sha256", more: str = "") -> bytes:
        """What openssl answers to a request; it refuses a hash that it does not accept."""
        query, reply, config = (self.folder / name for name in ("query.tsq", "reply.tsr", "tsa.cnf"))
        query.write_bytes(asked)
        config.write_text(CONFIG.format(folder=self.folder, digests=digests, more=more))
        openssl("ts", "-reply", "-config", str(config), "-queryfile", str(query), "-out", str(reply))
        return reply.read_bytes()

    def stamp_with_chain(self, asked: bytes, *names: str) -> bytes:
        """A token that carries other certificates too, after its own."""
        chain = self.folder / "chain.pem"
        chain.write_bytes(b"".join((self.folder / f"{name}.pem").read_bytes() for name in names))
        return self.stamp(asked, more=f"certs = {chain}")

    def refuse(self, asked: bytes) -> bytes:
        return self.stamp(asked, digests="sha512")

    def stamp_another(self, asked: bytes) -> bytes:
        """A good token, over something else."""
        other = self.folder / "other.tsq"
        digest = "00" * 32
        openssl("ts", "-query", "-digest", digest, "-sha256", "-cert", "-out", str(other))
        return self.stamp(other.read_bytes())

    def come_late(self, asked: bytes) -> bytes:
        time.sleep(0.3)
        return self.stamp(asked)


def openssl(*given: str) -> str:
    done = subprocess.run(["openssl", *given], capture_output=True, check=False, text=True)
    assert done.returncode == 0 or given[:2] == ("ts", "-reply"), done.stderr
    return done.stdout + done.stderr


@contextmanager
def served(authority: Authority) -> Iterator[Authority]:
    """The authority's server, on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            authority.asked += 1
            said = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *given: object) -> None:
            """Nothing on the console."""

        def handle(self) -> None:
            """A client that no longer waits is no error."""
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    authority.url = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
