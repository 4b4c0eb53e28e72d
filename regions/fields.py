"""Columns of the house: money as integer cents, and a legal state that no code can assign.

SQLite keeps decimals as floating point: a CHECK refused 0.10 + 0.20 <= 0.30 there, and a sum of
many dimes was wrong. In Python an amount is a Decimal in euro; in the column it is cents.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField

from regions.money import from_cents, to_cents


class CentsField(models.BigIntegerField):
    """A number with two decimals, stored in hundredths: euro in cents, work units in hundredths."""

    description = "A number with two decimals, stored as an integer number of hundredths"
    # What the type checker reads: written from any number, read as a Decimal.
    _pyi_private_set_type: Decimal | int | str | Combinable  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]

    def from_db_value(self, value: int | None, *args: Any) -> Decimal | None:
        return None if value is None else from_cents(int(value))

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except ArithmeticError as error:
            raise ValidationError(_("« %(value)s » n’est pas un montant."), params={"value": value}) from error

    def get_prep_value(self, value: Any) -> int | None:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return to_cents(value if isinstance(value, Decimal) else Decimal(str(value)))

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.DecimalField(
            **{"max_digits": 14, "decimal_places": 2, "required": not self.blank, "label": self.verbose_name}
            | {key: value for key, value in kwargs.items() if key in ("label", "required", "help_text")}
        )

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))


class StateField(FSMField):  # type: ignore[misc]
    """A legal state: protected by the library in a live model, plain text in a migration's.

    Every model that a migration rebuilds would otherwise be heard by each state field rebuilt before it,
    which was half of the time that a new database took.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"protected": True, "max_length": 20} | kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, {k: v for k, v in kwargs.items() if k != "protected"}


class Stateful(ConcurrentTransitionMixin, models.Model):
    """A row whose legal state is a protected django-fsm field, moved only by the gate.

    The library's own `refresh_from_db` switches the protection off for the whole class while it
    reloads, and leaves it off when the row is gone. Here the cached value is dropped instead, so
    the descriptor accepts the reload and the protection never sleeps.
    """

    class Meta:
        abstract = True

    def refresh_from_db(self, using: Any = None, fields: Any = None, from_queryset: Any = None) -> None:
        if fields is None:
            deferred = self.get_deferred_fields()
            fields = [f.attname for f in self._meta.concrete_fields if f.attname not in deferred]
        held = {
            name: self.__dict__.pop(name)
            for name in self._get_protected_fsm_fields() & set(fields)
            if name in self.__dict__
        }
        try:
            models.Model.refresh_from_db(self, using=using, fields=fields, from_queryset=from_queryset)
        except BaseException:
            self.__dict__.update(held)
            raise
        self._update_initial_state()


class Chained(models.Model):
    """A subject of a chain of events: its row holds the chain's length and head (SHA-256, hex)."""

    chain_length = models.PositiveIntegerField(default=0, editable=False)
    chain_head = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True


class AppendOnlyQuerySet(models.QuerySet):
    """A queryset that refuses what the triggers would refuse, with a clearer sentence."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError(f"{self.model.__name__} is append-only: add a correcting row.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{self.model.__name__} is append-only: add a correcting row.")


class AppendOnly(models.Model):
    """A row written once; the database's triggers refuse UPDATE, DELETE and TRUNCATE."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is append-only: add a correcting row.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{type(self).__name__} is append-only: add a correcting row.")
