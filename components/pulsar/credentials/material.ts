// The library's dependency injection needs it, and asks for it to be loaded first.
import "reflect-metadata";

import * as x509 from "@peculiar/x509";
import { createHash, createPrivateKey, createPublicKey, sign, webcrypto } from "node:crypto";

import type { PulsarRole } from "../ports";

/**
 * RSA throughout: ZooKeeper, BookKeeper, Pulsar and its clients in every language take it. 2048 bits are what NIST SP 800-57 allows
 * until 2030; what signs for ten years has 3072.
 */
const AUTHORITY_BITS = 3072;
const LEAF_BITS = 2048;
const DAY_MILLISECONDS = 24 * 3600 * 1000;
const AUTHORITY_DAYS = 3650;

/** What signs certificates and tokens. No instance may read it: whoever has it is every role at once. */
export interface Authority {
    /** PEM. */
    readonly caCertificate: string;
    /** PEM, PKCS #8. */
    readonly caPrivateKey: string;
    /** PEM, PKCS #8; signs tokens (RS256). */
    readonly tokenPrivateKey: string;
    /** The token of the superuser `admin`, for people; valid as long as the authority. */
    readonly adminToken: string;
}

/** The content of one role's secret; by the AMI contract. What a role does not need is not there. */
export interface RoleMaterial {
    /** PEM: whom to trust. */
    readonly caCertificate: string;
    /** PEM; not for clients, which prove who they are by their token. */
    readonly certificate?: string;
    /** PEM, PKCS #8. */
    readonly privateKey?: string;
    /** The role's own token, for those that connect to brokers. */
    readonly token?: string;
    /** PEM: verifies tokens; for those that receive them. */
    readonly tokenPublicKey?: string;
}

/** Roles that answer, or connect to ZooKeeper and bookies: they have a certificate. */
const HAS_CERTIFICATE: ReadonlySet<PulsarRole> = new Set<PulsarRole>([
    "zookeeper",
    "bookkeeper",
    "broker",
    "proxy",
]);
/** Roles that connect to brokers. */
const HAS_TOKEN: ReadonlySet<PulsarRole> = new Set<PulsarRole>(["broker", "proxy", "client"]);
/** Roles that are connected to with a token. */
const VERIFIES_TOKENS: ReadonlySet<PulsarRole> = new Set<PulsarRole>(["broker", "proxy"]);

const SIGNING = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;
const rsa = (modulusLength: number) => ({
    ...SIGNING,
    modulusLength,
    publicExponent: new Uint8Array([1, 0, 1]),
});

/** A new certificate authority and a new key for tokens. */
export async function makeAuthority(cluster: string, now: Date): Promise<Authority> {
    const keys = await webcrypto.subtle.generateKey(rsa(AUTHORITY_BITS), true, ["sign", "verify"]);
    const notAfter = daysAfter(now, AUTHORITY_DAYS);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned(
        {
            serialNumber: serialNumber(),
            name: [{ CN: [`${cluster} authority`] }],
            notBefore: now,
            notAfter,
            signingAlgorithm: SIGNING,
            keys,
            extensions: [
                // It signs leaves alone.
                new x509.BasicConstraintsExtension(true, 0, true),
                new x509.KeyUsagesExtension(
                    x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
                    true,
                ),
                await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
            ],
        },
        webcrypto,
    );
    const tokenKeys = await webcrypto.subtle.generateKey(rsa(LEAF_BITS), true, ["sign", "verify"]);
    const tokenPrivateKey = await privateKeyPem(tokenKeys.privateKey);
    return {
        caCertificate: certificate.toString("pem"),
        caPrivateKey: await privateKeyPem(keys.privateKey),
        tokenPrivateKey,
        adminToken: signToken("admin", notAfter, tokenPrivateKey),
    };
}

/** A request for a role's certificate, for the names of its instances, and for its token. */
export interface CertificateRequest {
    readonly role: PulsarRole;
    /** The names under which the role's instances answer. */
    readonly hostnames: readonly string[];
    readonly validityDays: number;
}

