import {
    DeleteDashboardsCommand,
    GetDashboardCommand,
    PutDashboardCommand,
} from "@aws-sdk/client-cloudwatch";
import type { DashboardArgs, DashboardState } from "@pulumi/aws/cloudwatch/dashboard";

import { json, string, text } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { cloudwatch } from "./alarm-support";

export const dashboard = resource<DashboardArgs, DashboardState>({
    noun: "CloudWatch Dashboard",
    properties: {
        dashboardBody: json({ required: true }),
        dashboardName: string({
            required: true,
            forceNew: true,
            validate: text(255, /^[A-Za-z0-9_-]+$/, "only alphanumeric characters, - and _ are allowed"),
        }),
    },
    async create({ dashboardName, dashboardBody }, context) {
        await put(dashboardName, dashboardBody, context);
        return dashboardName;
    },
    async read(id, context) {
        const found = await cloudwatch(context).send(new GetDashboardCommand({ DashboardName: id }));
        return {
            dashboardArn: found.DashboardArn,
            dashboardBody: found.DashboardBody,
            dashboardName: found.DashboardName,
        };
    },
    update: (id, { dashboardBody }, _change, context) => put(id, dashboardBody, context),
    async delete(id, _state, context) {
        await cloudwatch(context).send(new DeleteDashboardsCommand({ DashboardNames: [id] }));
    },
});

async function put(DashboardName: string, DashboardBody: string, context: AwsContext): Promise<void> {
    await cloudwatch(context).send(new PutDashboardCommand({ DashboardName, DashboardBody }));
}
