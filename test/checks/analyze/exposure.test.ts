import assert from "node:assert/strict";

import type { IpPermission } from "@aws-sdk/client-ec2";

import { type Exposure, exposure } from "../../../checks/analyze";
import type { NamedGroupFlow } from "../../../checks/flow";
import type { Snapshot } from "../../../checks/snapshot/types";
import { aclEntries, groupOf, interfaceOf, routesOf } from "./support/edit";
import { all, entry, network } from "./support/network";

const intent = (
    destination: NamedGroupFlow["destination"],
    from: number,
    to = from,
    protocol: "tcp" | "udp" = "tcp",
): NamedGroupFlow => ({
    id: "meant",
    sourceGroupId: "sg-client",
    destination,
    protocol,
    ports: { from, to },
});
const INTERNET = { service: "internet" };
const opens = (protocol: string, from: number, to: number, cidr = "0.0.0.0/0"): IpPermission => ({
    IpProtocol: protocol,
    FromPort: from,
    ToPort: to,
    IpRanges: [{ CidrIp: cidr }],
});

/** What the client's group lets out, behind a NAT gateway. */
function outbound(
    permissions: IpPermission[],
    intents: NamedGroupFlow[] = [],
    change?: (snapshot: Snapshot) => void,
) {
    const snapshot = network();
    groupOf(snapshot, "sg-client").IpPermissionsEgress = permissions;
    change?.(snapshot);
    return texts(
        exposure(snapshot, intents).unintended.filter(
            ({ source, destination }) => source === "sg-client" && !destination.startsWith("sg-"),
        ),
    );
}

function inbound(change: (snapshot: Snapshot) => void) {
    const snapshot = network();
    change(snapshot);
    return texts(
        exposure(snapshot, []).unintended.filter(
            ({ source, destination }) => destination === "sg-web" && !source.startsWith("sg-"),
        ),
    );
}

const texts = (found: readonly Exposure[]) =>
    found.map(
        ({ source, destination, protocol, ports }) =>
            `${source === "sg-client" ? destination : source} ${protocol} ${ports.from}-${ports.to}`,
    );

describe("exposure to the internet", () => {
    it("outbound is surveyed on every port that a rule opens, by TCP and UDP", () => {
        assert.deepEqual(outbound([opens("tcp", 443, 443), opens("udp", 123, 123), opens("tcp", 25, 30)]), [
            "internet tcp 25-30",
            "internet tcp 443-443",
            "internet udp 123-123",
        ]);
        assert.deepEqual(outbound([all("0.0.0.0/0"), opens("tcp", 443, 443)]), [
            "internet tcp 0-65535",
            "internet udp 0-65535",
        ]);
        assert.deepEqual(outbound([]), []);
    });

    it("outbound leaves out exactly the ports that are meant", () => {
        assert.deepEqual(
            outbound([all("0.0.0.0/0")], [intent(INTERNET, 443), intent(INTERNET, 53, 53, "udp")]),
            ["internet tcp 0-442", "internet tcp 444-65535", "internet udp 0-52", "internet udp 54-65535"],
        );
    });

    it("outbound names the block where a rule opens no more", () => {
        assert.deepEqual(outbound([opens("tcp", 443, 443, "8.8.0.0/16")]), [
            "8.8.0.0-8.8.255.255 tcp 443-443",
        ]);
    });

    it("outbound to a service with a gateway endpoint is none to the internet", () => {
        const toS3: IpPermission = {
            IpProtocol: "tcp",
            FromPort: 443,
            ToPort: 443,
            PrefixListIds: [{ PrefixListId: "pl-s3" }],
        };
        assert.deepEqual(outbound([toS3]), []);
        const withoutEndpoint = (snapshot: Snapshot) => void routesOf(snapshot, "rtb-private").splice(2, 1);
        assert.equal(outbound([toS3], [], withoutEndpoint).length, 2);
        assert.deepEqual(outbound([toS3], [intent({ service: "s3" }, 443)], withoutEndpoint), []);
    });

    it("outbound needs a way out", () => {
        const withoutRoute = (snapshot: Snapshot) => void routesOf(snapshot, "rtb-private").splice(1, 1);
        assert.deepEqual(outbound([all("0.0.0.0/0")], [], withoutRoute), []);
    });

    it("a network ACL that denies some ports hides none of the others", () => {
        const deny = (snapshot: Snapshot) =>
            void aclEntries(snapshot, "acl-one").push(
                entry(7, true, "deny", { protocol: "6", ports: [25, 25], cidr: "0.0.0.0/0" }),
            );
        assert.deepEqual(outbound([opens("tcp", 0, 65_535)], [], deny), [
            "internet tcp 0-24",
            "internet tcp 26-65535",
        ]);
    });

    it("a route or a network ACL that stops some addresses hides none of the others", () => {
        const blackhole = (snapshot: Snapshot) =>
            void routesOf(snapshot, "rtb-private").push({
                DestinationCidrBlock: "8.0.0.0/8",
                NatGatewayId: "nat-gone",
                State: "blackhole",
            });
        assert.deepEqual(outbound([opens("tcp", 443, 443)], [], blackhole), ["part of internet tcp 443-443"]);
        const deny = (snapshot: Snapshot) =>
            void aclEntries(snapshot, "acl-public").push(
                entry(7, false, "deny", { protocol: "-1", cidr: "8.0.0.0/8" }),
            );
        assert.deepEqual(inbound(deny), ["part of internet tcp 443-443"]);
    });

    it("answers to some of the ephemeral ports are enough to be reached", () => {
        const narrow = (snapshot: Snapshot) => {
            const entries = aclEntries(snapshot, "acl-public");
            entries.splice(
                0,
                entries.length,
                ...entries.filter(({ Egress }) => Egress !== true),
                entry(100, true, "allow", { protocol: "6", ports: [32_768, 60_999], cidr: "0.0.0.0/0" }),
            );
        };
        assert.deepEqual(inbound(narrow), ["internet tcp 443-443"]);
    });

    it("tells the internet over IPv6 apart", () => {
        const dual = (snapshot: Snapshot) => {
            interfaceOf(snapshot, "eni-web").Ipv6Addresses = [{ Ipv6Address: "2600:1f18::10" }];
            groupOf(snapshot, "sg-web").IpPermissions?.push({
                IpProtocol: "tcp",
                FromPort: 443,
                ToPort: 443,
                Ipv6Ranges: [{ CidrIpv6: "::/0" }],
            });
            routesOf(snapshot, "rtb-public").push({
                DestinationIpv6CidrBlock: "::/0",
                GatewayId: "igw-a",
                State: "active",
            });
            for (const egress of [false, true])
                aclEntries(snapshot, "acl-public").push({
                    ...entry(101, egress, "allow", {}),
                    CidrBlock: undefined,
                    Ipv6CidrBlock: "::/0",
                });
        };
        assert.deepEqual(inbound(dual), ["internet tcp 443-443", "internet over IPv6 tcp 443-443"]);
    });

    it("counts what could not be decided", () => {
        const snapshot = network();
        const { undecided } = exposure(snapshot, []).counts;
        assert.equal(undecided, 0);
        const [, route] = routesOf(snapshot, "rtb-private");
        if (route !== undefined) Object.assign(route, { NatGatewayId: undefined, TransitGatewayId: "tgw-a" });
        assert.ok(exposure(snapshot, []).counts.undecided > 0);
    });
});