/** Issues a role's certificate and token. Neither outlives the authority. */
export async function issueMaterial(
    authority: Authority,
    request: CertificateRequest,
    now: Date,
): Promise<RoleMaterial> {
    const { role } = request;
    const issuer = new x509.X509Certificate(authority.caCertificate);
    const wanted = daysAfter(now, request.validityDays);
    const notAfter = wanted < issuer.notAfter ? wanted : issuer.notAfter;
    return {
        caCertificate: authority.caCertificate,
        ...(HAS_CERTIFICATE.has(role)
            ? await issueCertificate(authority, issuer, request, now, notAfter)
            : {}),
        ...(HAS_TOKEN.has(role) ? { token: signToken(role, notAfter, authority.tokenPrivateKey) } : {}),
        ...(VERIFIES_TOKENS.has(role)
            ? {
                  tokenPublicKey: createPublicKey(authority.tokenPrivateKey)
                      .export({ type: "spki", format: "pem" })
                      .toString(),
              }
            : {}),
    };
}

async function issueCertificate(
    authority: Authority,
    issuer: x509.X509Certificate,
    { role, hostnames }: CertificateRequest,
    notBefore: Date,
    notAfter: Date,
): Promise<{ certificate: string; privateKey: string }> {
    const keys = await webcrypto.subtle.generateKey(rsa(LEAF_BITS), true, ["sign", "verify"]);
    const der = createPrivateKey(authority.caPrivateKey).export({ type: "pkcs8", format: "der" });
    const signingKey = await webcrypto.subtle.importKey("pkcs8", der, SIGNING, false, ["sign"]);
    const certificate = await x509.X509CertificateGenerator.create(
        {
            serialNumber: serialNumber(),
            subject: [{ CN: [role] }],
            issuer: issuer.subjectName,
            notBefore,
            notAfter,
            signingAlgorithm: SIGNING,
            publicKey: keys.publicKey,
            signingKey,
            extensions: [
                new x509.BasicConstraintsExtension(false, undefined, true),
                new x509.KeyUsagesExtension(
                    x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
                    true,
                ),
                // Both: a broker answers clients and calls bookies with the same certificate.
                new x509.ExtendedKeyUsageExtension([
                    x509.ExtendedKeyUsage.serverAuth,
                    x509.ExtendedKeyUsage.clientAuth,
                ]),
                new x509.SubjectAlternativeNameExtension(
                    hostnames.map((value) => ({ type: "dns" as const, value })),
                ),
                await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
                await x509.AuthorityKeyIdentifierExtension.create(issuer),
            ],
        },
        webcrypto,
    );
    return { certificate: certificate.toString("pem"), privateKey: await privateKeyPem(keys.privateKey) };
}

/** A JSON Web Token (RFC 7519) signed with RS256, as Pulsar's AuthenticationProviderToken takes it. */
export function signToken(subject: string, expires: Date, privateKey: string): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const body = `${part({ alg: "RS256", typ: "JWT" })}.${part({ sub: subject, exp: Math.floor(expires.getTime() / 1000) })}`;
    return `${body}.${sign("sha256", Buffer.from(body), privateKey).toString("base64url")}`;
}

/** What may be known of a role's material by everybody. */
export interface MaterialFacts {
    /** When the certificate, or for clients the token, ends; ISO 8601, UTC. */
    readonly notAfter: string;
    /** SHA-256 of the certificate in DER, or of the token; to tell one issue from another. */
    readonly fingerprint: string;
}

/** What is public about a role's material. */
export function factsOf(material: RoleMaterial): MaterialFacts {
    if (material.certificate !== undefined) {
        const certificate = new x509.X509Certificate(material.certificate);
        return {
            notAfter: certificate.notAfter.toISOString(),
            fingerprint: sha256(Buffer.from(certificate.rawData)),
        };
    }
    const payload = JSON.parse(Buffer.from(material.token?.split(".")[1] ?? "", "base64url").toString()) as {
        exp: number;
    };
    return {
        notAfter: new Date(payload.exp * 1000).toISOString(),
        fingerprint: sha256(Buffer.from(material.token ?? "")),
    };
}

function sha256(bytes: Buffer): string {
    return createHash("sha256").update(bytes).digest("hex");
}

function daysAfter(start: Date, days: number): Date {
    return new Date(start.getTime() + days * DAY_MILLISECONDS);
}

/** Random and positive, at most 20 bytes (RFC 5280, section 4.1.2.2). */
function serialNumber(): string {
    const bytes = webcrypto.getRandomValues(new Uint8Array(16));
    bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
    return Buffer.from(bytes).toString("hex");
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
    const der = await webcrypto.subtle.exportKey("pkcs8", key);
    return x509.PemConverter.encode(der, "PRIVATE KEY");
}
