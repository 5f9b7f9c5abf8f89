/**
 * What is to be ended when the tests are done. Mocha runs root hooks of this form at the end of all tests, or, where files run side by
 * side, at the end of each file: the processes that run them keep their modules for the next file, so that a hook of a module of
 * its own would run once only.
 */
const ends: (() => Promise<void>)[] = [];

/** Runs `end` when the tests are done. */
export function atEnd(end: () => Promise<void>): void {
    ends.push(end);
}

export const mochaHooks = {
    async afterAll(): Promise<void> {
        for (const end of ends.splice(0)) await end();
    },
};
