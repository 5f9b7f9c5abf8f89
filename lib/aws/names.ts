/** Names that AWS makes from a region, and that differ between its partitions. Pure. */

const isInChina = (region: string) => region.startsWith("cn-");

/** The end of the host names of AWS's services: amazonaws.com. */
export function dnsSuffix(region: string): string {
    return isInChina(region) ? "amazonaws.com.cn" : "amazonaws.com";
}

/**
 * The principal by which CloudWatch Logs acts. It is one of few that carry the region and the suffix: most services have one principal
 * in all partitions.
 */
export function logsPrincipal(region: string): string {
    return `logs.${region}.${dnsSuffix(region)}`;
}

/** The value of the condition key `kms:ViaService` for requests that a service sends to KMS. */
export function kmsViaService(service: string, region: string): string {
    return `${service}.${region}.${dnsSuffix(region)}`;
}

/** Services whose interface endpoint has a name of its own in China (`aws ec2 describe-vpc-endpoint-services`). */
const NAMED_APART_IN_CHINA: readonly string[] = [
    "ec2",
    "ecr.api",
    "ecr.dkr",
    "monitoring",
    "sagemaker.api",
    "sagemaker.runtime",
    "sts",
];

/** The name under which AWS offers a service to the VPC endpoints of a region: com.amazonaws.us-east-1.ssm. */
export function endpointServiceName(region: string, service: string): string {
    const prefix =
        isInChina(region) && NAMED_APART_IN_CHINA.includes(service) ? "cn.com.amazonaws" : "com.amazonaws";
    return `${prefix}.${region}.${service}`;
}
