import assert from "node:assert/strict";

import { Deployment } from "./deployment";

describe("further addresses of a NAT gateway", function () {
    this.timeout(180_000);
    let deployment: Deployment;
    before(async () => {
        deployment = await Deployment.start();
    });
    after(() => deployment.stop());

    const done = async (command: string, ...args: string[]): Promise<void> => {
        const { code, text } = await deployment.pulumi(command, ...args, "--stack", "addresses");
        assert.equal(code, 0, text);
    };
    const associations = async (): Promise<string[]> =>
        (await deployment.resources("addresses"))
            .filter(({ type }) => type === "aws:ec2/natGatewayEipAssociation:NatGatewayEipAssociation")
            .map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2))
            .sort();

    // Three, because AWS takes one change at a time: two at once are one too many.
    it("are added one by one, are no drift of the gateway, and leave nothing", async () => {
        await deployment.configure("addresses", { network: { natGatewayAddresses: 3 } });
        await done("up", "--yes", "--skip-preview");
        assert.deepEqual(await associations(), ["lab-nat-address-1-2", "lab-nat-address-1-3"]);
        await done("up", "--yes", "--skip-preview", "--expect-no-changes");
        await done("refresh", "--yes", "--skip-preview", "--expect-no-changes");
        await done("preview", "--expect-no-changes");
        await done("destroy", "--yes", "--skip-preview");
        assert.deepEqual(await deployment.sandbox.resources(), []);
    });
});
