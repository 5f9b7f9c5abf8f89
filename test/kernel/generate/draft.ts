/** A network while it is being written: what is in it already, and the chances by which more comes. */
import { NetworkBuilder } from "../builder";
import type { Random } from "../random";

export interface Place {
    readonly id: string;
    readonly number: number;
    readonly cidr: string;
    readonly prefix: string;
    readonly zone: string;
    readonly isPublic: boolean;
}

export interface Vpc {
    readonly id: string;
    readonly number: number;
    readonly cidr: string;
    /** All of its blocks, the primary one first. */
    readonly blocks: readonly string[];
    readonly places: Place[];
    readonly groups: string[];
    readonly hosts: { id: string; address: string; place: Place }[];
    readonly endpointInterfaces: string[];
    igw?: string;
    readonly nats: string[];
    s3?: string;
}

/** What chance alone would rarely bring about: every so many networks each has its turn. */
export const THEMES = [
    "none",
    "names",
    "appliance",
    "none",
    "hostnames",
    "ambiguous",
    "none",
    "own name servers",
    "edge",
    "none",
    "another VPC's NAT gateway",
    "static before list",
    "propagated",
    "none",
    "unread attributes",
    "permission",
] as const;
export type Theme = (typeof THEMES)[number];

export class Draft {
    readonly network = new NetworkBuilder();
    readonly vpcs: Vpc[] = [];
    readonly peerings: { id: string; a: number; b: number }[] = [];
    readonly lists: string[] = [];
    readonly publicOnes: string[] = [];
    /** How often a part is not as it should be. */
    private readonly fault: number;

    constructor(
        readonly random: Random,
        readonly theme: Theme,
    ) {
        this.fault = random.pick([0.02, 0.08, 0.2, 0.4]);
    }

    isFaulty(weight = 1): boolean {
        return this.random.chance(Math.min(0.9, this.fault * weight));
    }

    isThemed(theme: Theme, weight: number): boolean {
        return this.theme === theme || this.isFaulty(weight);
    }

    publicAddress(): string {
        const address = `203.0.113.${this.publicOnes.length + 1}`;
        this.publicOnes.push(address);
        return address;
    }
}
