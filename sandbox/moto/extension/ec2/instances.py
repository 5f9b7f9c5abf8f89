"""Instances: from an image that exists, at the interface that is named, through their states, to what outlives them.

moto starts instances of any image, running at once, takes the first zone for one whose interface is given, leaves an
interface that outlives its instance attached, forgets most options of a launch, and takes the security groups away by
any change that it does not know. AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html,
API_ModifyInstanceAttribute and https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
"""

import base64
import copy
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.types import Base64EncodedString
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import instances
from moto.ec2.models.instances import Instance as MotoInstance
from moto.ec2.models.instances import InstanceState

from .errors import invalid_value

# Attributes that a running instance keeps.
_WHILE_STOPPED = ("InstanceType", "UserData", "EbsOptimized")
_AT_ANY_TIME = ("DisableApiStop", "DisableApiTermination", "InstanceInitiatedShutdownBehavior", "SourceDestCheck")


class Instance(MotoInstance):
    """An instance whose groups, address and zone are those of its primary interface."""

    def __init__(self, ec2_backend: Any, image_id: str, user_data: Any, security_groups: Any, **kwargs: Any) -> None:
        self.device_specifications = {
            device["DeviceName"]: device.get("Ebs", {}) for device in kwargs.get("block_device_mappings", [])
        }
        self.private_dns_name_options = {
            "HostnameType": "ip-name",
            "EnableResourceNameDnsARecord": False,
            "EnableResourceNameDnsAAAARecord": False,
        }
        self.maintenance_options = {"AutoRecovery": "default"}
        for nic in kwargs.get("nics", []):
            if nic.get("NetworkInterfaceId"):
                ec2_backend.check_interface_free(nic["NetworkInterfaceId"])
        super().__init__(ec2_backend, image_id, user_data, security_groups, **kwargs)
        primary = self.nics[0]
        if self._subnet_id is None:
            # The interface was there before: the instance is where it is.
            self._subnet_id = primary.subnet.id
            self._placement.zone = primary.subnet.availability_zone
        given = {nic.get("NetworkInterfaceId") for nic in kwargs.get("nics", [])}
        for interface in self.nics.values():
            if interface.id in given:
                interface.delete_on_termination = False
        # AWS: the answer to a launch shows it pending; it runs when it is next looked at.
        self._state = InstanceState("pending", 0)

    @property
    def security_groups(self) -> list[Any]:  # type: ignore[override]
        return list(self.nics[0]._group_set) if getattr(self, "nics", None) else self._launch_groups

    @security_groups.setter
    def security_groups(self, groups: list[Any]) -> None:
        self._launch_groups = groups
        if getattr(self, "nics", None):
            self.nics[0]._group_set = list(groups)

    @property
    def source_dest_check(self) -> bool:  # type: ignore[override]
        return bool(self.nics[0].source_dest_check) if getattr(self, "nics", None) else True

    @source_dest_check.setter
    def source_dest_check(self, value: bool) -> None:
        if getattr(self, "nics", None):
            self.nics[0].source_dest_check = value

    @property
    def network_interfaces(self) -> list[Any]:
        return [] if self.state == "terminated" else super().network_interfaces

    def add_block_device(self, size: Any, device_path: str, *args: Any, **kwargs: Any) -> None:
        wanted = self.device_specifications.get(device_path, {})
        with self.ec2_backend.volume_defaults(wanted.get("Iops"), wanted.get("Throughput")):
            super().add_block_device(size, device_path, *args, **kwargs)

    def settle(self) -> None:
        """What AWS has done by the time that the instance is next looked at."""
        if self._state.name == "pending":
            self._state = InstanceState("running", 16)

    def stop(self) -> InstanceState:
        if self._state.name not in ("pending", "running"):
            return copy.copy(self._state)
        return super().stop()

    def start(self) -> InstanceState:
        previous = copy.copy(self._state)
        if previous.name == "stopped":
            super().start()
        return previous

    def terminate(self) -> InstanceState:
        if self._state.name == "terminated":
            return copy.copy(self._state)
        previous = super().terminate()
        for interface in self.nics.values():
            interface.instance = interface.attachment_id = interface.attach_time = None
            interface.status = "available"
        return previous


class Instances:
    """Part of the EC2 backend."""

    def check_interface_free(self: Any, eni_id: str) -> None:
        interface = self.get_network_interface(eni_id)
        if interface.status == "in-use":
            raise EC2ClientError(
                "InvalidNetworkInterface.InUse", f"Interface: [{eni_id}] in use and may not be attached."
            )

    def settle_instances(self: Any) -> None:
        for reservation in list(self.reservations.values()):
            for instance in reservation.instances:
                instance.settle()

    def all_reservations(self: Any, filters: Any = None) -> Any:
        self.settle_instances()
        return super().all_reservations(filters)  # type: ignore[misc]

    def run_instances(self: Any, image_id: str, count: int, *args: Any, **kwargs: Any) -> Any:
        if image_id and image_id not in self.amis:
            raise EC2ClientError("InvalidAMIID.NotFound", f"The image id '[{image_id}]' does not exist")
        before = set(self.reservations)
        try:
            return super().run_instances(image_id, count, *args, **kwargs)  # type: ignore[misc]
        except Exception:
            # A launch that is refused leaves nothing behind.
            for id_ in set(self.reservations) - before:
                for instance in self.reservations.pop(id_).instances:
                    instance.terminate()
            raise

    def replace_iam_instance_profile_association(self: Any, association_id: str, *args: Any, **kwargs: Any) -> Any:
        association = super().replace_iam_instance_profile_association(  # type: ignore[misc]
            association_id, *args, **kwargs
        )
        # moto changes the association and leaves the instance with the old profile.
        arn = association.iam_instance_profile.arn
        association.instance.iam_instance_profile = {"Arn": arn, "Id": association_id}
        return association


