"""Security groups: rules with whole descriptions, requests that happen whole or not at all, dependencies.

moto tells rules apart by their descriptions, answers with the last permission's rules only, keeps half of a refused
request, and deletes groups in use. AWS: API_AuthorizeSecurityGroupIngress, API_RevokeSecurityGroupIngress,
API_ModifySecurityGroupRules and API_DeleteSecurityGroup in https://docs.aws.amazon.com/AWSEC2/latest/APIReference/.
"""

import copy
import ipaddress
from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidCIDRSubnetError,
    InvalidParameterCombination,
    InvalidPermissionNotFoundError,
    InvalidSecurityGroupNotFoundError,
    InvalidSecurityGroupRuleIdNotFoundError,
    RulesPerSecurityGroupLimitExceededError,
)
from moto.ec2.models import security_groups
from moto.ec2.models.security_groups import GroupedSecurityRuleView
from moto.ec2.models.security_groups import SecurityGroup as MotoSecurityGroup
from moto.ec2.models.security_groups import SecurityGroupRule as MotoSecurityGroupRule

from ..wiring import in_place_of
from .errors import invalid_value

_MAX_RULES = 60
_PROTOCOL_NAMES = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": "-1"}
_PEERS = ("CidrIpv4", "CidrIpv6", "PrefixListId", "ReferencedGroupId")


@in_place_of(security_groups)
class SecurityGroupRule(MotoSecurityGroupRule):
    """A rule that is what it admits, whatever its description says."""

    @property
    def description(self) -> str | None:
        return self._description_holder.get("Description") or self.own_description

    @description.setter
    def description(self, text: str | None) -> None:
        self.own_description = text
        if self.prefix_list_id is None:
            self._description_holder.pop("Description", None)
            if text is not None:
                self._description_holder["Description"] = text

    # moto has no place for the description of a prefix list rule.
    own_description: str | None = None

    @property
    def _description_holder(self) -> dict[str, Any]:
        """The part from which moto builds IpPermissions, which shows descriptions too."""
        return self.ip_range or self.source_group

    @property
    def peer(self) -> str:
        return str(self.cidr_ipv4 or self.cidr_ipv6 or self.source_group.get("GroupId") or self.prefix_list_id)

    @property
    def key(self) -> tuple[Any, ...]:
        return (self.ip_protocol, self.from_port, self.to_port, self.peer)

    @property
    def referenced_group_info(self) -> dict[str, str] | None:
        if not self.source_group:
            return None
        return {"GroupId": self.source_group["GroupId"], "UserId": self.source_group["UserId"]}

    @property
    def referenced_group_id(self) -> str | None:
        return self.source_group.get("GroupId")

    @property
    def group_owner_id(self) -> str:
        return str(self.owner_id)

    @property
    def security_group_rule_arn(self) -> str:
        region, account = self.ec2_backend.region_name, self.ec2_backend.account_id
        return f"arn:aws:ec2:{region}:{account}:security-group-rule/{self.id}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecurityGroupRule) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@in_place_of(security_groups)
class SecurityGroup(MotoSecurityGroup):
    """A group whose IpPermissions show the descriptions of prefix lists too."""

    def _flattened_rules(self, rules: list[SecurityGroupRule]) -> list[GroupedSecurityRuleView]:
        views = super()._flattened_rules(rules)
        for view in views:
            view.prefix_list_ids = [
                {"PrefixListId": rule.prefix_list_id, **({"Description": rule.description} if rule.description else {})}
                for rule in rules
                if rule.prefix_list_id
                and (rule.ip_protocol, rule.from_port, rule.to_port) == (view.ip_protocol, view.from_port, view.to_port)
            ]
        return views


