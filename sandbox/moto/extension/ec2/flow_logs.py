"""Flow logs: a log group can be named by its ARN, and both names are shown.

moto takes a log group named by ARN for one that does not exist.
AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.flow_logs import FlowLogs as FlowLog

from .errors import invalid_parameter

_LOG_GROUP = ":log-group:"


class FlowLogs:
    """Part of the EC2 backend."""

    def create_flow_logs(self: Any, **arguments: Any) -> tuple[list[FlowLog], list[Any]]:
        name, destination = arguments["log_group_name"], arguments["log_destination"]
        if arguments["log_destination_type"] in (None, "cloud-watch-logs"):
            if destination and _LOG_GROUP not in destination:
                raise invalid_parameter(f"LogDestination: {destination} is not the ARN of a log group")
            if name is None and destination:
                arguments["log_group_name"] = destination.split(_LOG_GROUP, 1)[1].removesuffix(":*")
            elif name:
                prefix = f"arn:{self.partition}:logs:{self.region_name}:{self.account_id}"
                arguments["log_destination"] = f"{prefix}{_LOG_GROUP}{name}"
        return super().create_flow_logs(**arguments)  # type: ignore[misc]


class FlowLogResponses:
    """Part of the EC2 responses."""

    def delete_flow_logs(self: Any) -> ActionResult:
        super().delete_flow_logs()  # type: ignore[misc]
        return ActionResult({"Unsuccessful": []})
