import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { dashboardBody, type DashboardContent } from "../../../components/observability/dashboard";

const NOTHING: DashboardContent = { region: "eu-west-1", alarmArns: [] };
const ALL: DashboardContent = {
    region: "eu-west-1",
    alarmArns: ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:any"],
    neptune: { clusterIdentifier: "lab-graph" },
    opensearch: { domainName: "lab-search", accountId: "123456789012" },
    pulsar: { clusterName: "lab", instances: [{ name: "broker-1", instanceId: "i-1" }] },
    sagemaker: { homeEfsFileSystemId: "fs-1" },
    natGatewayIds: ["nat-a", "nat-b"],
};

interface Widget {
    readonly type: string;
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly properties: { readonly metrics?: unknown[] };
}
const widgets = (content: DashboardContent) =>
    (JSON.parse(dashboardBody(content)) as { widgets: Widget[] }).widgets;

describe("dashboard", () => {
    it("is exactly this where everything is watched", () => {
        const golden = join(__dirname, "golden", "dashboard.json");
        const body: unknown = JSON.parse(dashboardBody(ALL));
        if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, JSON.stringify(body));
        assert.deepEqual(body, JSON.parse(readFileSync(golden, "utf8")));
    });

    it("shows the alarms alone where nothing else is", () => {
        assert.deepEqual(
            widgets(NOTHING).map(({ type }) => type),
            ["alarm"],
        );
        assert.equal(widgets({ ...NOTHING, natGatewayIds: [] }).length, 1);
    });

    it("fits CloudWatch's grid, and no widget covers another", () => {
        const all = widgets(ALL);
        for (const { x, y, width, height } of all) {
            assert.ok(x >= 0 && y >= 0 && x + width <= 24, `${x} ${y}`);
            assert.ok(width > 0 && height > 0);
        }
        const overlap = (a: Widget, b: Widget) =>
            a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
        for (const [index, widget] of all.entries())
            assert.ok(!all.slice(index + 1).some((other) => overlap(widget, other)), String(index));
    });

    it("draws something in every graph", () => {
        for (const { type, properties } of widgets(ALL))
            if (type === "metric") assert.notEqual(properties.metrics?.length, 0);
    });
});
