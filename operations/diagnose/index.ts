import { createAnalyzer, parseEndText, parseFlows, parseSnapshot } from "../../checks/analyze";
import type { Flow, FlowProtocol } from "../../checks/flow";
import type { Snapshot } from "../../checks/snapshot/types";
import { BadInputError, UsageError } from "../errors";
import { about, asInput, readInput } from "../files";
import { options } from "../options";
import { takeRegionSnapshot } from "../snapshot/take";
import { renderVerdict } from "./render";

/**
 * `lab diagnose`: judges flows, of a file or one from the command line, over a snapshot, of a file or taken now. It exits with 0
 * when all were judged, whatever the verdicts.
 */
export async function diagnose(args: readonly string[], print: (text: string) => void): Promise<void> {
    const names = ["snapshot", "flows", "from", "to", "port", "protocol", "region", "vpc"];
    const { values, on } = options(args, names, ["json"]);
    const flows = await readFlows(values);
    const snapshot =
        values.snapshot === undefined
            ? await takeRegionSnapshot(values.region, values.vpc)
            : await readInput(values.snapshot, parseSnapshot);
    const verdicts = judge(snapshot, flows, values.snapshot ?? "the snapshot");
    const isAsked = values.flows === undefined;
    const unknown = isAsked && verdicts[0]?.explanations.find(({ code }) => code === "UNKNOWN_RESOURCE");
    if (unknown && [values.from, values.to].includes(unknown.component))
        throw new BadInputError(
            `${unknown.component} is not in ${values.snapshot ?? `region ${snapshot.region}`}`,
        );
    print(
        on.has("json")
            ? JSON.stringify(verdicts, undefined, 2)
            : verdicts.map((verdict, index) => renderVerdict(flows[index], verdict)).join("\n\n"),
    );
}

function judge(snapshot: Snapshot, flows: readonly Flow[], file: string) {
    const analyzer = about(file, () => asInput(() => createAnalyzer(snapshot)));
    return flows.map((flow) => analyzer.analyze(flow));
}

async function readFlows(values: Partial<Record<string, string>>): Promise<Flow[]> {
    const { flows, from, to } = values;
    if (flows !== undefined) {
        if (from !== undefined || to !== undefined) throw new UsageError("give --flows, or --from and --to");
        return readInput(flows, parseFlows);
    }
    if (from === undefined || to === undefined)
        throw new UsageError("--flows FILE, or --from and --to, are missing");
    const protocol = values.protocol ?? "tcp";
    const port = values.port === undefined ? undefined : Number(values.port);
    return about("command line", () => {
        const source = parseEndText(from, "--from");
        const destination = parseEndText(to, "--to");
        const id = `${from} to ${to}`;
        return parseFlows(
            JSON.stringify([{ id, source, destination, protocol: protocol as FlowProtocol, port }]),
        );
    });
}
