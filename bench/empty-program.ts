import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * Writes a Pulumi program of components and of dynamic resources that do nothing: the engine, the language host and the
 * state file work as hard as for a real program of that size.
 */
export async function writeEmptyProgram(
    folder: string,
    stack: string,
    { custom, components }: { custom: number; components: number },
): Promise<void> {
    await mkdir(folder, { recursive: true });
    await symlink(path.join(__dirname, "..", "node_modules"), path.join(folder, "node_modules"));
    const files = {
        "Pulumi.yaml":
            "name: empty\nruntime:\n  name: nodejs\n  options:\n    typescript: true\nmain: index.ts\n",
        [`Pulumi.${stack}.yaml`]: "config: {}\n",
        "package.json": '{ "name": "empty", "main": "index.ts" }\n',
        "tsconfig.json":
            '{ "compilerOptions": { "module": "node16", "moduleResolution": "node16", "target": "es2022" } }\n',
        "index.ts": program(custom, components),
    };
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
}

const program = (custom: number, components: number) => `import * as pulumi from "@pulumi/pulumi";

const provider: pulumi.dynamic.ResourceProvider = {
    create: async (inputs) => ({ id: "nothing", outs: inputs }),
};
class Nothing extends pulumi.dynamic.Resource {}

for (let index = 0; index < ${components}; index++) new pulumi.ComponentResource("empty:index:Group", \`group-\${index}\`);
for (let index = 0; index < ${custom}; index++) new Nothing(provider, \`nothing-\${index}\`, {});
`;
