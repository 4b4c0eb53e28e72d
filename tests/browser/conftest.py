"""A browser for the journeys: one Chromium for the folder, one context per person, nothing from outside."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from backoffice.demo.firms import FIRMS
from backoffice.demo.world import World, build
from regions import clock
from tests import shelf
from tests.browser.pages import Visitor
from tests.conftest import OPENING
from tools import messages
from tools.browser import LEAN

messages.compile_catalogue()

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
    LEAN,
]  # fmt: skip
# The specimens are not whole documents: the browser's viewer would open a box of its own over the page.
INLINE = re.compile(r"/documents/\d+/\?inline=1$")
PAPER = "<!DOCTYPE html><html lang='fr'><title>Specimen</title><p>Specimen</p></html>"
Opener = Callable[..., Visitor]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Playwright keeps a loop in this thread; Django is told so, for as long as the browser lives."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        path = os.environ.get("GUICHET_BROWSER") or shutil.which("chromium")
        chromium = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    if before is not None:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(scope="package")
def read(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Where the processes of this run leave a mark for each kind of page that axe has read."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "read-by-axe"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def visitor(browser: Browser, read: Path, transactional_db: None, live_server: Any) -> Iterator[Opener]:
    """A person at a browser of her own: `visitor("officer", width=390)`."""
    opened: list[Visitor] = []

    def open_one(name: str, width: int = 1440, lang: str = "fr", script: bool = True, axe: bool = True) -> Visitor:
        shelf.close()
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, java_script_enabled=script,
            locale="fr-FR", color_scheme="dark" if width < 600 else "light",
        )  # fmt: skip
        context.set_default_timeout(20_000)
        context.route(INLINE, lambda route: route.fulfill(status=200, content_type="text/html", body=PAPER))
        one = Visitor(name, context, live_server.url, width, lang, read if axe and script else None)
        opened.append(one)
        return one

    yield open_one
    for one in opened:
        one.context.close()
    wrong = [f"{kind} – {where}: {found}" for one in opened for kind, where, found in one.wrong]
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def people(transactional_db: None) -> Callable[..., World]:
    """A region with its people, and the firms named."""

    def make(*firms: str) -> World:
        clock.simulate(OPENING)
        shelf.commit()
        return shelf.lay_out(f"people {firms}", lambda: build(Decimal("100000.00"), [FIRMS[key] for key in firms]))

    return make
