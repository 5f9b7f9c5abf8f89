import { GetHostedZoneCommand, type ResourceRecordSet, type RRType } from "@aws-sdk/client-route-53";
import type { RecordArgs, RecordState } from "@pulumi/aws/route53/record";

import { errorCode } from "../../server/errors";
import { between, boolean, integer, oneOf, set, string, text } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { bareName, changeRecords, recordSets, route53, sameName } from "./support";

/** Simple records, which lead to values; those that lead to a resource of AWS, or by a policy, are not done. */
export const record = resource<RecordArgs, RecordState>({
    noun: "Route 53 Record",
    properties: {
        allowOverwrite: boolean({ computed: true }),
        name: string({
            required: true,
            forceNew: true,
            validate: text(1024),
            same: sameName,
        }),
        records: set(),
        ttl: integer({ validate: between(0, 2_147_483_647) }),
        type: string({
            required: true,
            validate: oneOf("A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SPF", "SRV", "TXT"),
        }),
        zoneId: string({ required: true, forceNew: true }),
    },
    regional: false,
    check: ({ records, ttl }, isUnknown) => [
        ...(!records?.length && !isUnknown("records")
            ? ['Missing required argument: "records" is required; other kinds of records are not implemented']
            : []),
        ...(ttl === undefined && !isUnknown("ttl")
            ? ['Missing required argument: "ttl" is required with "records"']
            : []),
    ],
    async create(inputs, context) {
        const Action = inputs.allowOverwrite ? "UPSERT" : "CREATE";
        const ResourceRecordSet = await wanted(inputs as Wanted, context);
        await changeRecords(inputs.zoneId, [{ Action, ResourceRecordSet }], context);
        return `${inputs.zoneId}_${bareName(inputs.name)}_${inputs.type}`;
    },
    async read(id, context, known) {
        const { zoneId, ...parsed } = parseId(id);
        const name = known.name ?? parsed.name;
        // The type changes in place, and the id then still has the first one.
        const type = known.type ?? parsed.type;
        const fqdn = await expandedName(zoneId, name, context);
        const found = await find(zoneId, fqdn, type, context);
        if (!found) return undefined;
        return {
            allowOverwrite: known.allowOverwrite ?? false,
            fqdn,
            name,
            records: (found.ResourceRecords ?? []).map(({ Value = "" }) => unquoted(type, Value)),
            ttl: found.TTL,
            type,
            zoneId,
        };
    },
    async update(id, news, { olds, changed }, context) {
        const ResourceRecordSet = await wanted(news as Wanted, context);
        const { zoneId } = parseId(id);
        const former =
            changed.has("type") && olds.type
                ? await find(zoneId, ResourceRecordSet.Name ?? "", olds.type, context)
                : undefined;
        const removal = former ? [{ Action: "DELETE" as const, ResourceRecordSet: former }] : [];
        await changeRecords(zoneId, [...removal, { Action: "UPSERT", ResourceRecordSet }], context);
    },
    async delete(id, { name, type }, context) {
        const { zoneId, ...parsed } = parseId(id);
        const fqdn = await expandedName(zoneId, name ?? parsed.name, context);
        const found = await find(zoneId, fqdn, type ?? parsed.type, context);
        if (!found) return;
        try {
            await changeRecords(zoneId, [{ Action: "DELETE", ResourceRecordSet: found }], context);
        } catch (error) {
            const isGone =
                errorCode(error).startsWith("InvalidChangeBatch") && /was not found/.test(String(error));
            if (!isGone) throw error;
        }
    },
});

interface Wanted {
    name: string;
    records: string[];
    ttl: number;
    type: string;
    zoneId: string;
}

/** Takes `<zone>_<name>_<type>` apart; a name may have underscores. */
function parseId(id: string): { zoneId: string; name: string; type: string } {
    const parts = /^([^_]+)_(.+)_([A-Z]+)$/.exec(id);
    if (!parts) throw new Error(`unexpected format for ID (${id}), expected ZONEID_RECORDNAME_TYPE`);
    const [, zoneId = "", name = "", type = ""] = parts;
    return { zoneId, name, type };
}

/** A name in full: one that does not end in the zone's name is meant in the zone. */
async function expandedName(zoneId: string, name: string, context: AwsContext): Promise<string> {
    const { HostedZone } = await route53(context).send(new GetHostedZoneCommand({ Id: zoneId }));
    const [zoneName, bare] = [bareName(HostedZone?.Name), bareName(name)];
    if (bare === "") return zoneName;
    return bare === zoneName || bare.endsWith(`.${zoneName}`) ? bare : `${bare}.${zoneName}`;
}

async function wanted(
    { zoneId, name, records, ttl, type }: Wanted,
    context: AwsContext,
): Promise<ResourceRecordSet> {
    return {
        Name: await expandedName(zoneId, name, context),
        Type: type as RRType,
        TTL: ttl,
        ResourceRecords: records.map((value) => ({ Value: quoted(type, value) })),
    };
}

async function find(
    zoneId: string,
    fqdn: string,
    type: string,
    context: AwsContext,
): Promise<ResourceRecordSet | undefined> {
    for await (const found of recordSets(zoneId, context)) {
        const isSimple = found.SetIdentifier === undefined;
        if (isSimple && found.Type === type && bareName(found.Name) === fqdn) return found;
    }
    return undefined;
}

/** Texts stand in quotes in Route 53, and without them in a program. */
const isText = (type: string) => type === "TXT" || type === "SPF";
const quoted = (type: string, value: string) => (isText(type) ? `"${value}"` : value);
const unquoted = (type: string, value: string) => (isText(type) ? value.replace(/^"|"$/g, "") : value);
