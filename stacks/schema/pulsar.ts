import { z } from "zod";

import { adoptedPulsarProblems } from "../../components/pulsar/adopt";
import { allowed, flag, judgedBy, number, object, text } from "./common";
import { serviceSchema } from "./service";

const volume = z
    .strictObject(
        {
            sizeGib: number("a number of GiB"),
            iops: number("a number of operations a second").optional(),
            throughputMibps: number("a number of MiB a second").optional(),
        },
        object,
    )
    .optional();

const role = {
    count: number("a number of instances").optional(),
    instanceType: text("an instance type, such as m6i.large").optional(),
    memoryGib: number("a number of GiB").optional(),
    heapMib: number("a number of MiB").optional(),
    directMemoryMib: number("a number of MiB").optional(),
    placement: z.array(text("the name of a zone"), allowed("a list of zone names")).optional(),
    rootVolumeGib: number("a number of GiB").optional(),
};
const anyRole = z.strictObject(role, object).optional();

/** Apache Pulsar: made from an AMI, or another's. Sizes and quorums are judged with the zones of the network. */
export const pulsarSchema = serviceSchema(
    {
        pulsarVersion: text('a version in quotes, such as "4.0.7"'),
        amiId: text("the id of an image, such as ami-0123456789abcdef0").optional(),
        amiOwners: z.array(text('an account id, or "self"'), allowed("a list of account ids")).optional(),
        zookeeper: z.strictObject({ ...role, dataVolume: volume }, object).optional(),
        bookkeeper: z
            .strictObject({ ...role, journalVolume: volume, ledgersVolume: volume }, object)
            .optional(),
        broker: anyRole,
        client: anyRole,
        proxy: anyRole,
        quorum: z
            .strictObject(
                {
                    ensemble: number("a number of bookies"),
                    write: number("a number of copies"),
                    ack: number("a number of copies"),
                },
                object,
            )
            .optional(),
        disableApiTermination: flag().optional(),
        credentialValidityDays: number("a number of days").optional(),
        credentialRotation: number("a whole number, raised by one to rotate").optional(),
        secretRecoveryWindowInDays: number("a number of days").optional(),
        logRetentionInDays: number("a number of days").optional(),
    },
    (adopt) =>
        adopt({
            serviceUrl: text("a URL such as pulsar+ssl://pulsar.example.com:6651"),
            adminUrl: text("a URL such as https://pulsar.example.com:8443"),
            brokerSecurityGroupId: text("the id of a security group, sg-..."),
            clientSecretArn: text("the ARN of a secret").optional(),
            allowPlaintext: flag().optional(),
        }).superRefine(judgedBy(adoptedPulsarProblems)),
);
