/** Puts the analysis and the kernel to the same flows, and keeps what they disagree on as small as it gets. */
import type { Flow } from "../../checks/flow";
import type { Verdict } from "../../checks/matrix";
import type { Explanation } from "../../checks/messages";
import type { Snapshot } from "../../checks/snapshot/types";
import type { Case } from "./generate";
import { type Oracle, PATIENT, PROMPT } from "./oracle";
import { decide, planProbes } from "./probes";

/** What the analysis says of one flow, as far as it is compared. */
export interface Judgement {
    readonly verdict: Verdict;
    readonly explanations: readonly Explanation[];
    readonly warnings: readonly Explanation[];
}

/** The analysis of one snapshot. */
export type Judge = (snapshot: Snapshot) => (flow: Flow) => Judgement;

export interface Disagreement {
    readonly snapshot: Snapshot;
    readonly flow: Flow;
    readonly judgement: Judgement;
    readonly connected: boolean;
}

export interface Comparison {
    readonly flows: number;
    readonly connected: number;
    /** Flows that the analysis left undecided, apart from the others: no pass. */
    readonly unknown: readonly { readonly flow: Flow; readonly judgement: Judgement }[];
    readonly disagreements: readonly Disagreement[];
    /** How many flows were explained, or warned of, by a code. */
    readonly codes: ReadonlyMap<string, number>;
}

export async function compare(oracle: Oracle, judge: Judge, { snapshot, flows }: Case): Promise<Comparison> {
    const plan = planProbes(snapshot, flows);
    const connected = decide(plan, await oracle.ask(plan.request, PROMPT));
    const judgements = flows.map(judge(snapshot));
    const codes = new Map<string, number>();
    for (const { explanations, warnings } of judgements) {
        for (const code of new Set([...explanations, ...warnings].map((one) => one.code))) {
            codes.set(code, (codes.get(code) ?? 0) + 1);
        }
    }
    const unknown: { flow: Flow; judgement: Judgement }[] = [];
    const suspects: Disagreement[] = [];
    flows.forEach((flow, number) => {
        const judgement = judgements[number];
        const passes = connected[number];
        if (judgement === undefined || passes === undefined)
            throw new Error(`flow ${flow.id} was not judged`);
        if (judgement.verdict === "UNKNOWN") unknown.push({ flow, judgement });
        else if ((judgement.verdict === "REACHABLE") !== passes) {
            suspects.push({ snapshot, flow, judgement, connected: passes });
        }
    });
    return {
        flows: flows.length,
        connected: connected.filter(Boolean).length,
        unknown,
        disagreements: await confirmed(oracle, suspects),
        codes,
    };
}

/** Nothing passes by mistake, but on a busy machine an answer may come late: those are asked again, with patience. */
async function confirmed(oracle: Oracle, suspects: readonly Disagreement[]): Promise<Disagreement[]> {
    const result: Disagreement[] = [];
    for (const suspect of suspects) {
        if (suspect.connected || !(await connects(oracle, suspect.snapshot, suspect.flow)))
            result.push(suspect);
    }
    return result;
}

/** The kernel's answer to one flow. */
export async function connects(oracle: Oracle, snapshot: Snapshot, flow: Flow): Promise<boolean> {
    const plan = planProbes(snapshot, [flow]);
    return decide(plan, await oracle.ask(plan.request, PATIENT))[0] === true;
}

/** The parts of a snapshot that may be left out one by one. */
const REMOVABLE = [
    "SecurityGroupRules",
    "NetworkInterfaces",
    "NatGateways",
    "VpcEndpoints",
    "VpcPeeringConnections",
    "InternetGateways",
    "Subnets",
    "RouteTables",
    "NetworkAcls",
    "Vpcs",
    "ManagedPrefixLists",
    "Instances",
] as const;

