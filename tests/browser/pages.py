"""What a person does in a browser, and what every page that she meets must be."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from playwright.sync_api import BrowserContext, Locator, Request, Response

from backoffice.demo.world import PASSWORD

PDF = b"%PDF-1.4\n% "
STANDARD: dict[str, Any] = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}
STANDARD["resultTypes"] = ["violations"]
RAW = ("Traceback", "DoesNotExist", "Server Error", "NoReverseMatch", "{{", "{%", "None")
# Words of the pages' own sentences; what people typed in their files is in their own language.
FOREIGN = {
    "fr": ("the", "your", "you", "save", "submit", "amount", "provider", "sign out", "required", "search"),
    "en": (
        "votre", "vous", "dossier", "dossiers", "enregistrer", "demande", "entreprise", "prestataire", "montant",
        "pièces", "échéance", "décision", "aide", "refus", "courrier", "déposer", "chercher", "ce champ",
    ),
}  # fmt: skip
SCROLLS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
PARTS = """() => [...document.querySelectorAll('main section, main form')].map(
  e => e.getAttribute('aria-labelledby') || e.className).join()"""
WIDE = """() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right >
  document.documentElement.clientWidth + 1).slice(0, 6).map(e => e.outerHTML.slice(0, 120))"""


class Visitor:
    """A person with a browser of her own; each page she meets is looked at."""

    def __init__(self, name: str, context: BrowserContext, base: str, width: int, lang: str, read: Path | None) -> None:
        self.name, self.context, self.base, self.width, self.lang, self.read = name, context, base, width, lang, read
        self.page = context.new_page()
        self.said: list[str] = []
        self.wrong: list[tuple[str, str, list[Any]]] = []
        self.fields = 0
        self.screens: list[str] = []
        self.page.on("console", lambda line: self.said.append(line.text) if line.type == "error" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def _asked(self, request: Request) -> None:
        """The viewer of documents inside the browser has addresses of its own; everything else is the house's."""
        if not request.url.startswith((self.base, "chrome", "data:", "blob:")):
            self.said.append(f"outside: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.said.append(f"{response.status} {response.url}")

    # --- going about

    def go(self, path: str) -> Visitor:
        self.page.goto(path, wait_until="load")
        return self.look()

    def press(self, name: str, within: str = "main") -> Visitor:
        """Press a button by its words."""
        return self._leave(self.page.locator(within).get_by_role("button", name=name, exact=True).first)

    def follow(self, name: str | re.Pattern[str]) -> Visitor:
        """Follow a link by its words."""
        return self._leave(self.page.locator("main").get_by_role("link", name=name).first)

    def act(self, action: str) -> Visitor:
        """Press the button of the form that leads to an address, unfolding it if need be."""
        return self._leave(self.unfold(action).locator("button[type=submit]").first)

    def download(self, address: str) -> bytes:
        """Press the link that leads to a file, and read what was handed over."""
        with self.page.expect_download() as handed:
            self.page.locator(f'main a[href="{address}"]').first.click()
        return handed.value.path().read_bytes()

    def unfold(self, action: str) -> Locator:
        """The form that leads to an address, in sight."""
        form = self.page.locator(f'form[action*="{action}"]').first
        fold = self.page.locator("details:not([open])", has=self.page.locator(f'form[action*="{action}"]'))
        if fold.count():
            fold.first.locator("summary").first.click()
        return form

    def answer(self, action: str, **given: str) -> Visitor:
        """Fill the form of one act among others, and press its button."""
        form = self.unfold(action)
        for name, value in given.items():
            form.locator(f'[name="{name}"]').fill(value)
        return self._count(len(given)).act(action)

    def _leave(self, target: Locator) -> Visitor:
        with self.page.expect_navigation(wait_until="load"):
            target.click()
        return self.look()

    # --- filling in

    def fill(self, **given: str) -> Visitor:
        for name, value in given.items():
            self.page.locator(f'main [name="{name}"]').first.fill(value)
        return self._count(len(given))

    def choose(self, **given: str) -> Visitor:
        for name, value in given.items():
            self.page.locator(f'main select[name="{name}"]').select_option(value)
        return self._count(len(given))

    def tick(self, selector: str) -> Visitor:
        self.page.locator(f"main {selector}").first.check()
        return self._count(1)

    def _count(self, number: int) -> Visitor:
        self.fields += number
        return self

    def hand_in(self, selector: str = "input[type=file]", name: str = "piece.pdf", content: bytes = b"") -> Visitor:
        """Put a file in each box asked; each has a content of its own."""
        boxes = self.page.locator(f"main {selector}")
        for rank in range(boxes.count()):
            box = boxes.nth(rank)
            own = content or PDF + f"{self.name} {rank} {box.get_attribute('name')} {self.page.url}".encode()
            box.set_input_files({"name": name, "mimeType": "application/pdf", "buffer": own})
        return self._count(boxes.count())

    # --- signing in

    def sign_in(self, email: str, password: str = PASSWORD) -> Visitor:
        """From the present page if it is the sign-in page."""
        if "/connexion/" not in self.page.url:
            self.go("/connexion/")
        return self.fill(login=email, password=password)._leave(self.page.locator("main form button").first)

    def code_sent(self, email: str) -> str:
        """The code of the last message sent to an address."""
        bodies = [str(message.body) for message in mail.outbox if email in message.to]
        return re.findall(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", bodies[-1], re.MULTILINE)[0]

    def text(self) -> str:
        return self.page.locator("body").inner_text().replace("\u202f", " ").replace("\xa0", " ")

    # --- looking

    def look(self) -> Visitor:
        """The page works, is in one language, fits its screen, and axe finds nothing to say."""
        self.screens.append(place(self.page.url))
        words = self.text()
        self._note("said", self.said)
        self._note("raw", [raw for raw in RAW if re.search(rf"(?<!\w){re.escape(raw)}(?!\w)", words)])
        self._note("language", self._strange(words))
        self.said = []
        if self.read:
            self._note("wide", self.page.evaluate(WIDE) if self.page.evaluate(SCROLLS) > 0 else [])
            self._note("axe", self._axe(self.read))
        return self

    def _note(self, kind: str, found: list[Any]) -> None:
        if found:
            self.wrong.append((kind, f"{self.name}, {self.width} px, {self.page.url}", found))

    def _strange(self, words: str) -> list[str]:
        """The lines not in the page's language; a letter keeps the name it has in its reader's."""
        declared = self.page.locator("html").get_attribute("lang")
        plain = words.replace("Français", "").replace("English", "").lower()
        lines = [line for line in plain.splitlines() if ".pdf" not in line and foreign(self.lang, line)]
        return lines if declared == self.lang else [f"lang={declared}", *lines]

    def _axe(self, read: Path) -> list[str]:
        """Once per page of the same kind that is made of the same parts, in one language at one width."""
        kind = f"{self.lang} {self.width} {place(self.page.url)} {self.page.evaluate(PARTS)}"
        if not _first(read / sha256(kind.encode()).hexdigest()):
            return []
        return [told(one) for one in Axe().run(self.page, options=STANDARD).response["violations"]]


def _first(mark: Path) -> bool:
    """Whether nobody was here before, in any process of this run."""
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def foreign(lang: str, line: str) -> bool:
    """Whether a line holds a word of the other language."""
    return any(re.search(rf"(?<![\w@./-]){word}(?![\w@./-])", line) for word in FOREIGN[lang])


def told(violation: dict[str, Any]) -> str:
    """A violation of axe and where it is."""
    nodes = [f"{node['html'][:160]} {node['any'][:1]}" for node in violation["nodes"][:3]]
    return f"{violation['id']}: {nodes}"


def place(url: str) -> str:
    """An address without what names one file: pages of the same kind are one place."""
    path = re.sub(r"^https?://[^/]+", "", url).split("?")[0]
    return re.sub(r"/(KAP-\d{4}-\d+|M-[\w-]+|B-?[\w-]*\d[\w-]*|\d+)(?=/)", "/…", path)


def link_to_provider(email: str) -> str:
    """The address, without its host, that the last message to a provider holds."""
    bodies = [str(message.body) for message in mail.outbox if email in message.to]
    found = [re.search(r"/prestataire/engagement/\S+", body) for body in bodies]
    return [match[0] for match in found if match][-1]
