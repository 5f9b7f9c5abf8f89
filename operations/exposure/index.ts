import {
    type Exposure,
    exposure as survey,
    type ExposureReport,
    type FlowVerdict,
    parseIntents,
    parseSnapshot,
} from "../../checks/analyze";
import { explanationText, reasonText, withMessage, withTexts } from "../../checks/render";
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
    const { worldOpen, intents: verdicts, ...rest } = report;
    const json = { ...rest, worldOpen: worldOpen.map(withMessage), intents: verdicts.map(withTexts) };
    print(options.json ? JSON.stringify(json, undefined, 2) : render(report));
}

function render({ unintended, worldOpen, intents, counts }: ExposureReport): string {
    const failing = intents.filter(({ verdict }) => verdict !== "REACHABLE");
    return [
        `${unintended.length} reachable but not intended`,
        ...unintended.map(renderExposure),
        ...worldOpen.map((one) => `  [${one.code}] ${explanationText(one)}`),
        `${intents.length - failing.length} of ${intents.length} intents reachable`,
        ...failing.flatMap(renderFailing),
        `${counts.interfaces} network interfaces in ${counts.classes} classes; ${counts.judged} pairs of classes analyzed`,
        ...(counts.undecided === 0
            ? []
            : [`${counts.undecided} of these pairs could not be decided, so their exposure is unknown`]),
    ].join("\n");
}

function renderFailing(verdict: FlowVerdict): string[] {
    const reason = reasonText(verdict);
    return [
        `  ${verdict.verdict}  ${verdict.id}${reason === undefined ? "" : `: ${reason}`}`,
        ...verdict.explanations.map((one) => `      [${one.code}] ${explanationText(one)}`),
    ];
}

function renderExposure({ source, destination, protocol, ports, pairs, example }: Exposure): string {
    const range = ports.from === ports.to ? ports.from : `${ports.from}-${ports.to}`;
    return `  ${source} reaches ${destination} on ${protocol} ${range}: ${pairs} pairs, such as ${example.source} to ${example.destination}`;
}
