"""Instances: at the interface that is named, with the volumes of their image, and what outlives them.

moto takes the first zone for an instance whose interface is given, leaves an interface that outlives its instance
attached, forgets most options of a launch, and takes the security groups away by any change that it does not know.
AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html, API_ModifyInstanceAttribute and
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
"""

import base64
import copy
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.types import Base64EncodedString
from moto.ec2.exceptions import EC2ClientError, MissingParameterError
from moto.ec2.models import instances
from moto.ec2.models.instances import Instance as MotoInstance
from moto.ec2.models.instances import InstanceState

from ..wiring import in_place_of
from .errors import invalid_value

# Attributes that a running instance keeps.
_WHILE_STOPPED = ("InstanceType", "UserData", "EbsOptimized")
_AT_ANY_TIME = ("DisableApiStop", "DisableApiTermination", "InstanceInitiatedShutdownBehavior", "SourceDestCheck")
_METADATA_OPTIONS = {
    "http_tokens": "HttpTokens",
    "http_put_response_hop_limit": "HttpPutResponseHopLimit",
    "http_endpoint": "HttpEndpoint",
    "http_protocol_ipv6": "HttpProtocolIpv6",
    "instance_metadata_tags": "InstanceMetadataTags",
}
_DNS_OPTIONS = {
    "EnableResourceNameDnsARecord": "EnableResourceNameDnsARecord",
    "EnableResourceNameDnsAAAARecord": "EnableResourceNameDnsAAAARecord",
    "PrivateDnsHostnameType": "HostnameType",
}


@in_place_of(instances)
class Instance(MotoInstance):
    """An instance whose groups, address and zone are those of its primary interface."""

    def __init__(self, ec2_backend: Any, *args: Any, **kwargs: Any) -> None:
        self._devices = {device["DeviceName"]: device["Ebs"] for device in kwargs.get("block_device_mappings", [])}
        self.private_dns_name_options = {
            "HostnameType": "ip-name",
            "EnableResourceNameDnsARecord": False,
            "EnableResourceNameDnsAAAARecord": False,
        }
        self.maintenance_options = {"AutoRecovery": "default"}
        given = {nic["NetworkInterfaceId"] for nic in kwargs.get("nics", []) if nic.get("NetworkInterfaceId")}
        for id_ in given:
            ec2_backend.check_interface_free(id_)
        super().__init__(ec2_backend, *args, **kwargs)
        primary = self.nics[0]
        if self._subnet_id is None:
            # The interface was there before: the instance is where it is.
            self._subnet_id = primary.subnet.id
            self._placement.zone = primary.subnet.availability_zone
        for interface in self.nics.values():
            if interface.id in given:
                interface.delete_on_termination = False

    @property
    def security_groups(self) -> list[Any]:
        return list(self.nics[0]._group_set) if getattr(self, "nics", None) else self._launch_groups

    @security_groups.setter
    def security_groups(self, groups: list[Any]) -> None:
        self._launch_groups = groups
        if getattr(self, "nics", None):
            self.nics[0]._group_set = list(groups)

    @property
    def source_dest_check(self) -> bool:
        return bool(self.nics[0].source_dest_check) if getattr(self, "nics", None) else True

    @source_dest_check.setter
    def source_dest_check(self, value: bool) -> None:
        if getattr(self, "nics", None):
            self.nics[0].source_dest_check = value

    @property
    def network_interfaces(self) -> list[Any]:
        return [] if self.state == "terminated" else super().network_interfaces

    def add_block_device(
        self,
        size: int,
        device_path: str,
        snapshot_id: str | None,
        encrypted: bool,
        delete_on_termination: bool,
        kms_key_id: str | None,
        volume_type: str | None,
    ) -> None:
        # moto leaves the last two out.
        speed = [self._devices.get(device_path, {}).get(name) for name in ("Iops", "Throughput")]
        volume = self.ec2_backend.create_volume(
            size, self._placement.zone, snapshot_id, encrypted, kms_key_id, volume_type, *speed
        )
        self.ec2_backend.attach_volume(volume.id, self.id, device_path, delete_on_termination)

    def stop(self) -> InstanceState:
        return super().stop() if self.is_running() else copy.copy(self._state)

    def start(self) -> InstanceState:
        return super().start() if self.state == "stopped" else copy.copy(self._state)

    def terminate(self) -> InstanceState:
        if self.state == "terminated":
            return copy.copy(self._state)
        previous = super().terminate()
        for interface in self.nics.values():
            interface.instance = interface.attachment_id = interface.attach_time = None
            interface.status = "available"
        return previous


