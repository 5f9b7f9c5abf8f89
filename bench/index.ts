/**
 * `npm run bench -- NAME`: measurements, never pass or fail. Ratios and counts first: seconds are those of one machine.
 */
import { benchAnalyze } from "./analyze";
import { benchDeploy } from "./deploy";
import { benchKernel } from "./kernel";
import { benchMutants } from "./mutants";

const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = {
    analyze: benchAnalyze,
    deploy: benchDeploy,
    kernel: benchKernel,
};

async function main(names: string[]): Promise<void> {
    // Not among the others: it takes a day for all there is, and arguments of its own.
    if (names[0] === "mutants") return benchMutants(names.slice(1));
    const unknown = names.filter((name) => !(name in BENCHMARKS));
    if (unknown.length > 0) {
        throw new Error(
            `no benchmark is named ${unknown.join(", ")}; there are ${[...Object.keys(BENCHMARKS), "mutants"].join(", ")}`,
        );
    }
    for (const [name, benchmark] of Object.entries(BENCHMARKS)) {
        if (names.length === 0 || names.includes(name)) await benchmark();
    }
}

main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
});
