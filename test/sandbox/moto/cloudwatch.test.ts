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

    // API_PutCompositeAlarm, AlarmRule: as many as 100 child alarms.
    it("takes at most 100 child alarms in one composite alarm", async function () {
        this.timeout(START_TIMEOUT_MS);
        const client = new CloudWatchClient(await clientSettings());
        const put = (AlarmName: string, AlarmRule: string) =>
            client.send(new PutCompositeAlarmCommand({ AlarmName, AlarmRule }));
        const names = Array.from({ length: 101 }, (_, index) => `moto-child-${index}`);
        for (const name of names) await put(name, "FALSE");
        const any = (children: readonly string[]) => children.map((name) => `ALARM("${name}")`).join(" OR ");
        await refused(put("moto-parent", any(names)), "ValidationException", /101 child alarms/);
        await put("moto-parent", any(names.slice(1)));
        await client.send(new DeleteAlarmsCommand({ AlarmNames: ["moto-parent"] }));
        for (let at = 0; at < names.length; at += 100) {
            await client.send(new DeleteAlarmsCommand({ AlarmNames: names.slice(at, at + 100) }));
        }
    });
});
