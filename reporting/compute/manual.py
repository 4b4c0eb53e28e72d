"""The page that lists the rules of `manage.py compute`, each with its fields and an example that runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from applications.rules.base import Rule
from applications.rules.compute.reading import parse

HEAD = {
    "en": """# Computing a rule

`manage.py compute RULE` reads one JSON object from the standard input, or one per line, and prints one JSON answer
for each: `ok`, `amount` (euro, a text with two decimals), `reasons` (code, sentence in French and in English, article,
whether it refuses alone), `details`, and the `inputs` as they were read, defaults included.

- Amounts are JSON numbers or texts (`1250.5`, `"1250.50"`) and never pass through a binary fraction; dates are ISO.
- `--list` names the rules; `RULE --schema` prints the JSON Schema of the input and an example.
- `--language fr|en` chooses the language of schemas and refusals; by default that of the environment, else French.
- The status is 0, whatever the verdict; 2 when the input is wrong, with one sentence that names the field. Of several
  objects, a wrong one gets `{"line": …, "error": …}` in its place, and the others their answers.

This page is generated: `manage.py compute --manual --language en > docs/compute.md`.
""",
    "fr": """# Calculer une règle

`manage.py compute RÈGLE` lit un objet JSON sur l’entrée standard, ou un par ligne, et donne pour chacun une réponse
JSON : `ok`, `amount` (euros, un texte à deux décimales), `reasons` (code, phrase en français et en anglais,
article, si elle refuse à elle seule), `details`, et les `inputs` tels qu’ils ont été lus, valeurs par défaut comprises.

- Les montants sont des nombres JSON ou des textes (`1250.5`, `"1250.50"`), jamais arrondis en binaire ; les dates
  sont ISO.
- `--list` nomme les règles ; `RÈGLE --schema` donne le schéma JSON de l’entrée et un exemple.
- `--language fr|en` choisit la langue des schémas et des refus ; par défaut celle de l’environnement, sinon le
  français.
- Le statut est 0, quel que soit le verdict ; 2 quand l’entrée est fausse, avec une phrase qui nomme le champ. Parmi
  plusieurs objets, un faux reçoit `{"line": …, "error": …}` à sa place, et les autres leur réponse.
""",
}
ANSWER = {"en": "answers, in short:", "fr": "répond, en bref :"}
WIDTH, LONGEST = 110, 300
FIELDS = {"en": "Fields", "fr": "Champs"}


def manual(rules: Iterable[Rule], language: str) -> str:
    """The page, in Markdown."""
    return "\n".join([HEAD[language], *(_section(rule, language) for rule in rules)])


def _section(rule: Rule, language: str) -> str:
    return f"""## {rule.name}

{rule.summary[language]}. {FIELDS[language]}: {_fields(rule.schema(language))}

```json
{_laid_out(rule.example)}
```

{ANSWER[language]}

```json
{_answer(rule)}
```
"""


def _laid_out(value: Any) -> str:
    """JSON on one line when it is short."""
    line = json.dumps(value, ensure_ascii=False)
    return line if len(line) <= WIDTH else json.dumps(value, ensure_ascii=False, indent=2)


def _answer(rule: Rule) -> str:
    """The verdict on the example; the details only when they are few, for the command shows them all."""
    answer = rule.run(parse(json.dumps(rule.example)))
    whole = {name: answer[name] for name in ("ok", "amount", "details")}
    line = json.dumps(whole, ensure_ascii=False)
    return line if len(line) <= LONGEST else json.dumps({"ok": answer["ok"], "amount": answer["amount"]})


def _fields(schema: Mapping[str, Any]) -> str:
    """The names, those that must be given in bold."""
    needed = schema["required"]
    return ", ".join(f"**`{name}`**" if name in needed else f"`{name}`" for name in schema["properties"])
