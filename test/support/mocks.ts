import "../../lib/promise-traces";

import * as pulumi from "@pulumi/pulumi";

// eslint-disable-next-line @typescript-eslint/no-require-imports -- the SDK leaves this function out of its declarations
const sdkState = require("@pulumi/pulumi/runtime/state") as {
    getStore(): { supportsTransforms: boolean };
};

/** A resource that a component registered, as the engine would have seen it. */
export interface Registered {
    readonly type: string;
    readonly name: string;
    readonly inputs: Record<string, unknown>;
    readonly custom: boolean;
    /** The resource option. */
    readonly protect: boolean;
    /** The resource option. */
    readonly deleteBeforeReplace: boolean;
}

interface RegisterRequest {
    getType(): string;
    getName(): string;
    getProtect(): boolean;
    getDeletebeforereplace(): boolean;
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- not among the SDK's declarations either
const { MockMonitor } = require("@pulumi/pulumi/runtime/mocks") as {
    MockMonitor: {
        prototype: { registerResource: (request: RegisterRequest, callback: unknown) => unknown };
    };
};

/** Options of what is being registered: the SDK's mocks are told the inputs alone. */
const options = new Map<string, RegisterRequest>();
const { registerResource } = MockMonitor.prototype;
MockMonitor.prototype.registerResource = function (request, callback) {
    options.set(`${request.getType()} ${request.getName()}`, request);
    return registerResource.call(this, request, callback);
};

/** What a resource of a type answers besides its inputs. A mock that leaves an output out makes dependent inputs vanish. */
type Answers = Record<string, (name: string, inputs: Record<string, unknown>) => Record<string, unknown>>;

const awsVpc = (name: string, inputs: Record<string, unknown>): Record<string, unknown> => {
    const zones = inputs.availabilityZoneNames as string[];
    const strategy = (inputs.natGateways as { strategy: string }).strategy;
    const nats = strategy === "None" ? [] : strategy === "Single" ? zones.slice(0, 1) : zones;
    const ids = (kind: string) => zones.map((_, zone) => `${name}-${kind}-${zone + 1}_id`);
    const perSubnet = (kind: string) =>
        zones.flatMap((_, zone) =>
            ["public", "private", "isolated"].map((tier) => ({ id: `${name}-${tier}-${zone + 1}_${kind}` })),
        );
    return {
        vpcId: `${name}_vpc`,
        internetGateway: { id: `${name}_igw` },
        publicSubnetIds: ids("public"),
        privateSubnetIds: ids("private"),
        isolatedSubnetIds: ids("isolated"),
        routeTables: perSubnet("rtb"),
        routeTableAssociations: perSubnet("rtbassoc"),
        routes: perSubnet("r"),
        natGateways: nats.map((_, zone) => ({
            id: `${name}-${zone + 1}_nat`,
            subnetId: `${name}-public-${zone + 1}_id`,
            publicIp: `203.0.113.${zone + 1}`,
        })),
    };
};

/** An address that hangs on the name alone. */
function privateIpOf(name: string): string {
    const sum = [...name].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 65536, 7);
    return `10.0.${sum >> 8}.${sum & 255}`;
}

/** Ids that a component takes apart have the form that AWS gives them. */
const IDS: Readonly<Record<string, (name: string) => string>> = {
    "aws:ebs/volume:Volume": (name) =>
        `vol-${Buffer.from(name).toString("hex").padStart(17, "0").slice(-17)}`,
};

/** The answers below are those of us-east-1; elsewhere ARNs and host names are of the place. */
export interface Place {
    readonly partition: string;
    readonly region: string;
    readonly dnsSuffix: string;
}

const HERE: Place = { partition: "aws", region: "us-east-1", dnsSuffix: "amazonaws.com" };

function moved(answer: Record<string, unknown>, { partition, region, dnsSuffix }: Place) {
    const text = JSON.stringify(answer)
        .replaceAll("arn:aws:", `arn:${partition}:`)
        .replaceAll("us-east-1", region)
        .replaceAll(/amazonaws\.com(?!\.cn)/g, dnsSuffix);
    return JSON.parse(text) as Record<string, unknown>;
}

