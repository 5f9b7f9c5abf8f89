import assert from "node:assert/strict";

import { parsePath } from "../../../../sandbox/providers/server/property-path";
import { sdkType } from "../../../../sandbox/providers/server/sdk-schema";
import { hasUnknowns, isObject, type PropertyMap } from "../../../../sandbox/providers/server/values";
import { resourceTokens } from "../../../../sandbox/providers/aws/table";
import { Surroundings } from "./scenario";
import { SCENARIOS } from "./scenarios";
import { ProviderUnderTest, START_TIMEOUT_MS, type Remembered } from "./support";

/** Inputs without the record of which were filled in. */
const given = ({ __defaults, ...inputs }: PropertyMap): PropertyMap => inputs;

describe("resource types", function () {
    this.timeout(START_TIMEOUT_MS);
    let provider: ProviderUnderTest;

    before(async () => {
        provider = await ProviderUnderTest.start();
    });
    after(() => provider.stop());

    it("all have a scenario", () => {
        assert.deepEqual(new Set(SCENARIOS.map(({ token }) => token)), new Set(resourceTokens));
    });

    for (const scenario of SCENARIOS) {
        const { token } = scenario;
        const kind = scenario.outputs?.vpcEndpointType as string | undefined;

        describe(`${token}${kind ? ` (${kind})` : ""}`, () => {
            let around: Surroundings;
            let first: PropertyMap;
            let current: Remembered;

            before(async () => {
                around = await Surroundings.create();
                first = await scenario.inputs(around);
            });

            it("previews a creation without making up outputs", async () => {
                const inputs = await provider.checked(token, "thing", first);
                const preview = await provider.previewCreate(token, "thing", inputs);
                const sdk = sdkType("@pulumi/aws", token)!;
                const known = Object.keys(preview).filter((name) => !hasUnknowns(preview[name]));
                const outputs = [...sdk.outputs].filter((name) => name !== "tagsAll");
                assert.deepEqual(
                    known.filter((name) => outputs.includes(name)),
                    [],
                );
            });

            it("is created with every output that the SDK has, and no other", async () => {
                current = await provider.create(token, "thing", first);
                const sdk = sdkType("@pulumi/aws", token)!;
                const { state } = current;
                assert.notEqual(current.id, "");
                assert.deepEqual(
                    [...sdk.outputs].filter((name) => state[name] === undefined),
                    [],
                );
                const unknown = Object.keys(state).filter(
                    (name) => !sdk.inputs.has(name) && !sdk.outputs.has(name),
                );
                assert.deepEqual(
                    unknown.filter((name) => name !== "namePrefix"),
                    [],
                );
                for (const [name, value] of Object.entries({
                    ...given(current.inputs),
                    ...scenario.outputs,
                })) {
                    assertShows(state[name], value, name);
                }
            });

            it("has no differences, neither at once nor after a refresh", async () => {
                assert.deepEqual((await provider.diff(token, current, current.inputs)).detailed, {});
                const refreshed = (await provider.refresh(token, current))!;
                assert.deepEqual(refreshed, current);
                const again = await provider.checked(token, "thing", first, current.inputs);
                assert.deepEqual((await provider.diff(token, refreshed, again)).detailed, {});
            });

            it("is imported with its full inputs", async () => {
                const imported = (await provider.import(token, scenario.importId?.(current) ?? current.id))!;
                assert.equal(imported.id, current.id);
                const hidden = scenario.notImported ?? [];
                for (const [name, value] of Object.entries(given(current.inputs))) {
                    // A value that says no more than leaving it out may be left out.
                    const isShown = !hidden.includes(name) && !["", 0, false].includes(value as string);
                    if (isShown) assertShows(imported.inputs[name], value, name);
                }
                // The program that it was made by is the program that it is imported into.
                const inputs = await provider.checked(token, "thing", first, imported.inputs);
                const diff = await provider.diff(token, imported, inputs);
                assert.deepEqual(
                    Object.keys(diff.detailed).filter((path) => !hidden.includes(parsePath(path)[0] ?? "")),
                    [],
                );
            });

            it("is looked up again by its id and what is known of it", async () => {
                assert.deepEqual((await provider.get(token, current))!.state, current.state);
            });

            if (scenario.replace) {
                const { replaces, deleteBeforeReplace = false } = scenario.replace;
                it(`is replaced for ${replaces.join(" and ")}`, async () => {
                    const changed = { ...first, ...(await scenario.replace!.inputs(around)) };
                    const inputs = await provider.checked(token, "thing", changed, current.inputs);
                    const diff = await provider.diff(token, current, inputs);
                    assert.deepEqual(diff.replaces.sort(), [...replaces].sort());
                    assert.equal(diff.deleteBeforeReplace, deleteBeforeReplace);
                    for (const name of replaces) {
                        const kinds = Object.entries(diff.detailed).flatMap(([path, kind]) =>
                            path === name || path.startsWith(`${name}.`) ? kind : [],
                        );
                        assert.ok(
                            kinds.some((kind) => kind.endsWith("_replace")),
                            name,
                        );
                    }
                });
            }

            if (scenario.update) {
                it("is updated in place", async () => {
                    const changed = { ...first, ...(await scenario.update!(around)) };
                    const inputs = await provider.checked(token, "thing", changed, current.inputs);
                    const diff = await provider.diff(token, current, inputs);
                    assert.ok(diff.hasChanges);
                    assert.deepEqual(diff.replaces, []);
                    const preview = await provider.update(token, current, inputs, true);
                    const updated = await provider.update(token, current, inputs);
                    for (const [name, value] of Object.entries(given(inputs))) {
                        assertShows(sorted(updated.state[name]), sorted(value), name);
                    }
                    for (const [name, value] of Object.entries(preview.state)) {
                        if (!hasUnknowns(value))
                            assert.deepEqual(sorted(value), sorted(updated.state[name]), name);
                    }
                    assert.deepEqual((await provider.refresh(token, updated))!, updated);
                    // And back, so that what follows starts where it began.
                    current = await provider.update(token, updated, current.inputs);
                    assert.deepEqual((await provider.diff(token, current, current.inputs)).detailed, {});
                });
            }

            if (scenario.drift) {
                const { shows } = scenario.drift;
                it(`shows by ${shows.join(" and ")} that it was changed by somebody else, and is put back`, async () => {
                    await scenario.drift!.inject(around, current);
                    const drifted = (await provider.refresh(token, current))!;
                    const names = new Set([...Object.keys(current.inputs), ...Object.keys(drifted.inputs)]);
                    const different = [...names].filter(
                        (name) =>
                            JSON.stringify(drifted.inputs[name]) !== JSON.stringify(current.inputs[name]),
                    );
                    assert.deepEqual(different.sort(), [...shows].sort());
                    assert.ok((await provider.diff(token, drifted, current.inputs)).hasChanges);
                    await provider.update(token, drifted, current.inputs);
                    assert.deepEqual((await provider.refresh(token, current))!.inputs, current.inputs);
                });
            }

            it("is deleted, once and again, and then is not found", async () => {
                await provider.delete(token, current);
                if (!scenario.survives) assert.equal(await provider.refresh(token, current), undefined);
                await provider.delete(token, current);
            });
        });
    }
});

/** A value as it was given; an object may have more members, which AWS chose. */
function assertShows(actual: unknown, wanted: unknown, name: string): void {
    if (!isObject(wanted) || !isObject(actual)) return assert.deepEqual(actual, wanted, name);
    for (const [key, value] of Object.entries(wanted)) assertShows(actual[key], value, `${name}.${key}`);
}

/** Lists of plain values in one order, as sets have none. */
function sorted(value: unknown): unknown {
    return Array.isArray(value) && value.every((member) => typeof member === "string")
        ? [...value].sort()
        : value;
}
