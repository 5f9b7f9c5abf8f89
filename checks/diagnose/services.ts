import { type Finding, finding } from "../messages";
import type { Observations } from "../observations";
import type { View } from "./view";

/** What was read outside of EC2 and what it means. What was not read is not judged: the reading itself reports why. */

/** The role that OpenSearch needs in an account to make network interfaces; one for all its domains. */
export const OPENSEARCH_ROLE = "AWSServiceRoleForAmazonOpenSearchService";

const AWS_NAMES = /(^|\.)(amazonaws\.com|api\.aws|sagemaker\.aws)$/;

/** Private hosted zones that answer for AWS names. Those that AWS made for endpoints carry the service's name. */
export function hostedZoneFindings({ hostedZones }: Observations): Finding[] {
    return (hostedZones ?? [])
        .filter(({ owningService, name }) => owningService === undefined && AWS_NAMES.test(name))
        .map(({ hostedZoneId, name }) => finding("DNS_SHADOWED", hostedZoneId, { zone: name }));
}

export function natPortFindings({ intent }: View, { natPortErrors }: Observations): Finding[] {
    return intent.natGateways.flatMap(({ natGatewayId }) => {
        const errors = natPortErrors?.[natGatewayId] ?? 0;
        return errors > 0 ? [finding("NAT_PORTS_EXHAUSTED", natGatewayId, { errors: String(errors) })] : [];
    });
}

export function openSearchRoleFindings({ intent }: View, { openSearchRole }: Observations): Finding[] {
    return intent.services?.openSearch === true && openSearchRole === false
        ? [finding("OPENSEARCH_ROLE_MISSING", OPENSEARCH_ROLE)]
        : [];
}

export function studioFindings(view: View, { studio }: Observations): Finding[] {
    const domainId = view.intent.services?.sageMakerDomainId;
    if (domainId === undefined || studio === undefined) return [];
    const open = view.intent.subnets.filter(
        ({ subnetId, tier }) => tier === "public" && studio.subnetIds.includes(subnetId),
    );
    const { accessType, vpcId, subnetIds } = studio;
    const kept = subnetIds.filter((id) => !open.some(({ subnetId }) => subnetId === id));
    return [
        ...(accessType === "VpcOnly"
            ? []
            : [
                  finding("STUDIO_NOT_PRIVATE", domainId, {
                      accessType,
                      subnetIds: subnetIds.join(" "),
                      ...(vpcId === undefined ? {} : { vpcId }),
                  }),
              ]),
        ...open.map(({ subnetId }) =>
            finding("STUDIO_IN_PUBLIC_SUBNET", domainId, {
                subnetId,
                kept: kept.length > 0 ? kept.join(" ") : "<private subnets>",
            }),
        ),
    ];
}
