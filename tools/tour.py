"""The tour: each role's main page, wide and on a telephone, from the demonstration. Writes docs/tour.md.

`make tour` tells the demonstration into a place of its own, serves it, and looks at it with a browser.
"""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import browser, messages  # noqa: E402

DOCS = ROOT / "docs"
HOME = "tour"
PASSWORD = "demonstration"
SIZES = {1440: 900, 390: 844}
COLOURS = 128
LARGEST = 150_000  # bytes of one picture
ENVIRONMENT = os.environ | {"DJANGO_SETTINGS_MODULE": "backoffice.settings.dev", "GUICHET_HOME": HOME}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--lang=fr-FR"]


@dataclass(frozen=True, slots=True)
class Stop:
    """A page of the tour: its reader, its address (« {outcome} » is a file of the demonstration), what it shows."""

    key: str
    reader: str
    email: str
    address: str
    shows: str

    def picture(self, width: int) -> str:
        return f"tour/{self.key}-{width}.png"


STOPS = (
    Stop("simulator", "Anybody", "", "/simulateur/kap-numerik/", "Am I eligible, for how much: before any account."),
    Stop("sign-in", "Anybody", "", "/connexion/", "Password or code by e-mail; the demonstration lists its accounts."),
    Stop("figures", "Anybody", "", "/chiffres/kap-numerik/",
         "What a scheme gave, to whom and how fast, under statistical secrecy."),
    Stop("firm", "Firm", "f23", "/dossiers/{payment to claim}/",
         "Who has the file, what to do next, when the money comes, whom to call."),
    Stop("afterwards", "Firm", "f01", "/demandes/{paid}/apres/",
         "Some months after the project: a few questions, two minutes; here with the answers given."),
    Stop("draft", "Firm", "f27", "/demandes/{draft}/relecture/", "What is missing, each item a link to its step."),
    Stop("provider", "Provider", "p01", "/prestataire/", "The files of his clients and what they wait for."),
    Stop("officer", "Officer", "officer", "/?queue=mine", "His queue, the nearest date first; one key opens a file."),
    Stop("file", "Officer", "officer", "/dossiers/{in examination}/",
         "The file on one screen: checks with reasons, documents beside, money, history."),
    Stop("results", "Officer", "officer", "/instruction/resultats/",
         "What firms say became of their projects: late, to confirm, received."),
    Stop("decider", "Decision-maker", "decider", "/dossiers/{to decide}/",
         "What is proposed, by whom and why; grant, refuse or send back."),
    Stop("notifier", "Notifying agent", "notifier", "/", "Decisions that are signed and not yet sent."),
    Stop("certifier", "Certifier", "certifier", "/dossiers/{claim to certify}/",
         "The claim, line by line, as the officer controlled it."),
    Stop("liquidator", "Liquidator", "liquidator", "/paiements/", "Certified claims that no order pays yet."),
    Stop("authorising", "Authorising officer", "authorising", "/paiements/a-signer/",
         "Orders prepared by somebody else, to sign."),
    Stop("accountant", "Public accountant", "accountant", "/paiements/retours/",
         "A return file is tried before it is read."),
    Stop("auditor", "Auditor", "auditor", "/audit/dossiers/{partly accepted}/",
         "The chain verified, the decisions recomputed, every euro to its payment."),
    Stop("reports", "Auditor", "auditor", "/audit/operations/", "The ERDF workbook and the list of operations."),
    Stop("sample", "Auditor", "auditor", "/audit/echantillons/1/",
         "A sample drawn from the frozen population, its results and its conclusion."),
    Stop("finding", "Auditor", "auditor", "/instruction/constats/1/",
         "A finding, the region’s answer, and what the auditor does next."),
    Stop("administrator", "Administrator", "admin", "/administration/",
         "People and roles, each proposed by one person and confirmed by another."),
    Stop("envelopes", "Administrator", "admin", "/administration/enveloppes/", "Where each euro of the envelope is."),
)  # fmt: skip


def main() -> int:
    messages.main(["compile"])
    subprocess.run([sys.executable, "manage.py", "demo"], cwd=ROOT, env=ENVIRONMENT, check=True)
    told = json.loads((ROOT / "var" / HOME / "summary.json").read_text(encoding="utf-8"))
    (DOCS / "tour").mkdir(exist_ok=True)
    with serving() as base, sync_playwright() as driver:
        language = {"LANGUAGE": "fr", "LANG": "fr_FR.UTF-8"}
        chromium = driver.chromium.launch(
            executable_path=browser.find(), args=ARGUMENTS, env={**os.environ, **language}
        )
        for stop in STOPS:
            for width in SIZES:
                photograph(chromium, base, stop, width, told["outcomes"])
        chromium.close()
    (DOCS / "tour.md").write_text("\n".join(chapter()) + "\n", encoding="utf-8")
    return 0


@contextmanager
def serving() -> Iterator[str]:
    """The demonstration's own pages, on a free port, for as long as the block lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/connexion/")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def wait_for(address: str, patience: int = 60) -> None:
    for _second in range(patience):
        try:
            urllib.request.urlopen(address, timeout=30).close()
            return
        except OSError:
            time.sleep(1)
    raise SystemExit(f"{address} does not answer.")


def photograph(chromium: Browser, base: str, stop: Stop, width: int, outcomes: dict[str, str]) -> None:
    """One page as its reader sees it first; a picture that is too heavy is an error."""
    context = chromium.new_context(
        base_url=base, viewport={"width": width, "height": SIZES[width]}, locale="fr-FR", color_scheme="light"
    )
    page = context.new_page()
    if stop.email:
        sign_in(page, stop.email)
    page.goto(stop.address.format_map(outcomes), wait_until="load")
    content = lighter(page.screenshot())
    (DOCS / stop.picture(width)).write_bytes(content)
    context.close()
    if len(content) > LARGEST:
        raise SystemExit(f"{stop.picture(width)} has {len(content)} bytes: more than {LARGEST}.")
    sys.stdout.write(f"{stop.picture(width)}  {len(content) // 1000} kB\n")


def lighter(picture: bytes) -> bytes:
    """The same picture in the few colours that it has."""
    written = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS).save(written, "PNG", optimize=True)
    return written.getvalue()


def sign_in(page: Page, name: str) -> None:
    page.goto("/connexion/")
    page.fill("main [name=login]", f"{name}@demo.example")
    page.fill("main [name=password]", PASSWORD)
    with page.expect_navigation(wait_until="load"):
        page.click("main form button[type=submit]")


def chapter() -> Iterator[str]:
    """The lines of docs/tour.md."""
    yield "# A tour of the screens\n"
    yield "Made by `make tour` from the demonstration: people, firms and amounts are fictitious. Each page is shown at"
    yield "1,440 and at 390 pixels, in French; every page also speaks English. The accounts are on the sign-in page of"
    yield "`make serve`."
    for stop in STOPS:
        yield f"\n## {stop.reader}: `{stop.address}`\n\n{stop.shows}\n"
        yield "| 1,440 pixels | 390 pixels |\n|---|---|"
        shown = (f'<img src="{stop.picture(w)}" alt="{stop.reader}, {w} pixels" width="{w // 2 + 45}">' for w in SIZES)
        yield f"| {' | '.join(shown)} |"


if __name__ == "__main__":
    raise SystemExit(main())
