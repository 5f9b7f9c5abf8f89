import type { Problem } from "../validation";
import { PULSAR_PORTS } from "./ports";

/** The addresses of a cluster that exists, and whether they may be without TLS. */
interface AdoptedUrls {
    readonly serviceUrl: string;
    readonly adminUrl: string;
    readonly allowPlaintext: boolean;
}

/** What is wrong with the addresses of a cluster that exists. */
export function adoptedUrlProblems({ serviceUrl, adminUrl, allowPlaintext }: AdoptedUrls): Problem[] {
    const schemesOf = (safe: string, plain: string) => ({ safe, plain, allowPlaintext });
    return [
        ...urlProblems("serviceUrl", serviceUrl, schemesOf("pulsar+ssl", "pulsar"), PULSAR_PORTS.brokerTls),
        ...urlProblems("adminUrl", adminUrl, schemesOf("https", "http"), PULSAR_PORTS.webTls),
    ];
}

function urlProblems(
    key: string,
    value: string,
    { safe, plain, allowPlaintext }: { safe: string; plain: string; allowPlaintext: boolean },
    port: number,
): Problem[] {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    const isBare =
        url !== undefined &&
        [`${safe}:`, `${plain}:`].includes(url.protocol) &&
        url.hostname !== "" &&
        url.username === "" &&
        /^\/?$/.test(url.pathname) &&
        url.search === "";
    if (!isBare) {
        const example = `${safe}://pulsar.example.com:${port}`;
        return [{ key, value, allowed: `a URL such as ${example}, without user, path or query` }];
    }
    return url.protocol === `${plain}:` && !allowPlaintext
        ? [{ key, value, allowed: `${safe}://...; to do without TLS, set allowPlaintext to true` }]
        : [];
}
