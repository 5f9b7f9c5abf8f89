import type { ResourceRecordSet, RRType } from "@aws-sdk/client-route-53";
import type { RecordArgs, RecordState } from "@pulumi/aws/route53/record";

import { between, oneOf, text } from "../../server/property";
import type { AwsContext } from "../context";
import { isError } from "../propagation";
import { resource } from "../resource";
import { needs } from "../rules";
import { idParts } from "../text";
import { bareName, changeRecords, recordSets, sameName } from "./support";

/** A name may have underscores. */
const parts = idParts(/^([^_]+)_(.+)_([A-Z]+)$/, "ZONEID_RECORDNAME_TYPE", "zoneId", "name", "type");

/** Simple records, which lead to values; those that lead to a resource of AWS, or by a policy, are not done. */
export const record = resource<RecordArgs, RecordState, ResourceRecordSet>("route53/record:Record", {
    noun: "Route 53 Record",
    fixed: ["name", "zoneId"],
    plain: ["allowOverwrite", "records"],
    inputs: {
        name: { validate: text(1024), same: sameName },
        ttl: { validate: between(0, 2_147_483_647) },
        type: {
            validate: oneOf("A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SPF", "SRV", "TXT"),
        },
    },
    rules: [
        needs("records", "; other kinds of records are not implemented"),
        needs("ttl", ' with "records"'),
    ],
    find,
    outputs: ({ Name, ResourceRecords = [] }, id, _context, known) => {
        // The type changes in place, and the id then still has the first one.
        const { zoneId, name, type, allowOverwrite = false } = { ...parts(id), ...known };
        const records = ResourceRecords.map(({ Value = "" }) => unquoted(type, Value));
        return { allowOverwrite, fqdn: bareName(Name), name, records, type, zoneId };
    },
    async create(inputs, context) {
        const Action = inputs.allowOverwrite ? "UPSERT" : "CREATE";
        const ResourceRecordSet = await wanted(inputs as Wanted, context);
        await changeRecords(inputs.zoneId, [{ Action, ResourceRecordSet }], context);
        return `${inputs.zoneId}_${bareName(inputs.name)}_${inputs.type}`;
    },
    async update(id, news, { olds, changed }, context) {
        const ResourceRecordSet = await wanted(news as Wanted, context);
        const former = changed.has("type") && olds.type ? await find(id, context, olds) : undefined;
        const removal = former ? [{ Action: "DELETE" as const, ResourceRecordSet: former }] : [];
        await changeRecords(parts(id).zoneId, [...removal, { Action: "UPSERT", ResourceRecordSet }], context);
    },
    async delete(id, state, context) {
        const found = await find(id, context, state);
        if (!found) return;
        try {
            const removal = { Action: "DELETE" as const, ResourceRecordSet: found };
            await changeRecords(parts(id).zoneId, [removal], context);
        } catch (error) {
            if (!isError("InvalidChangeBatch", /was not found/)(error)) throw error;
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

/** A name in full: one that does not end in the zone's name is meant in the zone. */
async function expandedName(Id: string, name: string, { aws }: AwsContext): Promise<string> {
    const { HostedZone } = await aws.route53.getHostedZone({ Id });
    const [zoneName, bare] = [bareName(HostedZone?.Name), bareName(name)];
    if (bare === "") return zoneName;
    return bare === zoneName || bare.endsWith(`.${zoneName}`) ? bare : `${bare}.${zoneName}`;
}

const wanted = async (
    { zoneId, name, records, ttl, type }: Wanted,
    context: AwsContext,
): Promise<ResourceRecordSet> => ({
    Name: await expandedName(zoneId, name, context),
    Type: type as RRType,
    TTL: ttl,
    ResourceRecords: records.map((value) => ({ Value: isText(type) ? `"${value}"` : value })),
});

async function find(
    id: string,
    context: AwsContext,
    known: { name?: string; type?: string },
): Promise<ResourceRecordSet | undefined> {
    const { zoneId, name, type } = { ...parts(id), ...known };
    const fqdn = await expandedName(zoneId, name, context);
    for await (const found of recordSets(zoneId, context)) {
        const isSimple = found.SetIdentifier === undefined;
        if (isSimple && found.Type === type && bareName(found.Name) === fqdn) return found;
    }
    return undefined;
}

/** Texts stand in quotes in Route 53, and without them in a program. */
const isText = (type: string): boolean => type === "TXT" || type === "SPF";
const unquoted = (type: string, value: string) => (isText(type) ? value.replace(/^"|"$/g, "") : value);
