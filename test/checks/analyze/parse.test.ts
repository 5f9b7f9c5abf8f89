import assert from "node:assert/strict";

import { analyze, InputError, parseFlows, parseSnapshot } from "../../../checks/analyze";
import { network } from "./support/network";

describe("flows of a file", () => {
    const flow = {
        id: "a",
        source: { eni: "eni-client" },
        destination: { eni: "eni-server" },
        protocol: "tcp",
        port: 1,
    };
    const badFlows: [string, unknown, string][] = [
        ["text that is no JSON", "[", "is not JSON: "],
        ["an object", {}, "flows are a JSON array, not an object"],
        ["a flow without an end", [{ ...flow, source: undefined }], "flows[0].source must be one of"],
        [
            "two ends in one",
            [{ ...flow, source: { eni: "eni-a", ip: "10.0.0.1" } }],
            "flows[0].source must be one of",
        ],
        [
            "an id of another kind",
            [{ ...flow, source: { eni: "subnet-a" } }],
            "flows[0].source.eni must be an id that begins with eni-",
        ],
        [
            "an address that is none",
            [{ ...flow, destination: { ip: "10.0.0" } }],
            'flows[0].destination.ip: "10.0.0" is not an IPv4 address',
        ],
        [
            "an unknown protocol",
            [{ ...flow, protocol: "sctp" }],
            'flows[0].protocol must be tcp, udp or icmp, not "sctp"',
        ],
        [
            "a port out of range",
            [{ ...flow, port: 70_000 }],
            "flows[0].port must be a whole number from 0 to 65535",
        ],
        ["no port", [{ ...flow, port: undefined }], "flows[0].port must be a whole number"],
        ["an id twice", [flow, flow], 'flows[1].id "a" is there twice'],
    ];
    for (const [what, content, message] of badFlows)
        it(`are refused with ${what}`, () => {
            const text = typeof content === "string" ? content : JSON.stringify(content);
            assert.throws(
                () => parseFlows(text),
                (error) => error instanceof InputError && error.message.startsWith(message),
            );
        });

    it("are read as they stand", () => {
        assert.deepEqual(parseFlows(JSON.stringify([flow])), [flow]);
        const icmp = { ...flow, protocol: "icmp", port: undefined };
        assert.equal(parseFlows(JSON.stringify([icmp]))[0]?.port, undefined);
    });
});

describe("a snapshot of a file", () => {
    const badSnapshots: [string, unknown, string][] = [
        ["an array", [], "a snapshot is a JSON object, not an array"],
        ["no region", {}, 'region must be a text such as "us-east-1", not nothing'],
        ["a kind that is no array", { region: "r", Vpcs: {} }, "Vpcs must be an array, not an object"],
        [
            "attributes that are texts",
            { region: "r", VpcAttributes: { "vpc-a": { enableDnsSupport: "yes" } } },
            "VpcAttributes.vpc-a.enableDnsSupport must be true or false",
        ],
    ];
    for (const [what, content, message] of badSnapshots)
        it(`is refused with ${what}`, () => {
            assert.throws(
                () => parseSnapshot(JSON.stringify(content)),
                (error) => error instanceof InputError && error.message.startsWith(message),
            );
        });

    it("is judged the same with its rules in SecurityGroupRules alone", () => {
        const snapshot = network();
        const request = { id: "a", protocol: "tcp", port: 6650 } as const;
        const judge = () =>
            analyze(parseSnapshot(JSON.stringify(snapshot)), {
                ...request,
                source: { eni: "eni-client" },
                destination: { eni: "eni-server" },
            }).verdict;
        assert.equal(judge(), "REACHABLE");
        delete snapshot.SecurityGroups;
        assert.equal(judge(), "UNKNOWN");
        const tcp = { IpProtocol: "tcp", FromPort: 6650, ToPort: 6650 };
        snapshot.SecurityGroupRules = [
            {
                SecurityGroupRuleId: "sgr-out",
                GroupId: "sg-client",
                IsEgress: true,
                ...tcp,
                CidrIpv4: "10.0.0.0/16",
            },
            {
                SecurityGroupRuleId: "sgr-in",
                GroupId: "sg-server",
                IsEgress: false,
                ...tcp,
                ReferencedGroupInfo: { GroupId: "sg-client" },
            },
        ];
        assert.equal(judge(), "REACHABLE");
    });
});
