import type * as pulumi from "@pulumi/pulumi";

/**
 * A dynamic provider of constant text. Pulumi serializes a provider into the state of every resource, twice, with all the code
 * that it reaches, and goes on running that copy however the code changes. So this one captures two strings only and loads
 * the implementation from the program's folder, at each call and in its present form.
 *
 * `configure` is called once for each provider in each process, before anything else; it installs the other methods. They
 * are not written out, and this is no class, because both would cost bytes in every resource: so would a comment inside.
 *
 * @param path The module of the implementation, relative to the program's folder, which is the provider process's own.
 * @param name The module's export that has the methods check, diff, create, read, update and delete.
 */
export function trampoline(path: string, name: string): pulumi.dynamic.ResourceProvider {
    const provider: Record<string, unknown> = { path, name, configure };
    return provider as unknown as pulumi.dynamic.ResourceProvider;
}

// The code below runs in the provider's process, where nothing but `require` is at hand and ts-node is not loaded yet.
/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call,
   @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-return */
async function configure(this: Record<string, unknown> & { path: string; name: string }): Promise<void> {
    for (const method of ["check", "diff", "create", "read", "update", "delete"])
        this[method] = async (...args: unknown[]) => {
            if (!require.extensions[".ts"]) require("ts-node/register/transpile-only");
            return require(require("path").resolve(this.path))[this.name][method](...args);
        };
}
