/** How often to look whether the engine is still there, in milliseconds. */
const CHECK_MS = 1000;

/** Ends this process with the engine that started it: a killed engine stops no plugins, and its orphans get another parent. */
export function exitWithEngine(): void {
    const engine = process.ppid;
    setInterval(() => {
        if (process.ppid !== engine) process.exit(0);
    }, CHECK_MS).unref();
}
