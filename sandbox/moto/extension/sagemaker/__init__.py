"""SageMaker as AWS has it: moto's backend and responses with Studio's parts before them."""

from types import ModuleType
from typing import Any

from moto.sagemaker import urls
from moto.sagemaker.models import SageMakerModelBackend as MotoSageMakerBackend
from moto.sagemaker.models import sagemaker_backends

from .configs import CodeRepository, Configs, StudioLifecycleConfig
from .domains import Domains
from .members import App, Members, Space, UserProfile
from .responses import SageMakerResponse
from .studio import StudioResource, not_found

_STUDIO_KINDS = ("app", "code-repository", "domain", "space", "studio-lifecycle-config", "user-profile")


class SageMakerBackend(Configs, Domains, Members, MotoSageMakerBackend):
    """One region's SageMaker."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.user_profiles: dict[tuple[str, str], UserProfile] = {}
        self.spaces: dict[tuple[str, str], Space] = {}
        self.apps: dict[tuple[str, str, str, str], App] = {}
        self.studio_lifecycle_configs: dict[str, StudioLifecycleConfig] = {}
        self.code_repositories: dict[str, CodeRepository] = {}

    @property
    def _url_module(self) -> ModuleType:
        # moto looks for it beside the module of the class.
        return urls

    def _get_resource_from_arn(self, arn: str) -> Any:
        # moto's way cannot tell names of two parts, and not what does not exist.
        if arn.split(":")[-1].split("/")[0] not in _STUDIO_KINDS:
            return super()._get_resource_from_arn(arn)
        for resource in self._studio_resources():
            if resource.arn == arn and not resource.is_gone:
                return resource
        raise not_found(f"Resource [{arn}]")

    def add_tags(self, arn: str, tags: list[dict[str, str]]) -> list[dict[str, str]]:
        """A key has one value; moto adds another."""
        resource = self._get_resource_from_arn(arn)
        keys = {tag["Key"] for tag in tags}
        resource.tags = [tag for tag in resource.tags if tag["Key"] not in keys] + list(tags)
        return resource.tags  # type: ignore[no-any-return]

    def _studio_resources(self) -> list[StudioResource]:
        collections: tuple[dict[Any, Any], ...] = (
            self.domains,
            self.user_profiles,
            self.spaces,
            self.apps,
            self.studio_lifecycle_configs,
            self.code_repositories,
        )
        return [resource for collection in collections for resource in collection.values()]


def install() -> None:
    """Put ours in moto's place."""
    sagemaker_backends.backend = SageMakerBackend
    urls.url_paths["{0}/$"] = SageMakerResponse.dispatch
