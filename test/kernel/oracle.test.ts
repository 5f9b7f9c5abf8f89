import { deepStrictEqual } from "node:assert";

import { KNOWN } from "./known-networks";
import type { Oracle, Probe } from "./oracle";
import { startOrSkip } from "./prerequisites";

const named = ({ interface: from = "internet", destination, protocol, port, sourcePort }: Probe): string =>
    `${from}:${sourcePort} to ${destination} ${protocol} ${port}`;

describe("The kernel as oracle: networks whose answers are known", function () {
    this.timeout(30_000);
    let oracle: Oracle | undefined;

    before(async function () {
        oracle = await startOrSkip(this);
    });
    after(async () => oracle?.stop());

    for (const { what, request, answers } of KNOWN) {
        it(what, async () => {
            const answered = (await oracle?.ask(request)) ?? [];
            const named_ = (values: readonly boolean[]) =>
                request.probes.map((probe, number) => [named(probe), values[number]]);
            deepStrictEqual(named_(answered), named_(answers));
        });
    }

    it("keeps two networks with the same addresses apart", async function () {
        const other = await startOrSkip(this);
        try {
            const [open, blocked] = [KNOWN[0], KNOWN[3]];
            if (open === undefined || blocked === undefined) throw new Error("there are known networks");
            const [first, second] = await Promise.all([
                oracle?.ask(open.request),
                other.ask(blocked.request),
            ]);
            deepStrictEqual([first, second], [open.answers, blocked.answers]);
        } finally {
            await other.stop();
        }
    });
});
