import {
    type AppDetails,
    DeleteAppCommand,
    DeleteSpaceCommand,
    paginateListApps,
    paginateListSpaces,
    type SageMakerClient,
    type SpaceDetails,
} from "@aws-sdk/client-sagemaker";

import { errorCode, isGone } from "../../lib/aws/errors";
import type { Deadline } from "../../lib/clock";
import { poll } from "../../lib/poll";
import { unlessGone } from "./gone";

/** How to end what users started. */
export interface EndSessions {
    domainId: string;
    /** A space has a volume with notebooks, which is deleted with it. */
    mayDeleteSpaces: boolean;
    deadline: Deadline;
    log(text: string): void;
}

const POLL = { firstMilliseconds: 5_000, longestMilliseconds: 5_000 };

/**
 * Stops every app of a domain, then deletes its spaces, and waits until they are gone: SageMaker deletes no profile
 * that has one or the other ("Delete an Amazon SageMaker AI domain" in its developer guide).
 *
 * @throws when spaces are left that may not be deleted, or when the time is over; both errors name them.
 */
export async function endSessions(client: SageMakerClient, options: EndSessions): Promise<void> {
    await untilNone("apps", options, async () => {
        const running = (await listApps(client, options.domainId)).filter(
            // A failed app blocks nothing, and cannot be deleted.
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
    await untilNone("spaces", options, async () => {
        const left = await listSpaces(client, options.domainId);
        for (const { SpaceName, Status } of left.filter((space) => space.Status !== "Deleting")) {
            options.log(`Deleting space ${SpaceName} (${Status}) of domain ${options.domainId}`);
            const key = { DomainId: options.domainId, SpaceName };
            await unlessUnderWay(client.send(new DeleteSpaceCommand(key)));
        }
        return left.map(({ SpaceName, Status }) => `${SpaceName} (${Status})`);
    });
}

/** The apps of a domain; none when the domain does not exist any more. */
async function listApps(client: SageMakerClient, DomainIdEquals: string): Promise<AppDetails[]> {
    const apps: AppDetails[] = [];
    const read = async () => {
        for await (const { Apps } of paginateListApps({ client }, { DomainIdEquals }))
            apps.push(...(Apps ?? []));
        return apps;
    };
    return (await unlessGone(read())) ?? [];
}

/** The spaces of a domain; none when the domain does not exist any more. */
async function listSpaces(client: SageMakerClient, DomainIdEquals: string): Promise<SpaceDetails[]> {
    const spaces: SpaceDetails[] = [];
    const read = async () => {
        for await (const { Spaces } of paginateListSpaces({ client }, { DomainIdEquals }))
            spaces.push(...(Spaces ?? []));
        return spaces;
    };
    return (await unlessGone(read())) ?? [];
}

/** Looks until nothing is left. */
async function untilNone(
    what: string,
    { domainId, deadline }: EndSessions,
    look: () => Promise<string[]>,
): Promise<void> {
    let left: string[] = [];
    const done = await poll(deadline, POLL, async () => {
        left = await look();
        return left.length === 0 ? true : undefined;
    });
    if (done !== undefined) return;
    throw new Error(
        `domain ${domainId} still has ${what} after ${deadline.seconds} seconds: ${left.join(", ")}. Delete them, then destroy again.`,
    );
}

/** A deletion that another one was faster than. */
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
