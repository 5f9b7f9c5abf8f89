/** What a client of an AWS service is made with; what is left out, the SDK finds in the environment. */
export interface ClientSettings {
    region: string;
    endpoint?: string;
    credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
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
