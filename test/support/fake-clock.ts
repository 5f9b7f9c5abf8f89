import type { Clock } from "../../lib/clock";

/** A clock that does not wait: sleeping moves it on. It tells how long was slept. */
export class FakeClock implements Clock {
    readonly sleeps: number[] = [];
    private time: number;

    /**
     * @param start milliseconds since the epoch.
     * @param chance what every throw of the dice gives.
     */
    constructor(
        start = Date.parse("2026-01-01T00:00:00Z"),
        private readonly chance = 1,
    ) {
        this.time = start;
    }

    now(): number {
        return this.time;
    }

    async sleep(milliseconds: number): Promise<void> {
        this.sleeps.push(milliseconds);
        this.time += milliseconds;
    }

    random(): number {
        return this.chance;
    }
}
