import * as assert from "node:assert/strict";
import {
    CloudWatchClient,
    DeleteAlarmsCommand,
    DescribeAlarmsCommand,
    PutCompositeAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import { clientSettings, refused } from "./support/network";
import { START_TIMEOUT_MS } from "./support/server";

describe("sandbox/moto CloudWatch", () => {
    it("keeps composite alarms apart, and refuses one of an alarm that there is not", async function () {
        this.timeout(START_TIMEOUT_MS);
        const client = new CloudWatchClient(await clientSettings());
        const put = (AlarmName: string, AlarmRule: string) =>
            client.send(new PutCompositeAlarmCommand({ AlarmName, AlarmRule }));
        await refused(put("moto-any", 'ALARM("no such alarm")'), "ValidationException", /no such alarm/);
        await put("moto-any", "FALSE");
        const found = await client.send(
            new DescribeAlarmsCommand({ AlarmNames: ["moto-any"], AlarmTypes: ["CompositeAlarm"] }),
        );
        assert.deepEqual(
            found.CompositeAlarms?.map(({ AlarmName, AlarmRule }) => [AlarmName, AlarmRule]),
            [["moto-any", "FALSE"]],
        );
        assert.deepEqual(found.MetricAlarms ?? [], []);
        await client.send(new DeleteAlarmsCommand({ AlarmNames: ["moto-any"] }));
    });
});
