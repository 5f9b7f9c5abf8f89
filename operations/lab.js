#!/usr/bin/env node
"use strict";

/** The entry of `npm run lab`. */
const { compile, register } = require("../lib/typescript");

// Node 20 is supported until the pinned SDK says otherwise; its notice would stand in the middle of a command's output.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

module.exports = { compile };

if (require.main === module) {
    register();
    void require("./cli.ts").main(process.argv.slice(2));
}
