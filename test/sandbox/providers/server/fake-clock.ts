import type { Clock } from "../../../../sandbox/providers/server/clock";

/** A clock that passes at once, and tells how long was slept. */
export class FakeClock implements Clock {
    private time = 0;
    readonly sleeps: number[] = [];

    now(): number {
        return this.time;
    }

    async sleep(milliseconds: number): Promise<void> {
        this.sleeps.push(milliseconds);
        this.time += milliseconds;
    }

    random(): number {
        return 0.5;
    }
}
