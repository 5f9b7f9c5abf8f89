import type { Deadline } from "../clock";
import { type Retries, retriesWithin } from "./retry";

/** What a client of an AWS service is made with; what is left out, the SDK finds in the environment. */
export interface ClientSettings {
    region: string;
    endpoint?: string;
    credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/** What a client is made with that works under a deadline. Endpoint and credentials come from the environment. */
export interface DeadlineSettings extends Retries {
    region: string;
    requestHandler: { connectionTimeout: number; requestTimeout: number };
}

/** A request that is answered by nothing is not broken for the SDK: it would wait for ever. In milliseconds. */
const REQUEST_TIMEOUTS = { connectionTimeout: 5_000, requestTimeout: 30_000 };

export function settingsWithin(deadline: Deadline, region: string): DeadlineSettings {
    return { region, requestHandler: REQUEST_TIMEOUTS, ...retriesWithin(deadline) };
}

/** AWS as a finder sees it. */
export interface Aws {
    readonly region: string;
    /** The client of a service; made when it is first asked for. */
    client<Client>(Client: new (settings: ClientSettings) => Client): Client;
}

/** The services of one region. */
export function awsOf(settings: ClientSettings): Aws {
    const made = new Map<unknown, unknown>();
    return {
        region: settings.region,
        client<Client>(Client: new (settings: ClientSettings) => Client): Client {
            if (!made.has(Client)) made.set(Client, new Client(settings));
            return made.get(Client) as Client;
        },
    };
}
