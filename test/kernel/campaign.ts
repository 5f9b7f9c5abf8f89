/** Many networks by one seed, and what came of them. */
import { availableParallelism } from "node:os";

import { createAnalyzer } from "../../checks/analyze";
import { type Code, EXPLANATION_CODES } from "../../checks/messages";
import { explanationText } from "../../checks/render";
import { compare, type Disagreement, type Judge } from "./compare";
import { generate } from "./generate";
import { Oracle } from "./oracle";

export const analysis: Judge = (snapshot) => {
    const analyzer = createAnalyzer(snapshot);
    return (flow) => analyzer.analyze(flow);
};

/** Codes that no generated network brings about, and why. */
export const OUT_OF_REACH: Readonly<Partial<Record<Code, string>>> = {
    X_NO_COMMON_ADDRESS_FAMILY: "the networks are IPv4",
    REGIONAL_NGW_ROUTE_AZ_RESTRICTION:
        "a regional NAT gateway stands in no subnet, and there is nowhere to build it",
    VPC_LOCAL_ROUTE_CIDR_RESTRICTION:
        "needs two VPCs with the same addresses, of which a packet cannot tell the one that is meant",
    IGW_EXPECTS_PUBLIC_ADDRESS:
        "a private address that is asked for from the internet is no packet that can be sent",
    X_FUNCTION_TAKES_NO_CONNECTIONS: "what a Lambda function takes is no matter of the network",
    X_HOSTED_ZONES_UNREAD: "is about names, and the networks have none",
    X_WORLD_OPEN: "belongs to who-can-reach, not to a flow",
};

export interface Campaign {
    readonly networks: number;
    readonly flows: number;
    readonly connected: number;
    /** Left undecided by the analysis, and how many of them it did not explain. */
    readonly unknown: number;
    readonly unexplained: number;
    readonly seconds: number;
    readonly disagreements: readonly (Disagreement & { readonly network: number })[];
    readonly codes: ReadonlyMap<string, number>;
}

export interface CampaignOptions {
    readonly seed: number;
    /** Networks are judged until there are so many flows. */
    readonly flows: number;
    /** The networks' numbers go up from here. @default 0 */
    readonly from?: number;
    /** Called after each network. */
    readonly progress?: (flows: number, disagreements: number) => void;
}

/** @throws OracleUnavailable where the kernel cannot be asked. */
export async function runCampaign({
    seed,
    flows: wanted,
    from = 0,
    progress,
}: CampaignOptions): Promise<Campaign> {
    const begun = performance.now();
    const codes = new Map<string, number>();
    const disagreements: (Disagreement & { network: number })[] = [];
    const total = { networks: 0, flows: 0, connected: 0, unknown: 0, unexplained: 0 };
    let next = from;
    const work = async (): Promise<void> => {
        const oracle = await Oracle.start();
        try {
            while (total.flows < wanted) {
                const network = next;
                next += 1;
                const one = await compare(oracle, analysis, generate(seed, network));
                total.networks += 1;
                total.flows += one.flows;
                total.connected += one.connected;
                total.unknown += one.unknown.length;
                total.unexplained += one.unknown.filter(
                    ({ judgement }) => judgement.explanations.length === 0,
                ).length;
                disagreements.push(...one.disagreements.map((each) => ({ ...each, network })));
                for (const [code, count] of one.codes) codes.set(code, (codes.get(code) ?? 0) + count);
                progress?.(total.flows, disagreements.length);
            }
        } finally {
            await oracle.stop();
        }
    };
    await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
    return { ...total, disagreements, codes, seconds: (performance.now() - begun) / 1000 };
}

/** The codes that should have been reached and were not. */
export function unreached(codes: ReadonlyMap<string, number>): Code[] {
    return EXPLANATION_CODES.filter((code) => !(code in OUT_OF_REACH) && !codes.has(code));
}

/** Figures first, then how many flows each code explained. */
export function renderCampaign(campaign: Campaign): string {
    const { networks, flows, connected, unknown, seconds, disagreements, codes } = campaign;
    const counts = EXPLANATION_CODES.map((code): [string, string] => [
        code,
        String(codes.get(code) ?? OUT_OF_REACH[code] ?? "not reached"),
    ]);
    const width = Math.max(...counts.map(([code]) => code.length));
    return [
        `${flows} flows in ${networks} networks: ${connected} connected, ${unknown} left undecided by the analysis, ` +
            `${disagreements.length} disagreements; ${seconds.toFixed(1)} s, ${(flows / seconds).toFixed(0)} flows/s`,
        ...counts
            .sort(([, a], [, b]) => (Number(b) || 0) - (Number(a) || 0))
            .map(([code, count]) => `  ${code.padEnd(width)}  ${count}`),
    ].join("\n");
}

/** One line for a person who is to look into it, and how to get the network again. */
export function describeDisagreement(seed: number, one: Disagreement & { readonly network: number }): string {
    const { flow, judgement, connected, network } = one;
    const why = judgement.explanations.map((one) => explanationText(one)).join("; ");
    return (
        `seed ${seed}, network ${network}, ${JSON.stringify(flow)}: the analysis says ${judgement.verdict}` +
        `${why === "" ? "" : ` (${why})`}, the kernel ${connected ? "connects" : "does not connect"}`
    );
}