class Backend:
    def add_rules(
        self,
        group: SecurityGroup,
        is_egress: bool,
        permissions: list[dict[str, Any]],
        tags: dict[str, str] | None = None,
    ) -> list[SecurityGroupRule]:
        """Authorize permissions: all of them, or none and an error."""
        rules = list(self._rules(group, is_egress, permissions))
        present = group.egress_rules if is_egress else group.ingress_rules
        for index, rule in enumerate(rules):
            if rule in present or rule in rules[:index]:
                ports = f", from port: {rule.from_port}, to port: {rule.to_port}" if rule.from_port is not None else ""
                protocol = "ALL" if rule.ip_protocol == "-1" else str(rule.ip_protocol).upper()
                raise EC2ClientError(
                    "InvalidPermission.Duplicate",
                    f'the specified rule "peer: {rule.peer}, {protocol}{ports}, ALLOW" already exists',
                )
        if len(present) + len(rules) > _MAX_RULES:
            raise RulesPerSecurityGroupLimitExceededError
        for rule in rules:
            rule.add_tags(tags or {})
        present.extend(rules)
        return rules

    def remove_rules(
        self, group: SecurityGroup, is_egress: bool, permissions: list[dict[str, Any]], rule_ids: list[str]
    ) -> list[SecurityGroupRule]:
        """Revoke by id or by permission: all of them, or none and an error."""
        present = group.egress_rules if is_egress else group.ingress_rules
        by_id = {rule.id: rule for rule in present}
        for rule_id in rule_ids:
            if rule_id not in by_id:
                raise InvalidSecurityGroupRuleIdNotFoundError(rule_id)
        wanted = list(self._rules(group, is_egress, permissions))
        if any(rule not in present for rule in wanted):
            raise InvalidPermissionNotFoundError
        removed = [rule for rule in present if rule.id in rule_ids or rule in wanted]
        present[:] = [rule for rule in present if rule not in removed]
        return removed

    def _rules(
        self, group: SecurityGroup, is_egress: bool, permissions: list[dict[str, Any]]
    ) -> Iterator[SecurityGroupRule]:
        for permission in permissions:
            protocol = _protocol(permission.get("IpProtocol"))
            ports = (permission.get("FromPort"), permission.get("ToPort"))
            if protocol in ("tcp", "udp") and None in ports:
                raise invalid_value("Invalid value for portRange. Must specify both from and to ports with TCP/UDP.")
            if protocol not in ("tcp", "udp", "icmp", "icmpv6"):
                # Ports have no meaning for other protocols: AWS stores all of them.
                ports = (None, None) if protocol == "-1" else (-1, -1)
            for range_, source, prefix_list in self._peers(permission):
                rule = SecurityGroupRule(
                    self,
                    protocol,
                    group.id,
                    *(-1 if p is None else p for p in ports),
                    range_,
                    source,
                    prefix_list,
                    is_egress,
                )
                rule.own_description = (prefix_list or {}).get("Description")
                yield rule

    def _peers(self, permission: dict[str, Any]) -> Iterator[tuple[Any, Any, Any]]:
        for key, ranges in (("CidrIp", "IpRanges"), ("CidrIpv6", "Ipv6Ranges")):
            for item in permission.get(ranges, []):
                yield {**item, key: _canonical(item[key])}, None, None
        for pair in permission.get("UserIdGroupPairs", []):
            group = self._group(pair.get("GroupId") or pair.get("GroupName"))
            kept = {k: v for k, v in pair.items() if k == "Description"}
            yield None, {"GroupId": group.id, "UserId": self.account_id, **kept}, None
        for item in permission.get("PrefixListIds", []):
            yield None, None, item

    def modify_security_group_rules(self, group_id: str, rules: dict[str, dict[str, Any]]) -> None:
        group = self._group(group_id)
        for rule_id, change in rules.items():
            rule = group.get_rule(rule_id)
            if rule is None:
                raise InvalidSecurityGroupRuleIdNotFoundError(rule_id)
            given = [name for name in _PEERS if change.get(name)]
            if len(given) != 1:
                raise InvalidParameterCombination(
                    "The request must contain exactly one of: cidrIpv4, cidrIpv6, prefixListId, or referencedGroupId"
                )
            text = change.get("Description")
            permission = {k: change[k] for k in ("IpProtocol", "FromPort", "ToPort") if k in change}
            [changed] = self._rules(group, rule.is_egress, [{**permission, **_as_peer(given[0], change[given[0]])}])
            siblings = group.egress_rules if rule.is_egress else group.ingress_rules
            if any(other is not rule and other == changed for other in siblings):
                raise EC2ClientError("InvalidPermission.Duplicate", "The specified rule already exists")
            for name in ("ip_protocol", "from_port", "to_port", "ip_range", "source_group", "prefix_list_id"):
                setattr(rule, name, getattr(changed, name))
            rule.description = text

    def create_security_group(
        self, name: str, description: str, vpc_id: str | None = None, *args: Any, **kwargs: Any
    ) -> SecurityGroup:
        if not kwargs.get("is_default") and (name == "default" or name.startswith("sg-")):
            raise invalid_value(
                f"Invalid value '{name}' for GroupName. Cannot use reserved security group name: {name}"
            )
        if any(group.name == name for group in self.groups[vpc_id or self.default_vpc.id].values()):
            raise EC2ClientError(
                "InvalidGroup.Duplicate", f"The security group '{name}' already exists for VPC '{vpc_id}'"
            )
        return super().create_security_group(name, description, vpc_id, *args, **kwargs)

    def delete_security_group(self, name: str | None = None, group_id: str | None = None) -> None:
        group = self._group(group_id or name)
        if group.is_default:
            raise EC2ClientError(
                "CannotDelete", f'the specified group: "{group.id}" name: "default" cannot be deleted by a user'
            )
        in_use = any(group in eni.group_set for eni in self.enis.values())
        referenced = any(
            rule.source_group.get("GroupId") == group.id
            for groups in self.groups.values()
            for other in groups.values()
            if other is not group
            for rule in (*other.ingress_rules, *other.egress_rules)
        )
        if in_use or referenced:
            raise EC2ClientError("DependencyViolation", f"resource {group.id} has a dependent object")
        self.groups[group.vpc_id].pop(group.id)

    def _group(self, name_or_id: str | None) -> SecurityGroup:
        group = self.get_security_group_by_name_or_id(name_or_id)
        if group is None:
            raise InvalidSecurityGroupNotFoundError(name_or_id)
        return group


