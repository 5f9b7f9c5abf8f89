import {
    type AppDetails,
    DeleteAppCommand,
    DeleteSpaceCommand,
    ListAppsCommand,
    ListSpacesCommand,
    type SageMakerClient,
    type SpaceDetails,
} from "@aws-sdk/client-sagemaker";

import type { Clock, Deadline } from "../../lib/clock";
import { errorCode, isGone } from "../../lib/aws/errors";

type Client = Pick<SageMakerClient, "send">;

/** How to end what users started. */
export interface EndSessions {
    domainId: string;
    /** A space has a volume with notebooks, which goes with it. */
    mayDeleteSpaces: boolean;
    clock: Clock;
    deadline: Deadline;
    log(text: string): void;
}

const POLL_MILLISECONDS = 5_000;

/**
 * Stops every app of a domain and deletes its spaces, in this order, and waits until they are gone: SageMaker deletes no profile
 * that has one or the other ("Delete an Amazon SageMaker AI domain" in its developer guide).
 *
 * @throws when spaces are left that may not be deleted, or when the time is up; both name what is in the way.
 */
export async function endSessions(client: Client, options: EndSessions): Promise<void> {
    await until("apps", options, async () => {
        const running = (await listApps(client, options.domainId)).filter(
            // A failed app is in nobody's way, and cannot be deleted.
            ({ Status }) => Status !== "Deleted" && Status !== "Failed",
        );
        // One that is still starting can be deleted when it has started.
        for (const app of running.filter(({ Status }) => Status === "InService")) {
            options.log(`Stopping app ${nameOf(app)} of domain ${options.domainId}`);
            await unlessUnderWay(client.send(new DeleteAppCommand(keyOf(app))));
        }
        return running.map((app) => `${nameOf(app)} (${app.Status})`);
    });

    const spaces = await listSpaces(client, options.domainId);
    if (spaces.length > 0 && !options.mayDeleteSpaces) {
        const names = spaces.map(({ SpaceName }) => SpaceName).join(", ");
        throw new Error(
            `domain ${options.domainId} has spaces with notebooks on their volumes, and homeRetention is Retain: ${names}. ` +
                `Save what is needed and delete the spaces, or set homeRetention to Delete and update first; then destroy again.`,
        );
    }
    await until("spaces", options, async () => {
        const left = await listSpaces(client, options.domainId);
        for (const { SpaceName, Status } of left.filter((space) => space.Status !== "Deleting")) {
            options.log(`Deleting space ${SpaceName} (${Status}) of domain ${options.domainId}`);
            const key = { DomainId: options.domainId, SpaceName };
            await unlessUnderWay(client.send(new DeleteSpaceCommand(key)));
        }
        return left.map(({ SpaceName, Status }) => `${SpaceName} (${Status})`);
    });
}

async function listApps(client: Client, DomainIdEquals: string): Promise<AppDetails[]> {
    return collect(async (NextToken) => {
        const { Apps, NextToken: next } = await client.send(
            new ListAppsCommand({ DomainIdEquals, NextToken }),
        );
        return { items: Apps, next };
    });
}

async function listSpaces(client: Client, DomainIdEquals: string): Promise<SpaceDetails[]> {
    return collect(async (NextToken) => {
        const { Spaces, NextToken: next } = await client.send(
            new ListSpacesCommand({ DomainIdEquals, NextToken }),
        );
        return { items: Spaces, next };
    });
}

/** All pages of a list; nothing where the domain is gone. */
async function collect<T>(
    page: (token: string | undefined) => Promise<{ items: T[] | undefined; next: string | undefined }>,
): Promise<T[]> {
    const all: T[] = [];
    let token: string | undefined;
    try {
        do {
            const { items, next } = await page(token);
            all.push(...(items ?? []));
            token = next;
        } while (token);
    } catch (error) {
        if (isGone(error)) return [];
        throw error;
    }
    return all;
}

/** Asks until nothing is left. */
async function until(
    what: string,
    { domainId, clock, deadline }: EndSessions,
    left: () => Promise<string[]>,
): Promise<void> {
    for (;;) {
        const names = await left();
        if (names.length === 0) return;
        if (deadline.remainingMilliseconds() === 0)
            throw new Error(
                `domain ${domainId} still has ${what} after ${deadline.seconds} seconds: ${names.join(", ")}. Delete them, then destroy again.`,
            );
        await clock.sleep(Math.min(POLL_MILLISECONDS, deadline.remainingMilliseconds()));
    }
}

/** Whoever else deletes it, or it itself, has been quicker. */
async function unlessUnderWay(call: Promise<unknown>): Promise<void> {
    try {
        await call;
    } catch (error) {
        if (!isGone(error) && errorCode(error) !== "ResourceInUse") throw error;
    }
}

function keyOf({ DomainId, UserProfileName, SpaceName, AppType, AppName }: AppDetails) {
    return { DomainId, UserProfileName, SpaceName, AppType, AppName };
}

function nameOf({ UserProfileName, SpaceName, AppType, AppName }: AppDetails): string {
    return [SpaceName ?? UserProfileName, AppType, AppName].join("/");
}
