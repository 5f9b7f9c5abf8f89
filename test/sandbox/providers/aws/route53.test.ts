import assert from "node:assert/strict";

import { Network, ProviderUnderTest, REGION, START_TIMEOUT_MS } from "./support";

const ZONE = "aws:route53/zone:Zone";
const RECORD = "aws:route53/record:Record";

describe("zones and records", function () {
    this.timeout(START_TIMEOUT_MS);
    let provider: ProviderUnderTest;

    before(async () => {
        provider = await ProviderUnderTest.start();
    });
    after(() => provider.stop());

    it("know names in full and in the zone, texts without quotes, and VPCs without a region", async () => {
        const { vpcId } = await Network.create();
        const zone = await provider.create(ZONE, "names", { name: "names.internal.", vpcs: [{ vpcId }] });
        assert.equal(zone.state.name, "names.internal");
        assert.deepEqual(zone.state.vpcs, [{ vpcId, vpcRegion: REGION }]);
        assert.deepEqual((await provider.diff(ZONE, zone, zone.inputs)).detailed, {});
        assert.deepEqual((await provider.refresh(ZONE, zone))!.inputs, zone.inputs);

        const inputs = { zoneId: zone.id, ttl: 5, type: "TXT", records: ["some text"] };
        const [short, full] = [
            await provider.create(RECORD, "short", { ...inputs, name: "short" }),
            await provider.create(RECORD, "full", { ...inputs, name: "full.names.internal" }),
        ];
        assert.deepEqual([short.state.name, short.state.fqdn], ["short", "short.names.internal"]);
        assert.deepEqual([full.state.fqdn, full.state.records], ["full.names.internal", ["some text"]]);
        assert.deepEqual((await provider.refresh(RECORD, short))!.inputs, short.inputs);
        assert.equal((await provider.import(RECORD, full.id))!.inputs.name, "full.names.internal");
        for (const record of [short, full]) await provider.delete(RECORD, record);
        await provider.delete(ZONE, zone);
    });

    it("do not take over a record that is there, unless they are told to", async () => {
        const zone = await provider.create(ZONE, "taken", { name: "taken.example", forceDestroy: true });
        const inputs = { zoneId: zone.id, name: "web", ttl: 5, type: "A", records: ["192.0.2.1"] };
        await provider.create(RECORD, "first", inputs);
        await assert.rejects(provider.create(RECORD, "second", inputs), {
            details: /^creating Route 53 Record: InvalidChangeBatch: .*already exists/,
        });
        const second = { ...inputs, allowOverwrite: true, records: ["192.0.2.2"] };
        const { state } = await provider.create(RECORD, "second", second);
        assert.deepEqual(state.records, ["192.0.2.2"]);
        // With what is in it, as it says.
        await provider.delete(ZONE, zone);
        assert.equal(await provider.refresh(ZONE, zone), undefined);
    });
});
