import {
    CreateFlowLogsCommand,
    DeleteFlowLogsCommand,
    DescribeFlowLogsCommand,
    type LogDestinationType,
    type TrafficType,
} from "@aws-sdk/client-ec2";
import type { FlowLogArgs, FlowLogState } from "@pulumi/aws/ec2/flowLog";

import { retryWhile } from "../../server/clock";
import { arn, integer, oneOf, string } from "../../server/property";
import { resource } from "../resource";
import { ec2, ec2Arn, notFound, tagEc2, tagsFrom, tagSpecifications } from "./support";

/** What a flow log can watch, of which it has exactly one. */
const SUBJECTS = { vpcId: "VPC", subnetId: "Subnet", eniId: "NetworkInterface" } as const;
type SubjectName = keyof typeof SUBJECTS;
const subjectNames = Object.keys(SUBJECTS) as SubjectName[];

/** How long a new role may take until it can be assumed, in seconds; the official provider's. */
const IAM_PROPAGATION_SECONDS = 120;

/** Flow logs to CloudWatch Logs and S3. */
export const flowLog = resource<FlowLogArgs, FlowLogState>({
    noun: "EC2 Flow Log",
    properties: {
        eniId: string({ forceNew: true }),
        iamRoleArn: string({ forceNew: true, validate: arn }),
        logDestination: string({ computed: true, forceNew: true, validate: arn, same: sameDestination }),
        logDestinationType: string({
            default: "cloud-watch-logs",
            forceNew: true,
            validate: oneOf("cloud-watch-logs", "s3"),
        }),
        logFormat: string({ computed: true, forceNew: true }),
        maxAggregationInterval: integer({ default: 600, forceNew: true, validate: oneOf(60, 600) }),
        subnetId: string({ forceNew: true }),
        trafficType: string({ forceNew: true, validate: oneOf("ACCEPT", "REJECT", "ALL") }),
        vpcId: string({ forceNew: true }),
    },
    check(inputs, isUnknown) {
        const given = subjectNames.filter((name) => inputs[name] !== undefined || isUnknown(name));
        return given.length === 1
            ? []
            : [`exactly one of [${subjectNames.join(", ")}] must be set, got [${given.join(", ")}]`];
    },
    async create(inputs, context) {
        const name = subjectNames.find((candidate) => inputs[candidate] !== undefined) ?? "vpcId";
        const command = new CreateFlowLogsCommand({
            ResourceIds: [inputs[name] ?? ""],
            ResourceType: SUBJECTS[name],
            DeliverLogsPermissionArn: inputs.iamRoleArn,
            // The ARN of a log group may come with its streams; EC2 wants it without.
            LogDestination: inputs.logDestination?.replace(/:\*$/, ""),
            LogDestinationType: inputs.logDestinationType as LogDestinationType,
            LogFormat: inputs.logFormat,
            MaxAggregationInterval: inputs.maxAggregationInterval,
            TagSpecifications: tagSpecifications("vpc-flow-log", context),
            TrafficType: inputs.trafficType as TrafficType,
        });
        const notAssumableYet = (error: unknown) => /Unable to assume given IAM role/.test(String(error));
        const patience = { ...context, timeoutSeconds: IAM_PROPAGATION_SECONDS };
        const { FlowLogIds, Unsuccessful } = await retryWhile(notAssumableYet, patience, () =>
            ec2(context).send(command),
        );
        const error = Unsuccessful?.[0]?.Error;
        if (error) throw new Error(`${error.Code}: ${error.Message}`);
        return FlowLogIds![0]!;
    },
    async read(id, context) {
        const command = new DescribeFlowLogsCommand({ FlowLogIds: [id] });
        const found = (await ec2(context).send(command)).FlowLogs?.[0];
        if (!found) return undefined;
        const subject = found.ResourceId ?? "";
        const when = (prefix: string) => (subject.startsWith(prefix) ? subject : "");
        return {
            arn: ec2Arn(context, await context.accountId(), `vpc-flow-log/${id}`),
            deliverCrossAccountRole: found.DeliverCrossAccountRole ?? "",
            eniId: when("eni-"),
            iamRoleArn: found.DeliverLogsPermissionArn ?? "",
            logDestination: found.LogDestination ?? "",
            logDestinationType: found.LogDestinationType,
            logFormat: found.LogFormat,
            maxAggregationInterval: found.MaxAggregationInterval,
            subnetId: when("subnet-"),
            tags: tagsFrom(found.Tags),
            trafficType: found.TrafficType,
            vpcId: when("vpc-"),
        };
    },
    tag: tagEc2,
    async delete(id, _state, context) {
        const { Unsuccessful } = await ec2(context).send(new DeleteFlowLogsCommand({ FlowLogIds: [id] }));
        const error = Unsuccessful?.[0]?.Error;
        if (error?.Code) throw notFound(error.Code, error.Message ?? "");
    },
});

function sameDestination(a: unknown, b: unknown): boolean {
    return String(a).replace(/:\*$/, "") === String(b).replace(/:\*$/, "");
}
