import type { AwsContext } from "../context";

/** Inputs of an instance as the stand-in uses them. */
export interface InstanceInputs {
    rootBlockDevice?: {
        deleteOnTermination?: boolean;
        encrypted?: boolean;
        iops?: number;
        kmsKeyId?: string;
        tags?: Record<string, string>;
        throughput?: number;
        volumeSize?: number;
        volumeType?: string;
    };
    primaryNetworkInterface?: { networkInterfaceId: string };
    networkInterfaces?: {
        deleteOnTermination?: boolean;
        deviceIndex: number;
        networkCardIndex?: number;
        networkInterfaceId: string;
    }[];
    tags?: Record<string, string>;
    volumeTags?: Record<string, string>;
    userData?: string;
    userDataBase64?: string;
}

/** Tags that the provider puts on everything: those of the instance that are not its own. */
export function defaultTags(
    { tags: own = {} }: InstanceInputs,
    { tags }: AwsContext,
): Record<string, string> {
    return Object.fromEntries(Object.entries(tags).filter(([key]) => !Object.hasOwn(own, key)));
}