class Backend:
    def check_interface_free(self, eni_id: str) -> None:
        if self.get_network_interface(eni_id).status == "in-use":
            raise EC2ClientError(
                "InvalidNetworkInterface.InUse", f"Interface: [{eni_id}] in use and may not be attached."
            )

    def run_instances(self, *args: Any, **kwargs: Any) -> Any:
        before = set(self.reservations)
        try:
            return super().run_instances(*args, **kwargs)
        except Exception:
            # A launch that is refused leaves nothing behind.
            for id_ in set(self.reservations) - before:
                for instance in self.reservations.pop(id_).instances:
                    instance.terminate()
            raise

    def replace_iam_instance_profile_association(self, association_id: str, *args: Any, **kwargs: Any) -> Any:
        association = super().replace_iam_instance_profile_association(association_id, *args, **kwargs)
        # moto changes the association and leaves the instance with the old profile.
        arn = association.iam_instance_profile.arn
        association.instance.iam_instance_profile = {"Arn": arn, "Id": association_id}
        return association


class Responses:
    def run_instances(self) -> ActionResult:
        answer = super().run_instances()
        options = self._get_param("PrivateDnsNameOptions", {})
        for instance in answer.result.instances:
            instance.disable_api_termination = self._get_param("DisableApiTermination") or False
            instance.private_dns_name_options.update({k: v for k, v in options.items() if v is not None})
            instance.maintenance_options.update(self._get_param("MaintenanceOptions", {}))
        return answer

    @staticmethod
    def _validate_block_device_mapping(device_mapping: dict[str, Any]) -> None:
        # What a mapping leaves out the image says; see below.
        if device_mapping.get("NoDevice") is None and "Ebs" not in device_mapping:
            raise MissingParameterError("ebs")

    def _parse_block_device_mapping(self) -> list[dict[str, Any]]:
        """The devices of the image, changed by those of the request, and what the request has besides."""
        image = self.ec2_backend.amis.get(self._get_param("ImageId"))
        given = {device["DeviceName"]: device.get("Ebs", {}) for device in self._get_param("BlockDeviceMappings", [])}
        mappings = {device["DeviceName"]: device for device in super()._parse_block_device_mapping()}
        for device in image.block_device_mappings if image else []:
            name = device["DeviceName"]
            mapping = mappings.setdefault(name, {"DeviceName": name, "VirtualName": None, "NoDevice": None, "Ebs": {}})
            # AWS: a root volume goes with its instance unless the launch says otherwise.
            mapping["Ebs"].update({"DeleteOnTermination": True, **device["Ebs"], **given.get(name, {})})
        for name, mapping in mappings.items():
            mapping["Ebs"].update(given.get(name, {}))
            if not mapping["Ebs"].get("VolumeSize") and not mapping["Ebs"].get("SnapshotId"):
                raise MissingParameterError("size or snapshotId")
        return list(mappings.values())

    def modify_instance_attribute(self) -> EmptyResult:
        instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        for name in (*_AT_ANY_TIME, *_WHILE_STOPPED):
            value = self._get_param(f"{name}.Value")
            if value is None:
                continue
            if name in _WHILE_STOPPED and instance.state != "stopped":
                raise EC2ClientError(
                    "IncorrectInstanceState", f"The instance '{instance.id}' is not in the 'stopped' state."
                )
            if name == "UserData":
                # The wire has it encoded once, and moto looks for a second time.
                instance.user_data = Base64EncodedString(base64.b64encode(value).decode())
                return EmptyResult()
            if name == "InstanceInitiatedShutdownBehavior":
                instance.instance_initiated_shutdown_behavior = value
                return EmptyResult()
            return super().modify_instance_attribute()
        if not any(self._get_param(name) for name in ("Groups", "BlockDeviceMappings", "Attribute")):
            raise invalid_value("No attributes specified")
        return super().modify_instance_attribute()

    def modify_private_dns_name_options(self) -> ActionResult:
        instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        changes = {key: self._get_param(name) for name, key in _DNS_OPTIONS.items()}
        instance.private_dns_name_options.update({k: v for k, v in changes.items() if v is not None})
        return ActionResult({"Return": True})

    def modify_instance_maintenance_options(self) -> ActionResult:
        instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        instance.maintenance_options["AutoRecovery"] = self._get_param("AutoRecovery")
        return ActionResult({"InstanceId": instance.id, **instance.maintenance_options})

    def modify_instance_metadata_options(self) -> ActionResult:
        # AWS: what a request leaves out stays as it is.
        before = self.ec2_backend.get_instance(self._get_param("InstanceId")).metadata_options
        answer = super().modify_instance_metadata_options()
        for name, parameter in _METADATA_OPTIONS.items():
            if self._get_param(parameter) is None:
                setattr(answer.result["InstanceMetadataOptions"], name, getattr(before, name))
        return answer

    def monitor_instances(self) -> ActionResult:
        return self._set_monitoring("enabled")

    def unmonitor_instances(self) -> ActionResult:
        return self._set_monitoring("disabled")

    def _set_monitoring(self, state: str) -> ActionResult:
        ids = self._get_param("InstanceIds", [])
        for id_ in ids:
            self.ec2_backend.get_instance(id_).monitoring_state = state
        return ActionResult(
            {"InstanceMonitorings": [{"InstanceId": id_, "Monitoring": {"State": state}} for id_ in ids]}
        )
