"""Two acts that must be of two persons, tried by one: singly, in bulk, by every screen, from one account or two.

The pairs are those that the machines declare: a pair declared tomorrow is tried without a word here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.forms import BaseForm
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from applications.enums import OrderState
from applications.models import PaymentOrder
from backoffice.demo.stories import paid
from backoffice.demo.world import World
from backoffice.views.officer import bulk
from regions import clock
from regions.enums import RoleKind
from regions.models import Person, User
from tests.roles import hold
from tests.shelf import lay_out
from tests.targets import targets
from workflows import chain, gate, signatures
from workflows.acts import Act, Forbidden
from workflows.gate import MACHINES
from workflows.models import Event
from workflows.records import RECORDS

pytestmark = pytest.mark.django_db
PAIRS = [
    (machine, move, earlier)
    for machine, cls in sorted(MACHINES.items())
    for move, spec in sorted(cls.moves().items())
    for earlier in spec.four_eyes
]
MOVES = sorted({(machine, move) for machine, move, _earlier in PAIRS})
# Who examines, decides, certifies, prepares and signs: no edit of a machine may drop one of these.
REQUIRED = {
    ("application", "grant", "application.propose"), ("application", "refuse", "application.propose"),
    ("claim", "verify", "claim.control"), ("claim", "verify", "record.line_control"),
    ("order", "prepare", "application.grant"), ("order", "prepare", "claim.verify"),
    ("order", "sign", "order.prepare"), ("order", "sign", "claim.verify"), ("order", "sign", "application.grant"),
    ("order", "countersign", "order.sign"), ("order", "countersign", "order.prepare"),
    ("bank", "confirm", "bank.ask"), ("recovery", "order", "recovery.open"),
    ("recovery", "write_off", "recovery.order"), ("payment_application", "send", "payment_application.prepare"),
    ("operation_claim", "verify", "operation_claim.prepare"),
}  # fmt: skip
SAID = "Une autre personne doit faire cet acte"
Door = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Scene:
    """An object of each machine, and one natural person who holds every role of the region by each of two accounts."""

    targets: dict[str, Any]
    accounts: tuple[User, User]


def _scene(world: World) -> Scene:
    person = Person.objects.create(name="Claude Cumul")
    both = [User.objects.create_user(f"{name}@cumul.example", name, person=person) for name in ("un", "deux")]
    for user in both:
        for kind in RoleKind:
            hold(user, kind, world.region)
    return Scene(targets(paid(world)), (both[0], both[1]))


@pytest.fixture
def scene(world: World) -> Scene:
    return lay_out("one person with every role", lambda: _scene(world))


def _target_of(scene: Scene, earlier: str) -> Any:
    """The object on which an earlier act was made."""
    machine, _dot, short = earlier.partition(".")
    return scene.targets[RECORDS[short].machine if machine == "record" else machine]


def _did(scene: Scene, machine: str, earlier: str, user: User) -> None:
    """Leave in the chain the event of an earlier act, as its author's account left it."""
    subject = MACHINES[machine].objects.get(pk=scene.targets[machine].pk).subject()
    act = Act(actor=user, at=clock.now(), day=clock.today(), reason="", facts={})
    done_on = _target_of(scene, earlier)
    chain.append(subject, done_on, act, earlier, (done_on.state, done_on.state), {})
    type(subject).objects.filter(pk=subject.pk).update(chain_length=subject.chain_length, chain_head=subject.chain_head)


class Eyes:
    """Listens to the gate's question of four eyes: which moves it refused."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.genuine, self.refused = gate._four_eyes, list[str]()
        monkeypatch.setattr(gate, "_four_eyes", self.ask)

    def ask(self, spec: Any, target: Any, act: Act) -> None:
        try:
            self.genuine(spec, target, act)
        except Forbidden:
            self.refused.append(f"{target.machine}.{spec.name}")
            raise


@pytest.fixture
def eyes(monkeypatch: pytest.MonkeyPatch) -> Eyes:
    return Eyes(monkeypatch)


@pytest.fixture
def any_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every form is well filled: what is asked here is who posts it, not what it says."""

    def filled(form: BaseForm) -> bool:
        form.cleaned_data = dict.fromkeys(form.fields) | {"reason": "essai"}
        return True

    monkeypatch.setattr(BaseForm, "is_valid", filled)


# --- the doors of the screens


def _doors(scene: Scene, machine: str, move: str) -> list[Door]:
    """Every address by which a screen asks a move of an object, with what it posts."""
    row, file = scene.targets[machine], scene.targets["application"]
    if machine == "order":
        return _order_doors(row, move)
    if machine == "bank":
        return [(reverse("bank-change-answer", args=[row.pk]), {"answer": move})]
    if machine == "application":
        return [(reverse("file-act", args=[file.reference, move]), {}), *_ticked_files(file, move)]
    number = getattr(row, "number", None)
    named = {"claim": [file.reference, number], "recovery": [number], "irregularity": [number]}
    return [(reverse(f"{machine.replace('_', '-')}-act", args=[*named.get(machine, [row.pk]), move]), {})]


def _ticked_files(file: Any, move: str) -> list[Door]:
    ticked = {"act": move, "file": [file.pk], "confirmed": "1"}
    return [(reverse("bulk"), ticked)] if move in bulk.ROLE_OF else []


