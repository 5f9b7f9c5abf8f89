import { createAnalyzer, parseEndText, parseFlows, parseSnapshot } from "../../checks/analyze";
import type { Flow } from "../../checks/flow";
import { withTexts } from "../../checks/render";
import type { Snapshot } from "../../checks/snapshot/types";
import { BadInputError, UsageError } from "../errors";
import { about, asInput, readInput } from "../files";
import type { Place, Print } from "../options";
import { takeRegionSnapshot } from "../snapshot/take";
import { renderVerdict } from "./render";

export interface DiagnoseOptions extends Place {
    readonly from?: string;
    readonly to?: string;
    readonly port?: string;
    readonly protocol: string;
    readonly flows?: string;
    readonly snapshot?: string;
    readonly json?: boolean;
}

/**
 * `lab diagnose`: analyzes flows, from a file or from the command line, over a snapshot, from a file or taken now. When all could be
 * analyzed it exits with 0, whatever the verdicts.
 */
export async function diagnose(options: DiagnoseOptions, print: Print): Promise<void> {
    const flows = await readFlows(options);
    const snapshot =
        options.snapshot === undefined
            ? await takeRegionSnapshot(options.region, options.vpc)
            : await readInput(options.snapshot, parseSnapshot);
    const verdicts = judge(snapshot, flows, options.snapshot ?? "the snapshot");
    const isSingle = options.flows === undefined;
    const unknown = isSingle && verdicts[0]?.explanations.find(({ code }) => code === "UNKNOWN_RESOURCE");
    if (unknown && [options.from, options.to].includes(unknown.component))
        throw new BadInputError(
            `${unknown.component} is not in ${options.snapshot ?? `region ${snapshot.region}`}`,
        );
    print(
        options.json
            ? JSON.stringify(verdicts.map(withTexts), undefined, 2)
            : verdicts.map((verdict, index) => renderVerdict(flows[index], verdict)).join("\n\n"),
    );
}

function judge(snapshot: Snapshot, flows: readonly Flow[], file: string) {
    const analyzer = about(file, () => asInput(() => createAnalyzer(snapshot)));
    return flows.map((flow) => analyzer.analyze(flow));
}

async function readFlows({ flows, from, to, port, protocol }: DiagnoseOptions): Promise<Flow[]> {
    if (flows !== undefined) {
        if (from !== undefined || to !== undefined)
            throw new UsageError("give either --flows, or --from and --to");
        return readInput(flows, parseFlows);
    }
    if (from === undefined || to === undefined)
        throw new UsageError("give --from and --to, or --flows with a file");
    return about("command line", () => {
        const source = parseEndText(from, "--from");
        const destination = parseEndText(to, "--to");
        const flow = { id: `${from} to ${to}`, source, destination, protocol };
        return parseFlows(JSON.stringify([port === undefined ? flow : { ...flow, port: Number(port) }]));
    });
}
