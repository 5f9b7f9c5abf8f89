"""CloudWatch Logs: a log group's key must exist and let the service use it; tags go with their group.

moto stores any text as the key, cannot change it, and gives a new group the tags of a deleted one of the same name.
AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
"""

from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.kms.models import kms_backends
from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogGroup

from .policy import allows

# What the service does with the key (the actions of AWS's own example of a key policy).
_KEY_ACTIONS = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:GenerateDataKey", "kms:DescribeKey")


class Backend:
    def create_log_group(self, log_group_name: str, tags: dict[str, str], **kwargs: Any) -> LogGroup:
        if kwargs.get("kmsKeyId") and log_group_name not in self.groups:
            self.check_key(kwargs["kmsKeyId"], log_group_name)
        return super().create_log_group(log_group_name, tags, **kwargs)

    def delete_log_group(self, log_group_name: str) -> None:
        arn = self.group(log_group_name).arn
        super().delete_log_group(log_group_name)
        self.tagger.delete_all_tags_for_resource(arn)

    def group(self, name: str) -> LogGroup:
        if name not in self.groups:
            raise ResourceNotFoundException
        return self.groups[name]

    def check_key(self, key_id: str, log_group_name: str) -> None:
        """Refuse a key that the service cannot use for this group."""
        if not key_id.startswith("arn:"):
            raise InvalidParameterException(f"Specified KMS key '{key_id}' is not a valid ARN")
        arn = f"arn:{self.partition}:logs:{self.region_name}:{self.account_id}:log-group:{log_group_name}"
        key = kms_backends[self.account_id][self.region_name].keys.get(key_id.rsplit("/", 1)[-1])
        service = f"logs.{self.region_name}.amazonaws.com"
        context = {
            "kms:EncryptionContext:aws:logs:arn": arn,
            "aws:SourceArn": arn,
            "aws:SourceAccount": self.account_id,
            "kms:ViaService": service,
            "kms:CallerAccount": self.account_id,
        }
        is_there = key is not None and key.arn == key_id and key.key_state == "Enabled"
        if not is_there or not all(allows([key.policy], a, service=service, context=context) for a in _KEY_ACTIONS):
            raise JsonRESTError(
                "AccessDeniedException",
                f"The specified KMS key does not exist or is not allowed to be used with Arn '{arn}'",
            )


class Responses:
    def associate_kms_key(self) -> str:
        group, key_id = self._log_group(), self._get_param("kmsKeyId")
        self.logs_backend.check_key(key_id, group.name)
        group.kms_key_id = key_id
        return ""

    def disassociate_kms_key(self) -> str:
        self._log_group().kms_key_id = None
        return ""

    def _log_group(self) -> LogGroup:
        """The group by its name or, as newer callers do, by its ARN."""
        identifier: str = self._get_param("logGroupName") or self._get_param("resourceIdentifier")
        return self.logs_backend.group(identifier.split(":log-group:", 1)[-1].removesuffix(":*"))
