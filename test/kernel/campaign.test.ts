import { deepStrictEqual, ok } from "node:assert";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import {
    analysis,
    type Campaign,
    describeDisagreement,
    renderCampaign,
    runCampaign,
    unreached,
} from "./campaign";
import { reduce } from "./compare";
import { startOrSkip } from "./prerequisites";

/** Always the same networks: a change that brings a disagreement about is to blame for it. */
const SEED = 20261125;
const FLOWS = 6000;

describe("The analysis against the kernel, in generated networks", function () {
    this.timeout(300_000);
    let campaign: Campaign | undefined;

    before(async function () {
        await (await startOrSkip(this)).stop();
        campaign = await runCampaign({ seed: SEED, flows: FLOWS });
        console.log(renderCampaign(campaign).replace(/^/gm, "      "));
    });

    it("agrees on every flow that it decides", async function () {
        const found = campaign?.disagreements ?? [];
        const [first] = found;
        if (first !== undefined) {
            const oracle = await startOrSkip(this);
            const { snapshot, flow, connected } = await reduce(oracle, analysis, first);
            await oracle.stop();
            const file = path.join(
                await mkdtemp(path.join(tmpdir(), "pulsar-lab-kernel-")),
                "disagreement.json",
            );
            await writeFile(file, JSON.stringify({ what: "", snapshot, flow, connected }, undefined, 4));
            console.log(`      the first of them, reduced, for test/kernel/regressions: ${file}`);
        }
        deepStrictEqual(
            found.map((each) => describeDisagreement(SEED, each)),
            [],
        );
    });

    it("judges at least 2,000 flows, of which enough connect and few stay undecided", () => {
        ok(campaign !== undefined);
        ok(campaign.flows >= 2000);
        ok(campaign.connected > campaign.flows / 10, `${campaign.connected} connected`);
        ok(campaign.unknown < campaign.flows / 20, `${campaign.unknown} undecided`);
        deepStrictEqual(campaign.unexplained, 0);
    });

    it("gives every explanation that it has", () => {
        deepStrictEqual(unreached(campaign?.codes ?? new Map()), []);
    });
});
