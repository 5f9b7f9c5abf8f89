import { EC2Client } from "@aws-sdk/client-ec2";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";

import { settingsWithin } from "../../lib/aws/clients";
import { type Clock, Deadline, systemClock } from "../../lib/clock";
import { hasUnknown } from "../../lib/dynamic/unknown";
import { deleteWithHomes } from "./homes";
import { markNfsGroups, removeNfsGroups } from "./nfs-groups";
import type { HomeRetention } from "./schema";
import { endSessions } from "./sessions";

/** What a teardown depends on; tests give their own. */
export interface TeardownDependencies {
    ec2(region: string, deadline: Deadline): EC2Client;
    sagemaker(region: string, deadline: Deadline): SageMakerClient;
    clock: Clock;
    log(text: string): void;
}

/** An app takes minutes to stop, and there may be many; the interfaces of a file system go within minutes. */
const SESSIONS_TIMEOUT_SECONDS = 20 * 60;
const GROUPS_TIMEOUT_SECONDS = 10 * 60;
/** As long as the provider waits for a domain to go. */
const DOMAIN_TIMEOUT_SECONDS = 20 * 60;

/**
 * A dynamic provider of something that is only there to be deleted.
 *
 * @param key The inputs that say which thing it is: with others it is another one.
 */
abstract class Teardown<Inputs extends object> {
    protected constructor(
        protected readonly dependencies: TeardownDependencies,
        private readonly key: readonly (keyof Inputs & string)[],
    ) {}

    async check(_olds: unknown, news: Inputs) {
        return { inputs: news, failures: [] };
    }

    /** Unknown counts as different: it is the id of a domain that is going to be replaced, before which this has to go. */
    async diff(_id: string, olds: Partial<Inputs>, news: Inputs) {
        const replaces = this.key.filter(
            (name) => hasUnknown(news[name]) || JSON.stringify(olds[name]) !== JSON.stringify(news[name]),
        );
        const names = Object.keys(news).filter((name) => !name.startsWith("__")) as (keyof Inputs)[];
        const changes = names.some((name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name]));
        return { changes: changes || replaces.length > 0, replaces, deleteBeforeReplace: true };
    }

    async create(inputs: Inputs) {
        return { id: this.key.map((name) => String(inputs[name])).join("/"), outs: inputs };
    }

    async read(id: string, props: Inputs) {
        return { id, props };
    }

    async update(_id: string, _olds: unknown, news: Inputs) {
        return { outs: news };
    }

    abstract delete(id: string, props: Inputs): Promise<void>;
}

interface SessionsInputs {
    region: string;
    domainId: string;
    vpcId: string;
    homeRetention: HomeRetention;
}

/** The provider behind `StudioSessions`. */
export class SessionsTeardown extends Teardown<SessionsInputs> {
    constructor(dependencies: TeardownDependencies) {
        super(dependencies, ["region", "domainId"]);
    }

    async delete(_id: string, { region, domainId, vpcId, homeRetention }: SessionsInputs): Promise<void> {
        const deadline = new Deadline(this.dependencies.clock, SESSIONS_TIMEOUT_SECONDS);
        await endSessions(this.dependencies.sagemaker(region, deadline), {
            domainId,
            mayDeleteSpaces: homeRetention === "Delete",
            deadline,
            log: (text) => this.dependencies.log(text),
        });
        // While the domain exists it is known which groups are its own. Afterwards only this tag says so.
        if (homeRetention === "Delete")
            await markNfsGroups(this.dependencies.ec2(region, deadline), vpcId, domainId);
    }
}

interface HomesInputs {
    region: string;
    domainId: string;
    homeRetention: HomeRetention;
}

/** The provider behind `StudioHomes`. */
export class HomesTeardown extends Teardown<HomesInputs> {
    constructor(dependencies: TeardownDependencies) {
        super(dependencies, ["region", "domainId"]);
    }

    async delete(_id: string, { region, domainId, homeRetention }: HomesInputs): Promise<void> {
        if (homeRetention === "Retain") return;
        const deadline = new Deadline(this.dependencies.clock, DOMAIN_TIMEOUT_SECONDS);
        await deleteWithHomes(this.dependencies.sagemaker(region, deadline), {
            domainId,
            deadline,
            log: (text) => this.dependencies.log(text),
        });
    }
}

interface LeftoversInputs {
    region: string;
    vpcId: string;
    subnetIds: string[];
}

/** The provider behind `StudioLeftovers`. */
export class LeftoversTeardown extends Teardown<LeftoversInputs> {
    constructor(dependencies: TeardownDependencies) {
        super(dependencies, ["region", "vpcId"]);
    }

    async delete(_id: string, { region, vpcId }: LeftoversInputs): Promise<void> {
        const { dependencies } = this;
        const deadline = new Deadline(dependencies.clock, GROUPS_TIMEOUT_SECONDS);
        await removeNfsGroups(dependencies.ec2(region, deadline), dependencies.sagemaker(region, deadline), {
            vpcId,
            deadline,
            log: (text) => this.dependencies.log(text),
        });
    }
}

/** Endpoint and credentials come from the environment, as for every tool that uses the AWS SDK. */
const dependencies: TeardownDependencies = {
    ec2: (region, deadline) => new EC2Client(settingsWithin(deadline, region)),
    sagemaker: (region, deadline) => new SageMakerClient(settingsWithin(deadline, region)),
    clock: systemClock,
    log: (text) => console.log(text),
};

export const studioSessions = new SessionsTeardown(dependencies);
export const studioHomes = new HomesTeardown(dependencies);
export const studioLeftovers = new LeftoversTeardown(dependencies);
