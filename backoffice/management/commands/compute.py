"""Compute a rule on a JSON input: the law of the house without its screens, database or clock."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from applications.rules.base import InputError, Rule
from applications.rules.compute.reading import documents, parse
from reporting.compute import RULES
from reporting.compute.manual import manual

WRONG_INPUT, BROKEN_RULE = 2, 70
LANGUAGES = ("fr", "en")
# Pairs, as the rules have them: the command needs no compiled catalogue.
SENTENCES = {
    "no_rule": (
        "Donner le nom d’une règle ; « compute --list » les nomme toutes.",
        "Give the name of a rule; “compute --list” names them all.",
    ),
    "unknown_rule": (
        "La règle « {name} » n’existe pas ; choisir parmi : {rules}.",
        "There is no rule “{name}”; choose among: {rules}.",
    ),
    "not_utf8": ("$ : l’entrée n’est pas en UTF-8.", "$: the input is not UTF-8."),
    "wrong": ("{field} : {said}", "{field}: {said}"),
    "wrong_line": ("ligne {rank}, {field} : {said}", "line {rank}, {field}: {said}"),
    "broken_rule": (
        "La règle {rule} est en défaut ({fault}) : signaler cette entrée aux développeurs.",
        "The rule {rule} is at fault ({fault}): report this input to the developers.",
    ),
}


def language_of(environment: Mapping[str, str]) -> str:
    """English when the locale of the environment is an English one, otherwise French."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "")
    return "en" if locale.lower().startswith("en") else "fr"


class Command(BaseCommand):
    help = (
        "Compute a rule: a JSON object on the standard input, or one per line, gives a JSON answer each. Status 0; "
        "2 for a wrong input, with one sentence that names the field."
    )
    requires_system_checks: list[str] = []
    language = LANGUAGES[0]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("rule", nargs="?", default="", help="the rule's name; --list gives them all")
        parser.add_argument("--list", action="store_true", help="name the rules, with a line on each")
        parser.add_argument("--schema", action="store_true", help="the JSON Schema of the rule's input, and an example")
        parser.add_argument("--manual", action="store_true", help="every rule with its example, in Markdown")
        parser.add_argument("--language", choices=LANGUAGES, help="fr or en; by default that of the environment")
        parser.add_argument("--pretty", action="store_true", help="indent the answer")

    def handle(self, *args: Any, **options: Any) -> None:
        self.language = options["language"] or language_of(os.environ)
        status = self._run(options)
        if status:
            raise SystemExit(status)

    def _run(self, options: Mapping[str, Any]) -> int:
        """What was asked for, and the status to leave with."""
        if options["manual"]:
            self.stdout.write(manual(RULES.values(), self.language), ending="")
            return 0
        if options["list"]:
            return self._list()
        rule = self._rule(options["rule"])
        if rule is None:
            return WRONG_INPUT
        if options["schema"]:
            self._write(rule.schema(self.language), pretty=True)
            return 0
        return max(self._answers(rule, options))

    def _list(self) -> int:
        width = max(map(len, RULES))
        for rule in RULES.values():
            self.stdout.write(f"{rule.name:{width}}  {rule.summary[self.language]}")
        return 0

    def _rule(self, name: str) -> Rule | None:
        """The rule of that name, hyphens or underscores; a sentence and None when there is none."""
        wanted = name.lower().replace("_", "-")
        if wanted in RULES:
            return RULES[wanted]
        near = get_close_matches(wanted, RULES, 3) or list(RULES)
        self._say("unknown_rule" if wanted else "no_rule", name=name, rules=", ".join(near))
        return None

    def _answers(self, rule: Rule, options: Mapping[str, Any]) -> Iterator[int]:
        """The status of each object of the input, its answer written on the way."""
        try:
            texts = documents(standard_input())
        except UnicodeDecodeError:
            self._say("not_utf8")
            yield WRONG_INPUT
            return
        for rank, text in enumerate(texts, 1):
            yield self._answer(rule, text, rank if len(texts) > 1 else 0, options)

    def _answer(self, rule: Rule, text: str, rank: int, options: Mapping[str, Any]) -> int:
        """One answer; of several objects a wrong one also gets a line that keeps the others in step."""
        try:
            self._write(rule.run(parse(text)), pretty=options["pretty"] and not rank)
        except InputError as fault:
            self._refuse(fault, rank)
            return WRONG_INPUT
        except Exception as fault:
            if options.get("traceback"):
                raise
            self._say("broken_rule", rule=rule.name, fault=type(fault).__name__)
            return BROKEN_RULE
        return 0

    def _refuse(self, fault: InputError, rank: int) -> None:
        if rank:
            error = {"field": fault.field, "fr": fault.fr, "en": fault.sentence}
            self._write({"line": rank, "error": error}, pretty=False)
        said = fault.sentence if self.language == "en" else fault.fr
        self._say("wrong_line" if rank else "wrong", rank=rank, field=fault.field, said=said)

    def _say(self, code: str, **figures: Any) -> None:
        """One line in the reader's language, whatever the names that it quotes hold."""
        sentence = SENTENCES[code][LANGUAGES.index(self.language)].format(**figures)
        self.stderr.write(" ".join(sentence.split()))

    def _write(self, value: Any, *, pretty: bool) -> None:
        """JSON in UTF-8 characters, or escaped when the output cannot show them."""
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        plain = encoding.lower().replace("-", "") != "utf8"
        self.stdout.write(json.dumps(value, ensure_ascii=plain, indent=2 if pretty else None))


def standard_input() -> str:
    """The whole input as text; UTF-8, with or without a mark at its head."""
    source = getattr(sys.stdin, "buffer", None)
    return sys.stdin.read() if source is None else source.read().decode("utf-8-sig")
