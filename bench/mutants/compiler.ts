import { readFileSync } from "node:fs";

type Loader = (module: NodeModule, file: string) => void;

/** Node's own module has it, its types do not. */
interface CompilableModule extends NodeModule {
    _compile(code: string, file: string): unknown;
}

/**
 * Loads TypeScript as whatever is registered does, but compiles the same source once only: for every mutant all modules are
 * loaded again, and only one of them differs.
 */
export class CompileCache {
    /** The last compiled code of each file. */
    readonly compiled = new Map<string, string>();
    private readonly bySource = new Map<string, string>();

    install(): void {
        const load = require.extensions[".ts"] as Loader;
        require.extensions[".ts"] = (loaded: NodeModule, file: string) => {
            const target = loaded as CompilableModule;
            const key = `${file}\0${readFileSync(file, "utf8")}`;
            const known = this.bySource.get(key);
            if (known !== undefined) {
                target._compile(known, file);
                return;
            }
            const compile = target._compile.bind(target);
            target._compile = (code, name) => {
                this.bySource.set(key, code);
                this.compiled.set(file, code);
                return compile(code, name);
            };
            load(target, file);
        };
    }
}

/** Forgets the loaded modules of a folder, so that they load again; the node modules stay. */
export function unloadModules(folder: string): void {
    for (const [file, loaded] of Object.entries(require.cache)) {
        if (loaded === undefined || !file.startsWith(folder)) continue;
        delete require.cache[file];
        // Its parent would keep it in memory, and all that it holds.
        const children = loaded.parent?.children;
        children?.splice(children.indexOf(loaded), 1);
    }
}
