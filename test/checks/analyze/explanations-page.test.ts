import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { EXPLANATIONS_PAGE, renderExplanationsPage } from "../../../checks/explanations-page";

describe("docs/explanations.md", () => {
    it("is made from the catalogue as it is now", () => {
        const page = readFileSync(EXPLANATIONS_PAGE, "utf8");
        assert.equal(page, renderExplanationsPage(), "run: npx ts-node checks/explanations-page.ts");
    });
});
