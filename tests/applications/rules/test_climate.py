from decimal import Decimal

import pytest

from applications.rules.climate import FIELDS, contribution


@pytest.mark.parametrize(
    ("code", "climate", "environment"),
    [("015", "40000", "0"), ("013", "0", "0"), ("029", "100000", "40000"), ("030", "40000", "100000")],
)
def test_coefficients(code, climate, environment):
    verdict = contribution(Decimal(100000), code)
    assert verdict.ok
    assert verdict.amount == Decimal(climate)
    assert verdict.details["environment"] == Decimal(environment)


def test_field_014_is_not_for_vouchers():
    assert contribution(Decimal(1), "014").codes() == ("field_for_large_enterprises",)
    assert contribution(Decimal(1), "014", for_smes=False).ok


def test_an_unknown_field_is_an_error():
    with pytest.raises(KeyError):
        contribution(Decimal(1), "999")


def test_coefficients_are_those_of_annex_one():
    assert {(field.climate, field.environment) for field in FIELDS.values()} <= {
        (0, 0),
        (40, 0),
        (40, 40),
        (40, 100),
        (100, 40),
    }
