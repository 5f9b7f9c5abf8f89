import ts from "typescript";

import { ASSIGNMENTS, METHODS, OPERATORS, REMOVED_METHODS } from "./operators";

/** One small change of a source file that its tests should notice. */
export interface Mutant {
    /** The source file, relative to the repository. */
    readonly file: string;
    /** Counted from 1. */
    readonly line: number;
    readonly column: number;
    /** What is replaced: the offsets of its first character and of the one after its last. */
    readonly start: number;
    readonly end: number;
    readonly before: string;
    readonly after: string;
}

/** A node and the text to put in its place. */
type Change = readonly [node: ts.Node, after: string];

/**
 * All mutants of a source file, in the order of the source. Types, imports and names are left alone: a change of them is no
 * change of behaviour.
 */
export function mutantsOf(file: string, source: string): Mutant[] {
    const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true);
    const mutants: Mutant[] = [];
    const visit = (node: ts.Node): void => {
        if (isLeftAlone(node)) return;
        for (const [target, after] of changes(node)) {
            const [start, end] = [target.getStart(tree), target.end];
            const before = source.slice(start, end);
            const { line, character } = tree.getLineAndCharacterOfPosition(start);
            if (before !== after)
                mutants.push({ file, line: line + 1, column: character + 1, start, end, before, after });
        }
        ts.forEachChild(node, visit);
    };
    ts.forEachChild(tree, visit);
    return mutants.sort((one, other) => one.start - other.start || one.end - other.end);
}

/** The source with the mutant in it. */
export function applyMutant(source: string, { start, end, before, after }: Mutant): string {
    if (source.slice(start, end) !== before) throw new Error("the source is not the one that was mutated");
    return source.slice(0, start) + after + source.slice(end);
}

function isLeftAlone(node: ts.Node): boolean {
    return (
        ts.isTypeNode(node) ||
        ts.isInterfaceDeclaration(node) ||
        ts.isTypeAliasDeclaration(node) ||
        ts.isImportDeclaration(node) ||
        (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) ||
        (ts.canHaveModifiers(node) &&
            (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword))
    );
}

function changes(node: ts.Node): readonly Change[] {
    if (ts.isBinaryExpression(node)) return binary(node);
    if (ts.isPrefixUnaryExpression(node)) return prefix(node);
    if (ts.isPostfixUnaryExpression(node))
        return [
            [node, node.operand.getText() + (node.operator === ts.SyntaxKind.PlusPlusToken ? "--" : "++")],
        ];
    if (ts.isIfStatement(node)) return condition(node.expression, ["true", "false"]);
    if (ts.isConditionalExpression(node)) return condition(node.condition, ["true", "false"]);
    if (ts.isWhileStatement(node) || ts.isDoStatement(node)) return condition(node.expression, ["false"]);
    if (ts.isForStatement(node)) return condition(node.condition, ["false"]);
    if (ts.isBlock(node)) return block(node);
    if (ts.isArrowFunction(node)) return ts.isBlock(node.body) ? [] : [[node.body, "undefined"]];
    if (ts.isCallExpression(node)) return call(node);
    if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return optional(node);
    if (ts.isArrayLiteralExpression(node)) return node.elements.length > 0 ? [[node, "[]"]] : [];
    if (ts.isObjectLiteralExpression(node)) return node.properties.length > 0 ? [[node, "{}"]] : [];
    return literal(node);
}

