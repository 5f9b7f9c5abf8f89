import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { mixedCampaign, renderCampaign, rowCampaign, rows, type Tally } from "./campaign";

export const PAGE = join(__dirname, "..", "..", "..", "docs", "fault-campaign.md");

export const TRIALS = { row: 20, mixed: 200 } as const;

export async function wholeCampaign(): Promise<Tally[]> {
    const tallies: Tally[] = [];
    for (const row of rows()) tallies.push(await rowCampaign(row, TRIALS.row));
    return [...tallies, await mixedCampaign(TRIALS.mixed)];
}

if (require.main === module)
    void wholeCampaign().then((tallies) => {
        const page = renderCampaign(tallies);
        writeFileSync(PAGE, page);
        console.log(page);
    });
