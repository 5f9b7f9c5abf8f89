import {
    type Exposure,
    exposure as survey,
    type ExposureReport,
    parseIntents,
    parseSnapshot,
} from "../../checks/analyze";
import { UsageError } from "../errors";
import { about, asInput, readInput } from "../files";
import { options } from "../options";
import { takeRegionSnapshot } from "../snapshot/take";
import { declaredBy } from "./declared";

/**
 * `lab exposure`: what can be reached, held against what is meant to be: by a file, or by what a deployed stack declares, in the
 * network that it declares it for.
 */
export async function exposure(args: readonly string[], print: (text: string) => void): Promise<void> {
    const { values, on } = options(args, ["snapshot", "intents", "stack", "region", "vpc"], ["json"]);
    if (values.stack !== undefined && values.intents !== undefined)
        throw new UsageError("give --stack, whose checks declare what is meant, or --intents");
    const declared = values.stack === undefined ? undefined : await declaredBy(values.stack);
    const given = values.intents === undefined ? [] : await readInput(values.intents, parseIntents);
    const intents = declared?.intents ?? given;
    const snapshot =
        values.snapshot === undefined
            ? await takeRegionSnapshot(values.region ?? declared?.region, values.vpc ?? declared?.vpcId)
            : await readInput(values.snapshot, parseSnapshot);
    const report = about(values.snapshot ?? "the snapshot", () => asInput(() => survey(snapshot, intents)));
    print(on.has("json") ? JSON.stringify(report, undefined, 2) : render(report));
}

function render({ unintended, worldOpen, intents, counts }: ExposureReport): string {
    const failing = intents.filter(({ verdict }) => verdict !== "REACHABLE");
    return [
        `${unintended.length} reachable that no intent asks for`,
        ...unintended.map(renderExposure),
        ...worldOpen.map(({ code, message }) => `  [${code}] ${message}`),
        `${intents.length - failing.length} of ${intents.length} intents reachable`,
        ...failing.flatMap(({ id, verdict, explanations, reason }) => [
            `  ${verdict}  ${id}${reason === undefined ? "" : `: ${reason}`}`,
            ...explanations.map(({ code, message }) => `      [${code}] ${message}`),
        ]),
        `${counts.interfaces} network interfaces of ${counts.classes} kinds, ${counts.judged} pairs judged`,
        ...(counts.undecided === 0
            ? []
            : [`${counts.undecided} of them could not be decided: whether they are exposed is not known`]),
    ].join("\n");
}

function renderExposure({ source, destination, protocol, ports, pairs, example }: Exposure): string {
    const range = ports.from === ports.to ? ports.from : `${ports.from}-${ports.to}`;
    return `  ${source} reaches ${destination} on ${protocol} ${range}: ${pairs} pairs, such as ${example.source} to ${example.destination}`;
}
