import { finding } from "../messages";
import type { Observations } from "../observations";
import { type Diagnosis, withRemedies } from "./diagnosis";
import type { View } from "./view";

/** What the observations outside of EC2 mean. What was not read is not judged: the reading itself reports why. */

/** The role that OpenSearch needs in an account to create network interfaces; one for all its domains. */
export const OPENSEARCH_ROLE = "AWSServiceRoleForAmazonOpenSearchService";

const AWS_NAMES = /(^|\.)(amazonaws\.com|api\.aws|sagemaker\.aws)$/;

/** Private hosted zones that answer for AWS names. Those that AWS created for endpoints name the service that owns them. */
export function hostedZoneFindings({ hostedZones }: Observations): Diagnosis[] {
    return (hostedZones ?? [])
        .filter(({ owningService, name }) => owningService === undefined && AWS_NAMES.test(name))
        .map(({ hostedZoneId, name }) => finding("DNS_SHADOWED", hostedZoneId, { zone: name }));
}

export function natPortFindings({ intent }: View, { natPortErrors }: Observations): Diagnosis[] {
    return intent.natGateways.flatMap(({ natGatewayId }) => {
        const errors = natPortErrors?.[natGatewayId] ?? 0;
        return errors > 0 ? [finding("NAT_PORTS_EXHAUSTED", natGatewayId, { errors })] : [];
    });
}

export function openSearchRoleFindings({ intent }: View, { openSearchRole }: Observations): Diagnosis[] {
    return intent.services?.openSearch === true && openSearchRole === false
        ? [finding("OPENSEARCH_ROLE_MISSING", OPENSEARCH_ROLE)]
        : [];
}

export function studioFindings(view: View, { studio }: Observations): Diagnosis[] {
    const domainId = view.intent.services?.sageMakerDomainId;
    if (domainId === undefined || studio === undefined) return [];
    const open = view.intent.subnets.filter(
        ({ subnetId, tier }) => tier === "public" && studio.subnetIds.includes(subnetId),
    );
    const { accessType, vpcId, subnetIds } = studio;
    const kept = subnetIds.filter((id) => !open.some(({ subnetId }) => subnetId === id));
    const notPrivate = finding("STUDIO_NOT_PRIVATE", domainId, {
        accessType,
        vpcId: vpcId ?? view.intent.vpcId,
        subnetIds,
    });
    const action = "UpdateDomain" as const;
    const remedy =
        vpcId === undefined ? undefined : { action, domainId, accessType: "VpcOnly", vpcId, subnetIds };
    return [
        ...(accessType === "VpcOnly" ? [] : [withRemedies(notPrivate, remedy)]),
        ...open.map(({ subnetId }) => finding("STUDIO_IN_PUBLIC_SUBNET", domainId, { subnetId, kept })),
    ];
}
