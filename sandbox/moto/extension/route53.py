"""Route 53: zones are private by their VPC, and a record is made, changed and deleted as AWS does.

moto takes a zone with a VPC for a public one unless the request also says that it is private, makes a second record of
the same name and type, deletes by what was once requested rather than by what there is, and associates a zone with VPCs
that do not exist. AWS: https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html,
API_AssociateVPCWithHostedZone and API_ChangeResourceRecordSets
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.route53.exceptions import Route53ClientError
from moto.route53.models import FakeZone as Zone


class Backend:
    def create_hosted_zone(self, name: str, private_zone: bool, *args: Any, **kwargs: Any) -> Zone:
        vpc_id, vpc_region = kwargs.get("vpcid"), kwargs.get("vpcregion")
        if vpc_id:
            self._check_vpc(name, vpc_id, vpc_region)
        zone = super().create_hosted_zone(name, private_zone, *args, **kwargs)
        # A set of name servers that can be used again is one that the user asked for; moto lists every zone's own.
        if not kwargs.get("delegation_set_id"):
            self.delegation_sets = {k: v for k, v in self.delegation_sets.items() if v is not zone.delegation_set}
        return zone

    def associate_vpc_with_hosted_zone(self, zone_id: str, vpcid: str, vpcregion: str) -> Zone:
        zone = self.get_hosted_zone(zone_id)
        if any(vpc["vpc_id"] == vpcid for vpc in zone.vpcs):
            # A second time is no error.
            return zone
        if zone.private_zone:
            self._check_vpc(zone.name, vpcid, vpcregion)
        return super().associate_vpc_with_hosted_zone(zone_id, vpcid, vpcregion)

    def disassociate_vpc_from_hosted_zone(self, zone_id: str, vpcid: str) -> Zone:
        if all(vpc["vpc_id"] != vpcid for vpc in self.get_hosted_zone(zone_id).vpcs):
            raise Route53ClientError(
                "VPCAssociationNotFound", f"The VPC {vpcid} is not associated with the hosted zone {zone_id}."
            )
        return super().disassociate_vpc_from_hosted_zone(zone_id, vpcid)

    def delete_hosted_zone(self, id_: str) -> Zone | None:
        zone = super().delete_hosted_zone(id_)
        if zone is not None:
            self.resource_tags.pop(zone.resource_id, None)
        return zone

    def change_resource_record_sets(self, zoneid: str, change_list: list[dict[str, Any]]) -> None:
        zone = self.get_hosted_zone(zoneid)
        # Each change is judged by what those before it leave, and all of a batch is done or nothing.
        present = {_key(record.name, record.type): _values(record) for record in zone.rrsets}
        batch = []
        for change in change_list:
            wanted = change["ResourceRecordSet"]
            key = _key(wanted["Name"], wanted["Type"])
            record = f"resource record set [name='{key[0]}.', type='{key[1]}']"
            if change["Action"] == "DELETE":
                if key not in present:
                    raise _refusal(f"Tried to delete {record} but it was not found")
                if present.pop(key) != _wanted_values(wanted):
                    raise _refusal(f"Tried to delete {record} but the values provided do not match the current values")
                batch.append(change)
            else:
                if change["Action"] == "CREATE" and key in present:
                    raise _refusal(f"Tried to create {record} but it already exists")
                present[key] = _wanted_values(wanted)
                # moto takes any record whose name comes later for the same one.
                batch.append({**change, "Action": "UPSERT"})
        super().change_resource_record_sets(zoneid, batch)

    def _check_vpc(self, name: str, vpc_id: str, vpc_region: str | None) -> None:
        if not vpc_region or vpc_id not in ec2_backends[self.account_id][vpc_region].vpcs:
            raise Route53ClientError(
                "InvalidVPCId", f"The VPC: {vpc_id} you provided is not authorized to make the association."
            )
        for zone in self.zones.values():
            is_same_name = zone.private_zone and zone.name.rstrip(".") == name.rstrip(".")
            if is_same_name and any(vpc["vpc_id"] == vpc_id for vpc in zone.vpcs):
                raise Route53ClientError(
                    "ConflictingDomainExists",
                    f"The VPC {vpc_id} in region {vpc_region} has already been associated with the hosted zone "
                    f"{zone.resource_id} with the same domain name.",
                )


def _refusal(message: str) -> Route53ClientError:
    return Route53ClientError("InvalidChangeBatch", f"[{message}]")


def _key(name: str, type_: Any) -> tuple[str, str]:
    return name.rstrip(".").lower(), type_


def _values(record: Any) -> tuple[str, list[str]]:
    return str(record.ttl), sorted(item["Value"] for item in record.resource_records or [])


def _wanted_values(record_set: dict[str, Any]) -> tuple[str, list[str]]:
    return str(record_set.get("TTL")), sorted(item["Value"] for item in record_set.get("ResourceRecords", []))


class Responses:
    def create_hosted_zone(self) -> ActionResult:
        # AWS: a zone that is made with a VPC is a private one.
        if self._get_param("VPC.VPCId"):
            self.params.setdefault("HostedZoneConfig", {})["PrivateZone"] = True
        return super().create_hosted_zone()
