import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, verify, X509Certificate } from "node:crypto";

import {
    type Authority,
    factsOf,
    issueMaterial,
    makeAuthority,
    type RoleMaterial,
    signToken,
} from "../../../../components/pulsar/credentials/material";
import { roleHostnames } from "../../../../components/pulsar/names";
import { PULSAR_ROLES, type PulsarRole } from "../../../../components/pulsar/ports";

const NOW = new Date("2026-01-01T00:00:00Z");
const DAY = 24 * 3600 * 1000;

/** What a JWT says, once its signature is good. */
function readToken(token: string, publicKey: string): Record<string, unknown> {
    const [header, payload, signature] = token.split(".");
    assert.ok(header !== undefined && payload !== undefined && signature !== undefined);
    assert.deepEqual(JSON.parse(Buffer.from(header, "base64url").toString()), { alg: "RS256", typ: "JWT" });
    assert.ok(
        verify("sha256", Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, "base64url")),
        "the signature is not good",
    );
    return JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
}

describe("a Pulsar cluster's certificates and tokens", function () {
    this.timeout(60_000);
    let authority: Authority;
    const material = {} as Record<PulsarRole, RoleMaterial>;

    before(async () => {
        authority = await makeAuthority("lab", NOW);
        for (const role of PULSAR_ROLES)
            material[role] = await issueMaterial(
                authority,
                { role, hostnames: roleHostnames(role, "lab.pulsar.internal"), validityDays: 365 },
                NOW,
            );
    });

    it("come from an authority that signs leaves alone, for ten years", () => {
        // Node's own parser, which is OpenSSL, and not the library that made it.
        const ca = new X509Certificate(authority.caCertificate);
        assert.equal(ca.subject, "CN=lab authority");
        assert.ok(ca.ca && ca.verify(ca.publicKey));
        assert.equal(new Date(ca.validTo).getTime(), NOW.getTime() + 3650 * DAY);
        assert.equal(ca.publicKey.asymmetricKeyDetails?.modulusLength, 3072);
        assert.ok(ca.checkPrivateKey(createPrivateKey(authority.caPrivateKey)));
    });

    it("hold what the role needs, and nothing else", () => {
        const keys = Object.fromEntries(
            PULSAR_ROLES.map((role) => [role, Object.keys(material[role]).sort()]),
        );
        const server = ["caCertificate", "certificate", "privateKey"];
        assert.deepEqual(keys, {
            zookeeper: server,
            bookkeeper: server,
            broker: [...server, "token", "tokenPublicKey"],
            client: ["caCertificate", "token"],
            proxy: [...server, "token", "tokenPublicKey"],
        });
    });

    it("are signed by the authority, for the names of the role and of no other", () => {
        const ca = new X509Certificate(authority.caCertificate);
        for (const role of ["zookeeper", "bookkeeper", "broker", "proxy"] as const) {
            const leaf = new X509Certificate(material[role].certificate ?? "");
            assert.ok(leaf.checkIssued(ca) && leaf.verify(ca.publicKey), role);
            assert.equal(leaf.ca, false);
            assert.ok(leaf.checkPrivateKey(createPrivateKey(material[role].privateKey ?? "")));
            for (const own of [
                `${role}.lab.pulsar.internal`,
                `${role}-1.lab.pulsar.internal`,
                `${role}-32.lab.pulsar.internal`,
            ])
                assert.equal(leaf.checkHost(own), own);
            const other = role === "broker" ? "zookeeper" : "broker";
            assert.equal(leaf.checkHost(`${other}-1.lab.pulsar.internal`), undefined);
            assert.equal(leaf.checkHost("lab.pulsar.internal"), undefined);
            // serverAuth and clientAuth.
            assert.deepEqual(leaf.keyUsage, ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
        }
    });

    it("say who bears them until when, under the key that brokers verify by", () => {
        const publicKey = material.broker.tokenPublicKey ?? "";
        const exp = (NOW.getTime() + 365 * DAY) / 1000;
        for (const role of ["broker", "proxy", "client"] as const)
            assert.deepEqual(readToken(material[role].token ?? "", publicKey), { sub: role, exp });
        assert.equal(readToken(authority.adminToken, publicKey).sub, "admin");
        const stranger = signToken("admin", NOW, authority.caPrivateKey);
        assert.throws(() => readToken(stranger, publicKey), /signature is not good/);
    });

    it("do not outlive the authority", async () => {
        const late = new Date(NOW.getTime() + 3600 * DAY);
        const { certificate } = await issueMaterial(
            authority,
            { role: "broker", hostnames: ["b"], validityDays: 365 },
            late,
        );
        assert.equal(
            new Date(new X509Certificate(certificate ?? "").validTo).getTime(),
            NOW.getTime() + 3650 * DAY,
        );
    });

    it("have public facts, in which nothing secret is", () => {
        const certificate = new X509Certificate(material.broker.certificate ?? "");
        assert.deepEqual(factsOf(material.broker), {
            notAfter: "2027-01-01T00:00:00.000Z",
            fingerprint: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
        });
        const client = factsOf(material.client);
        assert.equal(client.notAfter, "2027-01-01T00:00:00.000Z");
        assert.match(client.fingerprint, /^[0-9a-f]{64}$/);
    });

    it("never give the private keys of the authority to a role", () => {
        const given = JSON.stringify(material);
        for (const key of [authority.caPrivateKey, authority.tokenPrivateKey])
            assert.ok(!given.includes(JSON.stringify(key).slice(40, 200)));
        assert.equal(
            createPublicKey(authority.tokenPrivateKey).export({ type: "spki", format: "pem" }),
            material.broker.tokenPublicKey,
        );
    });
});
