/** The analysis of a snapshot: who can reach whom, and what stands in the way. */
export { analyze, type Analyzer, createAnalyzer } from "./analyze";
export { type Exposure, exposure, type ExposureReport } from "./exposure";
export { InputError } from "./input-error";
export { parseEndText, parseFlows, parseIntents } from "./parse";
export { parseSnapshot } from "./snapshot-file";
export { EXPLANATION_CODES, type ExplanationCode, EXPLANATIONS } from "./explanations";
export { type AnalyzerOptions, SEMANTIC_RULES, type SemanticRule } from "./semantics";
export type { Direction, Explanation, FlowVerdict, Hop } from "./types";
