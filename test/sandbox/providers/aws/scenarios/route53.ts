import {
    ChangeResourceRecordSetsCommand,
    CreateHostedZoneCommand,
    DisassociateVPCFromHostedZoneCommand,
    Route53Client,
    UpdateHostedZoneCommentCommand,
} from "@aws-sdk/client-route-53";

import { type Scenario, type Surroundings, tagged } from "../scenario";
import { given, REGION } from "../support";

export const ROUTE53_SCENARIOS: readonly Scenario[] = [
    {
        token: "aws:route53/zone:Zone",
        inputs: async (around) => ({
            name: "lab.internal",
            vpcs: [
                { vpcId: around.vpcId, vpcRegion: REGION },
                { vpcId: await around.otherVpcId(), vpcRegion: REGION },
            ],
            ...tagged("zone"),
        }),
        outputs: { comment: "Managed by Pulumi", delegationSetId: "" },
        update: async (around) => ({
            comment: "names of the lab",
            forceDestroy: true,
            vpcs: [{ vpcId: await around.otherVpcId(), vpcRegion: REGION }],
            ...tagged("renamed"),
        }),
        replace: {
            inputs: async () => ({ name: "lab.example" }),
            replaces: ["name"],
        },
        drift: {
            inject: async (around, { id, inputs }) => {
                const client = around.client(Route53Client);
                await client.send(new UpdateHostedZoneCommentCommand({ Id: id, Comment: "by hand" }));
                const [, vpc] = inputs.vpcs as { vpcId: string }[];
                const VPC = { VPCId: vpc?.vpcId, VPCRegion: REGION } as const;
                await client.send(new DisassociateVPCFromHostedZoneCommand({ HostedZoneId: id, VPC }));
            },
            shows: ["comment", "vpcs"],
        },
        notImported: ["forceDestroy"],
    },
    {
        token: "aws:route53/record:Record",
        inputs: async (around) => ({
            zoneId: await zoneId(around, "records.internal"),
            name: "broker.records.internal",
            type: "A",
            ttl: 60,
            records: ["10.0.1.7", "10.0.1.8"],
        }),
        outputs: { fqdn: "broker.records.internal", allowOverwrite: false },
        update: async () => ({ ttl: 30, type: "CNAME", records: ["other.records.internal"] }),
        replace: {
            inputs: async () => ({ name: "proxy.records.internal" }),
            replaces: ["name"],
        },
        drift: {
            inject: (around, { inputs }) =>
                around.client(Route53Client).send(
                    new ChangeResourceRecordSetsCommand({
                        HostedZoneId: inputs.zoneId as string,
                        ChangeBatch: {
                            Changes: [
                                {
                                    Action: "UPSERT",
                                    ResourceRecordSet: {
                                        Name: inputs.name as string,
                                        Type: "A",
                                        TTL: 5,
                                        ResourceRecords: [{ Value: "10.0.1.9" }],
                                    },
                                },
                            ],
                        },
                    }),
                ),
            shows: ["records", "ttl"],
        },
    },
];

async function zoneId(around: Surroundings, Name: string): Promise<string> {
    const VPC = { VPCId: around.vpcId, VPCRegion: REGION } as const;
    const command = new CreateHostedZoneCommand({ Name, VPC, CallerReference: around.vpcId });
    const { HostedZone } = await around.client(Route53Client).send(command);
    return given(HostedZone?.Id).replace("/hostedzone/", "");
}
