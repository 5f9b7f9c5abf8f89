"""What all parts of SageMaker Studio have in common: an ARN, tags, and states that take a while.

AWS: https://docs.aws.amazon.com/sagemaker/latest/dg/sm-domain.html (entities and statuses).
"""

from typing import Any

from moto.core.common_models import BaseModel
from moto.core.utils import utcnow
from moto.sagemaker.exceptions import ResourceInUseException, ResourceNotFound, ValidationError

# What each passing state turns into.
_AFTER = {"Pending": "InService", "Updating": "InService", "Deleting": "Deleted"}


class StudioResource(BaseModel):
    """A part of Studio. ``settings`` holds what the API was given, under the API's names."""

    def __init__(self, arn: str, settings: dict[str, Any], status: str = "Pending") -> None:
        self.id = arn.split(":", 5)[-1].split("/", 1)[-1]
        self.arn = arn
        self.tags: list[dict[str, str]] = list(settings.get("Tags") or [])
        self.settings = {key: value for key, value in settings.items() if key != "Tags"}
        self.status = status
        self.creation_time = utcnow()
        self.last_modified_time = self.creation_time

    def change(self, settings: dict[str, Any]) -> None:
        """Take new settings; of settings within settings, those that are not given stay."""
        self.settings = merged(self.settings, settings)
        self.last_modified_time = utcnow()

    def look(self) -> dict[str, Any]:
        """What the API shows. A passing state is seen once, so that whoever waits has to wait."""
        shown = self.describe()
        self.status = _AFTER.get(self.status, self.status)
        return shown

    def describe(self) -> dict[str, Any]:
        return {
            **self.settings,
            "Status": self.status,
            "CreationTime": self.creation_time,
            "LastModifiedTime": self.last_modified_time,
        }

    @property
    def is_gone(self) -> bool:
        return self.status == "Deleted"


def merged(settings: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Settings with changes; a change within settings leaves what it does not name."""
    changed = dict(settings)
    for key, value in changes.items():
        old = settings.get(key)
        changed[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    return changed


def not_found(what: str) -> ResourceNotFound:
    return ResourceNotFound(f"{what} does not exist.")


def in_use(message: str) -> ResourceInUseException:
    return ResourceInUseException(message)


def invalid(message: str) -> ValidationError:
    return ValidationError(message)
