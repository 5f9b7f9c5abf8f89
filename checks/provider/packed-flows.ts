import { brotliCompressSync, brotliDecompressSync } from "node:zlib";

import { type FlowIntent, rangeText } from "../flow";

/**
 * Flows as they are kept in Pulumi's state. A lab has dozens of them with a sentence each, and a check pays for its bytes twice.
 * Names and sentences repeat, so that each is kept once and the flows name them by number, and the text of it is compressed:
 * 70 flows between 12 groups take 1 KB instead of 14.
 */

/** One line for each column of the table of flows; a tab between the values. */
interface Columns {
    /** Ids of groups, or services. */
    ends: string[];
    /** By what name the ids of flows call each of them. */
    names: string[];
    descriptions: string[];
    sources: string[];
    destinations: string[];
    /** "443", "8192-65535", "53/udp" */
    ports: string[];
    /** Which description each flow has. */
    texts: string[];
    /** Empty. The states of earlier versions have a flow's id here when it did not follow from the rest. */
    ids: string[];
}

const COLUMNS = [
    "ends",
    "names",
    "descriptions",
    "sources",
    "destinations",
    "ports",
    "texts",
    "ids",
] as const satisfies readonly (keyof Columns)[];

export function packFlows(flows: readonly FlowIntent[]): string {
    if (flows.length === 0) return "";
    const columns: Columns = {
        ends: [],
        names: [],
        descriptions: [],
        sources: [],
        destinations: [],
        ports: [],
        texts: [],
        ids: [],
    };
    const { ends, names, descriptions } = columns;
    const endOf = (id: string, name: string): string => {
        const known = ends.findIndex((end, index) => end === id && names[index] === name);
        if (known >= 0) return String(known);
        names.push(name);
        return String(ends.push(id) - 1);
    };
    for (const { from, to, protocol, ports, description, sourceGroupId, destination } of flows) {
        if (!descriptions.includes(description)) descriptions.push(description);
        columns.sources.push(endOf(sourceGroupId, from));
        columns.destinations.push(
            endOf("service" in destination ? destination.service : destination.securityGroupId, to),
        );
        columns.ports.push(`${rangeText(ports)}${protocol === "udp" ? "/udp" : ""}`);
        columns.texts.push(String(descriptions.indexOf(description)));
        columns.ids.push("");
    }
    const text = COLUMNS.map((name) => columns[name].join("\t")).join("\n");
    return brotliCompressSync(text).toString("base64");
}

/** @throws when the text is none that {@link packFlows} writes. */
export function unpackFlows(packed: string): FlowIntent[] {
    if (packed === "") return [];
    const lines = brotliDecompressSync(Buffer.from(packed, "base64")).toString().split("\n");
    const columns = Object.fromEntries(
        COLUMNS.map((name, index) => [name, lines[index]?.split("\t") ?? []]),
    ) as unknown as Columns;
    /** Without a name, the id of the group. */
    const nameOf = (end: number) =>
        (columns.names[end] === "" ? columns.ends[end] : columns.names[end]) ?? "";
    return columns.sources.map((source, index): FlowIntent => {
        const destination = Number(columns.destinations[index]);
        const target = columns.ends[destination] ?? "";
        const [range = "", protocol] = (columns.ports[index] ?? "").split("/");
        const [from = 0, to = from] = range.split("-").map(Number);
        return {
            from: nameOf(Number(source)),
            to: nameOf(destination),
            sourceGroupId: columns.ends[Number(source)] ?? "",
            destination: target.startsWith("sg-") ? { securityGroupId: target } : { service: target },
            protocol: protocol === "udp" ? ("udp" as const) : ("tcp" as const),
            ports: { from, to },
            description: columns.descriptions[Number(columns.texts[index])] ?? "",
        };
    });
}
