import type { Message } from "./message";

/** Services in the network. */
export const SERVICES = {
    OPENSEARCH_ROLE_MISSING: {
        code: "X_OS_SLR",
        row: 45,
        severity: "error",
        repairer: "pulumi",
        template: "The account {has|had} no role {component}, which OpenSearch needs for a domain in a VPC",
        seenBy: "iam GetRole: NoSuchEntity",
        remedy: "Run `pulumi up`: the OpenSearch component creates it. By hand: aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com",
    },
    STUDIO_NOT_PRIVATE: {
        code: "X_SM_MODE",
        row: 49,
        severity: "error",
        repairer: "proposed",
        template:
            "SageMaker domain {component} {has|had} network access type {accessType}: notebooks {reach|reached} the internet without passing this VPC",
        args: { accessType: "text", vpcId: "vpcId", subnetIds: "ids" },
        seenBy: "sagemaker DescribeDomain: AppNetworkAccessType",
        remedy: "Delete the applications of the domain first: SageMaker refuses while one runs. Then aws sagemaker update-domain --domain-id {component} --app-network-access-type VpcOnly --vpc-id {vpcId} --subnet-ids {subnetIds:words}",
    },
    STUDIO_IN_PUBLIC_SUBNET: {
        code: "X_SM_MODE",
        row: 49,
        severity: "error",
        repairer: "program",
        template: "SageMaker domain {component} {is|was} in public subnet {subnetId}",
        args: { subnetId: "id", kept: "ids" },
        seenBy: "sagemaker DescribeDomain: SubnetIds",
        remedy: "Delete the applications of the domain; then aws sagemaker update-domain --domain-id {component} --subnet-ids {kept:words}. The program does not do it: the provider would replace the domain, and with it every user's home, so the component does not change the subnets of a domain. A check does not do it either: the mount target of the home directories in that subnet stays, and its clients have to be moved first.",
    },
} as const satisfies Record<string, Message>;
