import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { renderCampaign, SEED, type Tally } from "./campaign";
import { PAGE, TRIALS, wholeCampaign } from "./page";

describe(`fault campaign, seed ${SEED}`, function () {
    this.timeout(300_000);
    let tallies: Tally[];
    before(async () => {
        tallies = await wholeCampaign();
    });

    it("names every fault exactly, mends what may be mended, and nothing twice", () => {
        for (const one of tallies)
            assert.deepEqual(one, {
                name: one.name,
                trials: one.trials,
                exact: one.trials,
                mended: one.trials,
                proposed: one.trials,
                identical: one.trials,
                again: 0,
            });
        assert.ok(tallies.length > 40);
        assert.equal(tallies.at(-1)?.trials, TRIALS.mixed);
    });

    it("has its results on the page", () => {
        const lines = (text: string) =>
            text.split("\n").filter((line) => line.startsWith("|") && !line.includes("---"));
        const cells = (text: string) => lines(text).map((line) => line.split("|").map((cell) => cell.trim()));
        assert.deepEqual(
            cells(readFileSync(PAGE, "utf8")),
            cells(renderCampaign(tallies)),
            "run: npx ts-node test/checks/campaign/page.ts && npx prettier --write docs/fault-campaign.md",
        );
    });
});
