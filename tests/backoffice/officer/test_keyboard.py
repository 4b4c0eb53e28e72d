"""An officer clears five files without a mouse: one key per act, one key to the next file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from backoffice.demo.world import World
from tests.backoffice.officer.desk import filed
from tools.browser import LEAN
from workflows.models import Event

FIRMS = ("F01", "F02", "F05", "F15", "F17")
# The key and the move of the focus that follows it, at once as in a browser, however slow the machine.
BY_TAB = """(frame) => {
  document.dispatchEvent(new KeyboardEvent("keydown", {key: "Tab"}));
  frame.focus();
}"""


@pytest.fixture
def page(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A browser at the server’s address; Django’s guard against loops is off, since nothing here is asynchronous."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", LEAN])
        yield browser.new_page(base_url=live_server.url, locale="fr-FR")
        browser.close()
        connections.close_all()  # those that the test opened while the browser's loop ran


def sign_in(page: Page, user: Any) -> None:
    """Bring a session made by the house; the sign-in page has tests of its own."""
    client = Client()
    client.force_login(user)
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "domain": "localhost", "path": "/"}])


PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def press(page: Page, key: str) -> None:
    """Press once the page is painted, as a person does: the browser drops the keys that come before its first frame."""
    page.evaluate(PAINTED)
    with page.expect_navigation():
        page.keyboard.press(key)


@pytest.mark.django_db(transaction=True)
def test_five_files_are_cleared_by_keyboard_only(transactional_db: None, world: World, page: Page) -> None:
    cases = [filed(world, firm) for firm in FIRMS]
    sign_in(page, world.staff["officer"])
    page.goto("/?queue=to-take")
    for _case in cases:
        press(page, "j")
        for key in ("t", "a", "c"):
            press(page, key)
            assert page.locator(".message.success").count() == 1
    assert {case.file.state for case in cases} == {"examining"}
    assert {case.file.assigned_to for case in cases} == {world.staff["officer"]}
    acts = ["record.take", "application.accept_complete", "record.documents"]
    assert Event.objects.filter(act__in=acts).count() == 15
    assert "Dernier dossier de la file" in page.inner_text("main")


@pytest.mark.django_db(transaction=True)
def test_keys_leave_typing_alone_and_can_be_switched_off(transactional_db: None, world: World, page: Page) -> None:
    filed(world)
    sign_in(page, world.staff["officer"])
    page.goto("/?queue=to-take")
    page.keyboard.press("/")
    page.keyboard.type("j")
    assert page.input_value("#filter-q") == "j"
    assert "queue=to-take" in page.url
    page.get_by_role("button", name="Raccourcis à une touche").click()
    page.keyboard.press("j")
    assert page.url.endswith("/?queue=to-take")


@pytest.mark.django_db(transaction=True)
def test_the_reader_of_a_document_does_not_keep_the_keyboard(transactional_db: None, world: World, page: Page) -> None:
    case = filed(world)
    sign_in(page, world.staff["officer"])
    page.goto(f"/dossiers/{case.file.reference}/?queue=to-take")
    page.locator("iframe.paper").evaluate("(frame) => frame.focus()")  # as a reader of PDF does once it is open
    page.wait_for_function("() => document.activeElement === document.body")
    press(page, "t")
    assert case.file.assigned_to == world.staff["officer"]


@pytest.mark.django_db(transaction=True)
def test_who_goes_to_a_document_by_tab_stays_in_it(transactional_db: None, world: World, page: Page) -> None:
    case = filed(world)
    sign_in(page, world.staff["officer"])
    page.goto(f"/dossiers/{case.file.reference}/")
    page.locator("iframe.paper").evaluate(BY_TAB)
    page.wait_for_timeout(100)
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
