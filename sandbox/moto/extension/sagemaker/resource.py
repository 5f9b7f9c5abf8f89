"""What all resources of SageMaker Studio have in common: an ARN, tags, and states that take a while.

AWS: https://docs.aws.amazon.com/sagemaker/latest/dg/sm-domain.html (entities and statuses).
"""

from typing import Any, ClassVar

from moto.core.common_models import BaseModel
from moto.core.utils import utcnow
from moto.sagemaker.exceptions import ResourceInUseException, ResourceNotFound, ValidationError

from ..lifecycle import Lifecycle

in_use = ResourceInUseException
invalid = ValidationError


class StudioResource(Lifecycle, BaseModel):
    """A resource of Studio. ``settings`` holds what the API was given, under the API's names."""

    becomes: ClassVar = {"Pending": "InService", "Updating": "InService", "Deleting": "Deleted"}
    # The parameters that name one of this kind, and those that an update does not change.
    key: ClassVar[tuple[str, ...]]
    not_updated: ClassVar[tuple[str, ...]] = ()
    # Whether changes take a while.
    takes_time: ClassVar = True

    def __init__(self, backend: Any, settings: dict[str, Any]) -> None:
        self.id = "/".join(self.key_of(settings))
        self.arn = backend.studio_arn(type(self), self.key_of(settings))
        self.tags: list[dict[str, str]] = list(settings.get("Tags") or [])
        self.settings = {key: value for key, value in settings.items() if key != "Tags"}
        self.creation_time = self.last_modified_time = utcnow()
        self.begin("Pending" if self.takes_time else "InService")

    @classmethod
    def key_of(cls, settings: dict[str, Any]) -> tuple[str, ...]:
        return tuple(settings[name] for name in cls.key)

    @classmethod
    def named(cls, settings: dict[str, Any]) -> str:
        """How messages name it."""
        domain = f" in Domain [{settings['DomainId']}]" if "DomainId" in cls.key[:-1] else ""
        return f"{cls.__name__} [{settings[cls.key[-1]]}]{domain}"

    @classmethod
    def missing(cls, backend: Any, settings: dict[str, Any]) -> Exception:
        return ResourceNotFound(f"{cls.named(settings)} does not exist.")

    @classmethod
    def existing(cls, settings: dict[str, Any]) -> Exception:
        return in_use(f"{cls.named(settings)} already exists.")

    @classmethod
    def check(cls, backend: Any, settings: dict[str, Any]) -> None:
        """Refuse settings of a new resource that AWS refuses."""

    @classmethod
    def check_update(cls, backend: Any, settings: dict[str, Any], request: dict[str, Any]) -> None:
        """Refuse what AWS refuses of an update, which would leave ``settings``."""

    def check_change(self, backend: Any, settings: dict[str, Any]) -> None:
        """Refuse the change of something that is in use."""

    def check_free(self, backend: Any) -> None:
        """Refuse the deletion of a resource that is in use."""

    def created(self, backend: Any) -> None:
        """What comes with a new resource."""

    def deleted(self, backend: Any, request: dict[str, Any]) -> None:
        """What goes with a deleted resource."""

    def describe(self) -> dict[str, Any]:
        return {
            **self.settings,
            f"{type(self).__name__}Arn": self.arn,
            "Status": self.status,
            "CreationTime": self.creation_time,
            "LastModifiedTime": self.last_modified_time,
        }


def merged(settings: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Settings with changes; a change within settings leaves what it does not name."""
    changed = dict(settings)
    for key, value in changes.items():
        old = settings.get(key)
        changed[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    return changed


def check_user_settings(backend: Any, settings: dict[str, Any] | None, vpc_id: str) -> None:
    """Groups of the VPC, few enough; lifecycle configurations that exist; idle times in order."""
    settings = settings or {}
    groups = settings.get("SecurityGroups") or []
    if len(groups) > _MOST_GROUPS:
        raise invalid(f"The number of security groups is {len(groups)}; SageMaker adds one to at most {_MOST_GROUPS}")
    if foreign := backend.ec2.foreign_group(groups, vpc_id):
        raise invalid(f"Security group {foreign} does not exist in VPC {vpc_id}")
    known = {config.arn for config in backend.all_of("StudioLifecycleConfig")}
    for app in ("JupyterLabAppSettings", "CodeEditorAppSettings"):
        app_settings = settings.get(app) or {}
        for arn in app_settings.get("LifecycleConfigArns") or []:
            if arn not in known:
                raise invalid(f"Studio Lifecycle Config {arn} does not exist")
        idle = (app_settings.get("AppLifecycleManagement") or {}).get("IdleSettings") or {}
        least, most = idle.get("MinIdleTimeoutInMinutes", 60), idle.get("MaxIdleTimeoutInMinutes", 525_600)
        if not least <= idle.get("IdleTimeoutInMinutes", least) <= most:
            raise invalid("IdleTimeoutInMinutes must be between MinIdleTimeoutInMinutes and MaxIdleTimeoutInMinutes")


_MOST_GROUPS = 4
