"""The account's own images: what `images/` builds on AWS is there from the start.

The sandbox cannot run Packer, which needs an instance that starts. So every region of the emulated account has the image
of Pulsar that a build leaves behind: found by the tags that the build sets, with a snapshot of its root volume, and owned
by the account. It belongs to the fresh account, so nothing that looks for leftovers counts it. Its ids are the same ones in
every start, because a deployed program remembers them.
"""

import hashlib
from datetime import datetime
from typing import Any

from moto.ec2.models import amis
from moto.ec2.models.amis import Ami as MotoAmi

from ..wiring import in_place_of

_PULSAR_VERSION = "4.0.7"
_BUILT = datetime(2026, 3, 2, 6, 0, 0)
_ROOT_GIB = 20


@in_place_of(amis)
class Ami(MotoAmi):
    """An image with the root volume that it says it has."""

    root_gib = 15
    root_type = "standard"
    ena_support = True

    @property
    def block_device_mappings(self) -> list[dict[str, Any]]:
        return [
            {
                "DeviceName": self.root_device_name,
                "Ebs": {
                    "SnapshotId": self.ebs_snapshot.id,
                    "VolumeSize": self.root_gib,
                    "DeleteOnTermination": True,
                    "VolumeType": self.root_type,
                    "Encrypted": False,
                },
            }
        ]


class Backend:
    def _load_amis(self) -> None:
        super()._load_amis()
        for architecture in ("x86_64", "arm64"):
            name = f"pulsar-{_PULSAR_VERSION}-{architecture}-{_BUILT:%Y%m%d%H%M%S}"
            image = Ami(
                self,
                f"ami-{_digits(self.region_name, name)}",
                name=name,
                description=f"Apache Pulsar {_PULSAR_VERSION} for {architecture}",
                virtualization_type="hvm",
                architecture=architecture,
                hypervisor="xen",
                root_device_type="ebs",
                root_device_name="/dev/xvda",
                image_location=f"{self.account_id}/{name}",
                creation_date=_BUILT,
                tags={
                    "Name": name,
                    "Architecture": architecture,
                    "ManagedBy": "packer",
                    "Project": "pulsar-lab",
                    "PulsarVersion": _PULSAR_VERSION,
                    "Validated": "true",
                },
            )
            image.root_gib, image.root_type = _ROOT_GIB, "gp3"
            image.ebs_snapshot.volume.size = _ROOT_GIB
            self.amis[image.id] = image


def _digits(*parts: str) -> str:
    """The 17 hex digits of an id."""
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:17]
