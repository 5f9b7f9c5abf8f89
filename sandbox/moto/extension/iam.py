"""IAM: managed policies that cannot be deleted, and the roles of AWS's services.

moto deletes a policy that is in use or has several versions, and its attachments keep a policy that does not exist. It
gives service-linked roles names of its own, and lets every client delete them.
AWS: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
"""

import json

from moto.iam.exceptions import DeleteConflictException, IAMException
from moto.iam.models import Role

# The names that services give their roles; moto makes its own of the service's principal.
_SERVICE_LINKED_ROLES = {"opensearchservice.amazonaws.com": "AWSServiceRoleForAmazonOpenSearchService"}


class InvalidInput(IAMException):
    code = "InvalidInput"


class UnmodifiableEntity(IAMException):
    code = "UnmodifiableEntity"


class Backend:
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
