import { brotliCompressSync, brotliDecompressSync } from "node:zlib";

import { hasUnknown, UNKNOWN } from "../../lib/dynamic/unknown";
import type { FlowIntent } from "../flow";
import { endpointFlows, groupFlows, type NetworkIntent, type SubnetIntent } from "../intent";
import type { Stage } from "../messages";

/**
 * The part of the intent that a stage needs, as it is kept in Pulumi's state: compressed JSON, because a check pays for its bytes
 * twice, in its inputs and in its outputs (Pulumi passes only outputs to read and delete). Two of them are compared by what they hold: the
 * compression differs between versions of Node.
 */
export type PackedIntent = string;

type StageIntent = Partial<Omit<NetworkIntent, "region" | "vpcId">> & Pick<NetworkIntent, "ownerTags">;

/** @returns the engine's mark for an unknown value when anything in the intent is unknown. */
export function packIntent(stage: Stage, intent: NetworkIntent): PackedIntent {
    if (hasUnknown(intent)) return UNKNOWN;
    const { flows = [], ...part } = PARTS[stage](intent);
    const text = JSON.stringify({ ...part, flows: columnsOf(flows) });
    return brotliCompressSync(text).toString("base64");
}

/** @throws {StoredEarlierError} when it was stored by a version of the program that packed in another way. */
export function unpackIntent(region: string, vpcId: string, packed: unknown): NetworkIntent {
    if (!isPackedIntent(packed)) throw new StoredEarlierError();
    const text = brotliDecompressSync(Buffer.from(packed, "base64")).toString();
    const { flows, ...part } = JSON.parse(text) as Omit<StageIntent, "flows"> & {
        flows: Columns<FlowIntent>;
    };
    return {
        region,
        vpcId,
        subnets: [],
        natGateways: [],
        gatewayEndpoints: [],
        interfaceEndpoints: [],
        flows: rowsOf(flows),
        ...part,
    };
}

/** Earlier versions stored an object with a line of text for each thing. */
export function isPackedIntent(stored: unknown): stored is PackedIntent {
    return typeof stored === "string";
}

export class StoredEarlierError extends Error {
    constructor() {
        super("it was stored by an earlier version of this program: run `pulumi up` once");
        this.name = "StoredEarlierError";
    }
}

const PARTS: Readonly<Record<Stage, (intent: NetworkIntent) => StageIntent>> = {
    vpc: ({ internetGatewayId, natGateways, ownerTags }) => ({
        ...(internetGatewayId === undefined ? {} : { internetGatewayId }),
        natGateways,
        ownerTags,
    }),
    routes: (intent) => ({
        ...PARTS.vpc(intent),
        subnets: intent.subnets,
        gatewayEndpoints: intent.gatewayEndpoints.map(({ policy: _, ...endpoint }) => endpoint),
        flows: portsOf(intent.flows),
    }),
    dns: ({ interfaceEndpoints, ownerTags }) => ({
        interfaceEndpoints: interfaceEndpoints.map(({ service, vpcEndpointId }) => ({
            service,
            vpcEndpointId,
            subnetIds: [],
            securityGroupIds: [],
        })),
        ownerTags,
    }),
    "security-groups": (intent) => ({
        // Where a middlebox is, rules name the addresses of subnets.
        subnets: intent.subnets.map(placeOf),
        flows: groupFlows(intent),
        ...(intent.networkInterfaces === undefined ? {} : { networkInterfaces: intent.networkInterfaces }),
        ownerTags: intent.ownerTags,
    }),
    endpoints: (intent) => ({
        subnets: intent.subnets.map(placeOf),
        gatewayEndpoints: intent.gatewayEndpoints.map((endpoint) => ({ ...endpoint, routeTableIds: [] })),
        interfaceEndpoints: intent.interfaceEndpoints,
        flows: endpointFlows(intent),
        ownerTags: intent.ownerTags,
    }),
    services: ({ natGateways, services, subnets, ownerTags }) => ({
        natGateways,
        ...(services === undefined ? {} : { services }),
        ...(services?.sageMakerDomainId === undefined
            ? {}
            : { subnets: subnets.filter(({ tier }) => tier === "public").map(placeOf) }),
        ownerTags,
    }),
};

/** A subnet without its routes. */
function placeOf({ subnetId, tier, availabilityZone }: SubnetIntent): SubnetIntent {
    return { subnetId, tier, availabilityZone, routeTableId: "" };
}

/** What a network ACL sees of the flows: protocol, ports, and whether they leave the VPC. Each once, without names and groups. */
function portsOf(flows: readonly FlowIntent[]): FlowIntent[] {
    const all = flows.map(({ destination, protocol, ports }): FlowIntent => ({
        from: "",
        to: "",
        sourceGroupId: "",
        destination: "service" in destination ? destination : { securityGroupId: "" },
        protocol,
        ports,
        description: "",
    }));
    return [...new Map(all.map((flow) => [JSON.stringify(flow), flow])).values()];
}

/** A table by its columns. The dozens of flows of a lab compress better so, by a tenth. */
type Columns<Row> = { [Key in keyof Row]: Row[Key][] };

function columnsOf<Row extends object>(rows: readonly Row[]): Columns<Row> {
    const keys = Object.keys(rows[0] ?? {}) as (keyof Row)[];
    return Object.fromEntries(keys.map((key) => [key, rows.map((row) => row[key])])) as Columns<Row>;
}

function rowsOf<Row extends object>(columns: Columns<Row>): Row[] {
    const entries = Object.entries(columns) as [keyof Row, Row[keyof Row][]][];
    return (entries[0]?.[1] ?? []).map(
        (_, index) => Object.fromEntries(entries.map(([key, column]) => [key, column[index]])) as Row,
    );
}
