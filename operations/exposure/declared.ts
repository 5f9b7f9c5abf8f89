import { type NamedGroupFlow, withFlowId } from "../../checks/flow";
import { isPackedIntent, unpackIntent } from "../../checks/provider/packed-intent";
import { BadInputError } from "../errors";
import { runPulumi } from "../pulumi";

/** The flows that a deployed stack intends, as its connectivity checks keep them in the state. */
export interface Declared {
    readonly region: string;
    readonly vpcId: string;
    readonly intents: readonly NamedGroupFlow[];
}

/** @throws {BadInputError} when there is no such stack, or it has no checks. */
export async function declaredBy(stack: string): Promise<Declared> {
    return readDeclared(await exportOf(stack), stack);
}

async function exportOf(stack: string): Promise<string> {
    try {
        return await runPulumi(["stack", "export", "--stack", stack, "--non-interactive"]);
    } catch (error) {
        const { message } = error as Error;
        if (/no stack named/.test(message))
            throw new BadInputError(
                `--stack ${stack}: the stack does not exist; \`pulumi stack ls\` lists the stacks of this project`,
            );
        throw error;
    }
}

const CHECK = "pulumi-nodejs:dynamic/checks:ConnectivityCheck";
/** Together these two stages have every flow: those to endpoints, and all others. */
const STAGES: readonly unknown[] = ["security-groups", "endpoints"];

interface ExportedCheck {
    readonly type: string;
    readonly inputs?: { stage?: unknown; region?: string; vpcId?: string; intent?: unknown };
}

/**
 * @param exported what `pulumi stack export` prints.
 * @throws {BadInputError} when it has no checks, or those of more than one network.
 */
export function readDeclared(exported: string, stack: string): Declared {
    const { deployment } = JSON.parse(exported) as { deployment?: { resources?: ExportedCheck[] } | null };
    const checks = (deployment?.resources ?? []).flatMap(({ type, inputs = {} }) => {
        const { stage, region, vpcId, intent } = inputs;
        if (type !== CHECK || !STAGES.includes(stage)) return [];
        if (region === undefined || vpcId === undefined || intent === undefined) return [];
        if (!isPackedIntent(intent))
            throw new BadInputError(
                `--stack ${stack}: its checks were stored by an earlier version of this program; run \`pulumi up --stack ${stack}\` once, or give --intents FILE`,
            );
        return [unpackIntent(region, vpcId, intent)];
    });
    const [first] = checks;
    if (first === undefined)
        throw new BadInputError(
            `--stack ${stack}: its state has no connectivity checks; deploy it first, or give --intents FILE`,
        );
    const others = checks.find(({ region, vpcId }) => region !== first.region || vpcId !== first.vpcId);
    if (others !== undefined)
        throw new BadInputError(
            `--stack ${stack}: it checks ${first.vpcId} in ${first.region} and ${others.vpcId} in ${others.region}; give --intents FILE for one of them`,
        );
    const flows = new Map(
        checks.flatMap((check) => check.flows.map(withFlowId)).map((flow) => [flow.id, flow]),
    );
    return { region: first.region, vpcId: first.vpcId, intents: [...flows.values()] };
}
