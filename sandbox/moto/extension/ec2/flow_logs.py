"""Flow logs: a log group can be named by its ARN, and both names are shown.

moto takes a log group named by ARN for one that does not exist.
AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html
"""

from typing import Any

from moto.core.responses import ActionResult

from .errors import invalid_parameter

_LOG_GROUP = ":log-group:"


class Backend:
    def create_flow_logs(self, **arguments: Any) -> Any:
        name, destination = arguments["log_group_name"], arguments["log_destination"]
        if arguments["log_destination_type"] in (None, "cloud-watch-logs"):
            if destination and _LOG_GROUP not in destination:
                raise invalid_parameter(f"LogDestination: {destination} is not the ARN of a log group")
            if name is None and destination:
                arguments["log_group_name"] = destination.split(_LOG_GROUP, 1)[1].removesuffix(":*")
            elif name:
                prefix = f"arn:{self.partition}:logs:{self.region_name}:{self.account_id}"
                arguments["log_destination"] = f"{prefix}{_LOG_GROUP}{name}"
        return super().create_flow_logs(**arguments)


class Responses:
    def delete_flow_logs(self) -> ActionResult:
        super().delete_flow_logs()
        return ActionResult({"Unsuccessful": []})
