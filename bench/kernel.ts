import { describeDisagreement, renderCampaign, runCampaign } from "../test/kernel/campaign";

const SEED = 1;
const FLOWS = 100_000;
/** How many flows lie between two lines of progress. */
const STEP = 5000;

/**
 * The long run against the Linux kernel: 100,000 flows in generated networks. PULSAR_LAB_KERNEL_FLOWS and
 * PULSAR_LAB_KERNEL_SEED ask for others.
 */
export async function benchKernel(): Promise<void> {
    const seed = Number(process.env.PULSAR_LAB_KERNEL_SEED ?? SEED);
    const flows = Number(process.env.PULSAR_LAB_KERNEL_FLOWS ?? FLOWS);
    let reported = 0;
    const progress = (judged: number, disagreements: number) => {
        if (judged < reported + STEP) return;
        reported = judged;
        console.log(`kernel: ${judged} flows, ${disagreements} disagreements so far`);
    };
    const campaign = await runCampaign({ seed, flows, progress });
    for (const each of campaign.disagreements) console.log(describeDisagreement(seed, each));
    console.log(`kernel, seed ${seed}: ${renderCampaign(campaign)}`);
}
