import { readDomain, updateDomain } from "../../../lib/aws/studio";
import type { EditKind } from "./kind";

/** How the applications of a SageMaker Studio domain reach the network. */
export interface StudioDomainEdit {
    action: "UpdateDomain";
    domainId: string;
    /** "VpcOnly" or "PublicInternetOnly". */
    accessType: string;
    /** Where the domain is, and stays: SageMaker asks for both. */
    vpcId: string;
    subnetIds: string[];
}

export const studioDomain: EditKind<StudioDomainEdit> = {
    costs: { UpdateDomain: 12 },

    describe: ({ domainId, accessType }) => `${domainId} network access type to ${accessType}`,

    touches: ({ domainId }) => [domainId],

    async read({ domainId }, { studio }, region) {
        if (studio === undefined) return { region };
        return { region, observations: { studio: await readDomain(studio, domainId) } };
    },

    current(_edit, { observations }) {
        const { accessType, vpcId, subnetIds = [] } = observations?.studio ?? {};
        const place = `${[...subnetIds].sort().join(", ")} of ${vpcId}`;
        return { text: accessType ?? "unknown", guarded: `${accessType} in ${place}` };
    },

    wanted: ({ accessType }) => accessType,

    async apply(edit, { studio }) {
        if (studio === undefined) throw new Error("there is no connection to SageMaker");
        await updateDomain(studio, edit);
        return {};
    },

    undo(edit, before) {
        const accessType = before.observations?.studio?.accessType;
        return accessType === undefined ? undefined : { ...edit, accessType };
    },
};