const ANSWERS: Answers = {
    "awsx:ec2:Vpc": awsVpc,
    "aws:ec2/eip:Eip": (name) => ({ allocationId: `${name}_allocation`, publicIp: "203.0.113.100" }),
    "aws:kms/key:Key": (name) => ({
        keyId: `${name}_id`,
        arn: `arn:aws:kms:us-east-1:123456789012:key/${name}`,
    }),
    "aws:kms/alias:Alias": (name) => ({ name: `alias/${name}` }),
    "aws:sns/topic:Topic": (name) => ({
        name: `${name}-1234567`,
        arn: `arn:aws:sns:us-east-1:123456789012:${name}-1234567`,
    }),
    "aws:cloudwatch/metricAlarm:MetricAlarm": (name) => ({
        name: `${name}-1234567`,
        arn: `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}-1234567`,
    }),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": (_name, { alarmName }) => ({
        arn: `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${String(alarmName)}`,
    }),
    "aws:cloudwatch/dashboard:Dashboard": (_name, { dashboardName }) => ({
        dashboardArn: `arn:aws:cloudwatch::123456789012:dashboard/${String(dashboardName)}`,
    }),
    "aws:budgets/budget:Budget": (name) => ({
        name: `${name}-1234567`,
        arn: `arn:aws:budgets::123456789012:budget/${name}-1234567`,
    }),
    "aws:cloudwatch/logGroup:LogGroup": (name, inputs) => {
        const logGroupName = (inputs.name as string | undefined) ?? `${name}-1234567`;
        return {
            name: logGroupName,
            arn: `arn:aws:logs:us-east-1:123456789012:log-group:${logGroupName}`,
        };
    },
    "aws:iam/role:Role": (name) => ({
        arn: `arn:aws:iam::123456789012:role/${name}`,
        name: `${name}-1234567`,
    }),
    "aws:neptune/subnetGroup:SubnetGroup": (name) => ({ name: `${name}-1234567` }),
    "aws:neptune/clusterParameterGroup:ClusterParameterGroup": (name) => ({ name: `${name}-1234567` }),
    "aws:neptune/parameterGroup:ParameterGroup": (name) => ({ name: `${name}-1234567` }),
    "aws:neptune/cluster:Cluster": (name) => ({
        clusterResourceId: `cluster-${name.toUpperCase()}`,
        endpoint: `${name}.cluster-abc.us-east-1.neptune.amazonaws.com`,
        readerEndpoint: `${name}.cluster-ro-abc.us-east-1.neptune.amazonaws.com`,
    }),
    "aws:sagemaker/codeRepository:CodeRepository": (name) => ({
        arn: `arn:aws:sagemaker:us-east-1:123456789012:code-repository/${name}`,
    }),
    "aws:sagemaker/domain:Domain": (name) => ({
        arn: `arn:aws:sagemaker:us-east-1:123456789012:domain/${name}_id`,
        url: `https://${name}.studio.us-east-1.sagemaker.aws`,
        homeEfsFileSystemId: `fs-${name}`,
    }),
    "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig": (name) => ({
        arn: `arn:aws:sagemaker:us-east-1:123456789012:studio-lifecycle-config/${name}`,
    }),
    "aws:sagemaker/userProfile:UserProfile": (name) => ({
        arn: `arn:aws:sagemaker:us-east-1:123456789012:user-profile/${name}`,
        homeEfsFileSystemUid: "200005",
    }),
    "aws:opensearch/domain:Domain": (name, { domainName }) => ({
        arn: `arn:aws:es:us-east-1:123456789012:domain/${String(domainName)}`,
        endpoint: `vpc-${name}.us-east-1.es.amazonaws.com`,
        dashboardEndpoint: `vpc-${name}.us-east-1.es.amazonaws.com/_dashboards`,
    }),
    "pulumi-nodejs:dynamic/checks:ServiceLinkedRole": (_name, { roleName, serviceName }) => ({
        roleArn: `arn:aws:iam::123456789012:role/aws-service-role/${String(serviceName)}/${String(roleName)}`,
        created: false,
    }),
    "pulumi-nodejs:dynamic/checks:ConnectivityCheck": () => ({
        verdict: "healthy",
        ranAt: "2026-01-31T09:30:05Z",
        findings: [],
        repairs: [],
        matrix: { to: [], via: [], rows: [] },
    }),
    "aws:ec2/vpcEndpoint:VpcEndpoint": (name) => ({ prefixListId: `pl-${name}` }),
    "aws:iam/instanceProfile:InstanceProfile": (name) => ({ name: `${name}-profile` }),
    "aws:secretsmanager/secret:Secret": (name) => ({
        arn: `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}-1234567-AbCdEf`,
    }),
    "aws:route53/zone:Zone": (name) => ({
        zoneId: `Z-${name}`,
        arn: `arn:aws:route53:::hostedzone/Z-${name}`,
    }),
    "aws:route53/record:Record": (_name, inputs) => ({ fqdn: inputs.name }),
    "aws:ec2/networkInterface:NetworkInterface": (name) => ({ privateIp: privateIpOf(name) }),
    "aws:ec2/instance:Instance": (name) => ({
        privateIp: privateIpOf(name),
        arn: `arn:aws:ec2:::instance/${name}`,
    }),
    "aws:ebs/volume:Volume": (name) => ({ arn: `arn:aws:ec2:::volume/${name}` }),
};

