"""Without a mouse: a firm files with Tab, Enter, Space and typing; an officer clears five files."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from applications.models import Application
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import PASSWORD, World
from tests.browser.conftest import Opener
from tests.browser.pages import PDF, Visitor
from workflows import gate

pytestmark = pytest.mark.django_db(transaction=True)
FURTHEST = 90
HERE = "selector => document.activeElement.matches(selector)"
NEXT = "button[name=action][value=continue]"


class Typist:
    """A visitor who only has a keyboard."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page

    @property
    def keys(self) -> Page:
        return self.page

    def reach(self, selector: str) -> Typist:
        """Tab until the focus is there."""
        for _rank in range(FURTHEST):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(HERE, selector):
                return self
        raise AssertionError(f"{selector} is out of the keyboard's reach on {self.page.url}")

    def type(self, selector: str, words: str) -> Typist:
        self.reach(selector).page.keyboard.type(words)
        return self

    def press(self, key: str = "Enter") -> Typist:
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press(key)
        self.visitor.look()
        return self

    def hand_in(self, selector: str) -> Typist:
        """The browser's own box for files opens by a key."""
        with self.page.expect_file_chooser() as opened:
            self.reach(selector).page.keyboard.press("Enter")
        content = PDF + selector.encode()
        opened.value.set_files({"name": "piece.pdf", "mimeType": "application/pdf", "buffer": content})
        return self

    def sign_in(self, email: str) -> Typist:
        self.visitor.go("/connexion/")
        self.type("[name=login]", email).type("[name=password]", PASSWORD)
        return self.press()


def test_a_firm_files_with_the_keyboard_only(people: Callable[..., World], visitor: Opener) -> None:
    people("F01")
    firm = Typist(visitor("keyboard", axe=False)).sign_in("f01@demo.example")
    firm.reach('main a[href="/aides/"]').press().reach('a[href*="/nouvelle/"]').press()
    firm.reach("main button").press()
    firm.reach("[name=independent]").page.keyboard.press("ArrowDown")
    firm.reach(NEXT).press()
    firm.type("[name=title]", "Un site pour la salle").press()
    firm.reach("[name=category]").page.keyboard.press("ArrowDown")
    firm.type("[name=label]", "Site").type("[name=amount]", "1500").press()
    firm.reach("[name=provider]").page.keyboard.press("Space")
    firm.reach(NEXT).press().type("[name=declared_de_minimis]", "0").reach(NEXT).press()
    for kind in Application.objects.get().scheme_version.rule("evidence", "application", default=[]):
        firm.hand_in(f"[name={kind}]")
    firm.reach(NEXT).press()
    firm.reach("[name=declared_accurate]").page.keyboard.press("Space")
    firm.reach("main button[type=submit]").press()
    assert "Votre demande est déposée" in firm.visitor.text()
    assert Application.objects.get().state == "submitted"


FIRMS = ("F01", "F02", "F05", "F15", "F17")


def test_an_officer_clears_five_files_with_the_keyboard_only(people: Callable[..., World], visitor: Opener) -> None:
    world = people(*FIRMS)
    cases = [Case(world, firm).fill(SITE).file_it() for firm in FIRMS]
    officer = Typist(visitor("keyboard", axe=False)).sign_in("officer@demo.example")
    for _case in cases:
        for key in ("j", "t", "a", "c"):
            officer.press(key)
    assert {case.file.state for case in cases} == {"examining"}
    for case in cases:
        gate.record(case.provider, "application", case.pk, "provider", finding="green")
    officer.press("u").reach('a[href="?queue=mine"]').press()
    for _case in cases:
        officer.press("j").reach('form[action*="/acte/propose/"] button').press()
    assert {case.file.state for case in cases} == {"proposed"}
    assert "Dernier dossier de la file" in officer.visitor.text()