/** Whether a snapshot is one that AWS could give: what an item speaks of is there. */
function fits(snapshot: Snapshot): boolean {
    const { Vpcs = [], Subnets = [], RouteTables = [], NetworkAcls = [], NetworkInterfaces = [] } = snapshot;
    const has = (vpc: string | undefined) => Vpcs.some(({ VpcId }) => VpcId === vpc);
    const interfaces = new Set(NetworkInterfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId));
    const targets = new Set([
        ...interfaces,
        ...(snapshot.InternetGateways ?? []).map((one) => one.InternetGatewayId),
        ...(snapshot.NatGateways ?? []).map((one) => one.NatGatewayId),
        ...(snapshot.VpcEndpoints ?? []).map((one) => one.VpcEndpointId),
        ...(snapshot.VpcPeeringConnections ?? []).map((one) => one.VpcPeeringConnectionId),
        "local",
    ]);
    const lists = new Set(snapshot.ManagedPrefixLists?.map((one) => one.PrefixListId));
    const gateways = (snapshot.NatGateways ?? []).flatMap((one) => one.NatGatewayAddresses ?? []);
    const enis = gateways.concat(
        (snapshot.VpcEndpoints ?? []).flatMap((one) =>
            (one.NetworkInterfaceIds ?? []).map((id) => ({ NetworkInterfaceId: id })),
        ),
    );
    return (
        enis.every(({ NetworkInterfaceId }) => interfaces.has(NetworkInterfaceId)) &&
        NetworkInterfaces.every((one) => Subnets.some(({ SubnetId }) => SubnetId === one.SubnetId)) &&
        Subnets.every(({ SubnetId, VpcId }) => {
            const isMain = RouteTables.some(
                (table) => table.VpcId === VpcId && table.Associations?.some((one) => one.Main),
            );
            const hasAcl = NetworkAcls.some((acl) =>
                acl.Associations?.some((one) => one.SubnetId === SubnetId),
            );
            return has(VpcId) && isMain && hasAcl;
        }) &&
        [...RouteTables, ...NetworkAcls].every(({ VpcId }) => has(VpcId)) &&
        RouteTables.flatMap(({ Routes = [] }) => Routes).every((route) => {
            const target =
                route.GatewayId ??
                route.NatGatewayId ??
                route.NetworkInterfaceId ??
                route.VpcPeeringConnectionId;
            const isList =
                route.DestinationPrefixListId === undefined || lists.has(route.DestinationPrefixListId);
            // Of these the snapshot has no list.
            const isElsewhere = route.TransitGatewayId !== undefined || target?.startsWith("vgw-") === true;
            return isList && (route.State === "blackhole" || isElsewhere || targets.has(target));
        }) &&
        RouteTables.every(({ Routes = [] }) => Routes.some(({ GatewayId }) => GatewayId === "local")) &&
        (snapshot.SecurityGroupRules ?? []).every(
            (rule) => rule.PrefixListId === undefined || lists.has(rule.PrefixListId),
        )
    );
}

/** Leaves out of the snapshot what the disagreement does not need. */
export async function reduce(oracle: Oracle, judge: Judge, found: Disagreement): Promise<Disagreement> {
    let { snapshot } = found;
    const { flow } = found;
    const remains = async (smaller: Snapshot): Promise<boolean> => {
        if (!fits(smaller)) return false;
        try {
            const { verdict } = judge(smaller)(flow);
            if (verdict !== found.judgement.verdict) return false;
            const plan = planProbes(smaller, [flow]);
            const waiting = found.connected ? PROMPT : { quiet: 0.2, patience: 5 };
            return decide(plan, await oracle.ask(plan.request, waiting))[0] === found.connected;
        } catch {
            // What is left fits together no longer.
            return false;
        }
    };
    const attempt = async (smaller: Snapshot): Promise<boolean> => {
        if (!(await remains(smaller))) return false;
        snapshot = smaller;
        return true;
    };
    const leaveOutItems = async () => {
        for (const kind of REMOVABLE) {
            for (let number = (snapshot[kind]?.length ?? 0) - 1; number >= 0; number -= 1) {
                await attempt({ ...snapshot, [kind]: without<unknown>(snapshot[kind] ?? [], number) });
            }
        }
    };
    await leaveOutItems();
    for (const [kind, list] of [
        ["RouteTables", "Routes"],
        ["NetworkAcls", "Entries"],
    ] as const) {
        const items = (): Record<string, unknown[] | undefined>[] => (snapshot[kind] ?? []) as never;
        for (let item = 0; item < items().length; item += 1) {
            for (let number = (items()[item]?.[list]?.length ?? 0) - 1; number >= 0; number -= 1) {
                const changed = items().map((one, at) =>
                    at === item ? { ...one, [list]: without(one[list] ?? [], number) } : one,
                );
                await attempt({ ...snapshot, [kind]: changed });
            }
        }
    }
    // Without the routes to them, more can go.
    await leaveOutItems();
    return { ...found, snapshot, judgement: judge(snapshot)(flow) };
}

function without<T>(items: readonly T[], number: number): T[] {
    return items.filter((_, at) => at !== number);
}
