import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { FlowIntent } from "../checks/flow";
import type { PlannedFlow, PlannedGroup } from "./flows";
import { childTags, type Tags } from "./tags";
import { assertNoProblems, type Problem } from "./validation";

/** A security group that the plan names and somebody else made. */
export interface ExistingGroup {
    /** Its id. */
    groupId: pulumi.Input<string>;
    /**
     * Whether rules may be put into it: yes for a group of the same owner, no for one that is only looked at.
     * @default false
     */
    addRules?: boolean;
}

/** Arguments of {@link SecurityGroups}. */
export interface SecurityGroupsArgs {
    /** The VPC of the groups. */
    vpcId: pulumi.Input<string>;
    /** The groups to make, from `planFlows`. */
    groups: readonly PlannedGroup[];
    /** The flows to admit, from `planFlows`. Each becomes an egress rule at its source and an ingress rule at its destination. */
    flows: readonly PlannedFlow[];
    /** Prefix lists of the gateway endpoints, by service. Required for each service that a flow goes to, but the internet. */
    prefixListIds?: Readonly<Record<string, pulumi.Input<string>>>;
    /**
     * Groups of the plan that exist already, by their key; they are not made.
     * @default none
     */
    existing?: Readonly<Record<string, ExistingGroup>>;
    /**
     * Tags of the groups.
     * @default none but `Component` and `Name`
     */
    tags?: Tags;
}

/**
 * The security groups of a lab and every rule in them, derived from the flows alone: rules by group, never by address inside of the
 * VPC. A group without flows admits nothing.
 *
 * The rules are resources of their own whose identity is their content: one that a repair or a person puts back is the program's.
 *
 * **Cost**: none.
 */
export class SecurityGroups extends pulumi.ComponentResource {
    /** Ids of the groups by their key. */
    readonly ids: Readonly<Record<string, pulumi.Output<string>>>;
    /** The flows with the ids of their groups: what the connectivity checks prove. Resolves when all rules exist. */
    readonly flows: pulumi.Output<FlowIntent[]>;

    /**
     * @param name The logical name; children are named from it.
     * @param args Groups and flows of the plan.
     * @param opts Component options.
     * @throws one error that lists every flow whose group or prefix list is not given; see {@link securityGroupProblems}.
     */
    constructor(name: string, args: SecurityGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:network:SecurityGroups", name, {}, opts);
        assertNoProblems(this, name, securityGroupProblems(args));

        const existing = args.existing ?? {};
        const made = args.groups
            .filter(({ key }) => existing[key] === undefined)
            .map(({ key, role, description }) => {
                const group = new aws.ec2.SecurityGroup(
                    `${name}-${key}`,
                    {
                        vpcId: args.vpcId,
                        description,
                        tags: childTags(args.tags, role === "endpoints" ? "network" : role, `${name}-${key}`),
                    },
                    { parent: this },
                );
                return [key, group.id] as const;
            });
        this.ids = Object.fromEntries([
            ...made,
            ...Object.entries(existing).map(([key, { groupId }]) => [key, pulumi.output(groupId)] as const),
        ]);

        const rules = args.flows.flatMap((flow) => this.createRules(name, flow, args));
        const flows = pulumi.all(args.flows.map((flow) => this.intentOf(flow)));
        // Nobody may be told of a flow that the rules do not admit yet.
        this.flows = pulumi
            .all([flows, pulumi.all(rules.map((rule) => rule.id))])
            .apply(([intents]) => intents);
        this.registerOutputs({ ids: this.ids, flows: this.flows });
    }

    private createRules(
        name: string,
        flow: PlannedFlow,
        args: SecurityGroupsArgs,
    ): aws.ec2.SecurityGroupRule[] {
        const { from, to, protocol, ports, why } = flow;
        const common = { protocol, fromPort: ports.from, toPort: ports.to, description: why };
        const suffix = ports.from === ports.to ? String(ports.from) : `${ports.from}-${ports.to}`;
        const mayChange = (key: string) => {
            const group = args.existing?.[key];
            return group === undefined || group.addRules === true;
        };
        const rule = (
            ruleName: string,
            type: "ingress" | "egress",
            key: string,
            peer: Partial<aws.ec2.SecurityGroupRuleArgs>,
        ) =>
            mayChange(key)
                ? [
                      new aws.ec2.SecurityGroupRule(
                          `${name}-${ruleName}-${suffix}`,
                          { type, securityGroupId: this.id(key), ...common, ...peer },
                          { parent: this },
                      ),
                  ]
                : [];
        if ("service" in to) {
            const peer =
                to.service === "internet"
                    ? { cidrBlocks: ["0.0.0.0/0"] }
                    : { prefixListIds: [args.prefixListIds?.[to.service] ?? ""] };
            return rule(`${from}-to-${to.service}`, "egress", from, peer);
        }
        // AWS has a group's reference to itself as `self`; the official provider reads it back so.
        const peer = (key: string) =>
            from === to.group ? { self: true } : { sourceSecurityGroupId: this.id(key) };
        return [
            ...rule(`${from}-to-${to.group}`, "egress", from, peer(to.group)),
            ...rule(`${to.group}-from-${from}`, "ingress", to.group, peer(from)),
        ];
    }

    private intentOf({ from, to, protocol, ports, why }: PlannedFlow): pulumi.Output<FlowIntent> {
        const destination =
            "service" in to ? { service: to.service } : { securityGroupId: this.id(to.group) };
        return pulumi.output({
            from,
            to: "service" in to ? to.service : to.group,
            sourceGroupId: this.id(from),
            destination,
            protocol,
            ports,
            description: why,
        });
    }

    /** The id of a group that the constructor knows to be there. */
    private id(key: string): pulumi.Output<string> {
        const id = this.ids[key];
        if (id === undefined) throw new Error(`there is no security group ${JSON.stringify(key)}`);
        return id;
    }
}

/** What is wrong with the groups and flows: a flow whose end is not there, or a group named twice. Pure. */
export function securityGroupProblems(
    args: Pick<SecurityGroupsArgs, "groups" | "flows" | "prefixListIds" | "existing">,
): Problem[] {
    const keys = args.groups.map(({ key }) => key);
    const known = new Set([...keys, ...Object.keys(args.existing ?? {})]);
    const problems: Problem[] = keys.flatMap((key, index) =>
        keys.indexOf(key) < index
            ? [{ key: `groups[${index}]`, value: key, allowed: "each group once" }]
            : [],
    );
    args.flows.forEach(({ id, from, to }, index) => {
        const key = `flows[${index}]`;
        const ends = "group" in to ? [from, to.group] : [from];
        for (const end of ends.filter((group) => !known.has(group)))
            problems.push({
                key,
                value: id,
                allowed: `flows between groups of the plan; there is no ${end}`,
            });
        if ("service" in to && to.service !== "internet" && args.prefixListIds?.[to.service] === undefined)
            problems.push({
                key: `prefixListIds.${to.service}`,
                value: undefined,
                allowed: `the prefix list of its gateway endpoint, which the flow "${id}" goes to`,
            });
    });
    return problems;
}
