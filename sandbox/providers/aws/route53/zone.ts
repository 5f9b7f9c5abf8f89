import {
    AssociateVPCWithHostedZoneCommand,
    ChangeTagsForResourceCommand,
    CreateHostedZoneCommand,
    DeleteHostedZoneCommand,
    DisassociateVPCFromHostedZoneCommand,
    GetHostedZoneCommand,
    ListTagsForResourceCommand,
    UpdateHostedZoneCommentCommand,
    type VPCRegion,
} from "@aws-sdk/client-route-53";
import type { ZoneArgs, ZoneState } from "@pulumi/aws/route53/zone";

import { boolean, only, set, string, text } from "../../server/property";
import type { TagChange } from "../../server/tags";
import { sameMembers } from "../../server/values";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { bareName, change, recordSets, removeRecords, route53, sameName } from "./support";

interface ZoneVpc {
    vpcId: string;
    vpcRegion?: string;
}

/** Hosted zones, public ones and private ones. */
export const zone = resource<ZoneArgs, ZoneState>({
    noun: "Route 53 Hosted Zone",
    properties: {
        comment: string({ default: "Managed by Pulumi", validate: text(256) }),
        enableAcceleratedRecovery: { ...only("boolean", false), computed: true },
        forceDestroy: boolean({ default: false }),
        name: string({
            computed: true,
            forceNew: true,
            validate: text(1024),
            same: sameName,
        }),
        vpcs: set({ same: sameVpcs }),
    },
    regional: false,
    autoname: { property: "name", maxLength: 255 },
    async create(inputs, context) {
        const [first] = vpcsOf(inputs, context);
        const { HostedZone } = await route53(context).send(
            new CreateHostedZoneCommand({
                Name: inputs.name,
                // Of this creation alone: a zone may have a name that another one has.
                CallerReference: `${inputs.name}-${context.clock.now()}-${context.clock.random()}`,
                HostedZoneConfig: { Comment: inputs.comment },
                VPC: first && { VPCId: first.vpcId, VPCRegion: first.vpcRegion as VPCRegion },
            }),
        );
        return cleanId(HostedZone!.Id!);
    },
    async settle(id, inputs, context) {
        if (Object.keys(context.tags).length > 0)
            await tagZone(id, { put: context.tags, remove: [] }, context);
        await putVpcs(id, vpcsOf(inputs, context), context);
    },
    async read(id, context) {
        const { HostedZone: found, DelegationSet, VPCs = [] } = await describe(id, context);
        if (!found) return undefined;
        const name = bareName(found.Name);
        const nameServers = [...(DelegationSet?.NameServers ?? (await ownNameServers(id, name, context)))];
        const { ResourceTagSet } = await route53(context).send(
            new ListTagsForResourceCommand({ ResourceType: "hostedzone", ResourceId: id }),
        );
        return {
            arn: `arn:${context.partition}:route53:::hostedzone/${id}`,
            comment: found.Config?.Comment ?? "",
            delegationSetId: cleanId(DelegationSet?.Id ?? ""),
            enableAcceleratedRecovery: false,
            name,
            nameServers: nameServers.map(bareName).sort(),
            primaryNameServer: (await primaryNameServer(id, name, context)) ?? nameServers[0] ?? "",
            tags: Object.fromEntries(
                (ResourceTagSet?.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]),
            ),
            vpcs: VPCs.map(({ VPCId = "", VPCRegion = "" }) => ({ vpcId: VPCId, vpcRegion: VPCRegion })),
            zoneId: id,
        };
    },
    async update(id, news, { changed }, context) {
        if (changed.has("comment")) {
            const command = new UpdateHostedZoneCommentCommand({ Id: id, Comment: news.comment ?? "" });
            await route53(context).send(command);
        }
        if (changed.has("vpcs")) await putVpcs(id, vpcsOf(news, context), context);
    },
    tag: tagZone,
    async delete(id, { forceDestroy }, context) {
        if (forceDestroy) await removeRecords(id, context);
        await route53(context).send(new DeleteHostedZoneCommand({ Id: id }));
    },
});

const cleanId = (id: string) => id.replace(/^\/(hostedzone|delegationset)\//, "");

const describe = (Id: string, context: AwsContext) => route53(context).send(new GetHostedZoneCommand({ Id }));

/** A VPC without a region is in the provider's, which a comparison of two inputs knows by the VPC's id alone. */
function sameVpcs(a: unknown, b: unknown): boolean {
    const [left, right] = [a, b].map((list) => (list ?? []) as ZoneVpc[]) as [ZoneVpc[], ZoneVpc[]];
    const regionsKnown = [...left, ...right].every(({ vpcRegion }) => vpcRegion !== undefined);
    const key = ({ vpcId, vpcRegion }: ZoneVpc) => (regionsKnown ? `${vpcRegion} ${vpcId}` : vpcId);
    return sameMembers(left.map(key), right.map(key));
}

function vpcsOf({ vpcs = [] }: { vpcs?: unknown }, { region }: AwsContext): Required<ZoneVpc>[] {
    return (vpcs as ZoneVpc[]).map(({ vpcId, vpcRegion = region }) => ({ vpcId, vpcRegion }));
}

/** Associates the zone with these VPCs and no other; the new ones first, as a private zone is never without any. */
async function putVpcs(
    HostedZoneId: string,
    wanted: Required<ZoneVpc>[],
    context: AwsContext,
): Promise<void> {
    const { VPCs = [] } = await describe(HostedZoneId, context);
    const isPresent = ({ vpcId }: ZoneVpc) => VPCs.some(({ VPCId }) => VPCId === vpcId);
    for (const { vpcId, vpcRegion } of wanted.filter((vpc) => !isPresent(vpc))) {
        const VPC = { VPCId: vpcId, VPCRegion: vpcRegion as VPCRegion };
        await change(context, () =>
            route53(context).send(new AssociateVPCWithHostedZoneCommand({ HostedZoneId, VPC })),
        );
    }
    for (const VPC of VPCs.filter(({ VPCId }) => !wanted.some(({ vpcId }) => vpcId === VPCId))) {
        await change(context, () =>
            route53(context).send(new DisassociateVPCFromHostedZoneCommand({ HostedZoneId, VPC })),
        );
    }
}

async function tagZone(id: string, { put, remove }: TagChange, context: AwsContext): Promise<void> {
    const tags = Object.entries(put).map(([Key, Value]) => ({ Key, Value }));
    await route53(context).send(
        new ChangeTagsForResourceCommand({
            ResourceType: "hostedzone",
            ResourceId: id,
            // Route 53 takes no empty lists.
            AddTags: tags.length > 0 ? tags : undefined,
            RemoveTagKeys: remove.length > 0 ? remove : undefined,
        }),
    );
}

/** The name servers of a private zone stand in its NS record. */
async function ownNameServers(id: string, name: string, context: AwsContext): Promise<string[]> {
    return (await apexValues(id, name, "NS", context)).map(bareName);
}

async function primaryNameServer(id: string, name: string, context: AwsContext): Promise<string | undefined> {
    const [soa] = await apexValues(id, name, "SOA", context);
    return soa === undefined ? undefined : bareName(soa.split(" ")[0]);
}

async function apexValues(id: string, name: string, type: string, context: AwsContext): Promise<string[]> {
    for await (const record of recordSets(id, context)) {
        if (record.Type === type && bareName(record.Name) === name)
            return (record.ResourceRecords ?? []).flatMap(({ Value }) => Value ?? []);
    }
    return [];
}
