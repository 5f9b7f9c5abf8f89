import { DescribeSecurityGroupsCommand } from "@aws-sdk/client-ec2";
import { EFSClient } from "@aws-sdk/client-efs";
import {
    CreateDomainCommand,
    type CreateDomainCommandInput,
    CreateUserProfileCommand,
    DescribeDomainCommand,
    DescribeUserProfileCommand,
    SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { clientSettings, given, Network, REGION } from "./network";

/** The role of every domain here; SageMaker does not look it up. */
export const ROLE = "arn:aws:iam::123456789012:role/notebooks";

let count = 0;

/** A network, and a domain in it. */
export class Studio {
    private constructor(
        readonly network: Network,
        readonly sagemaker: SageMakerClient,
        readonly efs: EFSClient,
        readonly subnetIds: string[],
        readonly groupId: string,
    ) {}

    domainId = "";
    domainArn = "";

    static async create(more: Partial<CreateDomainCommandInput> = {}): Promise<Studio> {
        const studio = await Studio.network();
        const made = await studio.createDomain(more);
        studio.domainId = given(made.DomainId);
        studio.domainArn = given(made.DomainArn);
        return studio;
    }

    static async network(): Promise<Studio> {
        const network = await Network.create();
        const settings = await clientSettings();
        return new Studio(
            network,
            new SageMakerClient(settings),
            new EFSClient(settings),
            [await network.subnet("10.0.0.0/24"), await network.subnet("10.0.1.0/24", `${REGION}b`)],
            await network.securityGroup("notebooks"),
        );
    }

    createDomain(more: Partial<CreateDomainCommandInput> = {}) {
        return this.sagemaker.send(
            new CreateDomainCommand({
                DomainName: `lab-${count++}`,
                AuthMode: "IAM",
                AppNetworkAccessType: "VpcOnly",
                VpcId: this.network.vpcId,
                SubnetIds: this.subnetIds,
                DefaultUserSettings: { ExecutionRole: ROLE, SecurityGroups: [this.groupId] },
                ...more,
            }),
        );
    }

    describe() {
        return this.sagemaker.send(new DescribeDomainCommand({ DomainId: this.domainId }));
    }

    /** Looks until the domain is past its passing state. */
    async ready(): Promise<this> {
        await this.describe();
        await this.describe();
        return this;
    }

    async profile(name = "ada"): Promise<string> {
        const key = { DomainId: this.domainId, UserProfileName: name };
        await this.sagemaker.send(new CreateUserProfileCommand(key));
        await this.sagemaker.send(new DescribeUserProfileCommand(key));
        return name;
    }

    async nfsGroups() {
        const Filters = [
            { Name: "vpc-id", Values: [this.network.vpcId] },
            { Name: "group-name", Values: ["inbound", "outbound"].map((way) => this.nfsGroupName(way)) },
        ];
        const { SecurityGroups } = await this.network.ec2.send(
            new DescribeSecurityGroupsCommand({ Filters }),
        );
        const named = (way: string) => SecurityGroups?.find((g) => g.GroupName === this.nfsGroupName(way));
        return { inbound: named("inbound"), outbound: named("outbound") };
    }

    /** Every security group of the VPC. */
    async groupIds(): Promise<string[]> {
        const Filters = [{ Name: "vpc-id", Values: [this.network.vpcId] }];
        const { SecurityGroups } = await this.network.ec2.send(
            new DescribeSecurityGroupsCommand({ Filters }),
        );
        return given(SecurityGroups).map(({ GroupId }) => given(GroupId));
    }

    private nfsGroupName(way: string): string {
        return `security-group-for-${way}-nfs-${this.domainId}`;
    }
}
