"use strict";

/**
 * Compiles TypeScript by swc directly: ts-node loads the TypeScript compiler as well, and that alone takes longer than most of
 * what is loaded by it. What is compiled is the same; a test compares the two. As a module that Node preloads (`node -r`) it
 * compiles whatever is loaded from then on.
 */
const { readFileSync } = require("node:fs");
const nodeModule = require("node:module");

/** What tsconfig.json says, in the words of swc. */
const OPTIONS = {
    swcrc: false,
    configFile: false,
    sourceMaps: "inline",
    module: { type: "commonjs", ignoreDynamic: true },
    jsc: {
        target: "es2022",
        keepClassNames: true,
        parser: { syntax: "typescript", decorators: true },
        transform: { useDefineForClassFields: false },
    },
};

let swc;

function compile(source, filename) {
    swc ??= require("@swc/core");
    return swc.transformSync(source, { ...OPTIONS, filename }).code;
}

/** Compiles the TypeScript that is loaded from now on. */
function register() {
    // Node keeps what it has compiled between runs, from 22.1 on.
    nodeModule.enableCompileCache?.();
    process.setSourceMapsEnabled(true);
    require.extensions[".ts"] = (loaded, file) =>
        loaded._compile(compile(readFileSync(file, "utf8"), file), file);
}

if (module.isPreloading) register();

module.exports = { compile, register };
