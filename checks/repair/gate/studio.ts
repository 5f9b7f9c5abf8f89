import type { NetworkIntent } from "../../intent";
import type { ObservedNetwork } from "../../observations";
import { sameMembers } from "./members";
import type { StudioDomainEdit } from "../edits/studio-domain";

/** The declared domain, off the internet, and otherwise as it is. */
export function isPrivateDomain(
    { domainId, accessType, vpcId, subnetIds }: StudioDomainEdit,
    { services, vpcId: ownVpcId }: NetworkIntent,
    { observations }: ObservedNetwork,
): boolean {
    const actual = observations?.studio;
    return (
        accessType === "VpcOnly" &&
        domainId === services?.sageMakerDomainId &&
        domainId === actual?.domainId &&
        vpcId === ownVpcId &&
        vpcId === actual.vpcId &&
        sameMembers(subnetIds, actual.subnetIds)
    );
}
