"""Volumes: encrypted by keys that exist, attached where they fit, and as fast as their type.

moto takes any text for a key, gives no default of gp3's throughput, and attaches a volume that is attached elsewhere or
is in another zone. AWS:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html, API_AttachVolume and
https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
"""

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.kms.models import kms_backends

from .errors import invalid_value

_GP3_THROUGHPUT = 125
_GP2_LEAST_IOPS, _GP2_MOST_IOPS, _GP2_IOPS_A_GIB = 100, 16_000, 3


class Backend:
    def create_volume(
        self,
        size: int,
        zone_name: str,
        snapshot_id: str | None = None,
        encrypted: bool = False,
        kms_key_id: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        key_arn = self._key_arn(kms_key_id) if kms_key_id else None
        volume = super().create_volume(size, zone_name, snapshot_id, encrypted, key_arn, *args, **kwargs)
        return _with_speed(volume)

    def modify_volume(self, volume_id: str, target_size: int | None = None, *args: Any, **kwargs: Any) -> Any:
        if target_size and target_size < self.get_volume(volume_id).size:
            raise invalid_value("New size cannot be smaller than existing size")
        return _with_speed(super().modify_volume(volume_id, target_size, *args, **kwargs))

    def attach_volume(self, volume_id: str, instance_id: str, device_path: str, *args: Any, **kwargs: Any) -> Any:
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
        return super().attach_volume(volume_id, instance_id, device_path, *args, **kwargs)

    def detach_volume(self, volume_id: str, instance_id: str | None, device_path: str | None) -> Any:
        # AWS: the volume alone says from where.
        attachment = self.get_volume(volume_id).attachment
        if attachment is None:
            raise EC2ClientError("IncorrectState", f"Volume '{volume_id}' is in the 'available' state.")
        return super().detach_volume(volume_id, instance_id or attachment.instance.id, device_path)

    def _key_arn(self, key_id: str) -> str:
        keys = kms_backends[self.account_id][self.region_name]
        key = keys.keys.get(keys.get_key_id(key_id.rsplit(":key/", 1)[-1]))
        if key is None:
            raise invalid_value(f"The specified keyId {key_id} is not valid: the key does not exist")
        if key.key_state != "Enabled":
            raise invalid_value(f"The key {key_id} is not enabled")
        return key.arn


def _with_speed(volume: Any) -> Any:
    """The operations of gp2 come with its size; throughput is a number of gp3 alone."""
    if volume.volume_type == "gp2":
        volume.iops = min(max(_GP2_LEAST_IOPS, volume.size * _GP2_IOPS_A_GIB), _GP2_MOST_IOPS)
    if volume.volume_type == "gp3":
        volume.iops, volume.throughput = volume.iops or 3000, volume.throughput or _GP3_THROUGHPUT
    else:
        volume.throughput = None
    return volume
