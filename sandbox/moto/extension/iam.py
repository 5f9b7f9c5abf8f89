"""IAM: managed policies that cannot be deleted, how much policies may say, and the roles of AWS's services.

moto deletes a policy that is in use or has several versions, and its attachments keep a policy that does not exist. It
takes policies of any size, gives service-linked roles names of its own, and lets every client delete them.
AWS: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
"""

import json
import re
from typing import Any

from moto.iam.exceptions import DeleteConflictException, IAMException, LimitExceededException
from moto.iam.models import Role

# The names that services give their roles; moto makes its own of the service's principal.
_SERVICE_LINKED_ROLES = {"opensearchservice.amazonaws.com": "AWSServiceRoleForAmazonOpenSearchService"}


# Characters, white space not counted: of a managed policy, of all inline policies of a role together, of a trust policy.
_MANAGED, _INLINE, _TRUST = 6_144, 10_240, 2_048
# The default quota of managed policies that are attached to a role.
_MOST_ATTACHED = 10


class InvalidInput(IAMException):
    code = "InvalidInput"


class UnmodifiableEntity(IAMException):
    code = "UnmodifiableEntity"


class Backend:
    def create_policy(self, description: str, path: str, policy_document: str, *args: Any) -> Any:
        _check_size(policy_document, _MANAGED, f"Cannot exceed quota for PolicySize: {_MANAGED}")
        return super().create_policy(description, path, policy_document, *args)

    def create_policy_version(self, policy_arn: str, policy_document: str, set_as_default: bool) -> Any:
        _check_size(policy_document, _MANAGED, f"Cannot exceed quota for PolicySize: {_MANAGED}")
        return super().create_policy_version(policy_arn, policy_document, set_as_default)

    def attach_role_policy(self, policy_arn: str, role_name: str) -> None:
        attached = self.get_role(role_name).managed_policies
        if policy_arn in attached:
            # moto counts the attachment a second time.
            return
        if len(attached) >= _MOST_ATTACHED:
            raise LimitExceededException(f"Cannot exceed quota for PoliciesPerRole: {_MOST_ATTACHED}")
        super().attach_role_policy(policy_arn, role_name)

    def put_role_policy(self, role_name: str, policy_name: str, policy_json: str) -> None:
        inline = {**self.get_role(role_name).policies, policy_name: policy_json}
        message = f"Maximum policy size of {_INLINE} bytes exceeded for role {role_name}"
        _check_size("".join(inline.values()), _INLINE, message)
        super().put_role_policy(role_name, policy_name, policy_json)

    def create_role(self, role_name: str, assume_role_policy_document: str, *args: Any, **kwargs: Any) -> Role:
        _check_size(assume_role_policy_document, _TRUST, f"Cannot exceed quota for ACLSizePerRole: {_TRUST}")
        return super().create_role(role_name, assume_role_policy_document, *args, **kwargs)

    def update_assume_role_policy(self, role_name: str, policy_document: str) -> None:
        _check_size(policy_document, _TRUST, f"Cannot exceed quota for ACLSizePerRole: {_TRUST}")
        super().update_assume_role_policy(role_name, policy_document)

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

    def create_service_linked_role(self, service_name: str, description: str, suffix: str) -> Role:
        name = _SERVICE_LINKED_ROLES.get(service_name)
        if name is None:
            return super().create_service_linked_role(service_name, description, suffix)
        if suffix:
            raise InvalidInput(f"Custom suffix is not allowed for {service_name}")
        if any(role.name == name for role in self.get_roles()):
            raise InvalidInput(
                f"Service role name {name} has been taken in this account, please try a different suffix."
            )
        trust = {"Effect": "Allow", "Principal": {"Service": service_name}, "Action": "sts:AssumeRole"}
        return self.create_role(
            name,
            json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
            f"/aws-service-role/{service_name}/",
            permissions_boundary=None,
            description=description,
            tags=[],
            max_session_duration="3600",
            linked_service=service_name,
        )

    def delete_role(self, role_name: str) -> None:
        if self.get_role(role_name).path.startswith("/aws-service-role/"):
            raise UnmodifiableEntity(
                f"Cannot perform the operation on the protected role '{role_name}' - this role is only modifiable by AWS"
            )
        super().delete_role(role_name)

    def delete_service_linked_role(self, role_name: str) -> str:
        del self.roles[self.get_role(role_name).id]
        return f"task/aws-service-role/{role_name}"


def _check_size(document: str, most: int, message: str) -> None:
    if len(re.sub(r"\s", "", document)) > most:
        raise LimitExceededException(message)
