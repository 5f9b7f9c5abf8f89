/** Which operators stand in for which. */
export const OPERATORS: Readonly<Record<string, readonly string[]>> = {
    "&&": ["||"],
    "||": ["&&"],
    "===": ["!=="],
    "!==": ["==="],
    "==": ["!="],
    "!=": ["=="],
    "<": ["<=", ">="],
    "<=": ["<", ">"],
    ">": [">=", "<="],
    ">=": [">", "<"],
    "+": ["-"],
    "-": ["+"],
    "*": ["/"],
    "/": ["*"],
    "%": ["*"],
    "**": ["*"],
    "&": ["|"],
    "|": ["&"],
    "<<": [">>"],
    ">>": ["<<"],
    ">>>": ["<<"],
};

export const ASSIGNMENTS: Readonly<Record<string, readonly string[]>> = {
    "+=": ["-="],
    "-=": ["+="],
    "*=": ["/="],
    "/=": ["*="],
    "??=": ["="],
    "||=": ["&&="],
    "&&=": ["||="],
};

/** Which methods of arrays, texts and `Math` stand in for which. */
export const METHODS: ReadonlyMap<string, string> = new Map(
    Object.entries({
        some: "every",
        every: "some",
        startsWith: "endsWith",
        endsWith: "startsWith",
        toUpperCase: "toLowerCase",
        toLowerCase: "toUpperCase",
        min: "max",
        max: "min",
        floor: "ceil",
        ceil: "floor",
    }),
);

/** Methods that are left out of a chain of calls. */
export const REMOVED_METHODS: readonly string[] = [
    "sort",
    "toSorted",
    "reverse",
    "toReversed",
    "trim",
    "trimStart",
    "trimEnd",
    "slice",
    "filter",
];
