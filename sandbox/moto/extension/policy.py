"""Whether a policy document allows an action.

Deny beats Allow, every condition must hold, and a condition on something that the call does not carry does not hold.
AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any


def allows(
    documents: list[Any],
    action: str,
    *,
    service: str | None = None,
    resource: str | None = None,
    context: Mapping[str, str] | None = None,
) -> bool:
    """Whether the documents, as text or as data, together allow ``action``.

    ``service`` is the principal, for policies of resources; ``resource`` an ARN that the statements must name;
    ``context`` has the condition keys of the call.
    """
    effects = {
        statement["Effect"]
        for document in documents
        for statement in statements_of(document)
        if _applies(statement, action, service, resource, context or {})
    }
    return "Allow" in effects and "Deny" not in effects


def statements_of(document: Any) -> list[dict[str, Any]]:
    return as_list((json.loads(document) if isinstance(document, str) else document).get("Statement"))


def as_list(value: Any) -> list[Any]:
    """What a policy may write as one value or as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _applies(
    statement: dict[str, Any], action: str, service: str | None, resource: str | None, context: Mapping[str, str]
) -> bool:
    return (
        (service is None or _names_principal(statement.get("Principal"), service))
        and any(_like(pattern.lower(), action.lower()) for pattern in as_list(statement.get("Action")))
        and (resource is None or _any_like(as_list(statement.get("Resource")), resource))
        and all(
            _holds(operator, key, values, context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _names_principal(principal: Any, service: str) -> bool:
    if not isinstance(principal, dict):
        return principal == "*"
    return service in as_list(principal.get("Service")) or "*" in as_list(principal.get("AWS"))


def _holds(operator: str, key: str, values: Any, context: Mapping[str, str]) -> bool:
    actual = next((value for name, value in context.items() if name.lower() == key.lower()), None)
    base = operator.removesuffix("IfExists")
    if actual is None:
        return operator != base
    if base not in _OPERATORS:
        raise ValueError(f"the sandbox does not evaluate the condition operator {operator} of a policy")
    is_negated = "Not" in base
    return _OPERATORS[base](as_list(values), actual) != is_negated


def _like(pattern: str, text: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), text) is not None


def _any_like(values: list[str], actual: str) -> bool:
    return any(_like(value, actual) for value in values)


def _equals(values: list[str], actual: str) -> bool:
    return actual in values


_OPERATORS: dict[str, Callable[[list[str], str], bool]] = {
    # For ARNs, AWS reads both operators as patterns.
    **dict.fromkeys(("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike", "StringNotLike"), _any_like),
    **dict.fromkeys(("StringEquals", "StringNotEquals"), _equals),
}
