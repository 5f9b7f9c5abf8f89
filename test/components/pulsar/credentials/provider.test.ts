import {
    DescribeSecretCommand,
    GetSecretValueCommand,
    PutSecretValueCommand,
} from "@aws-sdk/client-secrets-manager";
import assert from "node:assert/strict";

import type { CredentialInputs } from "../../../../components/pulsar/credentials/inputs";
import { CredentialsProvider, type SecretsClient } from "../../../../components/pulsar/credentials/provider";

const INPUTS: CredentialInputs = {
    region: "us-east-1",
    cluster: "lab",
    zoneName: "lab.pulsar.internal",
    authoritySecretArn: "arn:authority",
    secretArns: { zookeeper: "arn:zookeeper", broker: "arn:broker", client: "arn:client" },
    validityDays: 365,
    rotation: 1,
};
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Secrets Manager in memory: the secrets exist, and have no value at first, as CreateSecret leaves them. */
class Store implements SecretsClient {
    readonly values = new Map<string, string[]>();
    readonly writes: string[] = [];
    /** A write to this secret fails. */
    broken: string | undefined;

    readonly send = (async (command: unknown) => {
        if (command instanceof GetSecretValueCommand) {
            const versions = this.values.get(command.input.SecretId ?? "") ?? [];
            const last = versions.at(-1);
            if (last === undefined) throw notFound();
            return { SecretString: last, VersionId: `v${versions.length}` };
        }
        if (command instanceof PutSecretValueCommand) {
            const id = command.input.SecretId ?? "";
            if (id === this.broken) throw new Error("the connection broke");
            const versions = [...(this.values.get(id) ?? []), command.input.SecretString ?? ""];
            this.values.set(id, versions);
            this.writes.push(id);
            return { VersionId: `v${versions.length}` };
        }
        assert.ok(command instanceof DescribeSecretCommand);
        const count = this.values.get(command.input.SecretId ?? "")?.length ?? 0;
        return { VersionIdsToStages: count === 0 ? undefined : { [`v${count}`]: ["AWSCURRENT"] } };
    }) as SecretsClient["send"];
}

function notFound(): Error {
    return Object.assign(new Error("Secrets Manager can't find the specified secret value"), {
        name: "ResourceNotFoundException",
    });
}

function setUp(now = "2026-01-01T00:00:00Z") {
    const store = new Store();
    const log: string[] = [];
    const provider = new CredentialsProvider({
        connect: () => store,
        now: () => new Date(now),
        log: (text) => log.push(text),
    });
    return { store, log, provider };
}

