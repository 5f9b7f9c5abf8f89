"""Volumes: encrypted by keys that exist, attached where they fit, and as fast as their type.

moto takes any text for a key, gives no default of gp3's throughput, and attaches a volume that is attached elsewhere or
is in another zone. AWS:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html, API_AttachVolume and
https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.kms.models import kms_backends

from .errors import invalid_value

_GP3_THROUGHPUT = 125
_GP2_LEAST_IOPS, _GP2_MOST_IOPS, _GP2_IOPS_A_GIB = 100, 16_000, 3


class Volumes:
    """Part of the EC2 backend."""

    # What a launch says of a volume and moto does not pass on.
    _launch_defaults: tuple[int | None, int | None] = (None, None)

    @contextmanager
    def volume_defaults(self, iops: int | None, throughput: int | None) -> Iterator[None]:
        self._launch_defaults = (iops, throughput)
        try:
            yield
        finally:
            self._launch_defaults = (None, None)

    def create_volume(
        self: Any,
        size: int,
        zone_name: str,
        snapshot_id: str | None = None,
        encrypted: bool = False,
        kms_key_id: str | None = None,
        volume_type: str | None = None,
        iops: int | None = None,
        throughput: int | None = None,
        multi_attach_enabled: bool | None = None,
    ) -> Any:
        iops, throughput = iops or self._launch_defaults[0], throughput or self._launch_defaults[1]
        if kms_key_id:
            kms_key_id = self._key_arn(kms_key_id)
        if volume_type == "gp3":
            throughput = throughput or _GP3_THROUGHPUT
        volume = super().create_volume(  # type: ignore[misc]
            size, zone_name, snapshot_id, encrypted, kms_key_id, volume_type, iops, throughput, multi_attach_enabled
        )
        _set_speed(volume)
        return volume

    def modify_volume(self: Any, volume_id: str, target_size: int | None = None, *args: Any, **kwargs: Any) -> Any:
        if target_size and target_size < self.get_volume(volume_id).size:
            raise invalid_value("New size cannot be smaller than existing size")
        volume = super().modify_volume(volume_id, target_size, *args, **kwargs)  # type: ignore[misc]
        _set_speed(volume)
        return volume

    def attach_volume(
        self: Any, volume_id: str, instance_id: str, device_path: str, delete_on_termination: bool = False
    ) -> Any:
        volume, instance = self.get_volume(volume_id), self.get_instance(instance_id)
        if volume.attachment:
            raise EC2ClientError("VolumeInUse", f"{volume_id} is already attached to an instance")
        if volume.zone and instance.availability_zone and volume.zone.name != instance.availability_zone:
            raise EC2ClientError(
                "InvalidVolume.ZoneMismatch",
                f"The volume '{volume_id}' is not in the same availability zone as instance '{instance_id}'",
            )
        if device_path in instance.block_device_mapping:
            raise invalid_value(
                f"Invalid value '{device_path}' for unixDevice. Attachment point {device_path} is already in use"
            )
        if instance.state in ("shutting-down", "terminated"):
            raise EC2ClientError("IncorrectState", f"Instance '{instance_id}' is not 'running'.")
        return super().attach_volume(volume_id, instance_id, device_path, delete_on_termination)  # type: ignore[misc]

    def detach_volume(self: Any, volume_id: str, instance_id: str | None, device_path: str | None) -> Any:
        # AWS: the volume alone says from where.
        attachment = self.get_volume(volume_id).attachment
        if attachment is None:
            raise EC2ClientError("IncorrectState", f"Volume '{volume_id}' is in the 'available' state.")
        return super().detach_volume(volume_id, instance_id or attachment.instance.id, device_path)  # type: ignore[misc]

    def _key_arn(self: Any, key_id: str) -> str:
        keys = kms_backends[self.account_id][self.region_name]
        key = keys.keys.get(keys.get_key_id(key_id.rsplit(":key/", 1)[-1]))
        if key is None:
            raise EC2ClientError(
                "InvalidParameterValue", f"The specified keyId {key_id} is not valid: the key does not exist"
            )
        if key.key_state != "Enabled":
            raise EC2ClientError("InvalidParameterValue", f"The key {key_id} is not enabled")
        return str(key.arn)


def _set_speed(volume: Any) -> None:
    """gp2's operations come with its size; throughput is a number of gp3 alone."""
    if volume.volume_type == "gp2":
        volume.iops = min(max(_GP2_LEAST_IOPS, volume.size * _GP2_IOPS_A_GIB), _GP2_MOST_IOPS)
    if volume.volume_type == "gp3":
        volume.iops, volume.throughput = volume.iops or 3000, volume.throughput or _GP3_THROUGHPUT
    else:
        volume.throughput = None
