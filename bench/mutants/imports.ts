import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** Which of the test files load one of the sources, directly or through others. Paths are relative to the root. */
export function testsThatLoad(
    root: string,
    tests: readonly string[],
    sources: ReadonlySet<string>,
): string[] {
    const imports = new Map<string, readonly string[]>();
    const importsOf = (file: string): readonly string[] => {
        const known = imports.get(file) ?? readImports(root, file);
        imports.set(file, known);
        return known;
    };
    return tests.filter((test) => {
        const reached = new Set([test]);
        for (const file of reached) for (const imported of importsOf(file)) reached.add(imported);
        return [...reached].some((file) => sources.has(file));
    });
}

function readImports(root: string, file: string): string[] {
    const { importedFiles } = ts.preProcessFile(readFileSync(path.join(root, file), "utf8"));
    return importedFiles
        .map(({ fileName }) => fileName)
        .filter((name) => name.startsWith("."))
        .flatMap((name) => {
            const target = path.join(path.dirname(file), name);
            const found = [`${target}.ts`, path.join(target, "index.ts")].find((candidate) =>
                existsSync(path.join(root, candidate)),
            );
            return found === undefined ? [] : [found];
        });
}
