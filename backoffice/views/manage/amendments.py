"""What a version changes, told like the act that amends a regulation, and field by field.

The sentences compare the two readable texts, article by article: words replaced, lines added or deleted.
The table below them compares the data itself, so nothing that no article tells can go unseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from backoffice.views.manage.rulebook import Section, sections
from backoffice.views.manage.rulehow import words
from backoffice.views.manage.rulewords import label_of

Rules = Mapping[str, Any]
Keyed = dict[tuple[str, int], str]
ALIKE = 0.6  # how much two sentences share when one replaces the other, rather than both being new


def amendments(before: Rules, after: Rules) -> list[str]:
    """One sentence for each change, in the order of the articles of the later version."""
    old, new = ({s.title: s for s in sections(rules)} for rules in (before, after))
    found: list[str] = []
    for title in [*new, *(title for title in old if title not in new)]:
        found += _article(title, old.get(title), new.get(title))
    return found


def _article(title: str, old: Section | None, new: Section | None) -> list[str]:
    if old is None:
        return [_("Un article « %(article)s » est ajouté.") % {"article": title}, *_changes(title, Section(title), new)]
    if new is None:
        return [_("L’article « %(article)s » est supprimé.") % {"article": title}]
    return list(_changes(title, old, new))


def _changes(title: str, old: Section, new: Section | None) -> Iterator[str]:
    if new is None:
        return
    yield from _rows(title, _keyed(old.rows), _keyed(new.rows))
    yield from _points(title, old.sentences, new.sentences)
    if old.steps != new.steps and new.steps:
        yield _("À l’article « %(article)s », le calcul suit désormais cet ordre : %(steps)s.") % {
            "article": title, "steps": " ; ".join(new.steps),
        }  # fmt: skip


# --- lines: a label and its words


def _keyed(rows: Sequence[tuple[str, str]]) -> Keyed:
    """Rows by label; a label that comes again is told apart by its rank."""
    labels = [label for label, _value in rows]
    return {(label, labels[:rank].count(label)): value for rank, (label, value) in enumerate(rows)}


def _rows(title: str, old: Keyed, new: Keyed) -> Iterator[str]:
    for key, value in old.items():
        if key not in new:
            yield _("À l’article « %(article)s », la ligne « %(label)s : %(value)s » est supprimée.") % {
                "article": title, "label": key[0], "value": value,
            }  # fmt: skip
    for key, value in new.items():
        if key not in old:
            yield _("À l’article « %(article)s », une ligne est ajoutée : « %(label)s : %(value)s ».") % {
                "article": title, "label": key[0], "value": value,
            }  # fmt: skip
        elif old[key] != value:
            yield _("À l’article « %(article)s », ligne « %(label)s », %(change)s.") % {
                "article": title, "label": key[0], "change": _replaced(old[key], value),
            }  # fmt: skip
    yield from _reordered(title, [k for k in old if k in new], [k for k in new if k in old])


def _reordered(title: str, old: list[tuple[str, int]], new: list[tuple[str, int]]) -> Iterator[str]:
    """The order of the lines counts: a ceiling takes from the last categories first."""
    if old != new:
        yield _("À l’article « %(article)s », les lignes se suivent désormais ainsi : %(labels)s.") % {
            "article": title, "labels": " ; ".join(label for label, _rank in new),
        }  # fmt: skip


# --- points: sentences in a list


def _points(title: str, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        pairs = _paired(old[a:b], new[c:d])
        for rank, before, after in pairs:
            yield _point(title, (a if before else c) + rank + 1, before, after)


def _paired(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, str, str]]:
    """Each sentence with the one that replaces it: the likest that is still free; "" where there is none."""
    free, made = dict(enumerate(new)), []
    for rank, sentence in enumerate(old):
        ratios = {at: SequenceMatcher(None, sentence, other).ratio() for at, other in free.items()}
        best = max(ratios, key=lambda at: ratios[at], default=None)
        found = best is not None and ratios[best] >= ALIKE
        made.append((rank, sentence, free.pop(best) if found and best is not None else ""))
    return [*made, *((at, "", sentence) for at, sentence in free.items())]


def _point(title: str, rank: int, before: str, after: str) -> str:
    if not after:
        return _("À l’article « %(article)s », le point %(rank)s est supprimé : « %(words)s »") % {
            "article": title, "rank": rank, "words": before,
        }  # fmt: skip
    if not before:
        return _("À l’article « %(article)s », un point %(rank)s est ajouté : « %(words)s »") % {
            "article": title, "rank": rank, "words": after,
        }  # fmt: skip
    return _("À l’article « %(article)s », point %(rank)s, %(change)s.") % {
        "article": title, "rank": rank, "change": _replaced(before, after),
    }  # fmt: skip


# --- words replaced


def _replaced(before: str, after: str) -> str:
    """« 10 salariés » est remplacé par « 20 salariés »: the words that differ, and enough around them."""
    old, new = before.rstrip(".").split(" "), after.rstrip(".").split(" ")
    head, tail = _common(old, new), _common(old[::-1], new[::-1])
    tail = min(tail, len(old) - head, len(new) - head)
    head, tail = _wider(old, head, tail)
    return _("« %(before)s » est remplacé par « %(after)s »") % {
        "before": " ".join(old[head : len(old) - tail]), "after": " ".join(new[head : len(new) - tail]),
    }  # fmt: skip


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    return next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _wider(old: list[str], head: int, tail: int) -> tuple[int, int]:
    """Take words around until the quotation is found once, and has a neighbour to be read with."""
    text, wanted = " ".join(old), min(len(old), len(old) - head - tail + 2)
    while head + tail > 0:
        quoted = " ".join(old[head : len(old) - tail])
        if quoted and text.count(quoted) == 1 and len(old) - head - tail >= wanted:
            break
        head, tail = max(head - 1, 0), tail if head else max(tail - 1, 0)
    return head, tail


# --- field by field


def differences(before: Rules, after: Rules) -> list[tuple[str, str, str]]:
    """Path in words, value before, value after: every field that differs, « – » when there is none."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    paths = [*old, *(path for path in new if path not in old)]
    return [
        (" › ".join(str(label_of(part)) for part in path), _plain(old.get(path)), _plain(new.get(path)))
        for path in paths
        if old.get(path) != new.get(path)
    ]


def _leaves(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each value with its path; a row of a list is named by its code, else by its rank."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _leaves(value, (*path, str(key)))
    elif isinstance(node, list) and node and all(isinstance(item, Mapping) for item in node):
        for rank, item in enumerate(node, start=1):
            yield from _leaves(item, (*path, _name(item, rank)))
    else:
        yield path, node


def _name(item: Rules, rank: int) -> str:
    if "label" in item:
        return words(item["label"])
    return str(item.get("code") or item.get("reason") or item.get("path") or rank)


def _plain(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    return ", ".join(str(label_of(str(v))) for v in value) if isinstance(value, list) else str(label_of(str(value)))
