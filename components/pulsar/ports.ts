/**
 * The TCP ports of a Pulsar cluster, by what answers on them, and who needs which. The defaults of Pulsar, BookKeeper and
 * ZooKeeper throughout, so that their own documents and tools apply as they are.
 */
export const PULSAR_PORTS = {
    /** ZooKeeper's client port in plain text. Loopback only: its own tools on the host use it. */
    zookeeperClient: 2181,
    /** ZooKeeper's client port with mutual TLS (`secureClientPort`): what bookies and brokers use. */
    zookeeperClientTls: 2281,
    /** Followers reach the leader here; mutual TLS (`sslQuorum`). */
    zookeeperQuorum: 2888,
    /** Leader election; mutual TLS (`sslQuorum`). */
    zookeeperElection: 3888,
    /** ZooKeeper's Prometheus metrics (`metricsProvider.httpPort`). Loopback only: the host's own agent reads them. */
    zookeeperMetrics: 8000,
    /** The bookie protocol; TLS on the same port. */
    bookie: 3181,
    /** The bookie's HTTP server: metrics and state. Loopback only: the host's own agent reads it. */
    bookieHttp: 8000,
    /** The binary protocol in plain text. Off: nothing of a cluster listens here. */
    broker: 6650,
    /** The binary protocol over TLS: brokers and proxies. */
    brokerTls: 6651,
    /** The admin API, lookups and metrics in plain text. Off: nothing of a cluster listens here. */
    web: 8080,
    /** The admin API, lookups and metrics over TLS: brokers and proxies. */
    webTls: 8443,
} as const;

/** A name in {@link PULSAR_PORTS}. */
export type PulsarPort = keyof typeof PULSAR_PORTS;

/** What an instance of a cluster is for; also the value of its tag `Component`. */
export const PULSAR_ROLES = ["zookeeper", "bookkeeper", "broker", "client", "proxy"] as const;

/** See {@link PULSAR_ROLES}. */
export type PulsarRole = (typeof PULSAR_ROLES)[number];

/** One role's need of another's port. */
export interface PulsarFlow {
    /** Who opens the connection. */
    readonly from: PulsarRole;
    /** Who answers; the same role means its other instances. */
    readonly to: PulsarRole;
    readonly port: PulsarPort;
    /** Why, for the description of the rules. */
    readonly why: string;
}

/**
 * Everything that has to be reachable within a cluster, and nothing more: the rules of its security groups and its
 * connectivity checks are derived from it. Clients talk to brokers, or through proxies, and never to ZooKeeper or bookies.
 */
export const PULSAR_FLOWS: readonly PulsarFlow[] = [
    { from: "zookeeper", to: "zookeeper", port: "zookeeperQuorum", why: "followers to the leader" },
    { from: "zookeeper", to: "zookeeper", port: "zookeeperElection", why: "leader election" },
    { from: "bookkeeper", to: "zookeeper", port: "zookeeperClientTls", why: "bookie registration" },
    { from: "broker", to: "zookeeper", port: "zookeeperClientTls", why: "metadata and bookie discovery" },
    { from: "broker", to: "bookkeeper", port: "bookie", why: "writing and reading ledgers" },
    { from: "bookkeeper", to: "bookkeeper", port: "bookie", why: "autorecovery copies ledgers" },
    { from: "broker", to: "broker", port: "brokerTls", why: "system topics owned by another broker" },
    { from: "broker", to: "broker", port: "webTls", why: "admin calls for a topic of another broker" },
    { from: "client", to: "broker", port: "brokerTls", why: "producing and consuming" },
    { from: "client", to: "broker", port: "webTls", why: "admin API" },
    { from: "proxy", to: "broker", port: "brokerTls", why: "forwarded producing and consuming" },
    { from: "proxy", to: "broker", port: "webTls", why: "lookups and forwarded admin calls" },
    { from: "client", to: "proxy", port: "brokerTls", why: "producing and consuming" },
    { from: "client", to: "proxy", port: "webTls", why: "admin API" },
];
