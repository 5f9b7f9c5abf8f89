import type { FlowLog } from "@aws-sdk/client-ec2";
import type { FlowLogArgs, FlowLogState } from "@pulumi/aws/ec2/flowLog";

import { arn, oneOf } from "../../server/property";
import { propagated } from "../propagation";
import { resource } from "../resource";
import { exactlyOneOf } from "../rules";
import { words } from "../text";
import { ec2Arn, ec2Tags, notFound, tagSpecifications } from "./support";

/** What a flow log can watch, of which it has exactly one. */
const SUBJECTS = { vpcId: "VPC", subnetId: "Subnet", eniId: "NetworkInterface" } as const;
const subjects = words("vpcId subnetId eniId");

/** The ARN of a log group may come with its streams; EC2 wants it without. */
const bare = (destination: unknown) => String(destination).replace(/:\*$/, "");

/** Flow logs to CloudWatch Logs and S3. */
export const flowLog = resource<FlowLogArgs, FlowLogState, FlowLog>("ec2/flowLog:FlowLog", {
    noun: "EC2 Flow Log",
    fixed: words(
        "eniId subnetId vpcId iamRoleArn logDestination logDestinationType",
        "logFormat maxAggregationInterval trafficType",
    ),
    inputs: {
        iamRoleArn: { validate: arn },
        logDestination: { validate: arn, same: (a, b) => bare(a) === bare(b) },
        logDestinationType: { default: "cloud-watch-logs", validate: oneOf("cloud-watch-logs", "s3") },
        maxAggregationInterval: { default: 600, validate: oneOf(60, 600) },
        trafficType: { validate: oneOf("ACCEPT", "REJECT", "ALL") },
    },
    rules: [exactlyOneOf(subjects)],
    names: { iamRoleArn: "DeliverLogsPermissionArn" },
    find: async (id, { aws }) => (await aws.ec2.describeFlowLogs({ FlowLogIds: [id] })).FlowLogs?.[0],
    async outputs({ ResourceId = "" }, id, context) {
        const subject = (prefix: string) => (ResourceId.startsWith(prefix) ? ResourceId : "");
        return {
            arn: ec2Arn(context, await context.accountId(), `vpc-flow-log/${id}`),
            eniId: subject("eni-"),
            subnetId: subject("subnet-"),
            vpcId: subject("vpc-"),
        };
    },
    async create(inputs, context) {
        const name = subjects.find((candidate) => inputs[candidate] !== undefined) ?? "vpcId";
        const { FlowLogIds, Unsuccessful } = await propagated(
            context,
            (error) => /Unable to assume given IAM role/.test(String(error)),
            () =>
                context.aws.ec2.createFlowLogs({
                    ResourceIds: [inputs[name] ?? ""],
                    ResourceType: SUBJECTS[name],
                    DeliverLogsPermissionArn: inputs.iamRoleArn,
                    LogDestination: inputs.logDestination && bare(inputs.logDestination),
                    LogDestinationType: inputs.logDestinationType as FlowLog["LogDestinationType"],
                    LogFormat: inputs.logFormat,
                    MaxAggregationInterval: inputs.maxAggregationInterval,
                    TagSpecifications: tagSpecifications("vpc-flow-log", context),
                    TrafficType: inputs.trafficType as FlowLog["TrafficType"],
                }),
        );
        const error = Unsuccessful?.[0]?.Error;
        if (error) throw new Error(`${error.Code}: ${error.Message}`);
        return FlowLogIds?.[0];
    },
    tags: ec2Tags,
    async delete(id, _state, { aws }) {
        const { Unsuccessful } = await aws.ec2.deleteFlowLogs({ FlowLogIds: [id] });
        const error = Unsuccessful?.[0]?.Error;
        if (error?.Code) throw notFound(error.Code, error.Message ?? "");
    },
});