/** Records what a program registers under Pulumi's mocks. */
export class Recorder {
    readonly resources: Registered[] = [];

    /**
     * Replaces the engine for everything that is registered from now on.
     *
     * @param preview leaves computed outputs unknown.
     * @param lookups the answers of provider functions, by token. Components look nothing up, so that they get none.
     * @param found what resources that are read, not made, are like, by type.
     * @param place the partition and region that the answers are of.
     */
    static async install(
        preview = false,
        lookups: Readonly<Record<string, Record<string, unknown> | undefined>> = {},
        found: Readonly<Record<string, Record<string, unknown>>> = {},
        place: Place = HERE,
    ): Promise<Recorder> {
        const recorder = new Recorder();
        await pulumi.runtime.setMocks(
            {
                newResource: (args) => {
                    // A read resource has the id that it is looked up by; one that is made gets it from here.
                    const read = args.id ? found[args.type] : undefined;
                    const option = options.get(`${args.type} ${args.name}`);
                    recorder.resources.push({
                        type: args.type,
                        name: args.name,
                        inputs: args.inputs as Record<string, unknown>,
                        custom: args.custom ?? false,
                        protect: option?.getProtect() ?? false,
                        deleteBeforeReplace: option?.getDeletebeforereplace() ?? false,
                    });
                    const made = ANSWERS[args.type]?.(args.name, args.inputs as Record<string, unknown>);
                    const answer = made === undefined ? {} : place === HERE ? made : moved(made, place);
                    if (read) return { id: args.id, state: read };
                    const id = IDS[args.type]?.(args.name) ?? `${args.name}_id`;
                    return { id, state: { ...(args.inputs as object), ...answer } };
                },
                call: (args) => {
                    const answer = lookups[args.token];
                    if (answer) return answer;
                    const message = `no component may look anything up by itself, yet one called ${args.token}`;
                    // As gRPC has it: the SDK takes the details alone.
                    throw Object.assign(new Error(message), { details: message });
                },
            },
            "pulsar-lab",
            "test",
            preview,
        );
        // Mocks refuse transforms. With this they are accepted, and not run: that takes an engine.
        sdkState.getStore().supportsTransforms = true;
        return recorder;
    }

    /** Everything of a type, in the order of registration. */
    ofType(type: string): Registered[] {
        return this.resources.filter((resource) => resource.type === type);
    }

    /** The one resource with this type and name. */
    get(type: string, name: string): Registered {
        const found = this.resources.filter((resource) => resource.type === type && resource.name === name);
        if (found.length !== 1 || found[0] === undefined) {
            throw new Error(
                `${found.length} resources are ${type} ${name}; there are ${this.names().join(", ")}`,
            );
        }
        return found[0];
    }

    /** Type and name of everything, for messages and whole-graph assertions. */
    names(): string[] {
        return this.resources.map((resource) => `${resource.type} ${resource.name}`);
    }
}

/** The value of an output, once everything that has been registered is done. */
export async function valueOf<T>(output: pulumi.Output<T>): Promise<pulumi.Unwrap<T>> {
    const value = await new Promise<pulumi.Unwrap<T>>((resolve, reject) => {
        pulumi.output(output).apply((resolved) => resolve(resolved));
        setTimeout(
            () => reject(new Error("the output was not resolved: is it unknown, or did its resource fail?")),
            5000,
        ).unref();
    });
    await settled();
    return value;
}

/** Why an output has no value: the message of what it fails with. */
export async function failureOf(output: pulumi.Output<unknown>): Promise<string> {
    // The one way to a failure: in an `apply` it would end the process.
    return (output as unknown as { promise(): Promise<unknown> }).promise().then(
        (value) => {
            throw new Error(`the output has a value: ${JSON.stringify(value)}`);
        },
        (error: Error) => error.message,
    );
}

/** Waits until every registration that has begun is done. */
export async function settled(): Promise<void> {
    await pulumi.runtime.disconnect();
}
