import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";

import {
    type FlowPlanArgs,
    httpsEgressRoles,
    noEgressProblems,
    planFlows,
    type Role,
} from "../../components/flows";
import { problemsOf } from "../../components/schema/problems";

const SERVICES: Record<string, FlowPlanArgs["roles"]> = {
    pulsar: ["zookeeper", "bookkeeper", "broker", "client"],
    neptune: ["neptune"],
    opensearch: ["opensearch"],
    sagemaker: ["sagemaker"],
};

/** Every on/off combination of the four services. */
const COMBINATIONS = Array.from({ length: 16 }, (_, bits) =>
    Object.keys(SERVICES).filter((_, index) => bits & (1 << index)),
);
const rolesOf = (services: readonly string[]) => services.flatMap((service) => SERVICES[service] ?? []);
const ids = (args: FlowPlanArgs) => planFlows(args).flows.map(({ id }) => id);

const anyArgs: fc.Arbitrary<FlowPlanArgs> = fc.record({
    roles: fc
        .tuple(fc.subarray(Object.keys(SERVICES)), fc.boolean(), fc.boolean())
        .map(([services, proxy, monitoring]) => [
            ...rolesOf(services),
            ...(proxy && services.includes("pulsar") ? (["proxy"] as const) : []),
            ...(monitoring ? (["monitoring"] as const) : []),
        ]),
    httpsEgress: fc.subarray<Role>(["zookeeper", "broker", "client", "sagemaker"]),
    nat: fc.boolean(),
    userProfiles: fc.subarray(["ann", "bob"]),
    bulkLoad: fc.boolean(),
});

