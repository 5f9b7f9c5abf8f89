"""What AWS asks of a domain before it makes or changes it.

moto takes everything. AWS: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/slr-aos.html,
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html,
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html,
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html and
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/auto-tune.html
"""

import re
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends
from moto.logs.models import logs_backends

from ..policy import allows, as_list, statements_of

SERVICE_LINKED_ROLE = "AWSServiceRoleForAmazonOpenSearchService"

_NUMBERS = {1: "one", 2: "two", 3: "three"}
_LOG_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents", "logs:PutLogEventsBatch")

# Options by the names of moto's parameters.
_OPTIONS = (
    "access_policies",
    "advanced_security_options",
    "auto_tune_options",
    "cluster_config",
    "domain_endpoint_options",
    "ebs_options",
    "encryption_at_rest_options",
    "log_publishing_options",
    "node_to_node_encryption_options",
    "vpc_options",
)


def invalid(message: str, code: str = "ValidationException") -> JsonRESTError:
    """AWS's refusal."""
    return JsonRESTError(code, message)


def options_of(given: dict[str, Any]) -> dict[str, Any]:
    """All options of a domain, empty where nothing was said."""
    return {name: given.get(name) or {} for name in _OPTIONS}


def check_options(backend: Any, domain_name: str, options: dict[str, Any]) -> None:
    """Refuse what AWS refuses."""
    if not re.fullmatch(r"[a-z][a-z0-9\-]{2,27}", domain_name):
        raise invalid(
            f"1 validation error detected: Value '{domain_name}' at 'domainName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-z][a-z0-9\\-]+"
        )
    _check_cluster(options["cluster_config"], options["auto_tune_options"])
    _check_network(backend, options["vpc_options"], options["cluster_config"])
    _check_security(options)
    _check_policy(backend, options["access_policies"])
    _check_logs(backend, domain_name, options["log_publishing_options"])


def zones_of(cluster: dict[str, Any]) -> int:
    """Zones over which a domain is spread; AWS takes two for zone awareness that says no more."""
    if not cluster.get("ZoneAwarenessEnabled"):
        return 1
    return int((cluster.get("ZoneAwarenessConfig") or {}).get("AvailabilityZoneCount", 2))


def is_burstable(instance_type: str | None) -> bool:
    return str(instance_type).startswith(("t2.", "t3."))


def _check_cluster(cluster: dict[str, Any], auto_tune: dict[str, Any]) -> None:
    zones, nodes = zones_of(cluster), int(cluster.get("InstanceCount", 1))
    small = is_burstable(cluster.get("InstanceType")) or is_burstable(cluster.get("DedicatedMasterType"))
    if nodes < zones:
        raise invalid(
            f"You must choose a minimum of {_NUMBERS[zones]} data nodes for a {_NUMBERS[zones]} Availability Zone deployment."
        )
    if zones == 2 and nodes % 2 != 0:
        raise invalid("You must choose an even number of data nodes for a two Availability Zone deployment.")
    if cluster.get("MultiAZWithStandbyEnabled") and (
        zones != 3 or nodes % 3 != 0 or cluster.get("DedicatedMasterCount") != 3 or small
    ):
        raise invalid(
            "Multi-AZ with Standby requires three Availability Zones, data nodes in a multiple of three, three "
            "dedicated master nodes and supported instance types."
        )
    if auto_tune.get("DesiredState") == "ENABLED" and small:
        raise invalid(
            "Autotune is not supported in t2/t3 instance types. Disable autotune or change your instance type."
        )


def _check_network(backend: Any, vpc: dict[str, Any], cluster: dict[str, Any]) -> None:
    if not vpc:
        return
    roles = iam_backends[backend.account_id][backend.partition].get_roles()
    if not any(role.name == SERVICE_LINKED_ROLE for role in roles):
        raise invalid(
            "Before you can proceed, you must enable a service-linked role to give Amazon OpenSearch Service "
            "permissions to access your VPC."
        )
    zones, subnet_ids = zones_of(cluster), vpc.get("SubnetIds") or []
    if len(subnet_ids) != zones:
        number = f"{_NUMBERS[zones]} subnet{'s' if zones > 1 else ''}"
        reason = f" because you've set zone count to {_NUMBERS[zones]}" if zones > 1 else ""
        raise invalid(f"You must specify exactly {number}{reason}.")
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    try:
        subnets = [ec2.get_subnet(id_) for id_ in subnet_ids]
    except EC2ClientError as error:
        raise invalid(f"Invalid subnet: {error.message}") from error
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise invalid("Subnets must be in the same VPC.")
    if len({subnet.availability_zone for subnet in subnets}) < zones:
        raise invalid("Subnets must be in different Availability Zones.")
    if foreign := ec2.foreign_group(vpc.get("SecurityGroupIds"), subnets[0].vpc_id):
        raise invalid(f"Invalid security group: {foreign} does not exist in {subnets[0].vpc_id}")


def _check_security(options: dict[str, Any]) -> None:
    security = options["advanced_security_options"]
    if not security.get("Enabled"):
        if (options["log_publishing_options"].get("AUDIT_LOGS") or {}).get("Enabled"):
            raise invalid("To enable audit logs, you must first enable advanced security options.")
        return
    sound = (
        options["encryption_at_rest_options"].get("Enabled")
        and options["node_to_node_encryption_options"].get("Enabled")
        and options["domain_endpoint_options"].get("EnforceHTTPS")
    )
    if not sound:
        raise invalid(
            "Fine-grained access control requires encryption at rest, node-to-node encryption and HTTPS for all "
            "traffic to the domain."
        )


def _check_policy(backend: Any, document: Any) -> None:
    """Principals have to exist: AWS resolves them when it stores the policy."""
    if not document:
        return
    roles = {role.arn for role in iam_backends[backend.account_id][backend.partition].get_roles()}
    own = f"arn:{backend.partition}:iam::{backend.account_id}:role/"
    for statement in statements_of(document):
        principal = statement.get("Principal")
        for arn in as_list(principal.get("AWS")) if isinstance(principal, dict) else []:
            if arn.startswith(own) and arn not in roles:
                raise invalid(f"Error setting policy: [{document}]", "InvalidTypeException")


def _check_logs(backend: Any, domain_name: str, publishing: dict[str, Any]) -> None:
    """Each log group must be there, and a resource policy of CloudWatch Logs must let this domain write to it."""
    logs: Any = logs_backends[backend.account_id][backend.region_name]
    documents = [policy.policy_document for policy in logs.describe_resource_policies()]
    source = f"arn:{backend.partition}:es:{backend.region_name}:{backend.account_id}:domain/{domain_name}"
    context = {"aws:SourceAccount": backend.account_id, "aws:SourceArn": source}
    for option in publishing.values():
        if option.get("Enabled") is False:
            continue
        arn = str(option.get("CloudWatchLogsLogGroupArn", "")).removesuffix(":*")
        name = arn.partition(":log-group:")[2]
        call = {"service": "es.amazonaws.com", "resource": f"{arn}:log-stream:{domain_name}", "context": context}
        if name not in logs.groups or not all(allows(documents, action, **call) for action in _LOG_ACTIONS):
            raise invalid(
                f"The Resource Access Policy specified for the CloudWatch Logs log group {name} does not grant "
                "sufficient permissions for Amazon OpenSearch Service to create a log stream. Please check the "
                "Resource Access Policy."
            )
