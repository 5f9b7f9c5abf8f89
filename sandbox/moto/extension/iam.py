"""IAM: a managed policy that is in use, or that has several versions, is not deleted.

moto deletes it in any case, and its attachments keep a policy that does not exist.
AWS: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
"""

from types import ModuleType

from moto.iam import urls
from moto.iam.exceptions import DeleteConflictException
from moto.iam.models import IAMBackend as MotoIAMBackend
from moto.iam.models import iam_backends


class IAMBackend(MotoIAMBackend):
    """The account's IAM."""

    @property
    def _url_module(self) -> ModuleType:
        # moto looks for it beside the module of the class.
        return urls

    def delete_policy(self, policy_arn: str) -> None:
        policy = self.get_policy(policy_arn)
        if policy.attachment_count > 0:
            raise DeleteConflictException("Cannot delete a policy attached to entities.")
        if len(policy.versions) > 1:
            raise DeleteConflictException(
                "This policy has more than one version. Before you delete a policy, you must delete the policy's "
                "versions. The default version is deleted with the policy."
            )
        super().delete_policy(policy_arn)


def install() -> None:
    """Put ours in moto's place."""
    iam_backends.backend = IAMBackend
