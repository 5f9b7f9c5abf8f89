/** The analysis of a snapshot: who can reach whom, and what stops the others. */
export { analyze, type Analyzer, createAnalyzer } from "./analyze";
export { type Exposure, exposure, type ExposureReport } from "./exposure";
export { InputError } from "./input-error";
export { parseEndText, parseFlows, parseIntents } from "./parse";
export { type AnalyzerOptions, SEMANTIC_RULES, type SemanticRule } from "./semantics";
export { parseSnapshot } from "./snapshot-file";
export type { FlowVerdict, Hop } from "./types";