def _order_doors(order: Any, move: str) -> list[Door]:
    """An order is prepared from its claim, in the work list; it is signed on its page, or ticked among others."""
    if move == "prepare":
        return [(reverse("payment-prepare"), {"claim": [order.claim_id]})]
    return [
        (reverse("payment-act", args=[order.number, move]), {}),
        (reverse(f"payment-{move}"), {"order": [order.pk]}),
    ]


# --- the tries


def _row(scene: Scene, machine: str) -> Any:
    return MACHINES[machine].objects.get(pk=scene.targets[machine].pk)


def _tries(scene: Scene, machine: str, move: str) -> Iterator[User]:
    """The move's object in each state that the move starts from, and each account of the person in turn."""
    for state in MACHINES[machine].moves()[move].sources:
        MACHINES[machine].objects.filter(pk=scene.targets[machine].pk).update(state=state)
        yield from scene.accounts


@pytest.mark.parametrize(("machine", "move", "earlier"), PAIRS, ids=[f"{a}.{b} after {c}" for a, b, c in PAIRS])
def test_one_person_never_makes_both_acts(
    scene: Scene, eyes: Eyes, any_words: None, machine: str, move: str, earlier: str
) -> None:
    first, second = scene.accounts
    _did(scene, machine, earlier, first)
    before, pk = Event.objects.count(), scene.targets[machine].pk
    for user in _tries(scene, machine, move):
        _refused_by_the_gate(user, machine, pk, move)
    _refused_by_the_screens(second, _doors(scene, machine, move), eyes)
    assert set(eyes.refused) == {f"{machine}.{move}"}
    assert Event.objects.count() == before


def _refused_by_the_gate(user: User, machine: str, pk: int, move: str) -> None:
    with pytest.raises(Forbidden, match=SAID):
        gate.move(user, machine, pk, move, reason="essai")
    batch = gate.move_many(user, machine, [pk], move, reason="essai")
    assert [(key, why.startswith(SAID)) for key, why in batch.refused] == [(pk, True)]
    assert SAID in gate.available(user, MACHINES[machine].objects.get(pk=pk))[move]


def _refused_by_the_screens(user: User, doors: list[Door], eyes: Eyes) -> None:
    """Each post, here from the other account, is refused by the gate itself, once, and the page says why."""
    client = Client()
    client.force_login(user)
    for address, posted in doors:
        heard = len(eyes.refused)
        response = client.post(address, posted, follow=True)
        assert response.status_code in (200, 422), address
        assert SAID in response.content.decode(), address
        assert len(eyes.refused) == heard + 1, address


def test_another_person_is_not_stopped_by_those_eyes(scene: Scene) -> None:
    """The refusal is of the person, not of the act: who did none of them meets another question, or none."""
    for machine, _move, earlier in PAIRS:
        _did(scene, machine, earlier, User.objects.system())
    for machine, move in MOVES:
        user = list(_tries(scene, machine, move))[-1]
        assert SAID not in gate.available(user, _row(scene, machine))[move], (machine, move)


def test_an_order_is_made_by_one_person_only_of_its_claim(scene: Scene, eyes: Eyes) -> None:
    """The door that makes an order, and moves it in the same act, asks as the move does."""
    first, second = scene.accounts
    order = scene.targets["order"]
    PaymentOrder.objects.filter(pk=order.pk).update(state=OrderState.CANCELLED)
    _did(scene, "order", "claim.verify", first)
    with pytest.raises(Forbidden, match=SAID):
        gate.open_order(second, order.claim_id)
    assert eyes.refused == ["order.prepare"]


def test_the_pairs_that_the_law_asks_for_are_declared() -> None:
    assert set(PAIRS) >= REQUIRED


def test_every_signature_bars_the_next() -> None:
    """However many an order asks for: each further signature is of somebody who gave none."""
    moves = MACHINES["order"].moves()
    for name in signatures.SIGNATURES[1:]:
        eyes = moves[name.removeprefix("order.")].four_eyes
        assert set(eyes) >= {*signatures.SIGNATURES, *moves["sign"].four_eyes}, name


# --- no other door


def _routes(patterns: Any = None) -> Iterator[URLPattern]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from _routes(pattern.url_patterns)


def test_every_address_is_a_screen(scene: Scene) -> None:
    """No address takes an act without a form of the house: none is exempt from its token, none reads another key."""
    routes = list(_routes())
    exempt = {route.name for route in routes if getattr(route.callback, "csrf_exempt", False)}
    assert (exempt, "django.middleware.csrf.CsrfViewMiddleware" in settings.MIDDLEWARE) == (set(), True)
    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.accounts[0])
    for address, posted in (door for machine, move in MOVES for door in _doors(scene, machine, move)):
        assert client.post(address, posted).status_code == 403, address
        sent = client.post(address, "{}", "application/json", headers={"Authorization": "Bearer 0"})
        assert sent.status_code == 403, address


def test_only_screens_and_the_demonstration_ask_the_gate() -> None:
    """In the package of the screens, a module elsewhere that moved a state would be a door tried by nobody above."""
    asks = re.compile(r"\bgate\.(move|move_many|record|open_\w+|ask_\w+)\(")
    root = Path(settings.BASE_DIR)
    found = {
        path.relative_to(root).parts[1]
        for top in ("backoffice", "reporting")
        for path in (root / top).rglob("*.py")
        if asks.search(path.read_text())
    }
    assert found <= {"views", "demo", "management"}
