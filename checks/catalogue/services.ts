import { type Message } from "./message";

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
        remedy: "Add an address (billed): aws ec2 associate-nat-gateway-address --nat-gateway-id {component} --allocation-ids ..., or keep connections open and reuse them.",
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
        template: "SageMaker domain {component} {how}",
        seenBy: "sagemaker DescribeDomain: AppNetworkAccessType, SubnetIds",
        remedy: "Put it right with aws sagemaker update-domain --domain-id {component} --app-network-access-type VpcOnly, when no application runs; subnets need a new domain.",
    },
} as const satisfies Record<string, Message>;
