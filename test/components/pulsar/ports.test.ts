import assert from "node:assert/strict";

import { PULSAR_FLOWS, PULSAR_PORTS, PULSAR_ROLES } from "../../../components/pulsar/ports";

describe("Pulsar ports", () => {
    it("has every port that is not loopback or off in a flow, and no other", () => {
        const used = new Set(PULSAR_FLOWS.map((flow) => flow.port));
        const unused = Object.keys(PULSAR_PORTS).filter((port) => !used.has(port as never));
        assert.deepEqual(unused, ["zookeeperClient", "zookeeperMetrics", "bookieHttp", "broker", "web"]);
    });

    it("lets clients and proxies reach nothing but the TLS ports of brokers and proxies", () => {
        const reached = PULSAR_FLOWS.filter(({ from }) => from === "client" || from === "proxy");
        assert.deepEqual(new Set(reached.map(({ to }) => to)), new Set(["broker", "proxy"]));
        assert.deepEqual(new Set(reached.map(({ port }) => port)), new Set(["brokerTls", "webTls"]));
    });

    it("names each flow once, between known roles", () => {
        const names = PULSAR_FLOWS.map(({ from, to, port }) => `${from} ${to} ${port}`);
        assert.equal(new Set(names).size, names.length);
        for (const { from, to } of PULSAR_FLOWS)
            assert.ok(PULSAR_ROLES.includes(from) && PULSAR_ROLES.includes(to));
    });
});
