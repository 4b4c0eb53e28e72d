"""Every button of every role's pages is pressed; the main pages hold in both languages and on a telephone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urldefrag, urljoin

import pytest
from django.db import transaction
from django.test import Client

from applications.models import Application, Claim
from backoffice.demo.actors import Case
from backoffice.demo.firms import FIRMS
from backoffice.demo.stories import SITE
from backoffice.demo.world import World, build
from regions import clock
from regions.models import User
from tests.browser.pages import place
from tests.conftest import OPENING

LEAVES = ("/deconnexion/", "/langue/")
CATCHER = "/courriels/"  # only where messages are kept in a folder, which tests do not
ACTS = (
    "/acte/accept_complete/", "/acte/propose/", "/acte/grant/", "/acte/refuse/", "/acte/notify/", "/mention/take/",
    "/confirmer/",
)  # fmt: skip


def _end(answer: Any) -> None:
    """A document is read to its end, which closes it."""
    if answer.streaming:
        list(answer.streaming_content)


@dataclass
class Form:
    """A form of a page: where it goes, what it holds as it stands, its buttons."""

    action: str
    method: str
    held: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Reading(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.links, self.forms = page, list[str](), list[Form]()
        self.named: dict[str, Form] = {}
        self.late: list[tuple[str, dict[str, str]]] = []
        self.inside: Form | None = None
        self.select = self.area = ""

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in given}
        if tag == "a" and at.get("href"):
            self.links.append(urljoin(self.page, at["href"]))
        elif tag == "form":
            self._form(at)
        elif tag in ("input", "select", "textarea", "button", "option"):
            self._field(tag, at)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None

    def handle_data(self, data: str) -> None:
        if self.area and self.inside:
            self.inside.held[self.area] = [data]
        self.area = ""

    def _form(self, at: dict[str, str]) -> None:
        self.inside = Form(urljoin(self.page, at.get("action") or self.page), at.get("method", "get"))
        self.forms.append(self.inside)
        self.named[at.get("id", "")] = self.inside

    def _field(self, tag: str, at: dict[str, str]) -> None:
        target = self.named.get(at["form"]) if "form" in at else self.inside
        if target is None or "disabled" in at:
            return
        name = at.get("name", "")
        if tag == "button" and at.get("type", "submit") == "submit":
            target.buttons.append((name, at.get("value", "")))
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in at:
            target.held[self.select] = [at.get("value", "")]
        elif tag == "textarea":
            self.area, target.held[name] = name, [""]
        elif tag == "input" and at.get("type") not in ("file", "submit"):
            self._input(target, name, at)

    @staticmethod
    def _input(target: Form, name: str, at: dict[str, str]) -> None:
        """A box to tick is ticked: most acts ask that something be chosen."""
        known = target.held.setdefault(name, [])
        if at.get("type") == "radio" and known and "checked" not in at:
            return
        if at.get("type") == "radio":
            known.clear()
        known.append(at.get("value", "on" if at.get("type") == "checkbox" else ""))


class Walker:
    """A person who opens every kind of page within reach, and presses every button there."""

    def __init__(self, user: User | None) -> None:
        self.client, self.user = Client(raise_request_exception=False), user
        if user:
            self.client.force_login(user)
        self.met: set[str] = set()
        self.pressed: set[tuple[str, str, str]] = set()
        self.wrong: list[tuple[Any, ...]] = []

    def walk(self, start: str = "/") -> Walker:
        waiting = [start]
        while waiting:
            page = waiting.pop(0)
            if self._kind(page) not in self.met:
                self.met.add(self._kind(page))
                waiting += self._visit(page)
        return self

    @staticmethod
    def _kind(page: str) -> str:
        """A file is its own kind: each is at another stage. So is a queue: each leads to other files."""
        path, _mark, query = page.partition("?")
        queue = parse_qs(query).get("queue", [""])[0] if path == "/" else ""
        return path if path.startswith("/dossiers/") else f"{place(page)} {queue}"

    def _visit(self, page: str) -> list[str]:
        answer = self.client.get(page, follow=True)
        if answer.status_code >= 400:
            self.wrong.append((self.user, "link", page, answer.status_code))
        _end(answer)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            return []
        address = answer.request["PATH_INFO"] + (f"?{query}" if (query := answer.request["QUERY_STRING"]) else "")
        reading = Reading(address)
        reading.feed(answer.content.decode())
        for form in reading.forms:
            self._press_all(page, form)
        links = [urldefrag(link).url for link in reading.links]
        return [link for link in links if link.startswith("/") and link != CATCHER]

    def _press_all(self, page: str, form: Form) -> None:
        for name, value in form.buttons:
            key = (place(form.action), name, value)
            if key not in self.pressed and not form.action.startswith(LEAVES):
                self.pressed.add(key)
                self._press(page, form, {name: [value]} if name else {})

    def _press(self, page: str, form: Form, button: dict[str, list[str]]) -> None:
        """Press, look at what came, and undo: the next button finds the page as it was."""
        send = self.client.post if form.method == "post" else self.client.get
        with transaction.atomic():
            answer: Any = send(form.action, form.held | button, follow=True)
            transaction.set_rollback(True)
        _end(answer)
        if answer.status_code in (404, 405) or answer.status_code >= 500:
            self.wrong.append((self.user, page, form.action, button, answer.status_code))


FIRMS_AT_EVERY_STAGE = ("F01", "F02", "F05", "F09", "F13", "F15", "F17", "F18")


@pytest.fixture
def staged(db: None) -> World:
    """A draft, a file filed, one complete, one examined, one proposed, one decided, one claimed, one certified."""
    clock.simulate(OPENING)
    world = build(Decimal("100000.00"), [FIRMS[key] for key in FIRMS_AT_EVERY_STAGE])
    Case(world, "F02").fill(SITE)
    Case(world, "F05").fill(SITE).file_it()
    Case(world, "F09").fill(SITE).file_it().act("officer", "accept_complete")
    Case(world, "F13").fill(SITE).file_it().examine()
    Case(world, "F15").fill(SITE).file_it().examine().act("officer", "propose")
    Case(world, "F17").fill(SITE).file_it().grant()
    Case(world, "F18").fill(SITE).file_it().grant().notify()
    certified = Case(world, "F01").fill(SITE).file_it().grant().notify()
    claim = certified.claim()
    certified.control(claim).certify(claim)
    return world


@pytest.mark.django_db
def test_every_stage_has_its_file(staged: World) -> None:
    """What the walkers rely on: without a file at a stage, nobody presses the buttons of that stage."""
    states = Application.objects.values_list("state", flat=True)
    assert Counter(states) == Counter(
        ["draft", "submitted", "examining", "examining", "proposed", "granted", "running", "running"]
    )
    assert [claim.state for claim in Claim.objects.all()] == ["verified"]


def walkers(world: World) -> Iterator[Walker]:
    yield Walker(None)
    firms = [world.managers[key] for key in ("F01", "F02", "F18")]
    staff = [user for name, user in world.staff.items() if not name[-1].isdigit()]
    for user in [*staff, *firms, world.provider_users["P01"]]:
        yield Walker(user)


@pytest.mark.django_db
def test_no_button_leads_nowhere(staged: World) -> None:
    """Each button of each role's pages is pressed as the page stands: an answer, or a sentence, never a dead end."""
    walked = [walker.walk() for walker in walkers(staged)]
    assert [wrong for walker in walked for wrong in walker.wrong] == []
    pressed = {action for walker in walked for action, _name, _value in walker.pressed}
    assert {f"/instruction/…{act}" for act in ACTS} - pressed == set()
    assert {"/paiements/preparer/", "/demandes/…/relecture/", "/demandes/…/pieces/"} - pressed == set()
