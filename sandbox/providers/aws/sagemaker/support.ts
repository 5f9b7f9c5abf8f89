import { text } from "../../server/property";
import type { Tagging, Waiting } from "../resource";

/** Names of most things in SageMaker. */
export const validName = text(
    63,
    /^[0-9A-Za-z](-*[0-9A-Za-z]){0,62}$/,
    "Valid characters are a-z, A-Z, 0-9, and - (hyphen).",
);

/** Tags of a thing by its ARN. */
export const sagemakerTags: Tagging = {
    read: async ({ arn: ResourceArn }, { aws }) => (await aws.sagemaker.listTags({ ResourceArn })).Tags,
    put: ({ arn: ResourceArn }, Tags, { aws }) => aws.sagemaker.addTags({ ResourceArn, Tags }),
    remove: ({ arn: ResourceArn }, TagKeys, { aws }) => aws.sagemaker.deleteTags({ ResourceArn, TagKeys }),
};

interface Stage {
    Status?: string;
    FailureReason?: string;
}

/** Waiting for a creation or change, and for a deletion, of so many seconds. */
export const stages = <Found extends Stage>(seconds: number) => ({
    isLeaving: ({ Status }: Found) => Status === "Deleting",
    ready: {
        state: ({ Status }: Found) => Status,
        good: ["InService"],
        bad: ["Failed", "Update_Failed", "Delete_Failed"],
        why: ({ FailureReason }: Found) => FailureReason,
        seconds,
        says: "to become InService",
    } satisfies Waiting<Found>,
    removal: { bad: ["Delete_Failed"], seconds },
});