class InstanceResponses:
    """Part of the EC2 responses."""

    def run_instances(self: Any) -> ActionResult:
        answer = super().run_instances()  # type: ignore[misc]
        options = self._get_param("PrivateDnsNameOptions", {})
        for instance in answer.result.instances:
            instance.disable_api_termination = self._get_param("DisableApiTermination") or False
            instance.private_dns_name_options.update({k: v for k, v in options.items() if v is not None})
            instance.maintenance_options.update(self._get_param("MaintenanceOptions", {}))
        return answer  # type: ignore[no-any-return]

    @staticmethod
    def _validate_block_device_mapping(device_mapping: dict[str, Any]) -> None:
        # What a mapping leaves out the image says; see below.
        if device_mapping.get("NoDevice") is None and "Ebs" not in device_mapping:
            raise EC2ClientError("MissingParameter", "The request must contain the parameter ebs")

    def _parse_block_device_mapping(self: Any) -> list[dict[str, Any]]:
        """The devices of the image, changed by those of the request, and what the request has besides."""
        image = self.ec2_backend.amis.get(self._get_param("ImageId"))
        wanted = {device["DeviceName"]: device for device in self._get_param("BlockDeviceMappings", [])}
        mappings = {
            device["DeviceName"]: device
            for device in super()._parse_block_device_mapping()  # type: ignore[misc]
        }
        for device in image.block_device_mappings if image else []:
            name, by_image = device["DeviceName"], device["Ebs"]
            mapping = mappings.setdefault(name, {"DeviceName": name, "VirtualName": None, "NoDevice": None, "Ebs": {}})
            given = wanted.get(name, {}).get("Ebs", {})
            mapping["Ebs"] = {
                **mapping["Ebs"],
                "SnapshotId": given.get("SnapshotId") or by_image.get("SnapshotId"),
                "VolumeSize": given.get("VolumeSize") or by_image.get("VolumeSize"),
                "VolumeType": given.get("VolumeType") or by_image.get("VolumeType"),
                # AWS: a root volume goes with its instance unless somebody says otherwise.
                "DeleteOnTermination": given.get("DeleteOnTermination", True),
                "Encrypted": given.get("Encrypted", by_image.get("Encrypted", False)),
                "KmsKeyId": given.get("KmsKeyId"),
            }
        for name, mapping in mappings.items():
            given = wanted.get(name, {}).get("Ebs", {})
            mapping["Ebs"].update({"Iops": given.get("Iops"), "Throughput": given.get("Throughput")})
            if not mapping["Ebs"].get("VolumeSize") and not mapping["Ebs"].get("SnapshotId"):
                raise EC2ClientError("MissingParameter", "The request must contain the parameter size or snapshotId")
        return list(mappings.values())

    def modify_instance_attribute(self: Any) -> EmptyResult:
        instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        instance.settle()
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
            return super().modify_instance_attribute()  # type: ignore[misc, no-any-return]
        if self._get_param("Groups"):
            for group_id in self._get_param("Groups"):
                if self.ec2_backend.get_security_group_from_id(group_id) is None:
                    raise EC2ClientError("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")
            return super().modify_instance_attribute()  # type: ignore[misc, no-any-return]
        if self._get_param("BlockDeviceMappings") or self._get_param("Attribute"):
            return super().modify_instance_attribute()  # type: ignore[misc, no-any-return]
        raise invalid_value("No attributes specified")

    def modify_private_dns_name_options(self: Any) -> ActionResult:
        instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        names = ("EnableResourceNameDnsARecord", "EnableResourceNameDnsAAAARecord", "PrivateDnsHostnameType")
        for name in names:
            value = self._get_param(name)
            if value is not None:
                key = "HostnameType" if name == "PrivateDnsHostnameType" else name
                instance.private_dns_name_options[key] = value
        return ActionResult({"Return": True})

    def modify_instance_maintenance_options(self: Any) -> ActionResult:
        instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        instance.maintenance_options["AutoRecovery"] = self._get_param("AutoRecovery")
        return ActionResult({"InstanceId": instance.id, **instance.maintenance_options})

    def modify_instance_metadata_options(self: Any) -> ActionResult:
        # AWS: what a request leaves out stays as it is.
        before = copy.copy(self.ec2_backend.get_instance(self._get_param("InstanceId")).metadata_options)
        answer = super().modify_instance_metadata_options()  # type: ignore[misc]
        options = answer.result["InstanceMetadataOptions"]
        for name, parameter in {
            "http_tokens": "HttpTokens",
            "http_put_response_hop_limit": "HttpPutResponseHopLimit",
            "http_endpoint": "HttpEndpoint",
            "http_protocol_ipv6": "HttpProtocolIpv6",
            "instance_metadata_tags": "InstanceMetadataTags",
        }.items():
            if self._get_param(parameter) is None:
                setattr(options, name, getattr(before, name))
        return answer  # type: ignore[no-any-return]

    def monitor_instances(self: Any) -> ActionResult:
        return self._set_monitoring("enabled")  # type: ignore[no-any-return]

    def unmonitor_instances(self: Any) -> ActionResult:
        return self._set_monitoring("disabled")  # type: ignore[no-any-return]

    def _set_monitoring(self: Any, state: str) -> ActionResult:
        monitorings = []
        for id_ in self._get_param("InstanceIds", []):
            self.ec2_backend.get_instance(id_).monitoring_state = state
            monitorings.append({"InstanceId": id_, "Monitoring": {"State": state}})
        return ActionResult({"InstanceMonitorings": monitorings})


def install() -> None:
    # moto's own code builds instances by this name.
    instances.Instance = Instance  # type: ignore[misc]
