"""The API of SageMaker Studio: each kind of resource is created, described, listed, updated and deleted alike.

AWS: API_CreateDomain, API_CreateUserProfile and their like in https://docs.aws.amazon.com/sagemaker/latest/APIReference/.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores, utcnow
from moto.ec2.models import ec2_backends
from moto.efs.models import efs_backends
from moto.sagemaker.exceptions import ResourceNotFound

from .configs import CodeRepository, StudioLifecycleConfig
from .domains import Domain
from .members import App, Space, UserProfile
from .resource import StudioResource, merged

# Kind -> how a list names its resources.
_LISTS: dict[type[StudioResource], str] = {
    App: "Apps",
    CodeRepository: "CodeRepositorySummaryList",
    Domain: "Domains",
    Space: "Spaces",
    StudioLifecycleConfig: "StudioLifecycleConfigs",
    UserProfile: "UserProfiles",
}
_KINDS = {kind.__name__: kind for kind in _LISTS}
# Filter of a list -> the setting that it compares.
_FILTERS = {"DomainIdEquals": "DomainId", "UserProfileNameEquals": "UserProfileName", "SpaceNameEquals": "SpaceName"}


def _arn_name(kind: type[StudioResource]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.__name__).lower()


class Backend:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.studio: dict[str, dict[tuple[str, ...], StudioResource]] = {name: {} for name in _KINDS}

    def create_in_studio(self, kind: type[StudioResource], settings: dict[str, Any]) -> StudioResource:
        kind.check(self, settings)
        present = self.find(kind.__name__, settings)
        if present is not None and not present.is_gone:
            raise kind.existing(settings)
        resource = kind(self, settings)
        resource.created(self)
        self.studio[kind.__name__][kind.key_of(resource.settings)] = resource
        return resource

    def update_in_studio(self, kind: type[StudioResource], settings: dict[str, Any]) -> StudioResource:
        resource = self.get(kind.__name__, settings)
        changes = {k: v for k, v in settings.items() if k not in (*kind.key, *kind.not_updated)}
        changed = merged(resource.settings, changes)
        kind.check_update(self, changed, settings)
        resource.check_change(self, changed)
        resource.settings, resource.last_modified_time = changed, utcnow()
        resource.begin("Updating")
        return resource

    def delete_in_studio(self, kind: type[StudioResource], settings: dict[str, Any]) -> None:
        resource = self.get(kind.__name__, settings)
        resource.check_free(self)
        resource.deleted(self, settings)
        resource.begin("Deleting" if kind.takes_time else "Deleted")

    def find(self, name: str, settings: dict[str, Any]) -> Any:
        """The resource that the settings name, as far as it is now; None if there is none, or no longer."""
        self.all_of(name)
        return self.studio[name].get(_KINDS[name].key_of(settings))

    def get(self, name: str, settings: dict[str, Any]) -> Any:
        resource = self.find(name, settings)
        if resource is None:
            raise _KINDS[name].missing(self, settings)
        return resource

    def all_of(self, name: str) -> list[Any]:
        """All resources of a kind. A deleted app is shown for a day, other resources are gone."""
        resources = self.studio[name]
        for key, resource in list(resources.items()):
            resource.settle()
            if resource.is_gone and name != "App":
                del resources[key]
        return list(resources.values())

    def studio_arn(self, kind: type[StudioResource], key: tuple[str, ...]) -> str:
        prefix = f"arn:{self.partition}:sagemaker:{self.region_name}:{self.account_id}"
        return f"{prefix}:{_arn_name(kind)}/{'/'.join(key)}"

    def _get_resource_from_arn(self, arn: str) -> Any:
        # moto's way cannot tell names of two parts, and not what does not exist.
        if arn.split(":")[-1].split("/")[0] not in map(_arn_name, _LISTS):
            return super()._get_resource_from_arn(arn)
        for name in _KINDS:
            for resource in self.all_of(name):
                if resource.arn == arn and not resource.is_gone:
                    return resource
        raise ResourceNotFound(f"Resource [{arn}] does not exist.")

    def add_tags(self, arn: str, tags: list[dict[str, str]]) -> list[dict[str, str]]:
        """A key has one value; moto adds another."""
        self.delete_tags(arn, [tag["Key"] for tag in tags])
        return super().add_tags(arn, tags)

    @property
    def ec2(self) -> Any:
        return ec2_backends[self.account_id][self.region_name]

    @property
    def efs(self) -> Any:
        return efs_backends[self.account_id][self.region_name]


class Responses:
    """An action for each verb and kind."""


def _create(kind: type[StudioResource], backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    return backend.create_in_studio(kind, request).describe()


def _describe(kind: type[StudioResource], backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    resource = backend.get(kind.__name__, request)
    resource.look()
    return resource.describe()


def _update(kind: type[StudioResource], backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    return backend.update_in_studio(kind, request).describe()


def _delete(kind: type[StudioResource], backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    backend.delete_in_studio(kind, request)
    return {}


def _list(kind: type[StudioResource], backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    shown = []
    for resource in backend.all_of(kind.__name__):
        resource.look()
        shown.append(resource.describe())
    wanted = {setting: request[name] for name, setting in _FILTERS.items() if name in request}
    part = request.get("UserProfileNameContains", "")
    return {
        _LISTS[kind]: [
            one
            for one in shown
            if all(one.get(setting) == value for setting, value in wanted.items())
            and part in one.get("UserProfileName", "")
        ]
    }


_Action = Callable[[type[StudioResource], Any, dict[str, Any]], dict[str, Any]]


def _response(kind: type[StudioResource], action: _Action) -> Callable[[Any], ActionResult]:
    return lambda self: ActionResult(action(kind, self.sagemaker_backend, json.loads(self.body or "{}")))


for _kind in _LISTS:
    _name = camelcase_to_underscores(_kind.__name__)
    _plural = "code_repositories" if _kind is CodeRepository else f"{_name}s"
    setattr(Responses, f"list_{_plural}", _response(_kind, _list))
    for _verb, _action in (("create", _create), ("describe", _describe), ("update", _update), ("delete", _delete)):
        setattr(Responses, f"{_verb}_{_name}", _response(_kind, _action))
