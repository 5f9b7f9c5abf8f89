import Module, { createRequire } from "node:module";

/**
 * Modules that the Pulumi SDK loads at once, and uses only to serialize closures, which a component provider never does. They
 * are more than half of what there is to load. To import this module before the SDK defers them to their first use.
 */
const DEFERRED = ["@npmcli/arborist", "typescript"];

const load = createRequire(require.resolve("@pulumi/pulumi/package.json"));

for (const name of DEFERRED) {
    const file = load.resolve(name);
    const standIn = new Module(file);
    standIn.loaded = true;
    standIn.exports = new Proxy(
        {},
        {
            get(_, member) {
                // With this mark the SDK takes the object as it is, and asks for one member after the other.
                if (member === "__esModule") return true;
                if (require.cache[file] === standIn) delete require.cache[file];
                return (load(name) as Record<string | symbol, unknown>)[member];
            },
        },
    );
    require.cache[file] = standIn;
}