describe("the plan of the flows", () => {
    it("is empty without services", () => {
        assert.deepEqual(planFlows({ roles: [] }), { groups: [], flows: [], interfaceEndpoints: [] });
    });

    it("has Pulsar's matrix, and nothing in plain text", () => {
        assert.deepEqual(
            ids({ roles: rolesOf(["pulsar"]) }).filter((id) => !/endpoints|s3/.test(id)),
            [
                "zookeeper to zookeeper tcp 2888",
                "zookeeper to zookeeper tcp 3888",
                "bookkeeper to zookeeper tcp 2281",
                "broker to zookeeper tcp 2281",
                "broker to bookkeeper tcp 3181",
                "bookkeeper to bookkeeper tcp 3181",
                "broker to broker tcp 6651",
                "broker to broker tcp 8443",
                "client to broker tcp 6651",
                "client to broker tcp 8443",
            ],
        );
    });

    it("sends clients through the proxies where there are some", () => {
        const flows = ids({ roles: [...rolesOf(["pulsar", "sagemaker"]), "proxy"] });
        assert.ok(flows.includes("client to proxy tcp 6651"));
        assert.ok(flows.includes("sagemaker to proxy tcp 8443"));
        assert.ok(flows.includes("proxy to broker tcp 6651"));
        assert.deepEqual(
            flows.filter((id) => /^(client|sagemaker) to broker/.test(id)),
            [],
        );
    });

    it("gives each Studio user a group whose kernels no other user reaches", () => {
        const { groups, flows } = planFlows({
            roles: ["sagemaker", "neptune"],
            userProfiles: ["ann", "bob"],
        });
        assert.deepEqual(
            groups.map(({ key }) => key),
            ["neptune", "sagemaker", "sagemaker-ann", "sagemaker-bob", "endpoints"],
        );
        const between = flows.filter(
            ({ from, to }) => "group" in to && to.group.startsWith("sagemaker") && to.group !== from,
        );
        assert.deepEqual(between, []);
        for (const key of ["sagemaker", "sagemaker-ann", "sagemaker-bob"]) {
            const own = flows
                .filter(({ from }) => from === key)
                .map(({ id }) => id.replace(`${key} to `, ""));
            assert.deepEqual(own, [
                "neptune tcp 8182",
                `${key} tcp 8192-65535`,
                `${key} tcp 2049`,
                "endpoints tcp 443",
                "s3 tcp 443",
            ]);
        }
    });

    it("needs the endpoints of Studio without NAT, as the user guide has them", () => {
        assert.deepEqual(planFlows({ roles: ["sagemaker"], nat: false }).interfaceEndpoints, [
            "logs",
            "sagemaker.api",
            "sagemaker.runtime",
            "secretsmanager",
            "sts",
        ]);
    });

    it("needs no endpoint for a role that goes through NAT, and keeps those that are asked for", () => {
        const egress = {
            roles: rolesOf(["pulsar", "sagemaker"]),
            httpsEgress: [...rolesOf(["pulsar", "sagemaker"])],
        };
        assert.deepEqual(planFlows(egress).interfaceEndpoints, []);
        assert.deepEqual(planFlows({ ...egress, interfaceEndpoints: ["ssm"] }).interfaceEndpoints, ["ssm"]);
        assert.deepEqual(
            planFlows({ ...egress, nat: false }).interfaceEndpoints,
            planFlows({ roles: egress.roles }).interfaceEndpoints,
        );
    });

    it("lets Neptune reach S3 only to load from there", () => {
        assert.deepEqual(ids({ roles: ["neptune"] }), []);
        assert.deepEqual(ids({ roles: ["neptune"], bulkLoad: true }), ["neptune to s3 tcp 443"]);
    });

    for (const services of COMBINATIONS) {
        it(`names only what is there: ${services.join(", ") || "nothing"}`, () => {
            const { groups, flows } = planFlows({ roles: rolesOf(services), httpsEgress: ["sagemaker"] });
            const keys = groups.map(({ key }) => key);
            for (const { from, to } of flows) {
                assert.ok(keys.includes(from), from);
                if ("group" in to) assert.ok(keys.includes(to.group), to.group);
            }
            const stores = flows.filter(({ from }) => ["neptune", "opensearch", "endpoints"].includes(from));
            assert.deepEqual(stores, [], "data stores and endpoints open no connections");
        });
    }

    it("declares each flow once, and more roles never take a flow of the others away", () => {
        fc.assert(
            fc.property(anyArgs, (args) => {
                const flows = ids(args);
                assert.equal(new Set(flows).size, flows.length);
                const more = new Set(
                    ids({ ...args, roles: [...new Set([...args.roles, "opensearch" as const])] }),
                );
                assert.deepEqual(
                    flows.filter((id) => !more.has(id)),
                    [],
                );
            }),
        );
    });

    it("leads to the internet on HTTPS alone, through NAT, for the named roles", () => {
        fc.assert(
            fc.property(anyArgs, (args) => {
                const out = planFlows(args).flows.filter(
                    ({ to }) => "service" in to && to.service === "internet",
                );
                for (const { from, ports } of out) {
                    assert.ok(args.nat && args.httpsEgress?.some((role) => from.startsWith(role)));
                    assert.deepEqual(ports, { from: 443, to: 443 });
                }
            }),
        );
    });
});

describe("roles with HTTPS egress", () => {
    const cases: [string[], boolean, [string, RegExp][]][] = [
        [["sagemaker", "client"], true, []],
        [["neptune"], true, [["httpsEgress[0]", /one of .*the data stores open no connections/]]],
        [["sagemaker"], false, [["httpsEgress[0]", /natGateways is none/]]],
        [["client", "client"], true, [["httpsEgress[1]", /each role once/]]],
    ];
    for (const [roles, nat, expected] of cases) {
        it(`${JSON.stringify(roles)} ${nat ? "with" : "without"} NAT: ${expected.length} problems`, () => {
            const problems = [
                ...problemsOf(z.object({ httpsEgress: httpsEgressRoles() }), { httpsEgress: roles }),
                ...(nat ? [] : noEgressProblems(roles as Role[], "natGateways is none")),
            ];
            assert.deepEqual(
                problems.map(({ key }) => key),
                expected.map(([key]) => key),
            );
            expected.forEach(([, pattern], index) => assert.match(problems[index]?.allowed ?? "", pattern));
        });
    }
});
