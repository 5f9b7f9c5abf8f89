import {
    type Exposure,
    exposure as survey,
    type ExposureReport,
    parseIntents,
    parseSnapshot,
} from "../../checks/analyze";
import { about, asInput, readInput } from "../files";
import type { Place, Print } from "../options";
import { takeRegionSnapshot } from "../snapshot/take";
import { declaredBy } from "./declared";

export interface ExposureOptions extends Place {
    readonly stack?: string;
    readonly intents?: string;
    readonly snapshot?: string;
    readonly json?: boolean;
}

/**
 * `lab exposure`: compares what is reachable with what is intended: by a file, or by the checks of a deployed stack, in the network of
 * that stack.
 */
export async function exposure(options: ExposureOptions, print: Print): Promise<void> {
    const declared = options.stack === undefined ? undefined : await declaredBy(options.stack);
    const given = options.intents === undefined ? [] : await readInput(options.intents, parseIntents);
    const intents = declared?.intents ?? given;
    const snapshot =
        options.snapshot === undefined
            ? await takeRegionSnapshot(options.region ?? declared?.region, options.vpc ?? declared?.vpcId)
            : await readInput(options.snapshot, parseSnapshot);
    const report = about(options.snapshot ?? "the snapshot", () => asInput(() => survey(snapshot, intents)));
    print(options.json ? JSON.stringify(report, undefined, 2) : render(report));
}

function render({ unintended, worldOpen, intents, counts }: ExposureReport): string {
    const failing = intents.filter(({ verdict }) => verdict !== "REACHABLE");
    return [
        `${unintended.length} reachable but not intended`,
        ...unintended.map(renderExposure),
        ...worldOpen.map(({ code, message }) => `  [${code}] ${message}`),
        `${intents.length - failing.length} of ${intents.length} intents reachable`,
        ...failing.flatMap(({ id, verdict, explanations, reason }) => [
            `  ${verdict}  ${id}${reason === undefined ? "" : `: ${reason}`}`,
            ...explanations.map(({ code, message }) => `      [${code}] ${message}`),
        ]),
        `${counts.interfaces} network interfaces in ${counts.classes} classes; ${counts.judged} pairs of classes analyzed`,
        ...(counts.undecided === 0
            ? []
            : [`${counts.undecided} of these pairs could not be decided, so their exposure is unknown`]),
    ].join("\n");
}

function renderExposure({ source, destination, protocol, ports, pairs, example }: Exposure): string {
    const range = ports.from === ports.to ? ports.from : `${ports.from}-${ports.to}`;
    return `  ${source} reaches ${destination} on ${protocol} ${range}: ${pairs} pairs, such as ${example.source} to ${example.destination}`;
}
