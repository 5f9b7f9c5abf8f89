"""CloudWatch: composite alarms, and the tags of an alarm go with it.

moto has no PutCompositeAlarm, and a new alarm of an old name gets the old one's tags.
AlarmRule: at most 100 child alarms and 500 elements (child alarms, TRUE or FALSE, parentheses), in 10,240 characters.
AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

import re

from moto.cloudwatch.exceptions import ValidationError
from moto.core.responses import ActionResult

_NAMES = re.compile(r"\b(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*\"?([^\")]+?)\"?\s*\)")
_MOST_CHILDREN, _MOST_ELEMENTS, _MOST_CHARACTERS = 100, 500, 10_240


class Backend:
    def delete_alarms(self, alarm_names: list[str]) -> None:
        for name in alarm_names:
            if name in self.alarms:
                self.tagger.delete_all_tags_for_resource(self.alarms[name].alarm_arn)
        super().delete_alarms(alarm_names)


class Responses:
    def put_composite_alarm(self) -> ActionResult:
        known = {key for alarm in self.cloudwatch_backend.alarms.values() for key in (alarm.name, alarm.alarm_arn)}
        rule = self._get_param("AlarmRule")
        names = _NAMES.findall(rule)
        elements = len(names) + len(re.findall(r"\b(?:TRUE|FALSE)\b|[()]", _NAMES.sub("", rule)))
        if len(set(names)) > _MOST_CHILDREN or elements > _MOST_ELEMENTS or len(rule) > _MOST_CHARACTERS:
            raise ValidationError(
                f"AlarmRule has {len(set(names))} child alarms, {elements} elements and {len(rule)} characters; at most "
                f"{_MOST_CHILDREN}, {_MOST_ELEMENTS} and {_MOST_CHARACTERS} are allowed"
            )
        for name in names:
            if name not in known:
                raise ValidationError(
                    f"Could not save the composite alarm as alarms [{name}] in the alarm rule do not exist"
                )
        return super().put_metric_alarm()
