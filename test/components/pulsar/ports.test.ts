import assert from "node:assert/strict";

import { PULSAR_FLOWS, PULSAR_PORTS, PULSAR_ROLES } from "../../../components/pulsar/ports";

describe("Pulsar ports", () => {
    it("are the defaults of Pulsar, BookKeeper and ZooKeeper", () => {
        // conf/zookeeper.conf, conf/bookkeeper.conf, conf/broker.conf and conf/proxy.conf of Pulsar; its page "Default ports".
        assert.deepEqual(PULSAR_PORTS, {
            zookeeperClient: 2181,
            zookeeperClientTls: 2281,
            zookeeperQuorum: 2888,
            zookeeperElection: 3888,
            zookeeperMetrics: 8000,
            bookie: 3181,
            bookieHttp: 8000,
            broker: 6650,
            brokerTls: 6651,
            web: 8080,
            webTls: 8443,
        });
    });

    it("are reached by exactly these roles", () => {
        assert.deepEqual(
            PULSAR_FLOWS.map(({ from, to, port }) => `${from} > ${to} ${port}`),
            [
                "zookeeper > zookeeper zookeeperQuorum",
                "zookeeper > zookeeper zookeeperElection",
                "bookkeeper > zookeeper zookeeperClientTls",
                "broker > zookeeper zookeeperClientTls",
                "broker > bookkeeper bookie",
                "bookkeeper > bookkeeper bookie",
                "broker > broker brokerTls",
                "broker > broker webTls",
                "client > broker brokerTls",
                "client > broker webTls",
                "proxy > broker brokerTls",
                "proxy > broker webTls",
                "client > proxy brokerTls",
                "client > proxy webTls",
            ],
        );
        // They are in the descriptions of security-group rules, for which AWS allows these characters (SecurityGroupRule).
        for (const { why } of PULSAR_FLOWS) assert.match(why, /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{5,}$/);
    });

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
