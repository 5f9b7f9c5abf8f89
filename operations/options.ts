import { Option } from "commander";

/** Where a snapshot is taken. */
export interface Place {
    readonly region?: string;
    /** @default the whole region */
    readonly vpc?: string;
}

/** Options that several commands have. */
export const region = () =>
    new Option("--region <region>", "AWS region (default: that of the AWS profile or AWS_REGION)");
export const vpc = () => new Option("--vpc <id>", "only this VPC (default: all of the region)");
export const snapshotFile = () =>
    new Option("--snapshot <file>", "use the snapshot in this file (default: take one from AWS)");
export const json = () => new Option("--json", "print JSON");

/** Takes a line for people. */
export type Print = (text: string) => void;

export const print: Print = (text) => console.log(text);
