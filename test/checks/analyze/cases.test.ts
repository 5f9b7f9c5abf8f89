import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { explanationText } from "../../../checks/render";
import { createAnalyzer, parseFlows, parseSnapshot } from "../../../checks/analyze";
import type { Verdict } from "../../../checks/matrix";

/** What is known of a network: for each flow every verdict that is right, and why. */
interface Expected {
    readonly id: string;
    readonly acceptable: readonly Verdict[];
    readonly why?: string;
    readonly cause?: string;
}

const FOLDER = path.join(__dirname, "cases");

/** Networks of people whose lab did not connect, rebuilt from what they reported, and networks reduced to one trait each. */
describe("networks with known answers", () => {
    for (const file of fs.readdirSync(FOLDER)) {
        const { snapshot, flows, expected } = JSON.parse(
            fs.readFileSync(path.join(FOLDER, file), "utf8"),
        ) as {
            snapshot: unknown;
            flows: unknown;
            expected: Expected[];
        };
        it(file.replace(".json", ""), () => {
            const analyzer = createAnalyzer(parseSnapshot(JSON.stringify(snapshot)));
            for (const flow of parseFlows(JSON.stringify(flows))) {
                const { verdict, explanations } = analyzer.analyze(flow);
                const known = expected.find(({ id }) => id === flow.id);
                const said = explanations.map((one) => explanationText(one)).join("; ");
                assert.ok(
                    known?.acceptable.includes(verdict),
                    `${flow.id}: ${verdict} (${said}), not ${known?.acceptable.join(" or ")}: ${known?.why ?? known?.cause}`,
                );
            }
        });
    }
});
