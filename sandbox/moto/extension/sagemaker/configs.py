"""Studio lifecycle configurations and code repositories; moto has neither.

AWS: API_CreateStudioLifecycleConfig, API_DeleteStudioLifecycleConfig and API_CreateCodeRepository in
https://docs.aws.amazon.com/sagemaker/latest/APIReference/; "Delete lifecycle configurations" in
https://docs.aws.amazon.com/sagemaker/latest/dg/jl-lcc-delete.html: a domain, profile or space must not use one any more.
"""

import json
from typing import Any

from .studio import StudioResource, in_use, invalid, not_found

_MAX_CONTENT = 16_384


class StudioLifecycleConfig(StudioResource):
    """A script; it never changes."""

    def describe(self) -> dict[str, Any]:
        return {**super().describe(), "StudioLifecycleConfigArn": self.arn}


class CodeRepository(StudioResource):
    """A Git repository."""

    def describe(self) -> dict[str, Any]:
        return {**super().describe(), "CodeRepositoryArn": self.arn}


class Configs:
    """Part of the SageMaker backend."""

    def create_studio_lifecycle_config(self: Any, settings: dict[str, Any]) -> StudioLifecycleConfig:
        name = settings["StudioLifecycleConfigName"]
        if name in self.studio_lifecycle_configs:
            raise in_use(f"Studio Lifecycle Config with name {name} already exists.")
        if not 1 <= len(settings["StudioLifecycleConfigContent"]) <= _MAX_CONTENT:
            raise invalid(
                "1 validation error detected: Value at 'studioLifecycleConfigContent' failed to satisfy constraint: "
                f"Member must have length less than or equal to {_MAX_CONTENT}"
            )
        config = StudioLifecycleConfig(self._studio_arn("studio-lifecycle-config", name), settings, "InService")
        self.studio_lifecycle_configs[name] = config
        return config

    def studio_lifecycle_config(self: Any, name: str) -> StudioLifecycleConfig:
        if name not in self.studio_lifecycle_configs:
            raise not_found(f"StudioLifecycleConfig [{name}]")
        return self.studio_lifecycle_configs[name]  # type: ignore[no-any-return]

    def delete_studio_lifecycle_config(self: Any, name: str) -> None:
        config = self.studio_lifecycle_config(name)
        for things in (self.domains, self.user_profiles, self.spaces):
            for thing in things.values():
                if not thing.is_gone and f'"{config.arn}"' in json.dumps(thing.settings):
                    raise in_use(f"Unable to delete StudioLifecycleConfig [{name}]: {thing.arn} uses it.")
        del self.studio_lifecycle_configs[name]

    def create_code_repository(self: Any, settings: dict[str, Any]) -> CodeRepository:
        name = settings["CodeRepositoryName"]
        if name in self.code_repositories:
            raise invalid(f'Cannot create already existing code repository "{name}"')
        repository = CodeRepository(self._studio_arn("code-repository", name), settings, "InService")
        self.code_repositories[name] = repository
        return repository

    def code_repository(self: Any, name: str) -> CodeRepository:
        if name not in self.code_repositories:
            raise invalid(f'Cannot find CodeRepository: "{self._studio_arn("code-repository", name)}"')
        return self.code_repositories[name]  # type: ignore[no-any-return]

    def update_code_repository(self: Any, name: str, git_config: dict[str, Any]) -> CodeRepository:
        # The URL never changes (API_UpdateCodeRepository: the credentials' secret alone does).
        repository: CodeRepository = self.code_repository(name)
        repository.change({"GitConfig": git_config})
        return repository

    def delete_code_repository(self: Any, name: str) -> None:
        self.code_repository(name)
        del self.code_repositories[name]
