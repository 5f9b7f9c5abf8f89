import path from "node:path";
import ts from "typescript";

/** What the doc comment of a field says. */
export interface Comment {
    readonly text: string;
    /** The text of its `@default`; `undefined` without one. */
    readonly default: string | undefined;
}

const ROOT = path.join(__dirname, "../..");

/**
 * Reads the doc comments of a type's fields as an editor shows them: the configuration is a type that follows from the schemas, and the
 * comments of the schemas come with it. Only what is of this repository and zod is resolved, so that it takes seconds.
 */
export class FieldComments {
    private readonly checker: ts.TypeChecker;
    private readonly root: ts.Type;

    /**
     * @param file relative to the repository.
     * @param name the exported type.
     */
    constructor(file: string, name: string) {
        const options: ts.CompilerOptions = {
            strict: true,
            skipLibCheck: true,
            types: [],
            target: ts.ScriptTarget.ES2022,
            module: ts.ModuleKind.Node16,
            moduleResolution: ts.ModuleResolutionKind.Node16,
            esModuleInterop: true,
        };
        const host = ts.createCompilerHost(options);
        host.resolveModuleNameLiterals = (literals, containing) =>
            literals.map(({ text }) =>
                text.startsWith(".") || text === "zod" || containing.includes("node_modules/zod")
                    ? ts.resolveModuleName(text, containing, options, host)
                    : { resolvedModule: undefined },
            );
        const program = ts.createProgram([path.join(ROOT, file)], options, host);
        this.checker = program.getTypeChecker();
        const source = program.getSourceFile(path.join(ROOT, file));
        const module = source && this.checker.getSymbolAtLocation(source);
        const symbol = module?.exports?.get(ts.escapeLeadingUnderscores(name));
        if (symbol === undefined) throw new Error(`${file} exports no ${name}`);
        this.root = this.checker.getDeclaredTypeOfSymbol(symbol);
    }

    /**
     * The comment of the field at a path: "neptune.bulkLoad.sources[].prefix".
     *
     * @param mode of the object that the field is in, where the modes have different fields.
     */
    of(fieldPath: string, mode?: string): Comment | undefined {
        const parts = fieldPath.split(/\.|(?=\[\])/);
        let types: readonly ts.Type[] = [this.root];
        let found: ts.Symbol | undefined;
        for (const [index, part] of parts.entries()) {
            if (part === "[]") {
                types = types.flatMap((type) =>
                    this.choices(this.checker.getIndexTypeOfType(type, ts.IndexKind.Number)),
                );
                continue;
            }
            const last = index === parts.length - 1;
            const owners =
                last && mode !== undefined ? types.filter((type) => this.hasMode(type, mode)) : types;
            const symbols = owners.flatMap((type) => type.getProperty(part) ?? []);
            found = symbols[0];
            types = symbols.flatMap((symbol) => this.choices(this.checker.getTypeOfSymbol(symbol)));
        }
        if (found === undefined) return undefined;
        const tag = found.getJsDocTags(this.checker).find(({ name }) => name === "default");
        const oneLine = (display: ts.SymbolDisplayPart[] | undefined) =>
            ts.displayPartsToString(display).replace(/\s+/g, " ").trim();
        return {
            text: oneLine(found.getDocumentationComment(this.checker)),
            default: tag && oneLine(tag.text),
        };
    }

    /** The members of a union; a type that is none stands for itself. */
    private choices(type: ts.Type | undefined): readonly ts.Type[] {
        if (type === undefined) return [];
        const present = this.checker.getNonNullableType(type);
        return present.isUnion() ? present.types : [present];
    }

    private hasMode(type: ts.Type, mode: string): boolean {
        return ["mode", "kind"].some((name) => {
            const symbol = type.getProperty(name);
            const literal = symbol && this.checker.getTypeOfSymbol(symbol);
            return literal?.isStringLiteral() === true && literal.value === mode;
        });
    }
}
