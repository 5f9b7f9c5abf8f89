"""Subnet groups: they cover two zones of one VPC, their names are unique, and one in use stays.

moto takes any subnets, replaces a group of the same name, loses a group that is changed, and deletes groups in use.
AWS: https://docs.aws.amazon.com/neptune/latest/apiref/API_CreateDBSubnetGroup.html and API_DeleteDBSubnetGroup.
"""

from typing import Any

from moto.rds.exceptions import DBSubnetGroupNotFoundError, InvalidSubnet, RDSClientError


class Backend:
    def create_subnet_group(self, subnet_name: str, description: str, subnets: list[Any], tags: Any) -> Any:
        if subnet_name in self.subnet_groups:
            raise RDSClientError("DBSubnetGroupAlreadyExists", f"The DB subnet group '{subnet_name}' already exists.")
        _check_subnets(subnets)
        return super().create_subnet_group(subnet_name, description, subnets, tags)

    def modify_db_subnet_group(self, subnet_name: str, description: str, subnets: list[Any]) -> Any:
        if subnet_name not in self.subnet_groups:
            raise DBSubnetGroupNotFoundError(subnet_name)
        _check_subnets(subnets)
        group = self.subnet_groups[subnet_name]
        kept = {subnet.id for subnet in subnets}
        for instance in self.databases.values():
            interface = getattr(instance, "interface", None)
            if interface is not None and instance.db_subnet_group is group and interface.subnet.id not in kept:
                raise RDSClientError("SubnetAlreadyInUse", f"The DB subnet is already in use: {interface.subnet.id}")
        group.subnets = subnets
        if description is not None:
            group.description = description
        return group

    def delete_subnet_group(self, subnet_name: str) -> Any:
        for cluster in self.clusters.values():
            if cluster.db_subnet_group_name == subnet_name:
                raise RDSClientError(
                    "InvalidDBSubnetGroupStateFault",
                    f"Cannot delete the subnet group '{subnet_name}' because at least one database cluster: "
                    f"{cluster.db_cluster_identifier} is still using it.",
                )
        return super().delete_subnet_group(subnet_name)


def _check_subnets(subnets: list[Any]) -> None:
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise InvalidSubnet(", ".join(subnet.id for subnet in subnets))
    zones = sorted({subnet.availability_zone for subnet in subnets})
    if len(zones) < 2:
        raise RDSClientError(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. "
            f"Current AZ coverage: {', '.join(zones)}. Add subnets to cover at least 2 AZs.",
        )
