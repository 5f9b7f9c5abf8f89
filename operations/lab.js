#!/usr/bin/env node
"use strict";

/**
 * The entry of `npm run lab`. It compiles TypeScript by swc directly: ts-node loads the TypeScript compiler as well, and that alone takes
 * longer than most commands. What is compiled is the same; a test compares the two.
 */
const { readFileSync } = require("node:fs");
const nodeModule = require("node:module");

// Node keeps what it has compiled between runs, from 22.1 on.
nodeModule.enableCompileCache?.();
process.setSourceMapsEnabled(true);
// Node 20 is supported until the pinned SDK says otherwise; its notice would stand in the middle of a command's output.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

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

module.exports = { compile };

if (require.main === module) {
    require.extensions[".ts"] = (loaded, file) =>
        loaded._compile(compile(readFileSync(file, "utf8"), file), file);
    void require("./cli.ts").main(process.argv.slice(2));
}
