"""What `manage.py compute` offers in all: the rules of the applications, audit sampling, figures of a scheme."""

from applications.rules.base import Rule
from applications.rules.compute.catalogue import RULES as APPLICATION_RULES

from . import errors, outcomes, projections, sizes

RULES: dict[str, Rule] = {
    rule.name: rule for rule in (*APPLICATION_RULES, *sizes.RULES, *projections.RULES, *errors.RULES, *outcomes.RULES)
}

__all__ = ["RULES"]
