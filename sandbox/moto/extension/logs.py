"""CloudWatch Logs: a log group's key must exist and let the service use it; tags go with their group.

moto stores any text as the key, cannot change it, and gives a new group the tags of a deleted one of the same name.
AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
"""

from types import ModuleType
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.kms.models import kms_backends
from moto.logs import urls
from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogGroup, logs_backends
from moto.logs.models import LogsBackend as MotoLogsBackend
from moto.logs.responses import LogsResponse as MotoLogsResponse

from .key_policy import allows

# What the service does with the key (the actions of AWS's own example of a key policy).
_KEY_ACTIONS = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:GenerateDataKey", "kms:DescribeKey")


class LogsBackend(MotoLogsBackend):
    """One region's CloudWatch Logs."""

    @property
    def _url_module(self) -> ModuleType:
        # moto looks for it beside the module of the class.
        return urls

    def create_log_group(self, log_group_name: str, tags: dict[str, str], **kwargs: Any) -> LogGroup:
        if kwargs.get("kmsKeyId") and log_group_name not in self.groups:
            self._check_key(kwargs["kmsKeyId"], log_group_name)
        return super().create_log_group(log_group_name, tags, **kwargs)

    def associate_kms_key(self, log_group_name: str, key_id: str) -> None:
        group = self._group(log_group_name)
        self._check_key(key_id, log_group_name)
        group.kms_key_id = key_id

    def disassociate_kms_key(self, log_group_name: str) -> None:
        self._group(log_group_name).kms_key_id = None

    def delete_log_group(self, log_group_name: str) -> None:
        arn = self._group(log_group_name).arn
        super().delete_log_group(log_group_name)
        self.tagger.delete_all_tags_for_resource(arn)

    def _group(self, name: str) -> LogGroup:
        if name not in self.groups:
            raise ResourceNotFoundException
        return self.groups[name]

    def _check_key(self, key_id: str, log_group_name: str) -> None:
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
        may_use = (
            key is not None
            and key.arn == key_id
            and key.key_state == "Enabled"
            and all(allows(key.policy, service, action, context) for action in _KEY_ACTIONS)
        )
        if not may_use:
            raise JsonRESTError(
                "AccessDeniedException",
                f"The specified KMS key does not exist or is not allowed to be used with Arn '{arn}'",
            )


class LogsResponse(MotoLogsResponse):
    """The CloudWatch Logs API."""

    def associate_kms_key(self) -> str:
        self.logs_backend.associate_kms_key(self._log_group_name(), self._get_param("kmsKeyId"))  # type: ignore[attr-defined]
        return ""

    def disassociate_kms_key(self) -> str:
        self.logs_backend.disassociate_kms_key(self._log_group_name())  # type: ignore[attr-defined]
        return ""

    def _log_group_name(self) -> str:
        """The group by its name or, as newer callers do, by its ARN."""
        identifier: str = self._get_param("logGroupName") or self._get_param("resourceIdentifier")
        return identifier.split(":log-group:", 1)[-1].removesuffix(":*")


def install() -> None:
    """Put ours in moto's place."""
    logs_backends.backend = LogsBackend
    urls.url_paths["{0}/$"] = LogsResponse.dispatch
