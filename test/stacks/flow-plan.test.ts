import assert from "node:assert/strict";

import { parseConfig } from "../../stacks/config";
import { flowPlan } from "../../stacks/lab";
import { serviceNames } from "../../stacks/names";
import { values } from "../support/configs";

const NETWORK = { availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c"] };
const CREATE: Record<string, unknown> = {
    "pulsar-lab:pulsar": { mode: "create", pulsarVersion: "4.0.7" },
    "pulsar-lab:neptune": { mode: "create" },
    "pulsar-lab:opensearch": { mode: "create" },
    "pulsar-lab:sagemaker": { mode: "create", userProfiles: [{ name: "ann" }] },
};
const plan = (overrides: Record<string, unknown>) =>
    flowPlan(
        parseConfig({
            project: "pulsar-lab",
            stack: "dev",
            values: values({ "pulsar-lab:network": NETWORK, ...overrides }),
        }),
    );

describe("the flows of a configuration", () => {
    it("have a group for each role of what is made, and for each user", () => {
        assert.deepEqual(
            plan(CREATE).groups.map(({ key }) => key),
            [
                "zookeeper",
                "bookkeeper",
                "broker",
                "client",
                "neptune",
                "opensearch",
                "sagemaker",
                "sagemaker-ann",
                "endpoints",
            ],
        );
    });

    it("have no group for a role without instances", () => {
        const { groups } = plan({
            "pulsar-lab:pulsar": {
                mode: "create",
                pulsarVersion: "4.0.7",
                client: { count: 0 },
                proxy: { count: 1 },
            },
        });
        assert.deepEqual(
            groups.map(({ key }) => key),
            ["zookeeper", "bookkeeper", "broker", "proxy", "endpoints"],
        );
    });

    for (let bits = 0; bits < 16; bits++) {
        const on = Object.keys(CREATE).filter((_, index) => bits & (1 << index));
        it(`exist for ${on.map((key) => key.split(":")[1]).join(", ") || "nothing"}`, () => {
            const { groups, flows } = plan(Object.fromEntries(on.map((key) => [key, CREATE[key]])));
            const keys = groups.map(({ key }) => key);
            assert.ok(
                flows.every(
                    ({ from, to }) => keys.includes(from) && ("service" in to || keys.includes(to.group)),
                ),
            );
            assert.equal(
                flows.length > 0,
                on.some((key) => /pulsar-lab:(pulsar|sagemaker)/.test(key)),
            );
        });
    }

    it("lead to an adopted service, and leave what it does itself to its owner", () => {
        const { flows, interfaceEndpoints } = plan({
            "pulsar-lab:pulsar": {
                mode: "adopt",
                serviceUrl: "pulsar+ssl://pulsar.example.com:6651",
                adminUrl: "https://pulsar.example.com:8443",
                brokerSecurityGroupId: "sg-0123456789abcdef0",
            },
            "pulsar-lab:neptune": { mode: "adopt", clusterIdentifier: "graph" },
            "pulsar-lab:sagemaker": { mode: "create" },
        });
        const ids = flows.map(({ id }) => id);
        assert.ok(ids.includes("sagemaker to broker tcp 6651"));
        assert.ok(ids.includes("sagemaker to neptune tcp 8182"));
        assert.deepEqual(
            ids.filter((id) => id.startsWith("broker")),
            [],
        );
        assert.ok(!interfaceEndpoints.includes("ssm"), "which only instances of the lab's own need");
    });

    it("need every endpoint in a shared network, where none is asked for by name", () => {
        const { interfaceEndpoints } = plan({
            "pulsar-lab:network": { ...NETWORK, mode: "shared", stack: "org/pulsar-lab/base" },
            "pulsar-lab:sagemaker": { mode: "create" },
        });
        assert.deepEqual(interfaceEndpoints, [
            "logs",
            "sagemaker.api",
            "sagemaker.runtime",
            "secretsmanager",
            "sts",
        ]);
    });
});

describe("the names of a stack's services", () => {
    it("follow from project and stack, and fit everywhere", () => {
        assert.deepEqual(
            Object.values(serviceNames({ project: "pulsar-lab", stack: "dev" })),
            Array(4).fill("pulsar-lab-dev"),
        );
        const long = serviceNames({
            project: "pulsar-lab",
            stack: "a-very-long-name-of-a-stack",
        }).opensearchDomain;
        assert.match(long, /^[a-z][a-z0-9-]{2,27}$/);
    });
});