function literal(node: ts.Node): readonly Change[] {
    if (node.kind === ts.SyntaxKind.TrueKeyword) return [[node, "false"]];
    if (node.kind === ts.SyntaxKind.FalseKeyword) return [[node, "true"]];
    if (isName(node)) return [];
    if (ts.isNumericLiteral(node)) return [[node, String(Number(node.text) + 1)]];
    if (ts.isBigIntLiteral(node)) return [[node, `${BigInt(node.text.slice(0, -1)) + 1n}n`]];
    if (ts.isStringLiteral(node)) return [[node, node.text === "" ? '"mutated"' : '""']];
    if (ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [[node, "``"]];
    if (ts.isRegularExpressionLiteral(node)) return regularExpression(node);
    return [];
}

/** Names of properties and modules, and enum members, are written as literals but are none. */
function isName(node: ts.Node): boolean {
    const { parent } = node;
    if (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) return parent.name === node;
    if (ts.isCallExpression(parent)) return parent.expression.getText() === "require";
    return ts.isComputedPropertyName(parent) || ts.isEnumMember(parent);
}

function binary(node: ts.BinaryExpression): readonly Change[] {
    const [left, right] = [node.left.getText(), node.right.getText()];
    const operator = node.operatorToken.getText();
    if (operator === "??")
        return [
            [node, left],
            // As the body of an arrow function it would be a block.
            [node, right.startsWith("{") ? `(${right})` : right],
        ];
    if (operator === "+" && [node.left, node.right].some(isText)) return [];
    const others = OPERATORS[operator] ?? ASSIGNMENTS[operator] ?? [];
    return others.map((other) => [node.operatorToken, other] as const);
}

function isText(node: ts.Expression): boolean {
    return (
        ts.isStringLiteralLike(node) ||
        ts.isTemplateExpression(node) ||
        (ts.isBinaryExpression(node) && [node.left, node.right].some(isText))
    );
}

function prefix(node: ts.PrefixUnaryExpression): readonly Change[] {
    const operand = node.operand.getText();
    switch (node.operator) {
        case ts.SyntaxKind.ExclamationToken:
        case ts.SyntaxKind.MinusToken:
        case ts.SyntaxKind.TildeToken:
            return [[node, operand]];
        case ts.SyntaxKind.PlusPlusToken:
            return [[node, `--${operand}`]];
        case ts.SyntaxKind.MinusMinusToken:
            return [[node, `++${operand}`]];
        default:
            return [];
    }
}

function condition(node: ts.Expression | undefined, values: readonly string[]): readonly Change[] {
    const isConstant =
        node === undefined || [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword].includes(node.kind);
    return isConstant ? [] : values.map((value) => [node, value] as const);
}

/** A derived class's constructor cannot do without its call of `super`. */
function block(node: ts.Block): readonly Change[] {
    const isDerived =
        ts.isConstructorDeclaration(node.parent) && (node.parent.parent.heritageClauses ?? []).length > 0;
    return node.statements.length === 0 || isDerived ? [] : [[node, "{}"]];
}

function call(node: ts.CallExpression): readonly Change[] {
    const callee = node.expression;
    const left: Change[] = node.questionDotToken
        ? [[node, node.getText().replace(`${callee.getText()}?.`, callee.getText())]]
        : [];
    if (!ts.isPropertyAccessExpression(callee)) return left;
    const method = callee.name.text;
    const other = METHODS.get(method);
    const isRemovable = REMOVED_METHODS.includes(method);
    return [
        ...left,
        ...(other === undefined ? [] : [[callee.name, other] as const]),
        ...(isRemovable ? [[node, callee.expression.getText()] as const] : []),
    ];
}

function optional(node: ts.PropertyAccessExpression | ts.ElementAccessExpression): readonly Change[] {
    if (!node.questionDotToken) return [];
    const object = node.expression.getText();
    const rest = node
        .getText()
        .slice(object.length)
        .replace("?.", ts.isPropertyAccessExpression(node) ? "." : "");
    return [[node, object + rest]];
}

/** Without its anchors. */
function regularExpression(node: ts.RegularExpressionLiteral): readonly Change[] {
    const [, pattern = "", flags = ""] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? [];
    const loose = [pattern.replace(/^\^/, ""), pattern.replace(/(?<!\\)\$$/, "")];
    return loose
        .filter((other) => other !== "" && other !== pattern)
        .map((other) => [node, `/${other}/${flags}`]);
}