class Responses:
    def authorize_security_group_ingress(self) -> ActionResult:
        return self._authorize(False)

    def authorize_security_group_egress(self) -> ActionResult:
        return self._authorize(True)

    def revoke_security_group_ingress(self) -> ActionResult:
        return self._revoke(False)

    def revoke_security_group_egress(self) -> ActionResult:
        return self._revoke(True)

    def update_security_group_rule_descriptions_ingress(self) -> ActionResult:
        return self._change_descriptions(False)

    def update_security_group_rule_descriptions_egress(self) -> ActionResult:
        return self._change_descriptions(True)

    def _authorize(self, is_egress: bool) -> ActionResult:
        self.error_on_dryrun()
        tags = self._parse_tag_specification().get("security-group-rule", {})
        rules = self.ec2_backend.add_rules(self._named_group(), is_egress, self._permissions(), tags)
        return ActionResult({"Return": True, "SecurityGroupRules": [_shown(rule) for rule in rules]})

    def _revoke(self, is_egress: bool) -> ActionResult:
        self.error_on_dryrun()
        ids = self._get_param("SecurityGroupRuleIds", [])
        rules = self.ec2_backend.remove_rules(self._named_group(), is_egress, self._permissions(), ids)
        return ActionResult({"Return": True, "RevokedSecurityGroupRules": [_shown(rule) for rule in rules]})

    def _change_descriptions(self, is_egress: bool) -> ActionResult:
        group = self._named_group()
        present = group.egress_rules if is_egress else group.ingress_rules
        texts = {
            i["SecurityGroupRuleId"]: i.get("Description") for i in self._get_param("SecurityGroupRuleDescriptions", [])
        }
        wanted = {rule.key: rule.description for rule in self.ec2_backend._rules(group, is_egress, self._permissions())}
        changed = [rule for rule in present if rule.id in texts or rule.key in wanted]
        if len(changed) < len(texts) + len(wanted):
            raise InvalidPermissionNotFoundError
        for rule in changed:
            rule.description = texts.get(rule.id, wanted.get(rule.key))
        return ActionResult({"Return": True})

    def create_security_group(self) -> ActionResult:
        result: dict[str, Any] = super().create_security_group().result
        group = self.ec2_backend.get_security_group_from_id(result["GroupId"])
        return ActionResult({**result, "Tags": group.tag_set})

    def _named_group(self) -> SecurityGroup:
        return self.ec2_backend._group(self._get_param("GroupId") or self._get_param("GroupName"))

    def _permissions(self) -> list[dict[str, Any]]:
        permissions: list[dict[str, Any]] = list(self._get_param("IpPermissions", []))
        if self._get_param("IpProtocol") is not None:
            # The short form of a single rule.
            single = {
                k: self._get_param(k) for k in ("IpProtocol", "FromPort", "ToPort") if self._get_param(k) is not None
            }
            cidr = self._get_param("CidrIp")
            permissions.append({**single, "IpRanges": [{"CidrIp": cidr}] if cidr else []})
        return permissions


def _shown(rule: SecurityGroupRule) -> SecurityGroupRule:
    """A rule as the API shows it: without ports as -1 (API_SecurityGroupRule)."""
    view = copy.copy(rule)
    view.from_port = -1 if rule.from_port is None else rule.from_port
    view.to_port = -1 if rule.to_port is None else rule.to_port
    return view


def _protocol(protocol: str | None) -> str:
    if protocol is None:
        raise invalid_value(
            "Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly."
        )
    return _PROTOCOL_NAMES.get(protocol.lower(), protocol.lower())


def _canonical(cidr: str) -> str:
    """AWS refuses what is no range and drops the host bits of what is one."""
    try:
        return str(ipaddress.ip_network(cidr, strict=False))
    except ValueError:
        raise InvalidCIDRSubnetError(cidr=cidr) from None


def _as_peer(name: str, value: str) -> dict[str, Any]:
    return {
        "CidrIpv4": {"IpRanges": [{"CidrIp": value}]},
        "CidrIpv6": {"Ipv6Ranges": [{"CidrIpv6": value}]},
        "PrefixListId": {"PrefixListIds": [{"PrefixListId": value}]},
        "ReferencedGroupId": {"UserIdGroupPairs": [{"GroupId": value}]},
    }[name]
