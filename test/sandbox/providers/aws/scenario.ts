import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { EC2Client } from "@aws-sdk/client-ec2";
import {
    CreateTagsCommand,
    CreateVolumeCommand,
    DeleteTagsCommand,
    DescribeImagesCommand,
    RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
    AddRoleToInstanceProfileCommand,
    CreateInstanceProfileCommand,
    CreateRoleCommand,
    IAMClient,
} from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";

import type { PropertyMap } from "../../../../sandbox/providers/server/values";
import { clientSettings, given, Network, REGION, type Remembered } from "./support";

type Settings = Awaited<ReturnType<typeof clientSettings>>;

/** Things of other kinds that a resource needs, made through the AWS API. */
export class Surroundings {
    private static roles = 0;
    private readonly clients = new Map<unknown, unknown>();

    private constructor(
        readonly network: Network,
        private readonly settings: Settings,
    ) {}

    static async create(): Promise<Surroundings> {
        return new Surroundings(await Network.create({ dns: true }), await clientSettings());
    }

    /** The client of a service, made at its first use. */
    client<Client>(Client: new (settings: Settings) => Client): Client {
        if (!this.clients.has(Client)) this.clients.set(Client, new Client(this.settings));
        return this.clients.get(Client) as Client;
    }

    get kms(): KMSClient {
        return this.client(KMSClient);
    }

    get iam(): IAMClient {
        return this.client(IAMClient);
    }

    get logs(): CloudWatchLogsClient {
        return this.client(CloudWatchLogsClient);
    }

    get ec2(): EC2Client {
        return this.network.ec2;
    }

    get vpcId(): string {
        return this.network.vpcId;
    }

    async keyId(): Promise<string> {
        return given((await this.kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId);
    }

    async keyArn(): Promise<string> {
        return given((await this.kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
    }

    /** The image of Pulsar that the account has. */
    async imageId(): Promise<string> {
        const command = new DescribeImagesCommand({
            Owners: ["self"],
            Filters: [{ Name: "architecture", Values: ["x86_64"] }],
        });
        return given((await this.ec2.send(command)).Images?.[0]?.ImageId);
    }

    /** A running instance in the first zone, in a network of its own. */
    async instanceId(): Promise<string> {
        const network = await Network.create();
        const command = new RunInstancesCommand({
            ImageId: await this.imageId(),
            InstanceType: "m5.large",
            MinCount: 1,
            MaxCount: 1,
            SubnetId: await network.subnet("10.0.0.0/24"),
        });
        return given((await this.ec2.send(command)).Instances?.[0]?.InstanceId);
    }

    /** A volume in the first zone. */
    async volumeId(): Promise<string> {
        const command = new CreateVolumeCommand({ AvailabilityZone: `${REGION}a`, Size: 1 });
        return given((await this.ec2.send(command)).VolumeId);
    }

    /** An instance profile with a role in it. */
    async instanceProfileName(): Promise<string> {
        const RoleName = await this.roleName();
        const InstanceProfileName = `profile-of-${RoleName}`;
        await this.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
        await this.iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
        return InstanceProfileName;
    }

    /** A role that EC2 may assume. */
    async roleName(): Promise<string> {
        const RoleName = `role-${Surroundings.roles++}`;
        const AssumeRolePolicyDocument = assumedBy("ec2.amazonaws.com");
        await this.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
        return RoleName;
    }

    /** Another network beside this one. */
    async otherVpcId(): Promise<string> {
        return (await Network.create()).vpcId;
    }
}

/** The life of a resource of one type. */
export interface Scenario {
    token: string;
    /** Its first inputs. */
    inputs(around: Surroundings): Promise<PropertyMap>;
    /** Outputs that must have these values after creation. */
    outputs?: PropertyMap;
    /**
     * Inputs changed in place, on top of the first ones; undefined takes one out.
     * @default the type changes its tags alone
     */
    update?(around: Surroundings): Promise<PropertyMap>;
    /** Inputs that replace it, on top of the first ones, and what the diff says of them. */
    replace?: {
        inputs(around: Surroundings): Promise<PropertyMap>;
        replaces: string[];
        deleteBeforeReplace?: boolean;
    };
    /** Changes the thing behind Pulumi's back, and names the inputs by which a refresh must show it. */
    drift?: { inject(around: Surroundings, old: Remembered): Promise<unknown>; shows: string[] };
    /**
     * The id that an import takes.
     * @default the resource's own
     */
    importId?(old: Remembered): string;
    /** Inputs that AWS does not tell, and that an import thus cannot know. */
    notImported?: string[];
    /** Whether a deletion leaves it in AWS. */
    survives?: boolean;
}

export const tagged = (name: string): PropertyMap => ({ tags: { Name: name, Component: "test" } });
export const policy = (...actions: string[]) =>
    JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: "*", Action: actions, Resource: "*" }],
    });
export const rolePolicy = (...actions: string[]) =>
    JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
    });
export const assumedBy = (service: string) =>
    JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    });
/** Changes tags behind Pulumi's back. */
export const retag = async ({ ec2 }: Surroundings, { id }: Remembered) => {
    await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: "Intruder", Value: "yes" }] }));
    await ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: "Component" }] }));
};
