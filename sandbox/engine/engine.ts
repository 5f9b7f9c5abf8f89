/** Where an engine can come from, in the order in which they are tried. */
export const ENGINE_SOURCES = ["path", "cache", "download", "build"] as const;
export type EngineSource = (typeof ENGINE_SOURCES)[number];

/** A Pulumi engine that runs: the CLI, with the Node language host beside it. */
export interface Engine {
    readonly source: EngineSource;
    /** Like `3.250.0`. */
    readonly version: string;
    /** The absolute path of the CLI. */
    readonly pulumi: string;
}
