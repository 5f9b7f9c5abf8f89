import type { Change, GetHostedZoneResponse, VPCRegion } from "@aws-sdk/client-route-53";
import type { ZoneArgs, ZoneState } from "@pulumi/aws/route53/zone";

import { text } from "../../server/property";
import { sameMembers } from "../../server/values";
import { tagList } from "../api";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { bareName, change, changeRecords, recordSets, sameName } from "./support";

interface ZoneVpc {
    vpcId: string;
    vpcRegion?: string;
}

/** Hosted zones, public ones and private ones. */
export const zone = resource<ZoneArgs, ZoneState, GetHostedZoneResponse>("route53/zone:Zone", {
    noun: "Route 53 Hosted Zone",
    fixed: ["name"],
    remembered: ["forceDestroy"],
    inputs: {
        comment: { default: "Managed by Pulumi", validate: text(256) },
        forceDestroy: { default: false },
        name: { validate: text(1024), same: sameName },
        vpcs: { same: sameVpcs },
    },
    only: { enableAcceleratedRecovery: false },
    autoname: { property: "name", maxLength: 255 },
    names: { comment: "HostedZone.Config.Comment" },
    find: describe,
    async outputs({ HostedZone, DelegationSet, VPCs = [] }, id, context) {
        const name = bareName(HostedZone?.Name);
        // The name servers of a private zone stand in its NS record.
        const nameServers = DelegationSet?.NameServers ?? (await apexValues(id, name, "NS", context));
        const [start] = await apexValues(id, name, "SOA", context);
        return {
            arn: `arn:${context.partition}:route53:::hostedzone/${id}`,
            comment: HostedZone?.Config?.Comment ?? "",
            delegationSetId: cleanId(DelegationSet?.Id),
            name,
            nameServers: nameServers.map(bareName).sort(),
            primaryNameServer: bareName(start?.split(" ")[0] ?? nameServers[0]),
            vpcs: VPCs.map(({ VPCId = "", VPCRegion = "" }) => ({ vpcId: VPCId, vpcRegion: VPCRegion })),
            zoneId: id,
        };
    },
    async create(inputs, context) {
        const [first] = vpcsOf(inputs, context);
        const { HostedZone } = await context.aws.route53.createHostedZone({
            Name: inputs.name,
            // Of this creation alone: a zone may have a name that another one has.
            CallerReference: `${inputs.name}-${context.clock.now()}-${context.clock.random()}`,
            HostedZoneConfig: { Comment: inputs.comment },
            VPC: first && { VPCId: first.vpcId, VPCRegion: first.vpcRegion as VPCRegion },
        });
        return cleanId(HostedZone?.Id);
    },
    async settle(id, inputs, context) {
        const AddTags = tagList(context.tags);
        if (AddTags.length > 0) await changeTags(id, { AddTags }, context);
        await putVpcs(id, vpcsOf(inputs, context), context);
    },
    async update(id, news, { changed }, context) {
        if (changed.has("comment"))
            await context.aws.route53.updateHostedZoneComment({ Id: id, Comment: news.comment ?? "" });
        if (changed.has("vpcs")) await putVpcs(id, vpcsOf(news, context), context);
    },
    tags: {
        async read({ id }, { aws }) {
            const request = { ResourceType: "hostedzone", ResourceId: id } as const;
            return (await aws.route53.listTagsForResource(request)).ResourceTagSet?.Tags;
        },
        put: ({ id }, AddTags, context) => changeTags(id, { AddTags }, context),
        remove: ({ id }, RemoveTagKeys, context) => changeTags(id, { RemoveTagKeys }, context),
    },
    async delete(id, { forceDestroy }, context) {
        if (forceDestroy) await removeRecords(id, context);
        await context.aws.route53.deleteHostedZone({ Id: id });
    },
});

const cleanId = (id = ""): string => id.replace(/^\/(hostedzone|delegationset)\//, "");

function describe(Id: string, { aws }: AwsContext): Promise<GetHostedZoneResponse> {
    return aws.route53.getHostedZone({ Id });
}

const changeTags = (
    ResourceId: string,
    tags: { AddTags?: { Key: string; Value: string }[]; RemoveTagKeys?: string[] },
    { aws }: AwsContext,
) => aws.route53.changeTagsForResource({ ResourceType: "hostedzone", ResourceId, ...tags });

/** A VPC without a region is in the provider's, which a comparison of two inputs knows by the VPC's id alone. */
function sameVpcs(a: unknown, b: unknown): boolean {
    const [left, right] = [a, b].map((list) => (list ?? []) as ZoneVpc[]) as [ZoneVpc[], ZoneVpc[]];
    const regionsKnown = [...left, ...right].every(({ vpcRegion }) => vpcRegion !== undefined);
    const key = ({ vpcId, vpcRegion }: ZoneVpc) => (regionsKnown ? `${vpcRegion} ${vpcId}` : vpcId);
    return sameMembers(left.map(key), right.map(key));
}

const vpcsOf = ({ vpcs = [] }: { vpcs?: ZoneVpc[] }, { region }: AwsContext): Required<ZoneVpc>[] =>
    vpcs.map(({ vpcId, vpcRegion = region }) => ({ vpcId, vpcRegion }));

/** Associates the zone with these VPCs and no other; the new ones first, as a private zone is never without any. */
async function putVpcs(
    HostedZoneId: string,
    wanted: Required<ZoneVpc>[],
    context: AwsContext,
): Promise<void> {
    const { route53 } = context.aws;
    const { VPCs = [] } = await describe(HostedZoneId, context);
    for (const { vpcId, vpcRegion } of wanted) {
        if (VPCs.some(({ VPCId }) => VPCId === vpcId)) continue;
        const VPC = { VPCId: vpcId, VPCRegion: vpcRegion as VPCRegion };
        await change(context, () => route53.associateVPCWithHostedZone({ HostedZoneId, VPC }));
    }
    for (const VPC of VPCs)
        if (!wanted.some(({ vpcId }) => vpcId === VPC.VPCId))
            await change(context, () => route53.disassociateVPCFromHostedZone({ HostedZoneId, VPC }));
}

/** Deletes the records of a zone, but for the two that make it one. */
async function removeRecords(id: string, context: AwsContext): Promise<void> {
    const changes: Change[] = [];
    for await (const record of recordSets(id, context))
        if (record.Type !== "NS" && record.Type !== "SOA")
            changes.push({ Action: "DELETE", ResourceRecordSet: record });
    if (changes.length > 0) await changeRecords(id, changes, context);
}

async function apexValues(id: string, name: string, type: string, context: AwsContext): Promise<string[]> {
    for await (const { Name, ResourceRecords = [], Type } of recordSets(id, context))
        if (Type === type && bareName(Name) === name)
            return ResourceRecords.flatMap(({ Value }) => Value ?? []);
    return [];
}
