"""EFS: mount targets are interfaces that only EFS deletes.

moto lets every client delete the interface of a mount target, and gives it no type.
AWS: https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html and API_DeleteMountTarget.
"""

from typing import Any

from moto.efs.exceptions import MountTargetNotFound
from moto.efs.models import MountTarget


class Backend:
    def create_mount_target(self, file_system_id: str, *args: Any, **kwargs: Any) -> MountTarget:
        target = super().create_mount_target(file_system_id, *args, **kwargs)
        interface = self.ec2_backend.get_network_interface(target.network_interface_id)
        interface.hand_to_service("efs", f"EFS mount target for {file_system_id} ({target.mount_target_id})")
        return target

    def delete_mount_target(self, mount_target_id: str) -> None:
        if mount_target_id not in self.mount_targets_by_id:
            raise MountTargetNotFound(mount_target_id)
        target = self.mount_targets_by_id.pop(mount_target_id)
        interface = self.ec2_backend.enis.get(target.network_interface_id)
        if interface is not None:
            self.ec2_backend.drop_network_interface(interface)
        target.clean_up()

    def delete_with_mount_targets(self, file_system_id: str) -> None:
        """What a service does that made the file system for itself."""
        if file_system_id in self.file_systems_by_id:
            for target in list(self.file_systems_by_id[file_system_id].iter_mount_targets()):
                self.delete_mount_target(target.mount_target_id)
            self.delete_file_system(file_system_id)
