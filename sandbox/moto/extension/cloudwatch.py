"""CloudWatch: composite alarms, and the tags of an alarm go with it.

moto has no PutCompositeAlarm, and a new alarm of an old name gets the old one's tags.
AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

import re
from types import ModuleType

from moto.cloudwatch import urls
from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import CloudWatchBackend as MotoCloudWatchBackend
from moto.cloudwatch.models import cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse as MotoCloudWatchResponse
from moto.core.responses import ActionResult

_NAMES = re.compile(r"\b(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*\"?([^\")]+?)\"?\s*\)")


class CloudWatchBackend(MotoCloudWatchBackend):
    """One region's CloudWatch."""

    @property
    def _url_module(self) -> ModuleType:
        # moto looks for it beside the module of the class.
        return urls

    def delete_alarms(self, alarm_names: list[str]) -> None:
        for name in alarm_names:
            if name in self.alarms:
                self.tagger.delete_all_tags_for_resource(self.alarms[name].alarm_arn)
        super().delete_alarms(alarm_names)


class CloudWatchResponse(MotoCloudWatchResponse):
    """The CloudWatch API."""

    def put_composite_alarm(self) -> ActionResult:
        names = _NAMES.findall(self._get_param("AlarmRule"))
        for name in names:
            known = {key for alarm in self.cloudwatch_backend.alarms.values() for key in (alarm.name, alarm.alarm_arn)}
            if name not in known:
                raise ValidationError(
                    f"Could not save the composite alarm as alarms [{name}] in the alarm rule do not exist"
                )
        return super().put_metric_alarm()


def install() -> None:
    """Put ours in moto's place."""
    cloudwatch_backends.backend = CloudWatchBackend
    urls.url_paths["{0}/$"] = CloudWatchResponse.dispatch