describe("the provider of a Pulsar cluster's credentials", function () {
    this.timeout(60_000);

    it("fills each secret once, and keeps every secret out of its outputs", async () => {
        const { store, provider, log } = setUp();
        const { id, outs } = await provider.create(INPUTS);
        assert.equal(id, "arn:authority");
        assert.deepEqual(store.writes, ["arn:authority", "arn:zookeeper", "arn:broker", "arn:client"]);
        assert.deepEqual(Object.keys(outs.issued), ["zookeeper", "broker", "client"]);
        assert.equal(outs.issued.client?.versionId, "v1");
        assert.equal(outs.issued.broker?.notAfter, "2027-01-01T00:00:00.000Z");
        assert.match(outs.authorityFingerprint, /^[0-9a-f]{64}$/);
        const shown = JSON.stringify([outs, log]);
        assert.doesNotMatch(shown, /BEGIN|PRIVATE|eyJ/);

        const again = await provider.create(INPUTS);
        assert.deepEqual(again.outs, outs);
        assert.equal(store.writes.length, 4);
        assert.deepEqual(await provider.diff("id", outs, INPUTS), { changes: false, replaces: [] });
    });

    it("goes on where a run broke off", async () => {
        const { store, provider } = setUp();
        store.broken = "arn:broker";
        await assert.rejects(provider.create(INPUTS), /connection broke/);
        store.broken = undefined;
        await provider.create(INPUTS);
        assert.deepEqual(store.writes, ["arn:authority", "arn:zookeeper", "arn:broker", "arn:client"]);
    });

    it("issues a new role's credentials and leaves the others", async () => {
        const { store, provider } = setUp();
        const { outs } = await provider.create(INPUTS);
        const more = { ...INPUTS, secretArns: { ...INPUTS.secretArns, proxy: "arn:proxy" } };
        assert.equal((await provider.diff("id", outs, more)).changes, true);
        const updated = await provider.update("id", outs, more);
        assert.deepEqual(store.writes.slice(4), ["arn:proxy"]);
        assert.deepEqual(updated.outs.issued.broker, outs.issued.broker);
    });

    it("rotates when it is asked to, under the same authority", async () => {
        const { store, provider } = setUp();
        const { outs } = await provider.create(INPUTS);
        const asked = { ...INPUTS, rotation: 2 };
        assert.deepEqual(await provider.diff("id", outs, asked), { changes: true, replaces: [] });
        const rotated = await provider.update("id", outs, asked);
        assert.deepEqual(store.writes.slice(4), ["arn:zookeeper", "arn:broker", "arn:client"]);
        assert.equal(rotated.outs.authorityFingerprint, outs.authorityFingerprint);
        assert.notEqual(rotated.outs.issued.broker?.fingerprint, outs.issued.broker?.fingerprint);
        assert.equal(rotated.outs.issued.broker?.versionId, "v2");
    });

    it("issues anew when the names change, and not for another validity", async () => {
        const { store, provider } = setUp();
        const { outs } = await provider.create(INPUTS);
        await provider.update("id", outs, { ...INPUTS, validityDays: 30 });
        assert.equal(store.writes.length, 4);
        await provider.update("id", outs, { ...INPUTS, zoneName: "new.internal" });
        assert.equal(store.writes.length, 7);
    });

    it("replaces what another authority has signed", async () => {
        const { store, provider } = setUp();
        await provider.create(INPUTS);
        store.values.delete("arn:authority");
        await provider.create(INPUTS);
        assert.deepEqual(store.writes.slice(4), [
            "arn:authority",
            "arn:zookeeper",
            "arn:broker",
            "arn:client",
        ]);
    });

    it("notices in a refresh that a value is gone, and fills it at the next update", async () => {
        const { store, provider } = setUp();
        const { outs } = await provider.create(INPUTS);
        assert.deepEqual((await provider.read("id", outs)).props, outs);
        store.values.delete("arn:client");
        const { props } = await provider.read("id", outs);
        assert.deepEqual(Object.keys(props.issued), ["zookeeper", "broker"]);
        assert.equal((await provider.diff("id", props, INPUTS)).changes, true);
        await provider.update("id", props, INPUTS);
        assert.deepEqual(store.writes.slice(4), ["arn:client"]);
    });

    it("warns a month before something ends, and changes nothing for it", async () => {
        const early = setUp();
        const { outs } = await early.provider.create(INPUTS);
        const late = setUp("2026-12-10T00:00:00Z");
        assert.equal((await late.provider.diff("id", outs, INPUTS)).changes, false);
        assert.equal(late.log.length, 3);
        assert.match(late.log[1] ?? "", /credentials of broker end on 2027-01-01.*Raise credentialRotation/);
        await early.provider.diff("id", outs, INPUTS);
        assert.deepEqual(early.log, []);
    });

    it("neither quotes nor overwrites a value that it did not write", async () => {
        const { store, provider } = setUp();
        store.values.set("arn:authority", ["hunter2"]);
        const error = await provider.create(INPUTS).then(
            () => assert.fail("it was overwritten"),
            (reason: Error) => reason,
        );
        assert.match(error.message, /value of arn:authority is not what this program wrote/);
        assert.doesNotMatch(error.message, /hunter2/);
        assert.deepEqual(store.writes, []);
    });

    it("takes unknown inputs in a preview, and another authority as another resource", async () => {
        const { provider } = setUp();
        const unknown = { ...INPUTS, authoritySecretArn: UNKNOWN, secretArns: { broker: UNKNOWN } };
        assert.deepEqual((await provider.check(undefined, unknown)).failures, []);
        assert.deepEqual(await provider.diff("id", {}, unknown), { changes: true, replaces: [] });
        const other = await provider.diff("id", INPUTS, {
            ...INPUTS,
            authoritySecretArn: "arn:other",
        });
        assert.deepEqual(other.replaces, ["authoritySecretArn"]);
        const wrong = await provider.check(undefined, { ...INPUTS, rotation: 0, cluster: "" });
        assert.deepEqual(
            wrong.failures.map(({ property }) => property),
            ["cluster", "rotation"],
        );
    });
});
