import pulumi from "@pulumi/eslint-plugin";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** What each folder may import besides itself; the table in CONTRIBUTING says the same. `test` and `bench` may import everything. */
const MAY_IMPORT = {
    lib: [],
    checks: ["lib"],
    components: ["lib", "checks"],
    stacks: ["lib", "checks", "components"],
    operations: ["lib", "checks"],
    sandbox: ["lib"],
};
const FOLDERS = [...Object.keys(MAY_IMPORT), "test", "bench"];

const directions = Object.entries(MAY_IMPORT).map(([target, allowed]) => ({
    target: `./${target}`,
    from: FOLDERS.filter((folder) => folder !== target && !allowed.includes(folder)).map(
        (folder) => `./${folder}`,
    ),
    message: `${target}/ may import ${allowed.length === 0 ? "nothing of ours" : allowed.join(", ")}.`,
}));

export default tseslint.config(
    { ignores: ["node_modules/", ".sandbox/", "**/*.js", "**/*.mjs"] },
    ...tseslint.configs.recommendedTypeChecked,
    {
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        plugins: { "@pulumi": pulumi, "import-x": importX },
        settings: {
            "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".js"] })],
            "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
        },
        rules: {
            "@pulumi/no-output-in-template-literal": "error",
            "@typescript-eslint/consistent-type-imports": "error",
            "@typescript-eslint/no-floating-promises": "error",
            "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
            "@typescript-eslint/prefer-nullish-coalescing": "error",
            "import-x/no-cycle": "error",
            "import-x/no-restricted-paths": ["error", { zones: directions, basePath: import.meta.dirname }],
            // Resources are often created for their effect alone.
            "no-new": "off",
            // Implementations of an asynchronous interface need not await.
            "@typescript-eslint/require-await": "off",
        },
    },
);
