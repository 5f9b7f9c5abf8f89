import type { Clients } from "../../../../sandbox/providers/aws/clients";

/** Clients of every service whose methods all answer alike. `answer` is given the name of the method. */
export function fakeClients(answer: (method: string) => unknown): Clients {
    const client = new Proxy({}, { get: (_, method) => async () => answer(String(method)) });
    return new Proxy({}, { get: () => client }) as Clients;
}
