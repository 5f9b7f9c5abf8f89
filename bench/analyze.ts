import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import type { NetworkAclEntry, NetworkInterface } from "@aws-sdk/client-ec2";

import { createAnalyzer, exposure } from "../checks/analyze";
import type { Flow, NamedGroupFlow } from "../checks/flow";
import type { Snapshot } from "../checks/snapshot/types";

const ROLES = 10;
const SUBNETS = 6;
const PORTS = { from: 6650, to: 6650 };

/** A VPC of so many interfaces, spread over six subnets and ten groups; each group admits the one before it. */
function networkOf(interfaces: number): { snapshot: Snapshot; intents: NamedGroupFlow[]; flows: Flow[] } {
    const group = (index: number) => `sg-${index % ROLES}`;
    const subnets = Array.from({ length: SUBNETS }, (_, index) => `subnet-${index}`);
    const allow = (Egress: boolean): NetworkAclEntry => ({
        RuleNumber: 100,
        Egress,
        RuleAction: "allow",
        Protocol: "-1",
        CidrBlock: "0.0.0.0/0",
    });
    const snapshot: Snapshot = {
        region: "us-east-1",
        Vpcs: [{ VpcId: "vpc-0", CidrBlock: "10.0.0.0/8" }],
        Subnets: subnets.map((SubnetId, index) => ({
            SubnetId,
            VpcId: "vpc-0",
            CidrBlock: `10.${index}.0.0/16`,
        })),
        RouteTables: [
            {
                RouteTableId: "rtb-0",
                VpcId: "vpc-0",
                Associations: [{ Main: true }],
                Routes: [{ DestinationCidrBlock: "10.0.0.0/8", GatewayId: "local", State: "active" }],
            },
        ],
        NetworkAcls: [
            {
                NetworkAclId: "acl-0",
                VpcId: "vpc-0",
                IsDefault: true,
                Associations: subnets.map((SubnetId) => ({ SubnetId })),
                Entries: [allow(true), allow(false)],
            },
        ],
        SecurityGroups: Array.from({ length: ROLES }, (_, index) => ({
            GroupId: group(index),
            VpcId: "vpc-0",
            IpPermissions: [
                {
                    IpProtocol: "tcp",
                    FromPort: PORTS.from,
                    ToPort: PORTS.to,
                    UserIdGroupPairs: [{ GroupId: group(index + ROLES - 1) }],
                },
            ],
            IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
        })),
        NetworkInterfaces: Array.from({ length: interfaces }, (_, index): NetworkInterface => {
            const place = Math.floor(index / SUBNETS) + 10;
            return {
                NetworkInterfaceId: `eni-${index}`,
                VpcId: "vpc-0",
                SubnetId: subnets[index % SUBNETS],
                PrivateIpAddress: `10.${index % SUBNETS}.${Math.floor(place / 256)}.${place % 256}`,
                Groups: [{ GroupId: group(Math.floor(index / SUBNETS)) }],
            };
        }),
    };
    const intents = Array.from({ length: ROLES }, (_, index): NamedGroupFlow => ({
        id: `${index}`,
        sourceGroupId: group(index),
        destination: { securityGroupId: group(index + 1) },
        protocol: "tcp",
        ports: PORTS,
    }));
    const flows = Array.from({ length: 1000 }, (_, index): Flow => ({
        id: `${index}`,
        source: { eni: `eni-${index % interfaces}` },
        destination: { eni: `eni-${(index * 7 + 1) % interfaces}` },
        protocol: "tcp",
        port: PORTS.from,
    }));
    return { snapshot, intents, flows };
}

const ROUNDS = 9;

/** The median of some rounds, after one to warm up: in processor time, for a busy machine makes everything else longer. */
function milliseconds(run: () => void): number {
    run();
    const times = Array.from({ length: ROUNDS }, () => {
        const start = process.cpuUsage();
        run();
        const { user, system } = process.cpuUsage(start);
        return (user + system) / 1000;
    });
    return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}

/** Node gives its collector to those who ask for it by a flag, and a flag can be set late. */
function collectGarbage(): void {
    setFlagsFromString("--expose-gc");
    (runInNewContext("gc") as () => void)();
}

/** The analysis: a thousand flows, and all intents and exposures over more and more interfaces. */
export async function benchAnalyze(): Promise<void> {
    console.log("analyze: flows over one snapshot, and the exposure report by the number of interfaces");
    const thousand = networkOf(1000);
    const analyzer = createAnalyzer(thousand.snapshot);
    const flows = milliseconds(() => thousand.flows.forEach((flow) => void analyzer.analyze(flow)));
    const indexing = milliseconds(() => void createAnalyzer(thousand.snapshot));
    console.log(
        `  1,000 flows, 1,000 interfaces: ${flows.toFixed(1)} ms, after ${indexing.toFixed(1)} ms of indexing`,
    );
    let before: number | undefined;
    for (const interfaces of [1000, 10_000]) {
        const { snapshot, intents } = networkOf(interfaces);
        collectGarbage();
        const heap = process.memoryUsage().heapUsed;
        const { counts } = exposure(snapshot, intents);
        const grown = (process.memoryUsage().heapUsed - heap) / 2 ** 20;
        const time = milliseconds(() => void exposure(snapshot, intents));
        const ratio =
            before === undefined ? "" : `, ratio ${(time / before).toFixed(1)} for 10 times as many`;
        console.log(
            `  all intents, ${interfaces} interfaces: ${time.toFixed(1)} ms${ratio}; ${counts.classes} classes, ${counts.judged} pairs judged, heap +${grown.toFixed(0)} MiB`,
        );
        before = time;
    }
}
