/** Random numbers that a seed gives again: mulberry32, for which 32 bits of state are enough. */
export class Random {
    constructor(private state: number) {}

    /** At least 0, below 1. */
    next(): number {
        this.state = (this.state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    }

    /** From `first` to `last`, both included. */
    integer(first: number, last: number): number {
        return first + Math.floor(this.next() * (last - first + 1));
    }

    chance(probability: number): boolean {
        return this.next() < probability;
    }

    pick<T>(values: readonly T[]): T {
        const value = values[this.integer(0, values.length - 1)];
        if (value === undefined) throw new Error("there is nothing to pick from");
        return value;
    }

    /** One of the values, each as often as its weight says. */
    weighted<T>(choices: readonly (readonly [number, T])[]): T {
        let left = this.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
        for (const [weight, value] of choices) {
            left -= weight;
            if (left < 0) return value;
        }
        return this.pick(choices)[1];
    }

    /** Some of the values, in their order. */
    some<T>(values: readonly T[], probability: number): T[] {
        return values.filter(() => this.chance(probability));
    }
}
