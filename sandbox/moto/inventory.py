"""What exists in the emulated account beyond what a fresh account has.

It reads moto's backends themselves, so it covers services that this file does not name: every object in a collection of
a backend counts, unless the backend was created with it or it is deleted in AWS's sense.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from moto.core.base_backend import AccountSpecificBackend, BackendDict, BaseBackend
from moto.core.common_models import BaseModel

# The objects each backend was created with. They are kept alive here, so that no later object can get their identity.
_fresh: dict[int, list[BaseModel]] = {}

# States that mean: AWS still shows it for a while, but it is gone and costs nothing.
_GONE = re.compile(r"^(deleted|deleting|terminated|shutting-down|pendingdeletion|released)$", re.IGNORECASE)
_STATE_ATTRIBUTES = ("state", "status", "key_state", "_state")

# Classes whose objects are records of calls, not resources.
_NOT_RESOURCES = {"AssumedRole", "MetricDatum"}

# Resources that moto keeps inside others: class -> attributes.
_PARTS = {"Key": ("aliases",), "Reservation": ("instances",), "SecurityGroup": ("ingress_rules", "egress_rules")}

# Where the name of moto's class is not AWS's name of the thing.
_TYPES = {
    "dhcp-options-set": "dhcp-options",
    "elastic-address": "elastic-ip",
    "fake-secret": "secret",
    "fake-zone": "hosted-zone",
    "flow-logs": "flow-log",
    "managed-prefix-list": "prefix-list",
    "open-search-domain": "domain",
    "vpc-end-point": "vpc-endpoint",
}
_ID_ATTRIBUTES = ("id", "arn", "allocation_id", "alias_name", "name", "physical_resource_id")
# IAM's things are known by their ARNs; their ids are internal.
_ID_ATTRIBUTES_OF = {"iam": ("arn", *_ID_ATTRIBUTES)}


def watch_backends() -> None:
    """Remember, for every backend that moto creates from now on, what it holds from the start."""
    original = AccountSpecificBackend.__getitem__

    def getitem(self: AccountSpecificBackend[Any], region: str) -> BaseBackend:
        existed = region in self.keys() or (region == "global" and "aws" in self.keys())
        backend = original(self, region)
        if not existed:
            _fresh[id(backend)] = _held(backend)
        return backend

    AccountSpecificBackend.__getitem__ = getitem


def list_resources() -> list[dict[str, str]]:
    """``{service, type, id, region}`` of everything that exists, in a stable order."""
    resources = {
        (service, type_, id_, region)
        for service, region, backend in _backends()
        for type_, id_ in _resources(service, backend)
    }
    return [
        {"service": service, "type": type_, "id": id_, "region": region}
        for service, type_, id_, region in sorted(resources)
    ]


def living_ids(backend: BaseBackend) -> set[str]:
    """The ids of everything that a backend holds and that is not deleted in AWS's sense."""
    return {_id("", thing) for thing in _held(backend) if not _is_gone(thing)}


def _backends() -> Iterator[tuple[str, str, BaseBackend]]:
    for service in list(BackendDict._instances):
        for _, region, backend in list(service.iter_backends()):
            yield service.service_name, region, backend


def _resources(service: str, backend: BaseBackend) -> Iterator[tuple[str, str]]:
    fresh = {id(thing) for thing in _fresh.get(id(backend), [])}
    for thing in _held(backend):
        # The role by which a service acts belongs to the account: it outlives what the service made, only the service
        # can assume it, and other resources of the account may need it. AWS's own console leaves it as well.
        if str(getattr(thing, "path", "")).startswith("/aws-service-role/"):
            continue
        if type(thing).__name__ not in _NOT_RESOURCES and id(thing) not in fresh and not _is_gone(thing):
            yield _type(thing), _id(service, thing)


def _held(backend: BaseBackend) -> list[BaseModel]:
    """The model objects in a backend's collections and the parts of these; each object once."""
    return list(
        {id(thing): thing for value in list(vars(backend).values()) for thing in _models(value, depth=3)}.values()
    )


def _models(value: Any, depth: int) -> Iterator[BaseModel]:
    for attribute in _PARTS.get(type(value).__name__, ()):
        yield from _models(getattr(value, attribute), depth=1)
    if isinstance(value, BaseModel):
        yield value
    # moto's RDS keeps its things in mappings of its own that are no dicts.
    elif depth and isinstance(value, Mapping):
        for item in list(value.values()):
            yield from _models(item, depth - 1)
    elif depth and isinstance(value, (list, set, tuple)):
        for item in list(value):
            yield from _models(item, depth - 1)


def _is_gone(thing: Any) -> bool:
    # A secret that waits for its deletion has the day of it.
    if getattr(thing, "deleted_date", None) is not None:
        return True
    for attribute in _STATE_ATTRIBUTES:
        value = getattr(thing, attribute, None)
        if _GONE.match(str(getattr(value, "name", value))):
            return True
    return False


def _type(thing: Any) -> str:
    name = type(thing).__name__
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()
    return _TYPES.get(words, words)


def _id(service: str, thing: Any) -> str:
    for attribute in _ID_ATTRIBUTES_OF.get(service, _ID_ATTRIBUTES):
        value = getattr(thing, attribute, None)
        if isinstance(value, str) and value:
            return value
    return f"{type(thing).__name__} without a name"
