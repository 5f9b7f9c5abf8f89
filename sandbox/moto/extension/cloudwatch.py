"""CloudWatch: composite alarms, and the tags of an alarm go with it.

moto has no PutCompositeAlarm, and a new alarm of an old name gets the old one's tags.
AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

import re

from moto.cloudwatch.exceptions import ValidationError
from moto.core.responses import ActionResult

_NAMES = re.compile(r"\b(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*\"?([^\")]+?)\"?\s*\)")


class Backend:
    def delete_alarms(self, alarm_names: list[str]) -> None:
        for name in alarm_names:
            if name in self.alarms:
                self.tagger.delete_all_tags_for_resource(self.alarms[name].alarm_arn)
        super().delete_alarms(alarm_names)


class Responses:
    def put_composite_alarm(self) -> ActionResult:
        known = {key for alarm in self.cloudwatch_backend.alarms.values() for key in (alarm.name, alarm.alarm_arn)}
        for name in _NAMES.findall(self._get_param("AlarmRule")):
            if name not in known:
                raise ValidationError(
                    f"Could not save the composite alarm as alarms [{name}] in the alarm rule do not exist"
                )
        return super().put_metric_alarm()
