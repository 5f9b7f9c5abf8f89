import { ALLOWED_BY_NAME, type Message } from "./message";

/** What the checks say of services in the network. */
export const SERVICES_MESSAGES = {
    NAT_PORTS_EXHAUSTED: {
        code: "X_NAT_PORTS",
        row: 18,
        stage: "services",
        severity: "error",
        repairer: "proposed",
        template:
            "NAT gateway {component} could not open {errors} connections within the last hour: its ports to one destination are used up",
        seenBy: "CloudWatch: ErrorPortAllocation of AWS/NATGateway",
        remedy: "Raise network.natGatewayAddresses in the stack's configuration (each address is billed) and run `pulumi up`, or keep connections open and reuse them. There is no edit: an Elastic IP that a check made would be in no program, and `pulumi destroy` would leave it and its bill.",
    },
    OPENSEARCH_ROLE_MISSING: {
        code: "X_OS_SLR",
        row: 45,
        stage: "services",
        severity: "error",
        repairer: "pulumi",
        template: "The account has no role {component}, without which OpenSearch makes no domain in a VPC",
        seenBy: "iam GetRole: NoSuchEntity",
        remedy: "Run `pulumi up`: the OpenSearch component makes it; or: aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com",
    },
    STUDIO_NOT_PRIVATE: {
        code: "X_SM_MODE",
        row: 49,
        stage: "services",
        severity: "error",
        repairer: "proposed",
        template:
            "SageMaker domain {component} has network access type {accessType}: notebooks reach the internet past this VPC",
        seenBy: "sagemaker DescribeDomain: AppNetworkAccessType",
        remedy: `Delete the domain's applications, since SageMaker refuses while one runs; then aws sagemaker update-domain --domain-id {component} --app-network-access-type VpcOnly --vpc-id {vpcId} --subnet-ids {subnetIds}, ${ALLOWED_BY_NAME}.`,
    },
    STUDIO_IN_PUBLIC_SUBNET: {
        code: "X_SM_MODE",
        row: 49,
        stage: "services",
        severity: "error",
        repairer: "proposed",
        template: "SageMaker domain {component} is in public subnet {subnetId}",
        seenBy: "sagemaker DescribeDomain: SubnetIds",
        remedy: "Delete the domain's applications; then aws sagemaker update-domain --domain-id {component} --subnet-ids {kept}. The program does not do it: the provider would replace the domain, and every user's home with it, so the component leaves a domain's subnets alone. Nor does a check: the home directories' mount target in that subnet stays, and whoever mounts by it has to be moved first.",
    },
} as const satisfies Record<string, Message>;
