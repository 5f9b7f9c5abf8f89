"""Studio lifecycle configurations and code repositories: there at once, and gone at once.

AWS: API_CreateStudioLifecycleConfig, API_DeleteStudioLifecycleConfig and API_CreateCodeRepository in
https://docs.aws.amazon.com/sagemaker/latest/APIReference/; "Delete lifecycle configurations" in
https://docs.aws.amazon.com/sagemaker/latest/dg/jl-lcc-delete.html: a domain, profile or space must not use one any more.
"""

import json
from typing import Any, ClassVar

from .resource import StudioResource, in_use, invalid

_MAX_CONTENT = 16_384


class StudioLifecycleConfig(StudioResource):
    """A script; it never changes."""

    key = ("StudioLifecycleConfigName",)
    takes_time: ClassVar = False

    @classmethod
    def check(cls, backend: Any, settings: dict[str, Any]) -> None:
        if not 1 <= len(settings["StudioLifecycleConfigContent"]) <= _MAX_CONTENT:
            raise invalid(
                "1 validation error detected: Value at 'studioLifecycleConfigContent' failed to satisfy constraint: "
                f"Member must have length less than or equal to {_MAX_CONTENT}"
            )

    def check_free(self, backend: Any) -> None:
        for kind in ("Domain", "UserProfile", "Space"):
            for user in backend.all_of(kind):
                if f'"{self.arn}"' in json.dumps(user.settings):
                    raise in_use(f"Unable to delete {self.named(self.settings)}: {user.arn} uses it.")


class CodeRepository(StudioResource):
    """A Git repository. Its URL never changes (API_UpdateCodeRepository: the credentials' secret alone does)."""

    key = ("CodeRepositoryName",)
    takes_time: ClassVar = False

    @classmethod
    def missing(cls, backend: Any, settings: dict[str, Any]) -> Exception:
        return invalid(f'Cannot find CodeRepository: "{backend.studio_arn(cls, cls.key_of(settings))}"')

    @classmethod
    def existing(cls, settings: dict[str, Any]) -> Exception:
        return invalid(f'Cannot create already existing code repository "{settings["CodeRepositoryName"]}"')
