import {
    GetHostedZoneCommand,
    ListHostedZonesByVPCCommand,
    ListResourceRecordSetsCommand,
    Route53Client,
    type RRType,
    type VPCRegion,
} from "@aws-sdk/client-route-53";

import { type Finders, onlyOne, text, unlessMissing } from "../finder";

/** A domain name without its final dot, in lower case, as two of them are compared. */
const bare = (name: unknown): string => text(name).toLowerCase().replace(/\.$/, "");

export const finders: Finders = {
    // A zone gets its tags after its creation, but a VPC cannot have two zones of one name.
    "aws:route53/zone:Zone": async ({ name, vpcs }, aws, known) => {
        const [vpc] = (vpcs ?? []) as { vpcId: string; vpcRegion?: string }[];
        if (!vpc)
            throw new Error("the name of a public zone is not unique, so it cannot be told from others");
        const found: string[] = [];
        // The SDK has no paginator for this.
        let NextToken: string | undefined;
        do {
            const page = await aws.client(Route53Client).send(
                new ListHostedZonesByVPCCommand({
                    VPCId: vpc.vpcId,
                    VPCRegion: (vpc.vpcRegion ?? aws.region) as VPCRegion,
                    NextToken,
                }),
            );
            for (const { HostedZoneId = "", Name } of page.HostedZoneSummaries ?? []) {
                const id = HostedZoneId.replace(/^\/hostedzone\//, "");
                if (bare(Name) === bare(name) && !known.has(id)) found.push(id);
            }
            ({ NextToken } = page);
        } while (NextToken);
        return onlyOne(found);
    },
    "aws:route53/record:Record": async ({ zoneId, name, type, setIdentifier }, aws) => {
        const client = aws.client(Route53Client);
        const HostedZoneId = text(zoneId);
        const zone = (await unlessMissing(client.send(new GetHostedZoneCommand({ Id: HostedZoneId }))))
            ?.HostedZone;
        if (!zone) return undefined;
        // A name that does not end with the zone's name is relative to the zone.
        const [inZone, given] = [bare(zone.Name), bare(name)];
        const full = given === inZone || given.endsWith(`.${inZone}`) ? given : `${given}.${inZone}`;
        const { ResourceRecordSets } = await client.send(
            new ListResourceRecordSetsCommand({
                HostedZoneId,
                StartRecordName: full,
                StartRecordType: text(type) as RRType,
            }),
        );
        const exists = ResourceRecordSets?.some(
            (record) =>
                bare(record.Name) === full &&
                record.Type === type &&
                (record.SetIdentifier ?? undefined) === setIdentifier,
        );
        const parts = [zoneId, given, type, ...(setIdentifier === undefined ? [] : [setIdentifier])];
        return exists ? parts.map(text).join("_") : undefined;
    },
};
