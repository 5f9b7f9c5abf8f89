import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { readVpcArgs } from "../../../../sandbox/providers/awsx/vpc-args";

const SPEC = { type: "Public", cidrBlocks: ["10.0.0.0/24"] };

describe("sandbox/providers/awsx arguments", () => {
    it("are taken as they are when the sandbox does them", () => {
        const args = {
            cidrBlock: "10.0.0.0/16",
            availabilityZoneNames: ["us-east-1a"],
            subnetStrategy: "Exact",
            subnetSpecs: [{ ...SPEC, name: "front", tags: { Tier: pulumi.output("front") } }],
            natGateways: { strategy: "None" },
            enableDnsHostnames: pulumi.output(true),
            enableDnsSupport: true,
            instanceTenancy: "default",
            tags: { Name: pulumi.output("other") },
        };
        assert.equal(readVpcArgs(args), args);
        assert.deepEqual(readVpcArgs({ numberOfAvailabilityZones: 2, tags: undefined }), {
            numberOfAvailabilityZones: 2,
            tags: undefined,
        });
    });

    it("of the installed SDK are all either done or refused by name", () => {
        const source = fs.readFileSync(require.resolve("@pulumi/awsx/ec2/vpc.js"), "utf8");
        const inputs = [...source.matchAll(/resourceInputs\["(\w+)"\] = args\?\.\1;/g)].map(([, name]) =>
            String(name),
        );
        assert.ok(inputs.length > 20, `only ${inputs.length} inputs were found in the SDK`);
        const refused = inputs.filter((name) => {
            try {
                readVpcArgs({ [name]: {} });
                return false;
            } catch (error) {
                return (error as Error).message.startsWith(`[${name}] is not done by the sandbox`);
            }
        });
        assert.deepEqual(refused.sort(), [
            "assignGeneratedIpv6CidrBlock",
            "availabilityZoneCidrMask",
            "enableNetworkAddressUsageMetrics",
            "ipv4IpamPoolId",
            "ipv4NetmaskLength",
            "ipv6CidrBlock",
            "ipv6CidrBlockNetworkBorderGroup",
            "ipv6IpamPoolId",
            "ipv6NetmaskLength",
            "region",
            "subnetNameTagStrategy",
            "vpcEndpointSpecs",
            "vpcEndpointStrategy",
        ]);
    });

    for (const [what, inputs, message] of [
        [
            "two ways to name the zones",
            { availabilityZoneNames: ["a"], numberOfAvailabilityZones: 1 },
            /exclude each other/,
        ],
        [
            "no zones at all",
            { numberOfAvailabilityZones: 0 },
            /\[numberOfAvailabilityZones\] must be a whole number from 1, not 0/,
        ],
        [
            "a part of a zone",
            { numberOfAvailabilityZones: 1.5 },
            /\[numberOfAvailabilityZones\] must be a whole number/,
        ],
        [
            "an unknown strategy",
            { subnetStrategy: "Manual" },
            /\[subnetStrategy\] "Manual" is not done by the sandbox; it does Auto, Exact/,
        ],
        [
            "a layout of the sandbox's own",
            { subnetStrategy: "Auto" },
            /\[subnetStrategy\] without \[subnetSpecs\] is not done/,
        ],
        ["ranges that would be ignored", { subnetSpecs: [SPEC] }, /\[subnetStrategy\] is missing/],
        [
            "specs without ranges",
            { subnetStrategy: "Auto", subnetSpecs: [{ type: "Public" }] },
            /\[subnetSpecs\[0\]\.cidrBlocks\] is missing/,
        ],
        [
            "specs without a type",
            { subnetStrategy: "Auto", subnetSpecs: [{ cidrBlocks: ["10.0.0.0/24"] }] },
            /\[subnetSpecs\[0\]\.type\] is missing/,
        ],
        [
            "an unknown type",
            { subnetStrategy: "Auto", subnetSpecs: [{ ...SPEC, type: "Dmz" }] },
            /\[subnetSpecs\[0\]\.type\] "Dmz" is not done by the sandbox; it does Public, Private, Isolated, Unused/,
        ],
        [
            "sizes instead of ranges",
            { subnetStrategy: "Auto", subnetSpecs: [{ ...SPEC, cidrMask: 24 }] },
            /\[subnetSpecs\[0\]\.cidrMask\] is not done by the sandbox/,
        ],
        [
            "an unknown NAT strategy",
            { natGateways: { strategy: "Two" } },
            /\[natGateways\.strategy\] "Two" is not done/,
        ],
        [
            "addresses of its own for NAT",
            { natGateways: { strategy: "Single", elasticIpAllocationIds: ["eipalloc-0"] } },
            /\[natGateways\.elasticIpAllocationIds\] is not done by the sandbox/,
        ],
        [
            "a range from a resource",
            { cidrBlock: pulumi.output("10.0.0.0/16") },
            /\[cidrBlock\] must be a plain value/,
        ],
        ["tags from a resource", { tags: pulumi.output({}) }, /\[tags\] must be a plain value/],
        [
            "a secret range",
            { cidrBlock: pulumi.secret("10.0.0.0/16") },
            /\[cidrBlock\] must be a plain value/,
        ],
        ["a number for a range", { cidrBlock: 10 }, /\[cidrBlock\] must be a string, not 10/],
        [
            "a name for a list",
            { availabilityZoneNames: "a" },
            /\[availabilityZoneNames\] must be a list, not "a"/,
        ],
    ] as const) {
        it(`refuse ${what}`, () => {
            assert.throws(() => readVpcArgs(inputs), message);
        });
    }
});
