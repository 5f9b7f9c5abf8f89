"""Whether the policy of a KMS key lets an AWS service use the key.

The part of policy evaluation that matters for a service principal: Deny beats Allow, every condition must hold, and a
condition on something that the call does not carry does not hold.
AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import json
import re
from collections.abc import Callable
from typing import Any


def allows(policy: str, service: str, action: str, context: dict[str, str]) -> bool:
    """Whether ``policy`` lets the principal ``service`` do ``action``; ``context`` has the call's condition keys."""
    statements = [s for s in _list(json.loads(policy).get("Statement")) if _applies(s, service, action, context)]
    effects = {statement.get("Effect") for statement in statements}
    return "Allow" in effects and "Deny" not in effects


def _applies(statement: dict[str, Any], service: str, action: str, context: dict[str, str]) -> bool:
    return (
        _names_principal(statement.get("Principal"), service)
        and any(_like(pattern, action, ignore_case=True) for pattern in _list(statement.get("Action")))
        and all(
            _holds(operator, key, values, context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _names_principal(principal: Any, service: str) -> bool:
    if principal == "*":
        return True
    if not isinstance(principal, dict):
        return False
    return service in _list(principal.get("Service")) or "*" in _list(principal.get("AWS"))


def _holds(operator: str, key: str, values: Any, context: dict[str, str]) -> bool:
    actual = next((value for name, value in context.items() if name.lower() == key.lower()), None)
    base = operator.removesuffix("IfExists")
    if actual is None:
        return operator != base
    compare = _OPERATORS.get(base)
    if compare is None:
        raise ValueError(f"the sandbox does not evaluate the condition operator {operator} of a key policy")
    return compare(_list(values), actual)


def _like(pattern: str, text: str, ignore_case: bool = False) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, text, re.IGNORECASE if ignore_case else 0) is not None


def _any_like(values: list[str], actual: str) -> bool:
    return any(_like(value, actual) for value in values)


_OPERATORS: dict[str, Callable[[list[str], str], bool]] = {
    # For ARNs, AWS reads both operators as patterns.
    "ArnEquals": _any_like,
    "ArnLike": _any_like,
    "ArnNotEquals": lambda values, actual: not _any_like(values, actual),
    "ArnNotLike": lambda values, actual: not _any_like(values, actual),
    "StringEquals": lambda values, actual: actual in values,
    "StringNotEquals": lambda values, actual: actual not in values,
    "StringLike": _any_like,
    "StringNotLike": lambda values, actual: not _any_like(values, actual),
}


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
