import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { VALIDATED_TAG, VERSION_TAG } from "../../../components/pulsar/ami";
import { issueMaterial, makeAuthority } from "../../../components/pulsar/credentials/material";
import { PULSAR_PORTS, PULSAR_ROLES } from "../../../components/pulsar/ports";
import { DATA_DIRECTORIES, environmentOf, unitsOf } from "../../../components/pulsar/user-data";

const CONTRACT = readFileSync(join(__dirname, "../../../docs/ami-contract.md"), "utf8");

describe("docs/ami-contract.md", () => {
    it("names every variable and every unit that the user data uses, and no other", () => {
        const variables = new Set<string>();
        const units = new Set(["pulsar-secrets.service", "pulsar-cloudwatch-agent.service"]);
        for (const role of PULSAR_ROLES) {
            for (const unit of unitsOf(role, 1)) units.add(unit);
            const environment = environmentOf({
                role,
                ordinal: 1,
                cluster: "c",
                pulsarVersion: "4.0.7",
                region: "r",
                zoneName: "z",
                zookeepers: 1,
                serviceHostname: "s",
                metricNamespace: "m",
                secretArn: "a",
                logGroupName: "l",
                memory: { heapMib: 1, directMemoryMib: 1 },
                quorum: { ensemble: 1, write: 1, ack: 1 },
                volumes: [],
            });
            for (const key of Object.keys(environment)) variables.add(key);
        }
        const named = (pattern: RegExp) => new Set(CONTRACT.match(pattern) ?? []);
        assert.deepEqual(named(/\b(PULSAR_[A-Z_]+|AWS_REGION)\b/g), variables);
        assert.deepEqual(named(/\bpulsar-[a-z-]+\.service\b/g), units);
    });

    it("names the tags, the directories and the ports that are listened on", () => {
        for (const text of [VERSION_TAG, `${VALIDATED_TAG}=true`, ...Object.values(DATA_DIRECTORIES)])
            assert.ok(CONTRACT.includes(text), text);
        for (const port of [
            "zookeeperClientTls",
            "zookeeperClient",
            "brokerTls",
            "webTls",
            "bookie",
            "bookieHttp",
        ] as const)
            assert.ok(CONTRACT.includes(String(PULSAR_PORTS[port])), port);
    });

    it("names every entry of the secrets", async () => {
        const authority = await makeAuthority("c", new Date());
        for (const role of PULSAR_ROLES) {
            const material = await issueMaterial(
                authority,
                { role, hostnames: ["h"], validityDays: 1 },
                new Date(),
            );
            for (const entry of Object.keys(material)) assert.ok(CONTRACT.includes(`\`${entry}\``), entry);
        }
    });
});
