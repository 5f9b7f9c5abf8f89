import assert from "node:assert/strict";

import type { Snapshot } from "../../../../checks/snapshot/types";

/** Finds what a test wants to break; that it is there is part of the test. */
export function itemOf<T>(items: readonly T[] | undefined, is: (item: T) => boolean): T {
    const found = items?.find(is);
    assert.ok(found);
    return found;
}

export function routesOf(snapshot: Snapshot, tableId: string) {
    const { Routes } = itemOf(snapshot.RouteTables, (one) => one.RouteTableId === tableId);
    assert.ok(Routes);
    return Routes;
}

export function aclEntries(snapshot: Snapshot, id: string) {
    const { Entries } = itemOf(snapshot.NetworkAcls, (one) => one.NetworkAclId === id);
    assert.ok(Entries);
    return Entries;
}

export function groupOf(snapshot: Snapshot, id: string) {
    return itemOf(snapshot.SecurityGroups, (one) => one.GroupId === id);
}

export function interfaceOf(snapshot: Snapshot, id: string) {
    return itemOf(snapshot.NetworkInterfaces, (one) => one.NetworkInterfaceId === id);
}
