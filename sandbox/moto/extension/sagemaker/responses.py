"""The API of SageMaker Studio."""

import json
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.sagemaker.responses import SageMakerResponse as MotoSageMakerResponse

_PROFILE = ("DomainId", "UserProfileName")
_SPACE = ("DomainId", "SpaceName")


class SageMakerResponse(MotoSageMakerResponse):
    """moto's, and what it lacks."""

    def create_domain(self) -> ActionResult:
        domain = self._backend.create_studio_domain(self._params)
        shown = domain.describe()
        return _only(shown, "DomainArn", "DomainId", "Url")

    def update_domain(self) -> ActionResult:
        return ActionResult(
            {"DomainArn": self._backend.update_studio_domain(self._params["DomainId"], self._params).arn}
        )

    def list_domains(self) -> ActionResult:
        domains = [domain for domain in self._backend.domains.values() if not domain.is_gone]
        return ActionResult({"Domains": [domain.summary() for domain in domains]})

    def create_user_profile(self) -> ActionResult:
        return ActionResult({"UserProfileArn": self._backend.create_user_profile(self._params).arn})

    def describe_user_profile(self) -> ActionResult:
        return ActionResult(self._backend.user_profile(*self._values(_PROFILE)).look())

    def update_user_profile(self) -> ActionResult:
        return ActionResult({"UserProfileArn": self._backend.update_user_profile(self._params).arn})

    def delete_user_profile(self) -> EmptyResult:
        self._backend.delete_user_profile(*self._values(_PROFILE))
        return EmptyResult()

    def list_user_profiles(self) -> ActionResult:
        return ActionResult({"UserProfiles": self._backend.members_of(self._backend.user_profiles, self._params)})

    def create_space(self) -> ActionResult:
        return ActionResult({"SpaceArn": self._backend.create_space(self._params).arn})

    def describe_space(self) -> ActionResult:
        return ActionResult(self._backend.space(*self._values(_SPACE)).look())

    def update_space(self) -> ActionResult:
        return ActionResult({"SpaceArn": self._backend.update_space(self._params).arn})

    def delete_space(self) -> EmptyResult:
        self._backend.delete_space(*self._values(_SPACE))
        return EmptyResult()

    def list_spaces(self) -> ActionResult:
        return ActionResult({"Spaces": self._backend.members_of(self._backend.spaces, self._params)})

    def create_app(self) -> ActionResult:
        return ActionResult({"AppArn": self._backend.create_app(self._params).arn})

    def describe_app(self) -> ActionResult:
        return ActionResult(self._backend.app(self._params).look())

    def delete_app(self) -> EmptyResult:
        self._backend.delete_app(self._params)
        return EmptyResult()

    def list_apps(self) -> ActionResult:
        return ActionResult({"Apps": self._backend.members_of(self._backend.apps, self._params)})

    def create_studio_lifecycle_config(self) -> ActionResult:
        return ActionResult(
            {"StudioLifecycleConfigArn": self._backend.create_studio_lifecycle_config(self._params).arn}
        )

    def describe_studio_lifecycle_config(self) -> ActionResult:
        config = self._backend.studio_lifecycle_config(self._params["StudioLifecycleConfigName"])
        return ActionResult(config.describe())

    def delete_studio_lifecycle_config(self) -> EmptyResult:
        self._backend.delete_studio_lifecycle_config(self._params["StudioLifecycleConfigName"])
        return EmptyResult()

    def list_studio_lifecycle_configs(self) -> ActionResult:
        configs = self._backend.studio_lifecycle_configs.values()
        return ActionResult({"StudioLifecycleConfigs": [config.describe() for config in configs]})

    def create_code_repository(self) -> ActionResult:
        return ActionResult({"CodeRepositoryArn": self._backend.create_code_repository(self._params).arn})

    def describe_code_repository(self) -> ActionResult:
        return ActionResult(self._backend.code_repository(self._params["CodeRepositoryName"]).describe())

    def update_code_repository(self) -> ActionResult:
        name, git_config = self._params["CodeRepositoryName"], self._params.get("GitConfig") or {}
        return ActionResult({"CodeRepositoryArn": self._backend.update_code_repository(name, git_config).arn})

    def delete_code_repository(self) -> EmptyResult:
        self._backend.delete_code_repository(self._params["CodeRepositoryName"])
        return EmptyResult()

    def list_code_repositories(self) -> ActionResult:
        repositories = self._backend.code_repositories.values()
        return ActionResult({"CodeRepositorySummaryList": [repository.describe() for repository in repositories]})

    @property
    def _backend(self) -> Any:
        return self.sagemaker_backend

    @property
    def _params(self) -> dict[str, Any]:
        return json.loads(self.body or "{}")  # type: ignore[no-any-return]

    def _values(self, names: tuple[str, ...]) -> list[str]:
        return [self._params[name] for name in names]


def _only(shown: dict[str, Any], *names: str) -> ActionResult:
    return ActionResult({name: shown[name] for name in names})
