import * as assert from "node:assert/strict";
import {
    AssociateVPCWithHostedZoneCommand,
    ChangeResourceRecordSetsCommand,
    type Change,
    CreateHostedZoneCommand,
    DeleteHostedZoneCommand,
    DisassociateVPCFromHostedZoneCommand,
    GetHostedZoneCommand,
    ListResourceRecordSetsCommand,
    ListReusableDelegationSetsCommand,
    Route53Client,
} from "@aws-sdk/client-route-53";
import { clientSettings, given, Network, refused, REGION } from "./support/network";
import { START_TIMEOUT_MS } from "./support/server";

describe("sandbox/moto Route 53", () => {
    let client: Route53Client;
    let vpcId: string;
    let zones = 0;

    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        client = new Route53Client(await clientSettings());
        vpcId = (await Network.create()).vpcId;
    });

    const vpc = (VPCId: string) => ({ VPCId, VPCRegion: REGION }) as const;
    const create = async (Name: string, VPCId = vpcId) => {
        const CallerReference = `${Name} ${zones++}`;
        const command = new CreateHostedZoneCommand({ Name, VPC: vpc(VPCId), CallerReference });
        return given((await client.send(command)).HostedZone?.Id).replace("/hostedzone/", "");
    };
    const remove = (Id: string) => client.send(new DeleteHostedZoneCommand({ Id }));

    it("makes a zone with a VPC a private one, and leaves no set of name servers", async () => {
        const Id = await create("private.internal");
        const { HostedZone, VPCs } = await client.send(new GetHostedZoneCommand({ Id }));
        assert.equal(HostedZone?.Config?.PrivateZone, true);
        assert.deepEqual(VPCs, [vpc(vpcId)]);
        await remove(Id);
        const { DelegationSets } = await client.send(new ListReusableDelegationSetsCommand({}));
        assert.deepEqual(DelegationSets, []);
    });

    it("associates a zone with VPCs that exist, under a name that is free there, and always with one", async () => {
        const HostedZoneId = await create("associated.internal");
        const associate = (VPCId: string) =>
            client.send(new AssociateVPCWithHostedZoneCommand({ HostedZoneId, VPC: vpc(VPCId) }));
        const dissociate = (VPCId: string) =>
            client.send(new DisassociateVPCFromHostedZoneCommand({ HostedZoneId, VPC: vpc(VPCId) }));
        await refused(associate("vpc-00000000000000000"), "InvalidVPCId");
        await refused(create("associated.internal"), "ConflictingDomainExists");
        await refused(dissociate(vpcId), "LastVPCAssociation");
        const other = (await Network.create()).vpcId;
        await refused(dissociate(other), "VPCAssociationNotFound");
        await associate(other);
        await associate(other);
        await dissociate(vpcId);
        const { VPCs } = await client.send(new GetHostedZoneCommand({ Id: HostedZoneId }));
        assert.deepEqual(VPCs, [vpc(other)]);
        await remove(HostedZoneId);
    });

    it("makes a record once, deletes it by its present values, and does all of a batch or nothing", async () => {
        const HostedZoneId = await create("records.internal");
        const to = (Action: Change["Action"], name: string, Value: string): Change => ({
            Action,
            ResourceRecordSet: {
                Name: `${name}.records.internal`,
                Type: "A",
                TTL: 60,
                ResourceRecords: [{ Value }],
            },
        });
        const change = (...Changes: Change[]) =>
            client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }));
        const values = async () => {
            const { ResourceRecordSets = [] } = await client.send(
                new ListResourceRecordSetsCommand({ HostedZoneId }),
            );
            return ResourceRecordSets.filter(({ Type }) => Type === "A").map(
                ({ Name, ResourceRecords }) => `${Name} ${ResourceRecords?.[0]?.Value}`,
            );
        };
        await change(to("CREATE", "z", "10.0.0.1"));
        await change(to("CREATE", "a", "10.0.0.1"));
        await refused(change(to("CREATE", "a", "10.0.0.2")), "InvalidChangeBatch", /already exists/);
        await refused(change(to("DELETE", "b", "10.0.0.1")), "InvalidChangeBatch", /was not found/);
        await change(to("UPSERT", "a", "10.0.0.2"));
        await refused(change(to("DELETE", "a", "10.0.0.1")), "InvalidChangeBatch", /do not match/);
        await refused(
            change(to("UPSERT", "c", "10.0.0.3"), to("CREATE", "z", "10.0.0.4")),
            "InvalidChangeBatch",
        );
        assert.deepEqual(await values(), ["a.records.internal. 10.0.0.2", "z.records.internal. 10.0.0.1"]);
        await refused(remove(HostedZoneId), "HostedZoneNotEmpty");
        await change(to("DELETE", "a", "10.0.0.2"), to("CREATE", "a", "10.0.0.5"));
        await change(to("DELETE", "a", "10.0.0.5"), to("DELETE", "z", "10.0.0.1"));
        await remove(HostedZoneId);
    });
});
