import type { VpcEndpoint } from "@aws-sdk/client-ec2";

import type { IpRange } from "../../lib/addresses/ip";
import { parseIp } from "../../lib/addresses/ip";
import { endpointServiceName } from "../../lib/aws/names";
import { isAwsAddress } from "./aws-addresses";
import { type End, explainNobodyAt } from "./ends";
import type { Walk } from "./filters";
import { walkIn } from "./from-outside";
import { requestBetween, walkInside } from "./inside";
import { addressOf, type Interface, publicAddressOf, publicRangeOf } from "./interfaces";
import type { Part } from "./matching";
import type { Model } from "./model";
import { type Outside, partsFor, walkOut } from "./outside";
import { internetRanges } from "./public-addresses";
import {
    endpointsOf,
    explainDnsSupport,
    explainPrivateDns,
    explainUnreadNames,
    explainZones,
    interfacesOfEndpoint,
} from "./services";
import { Trace } from "./trace";
import { clientPortsOf, NAT_PORTS, requestOf } from "./traffic";

/** What a flow asks for, apart from its ends. */
export interface Use {
    readonly protocol: "tcp" | "udp" | "icmp";
    readonly ports: { readonly from: number; readonly to: number };
}

/** Judges a source interface, or the outside, against one destination. */
export class PairEvaluator {
    private readonly parts = new Map<string, readonly Part[]>();
    private readonly internet = new Map<string, Outside>();

    constructor(private readonly model: Model) {}

    /** One interface to one interface. */
    inside(source: Interface, destination: Interface, use: Use): Trace {
        const { model } = this;
        const trace = new Trace();
        if (this.neverInitiates(source, trace)) return trace;
        takesNothing(destination, trace);
        this.explainStates(trace, source, destination);
        const family = commonFamily(source, destination);
        const request =
            family === undefined
                ? undefined
                : requestBetween(source, destination, requestOf(use.protocol, use.ports, family));
        if (request === undefined)
            trace.add("X_NO_COMMON_ADDRESS_FAMILY", source.id, { args: { to: destination.id } });
        else if (source.id === destination.id) trace.hop(source.id, "network-interface");
        else walkInside({ model, trace }, source, destination, request);
        return trace;
    }

    /** One interface to an address that no interface of its network has. */
    toAddress(source: Interface, address: IpRange, text: string, use: Use): Trace {
        const { model } = this;
        const trace = new Trace();
        if (this.neverInitiates(source, trace)) return trace;
        this.explainStates(trace, source);
        if (isAwsAddress(model, source.vpcId, address) && model.follows("aws-addresses-not-filtered")) {
            trace.hop(source.id, "network-interface");
            trace.hop(text, "address");
            return trace;
        }
        if (model.isInVpc(source.vpcId, address)) {
            trace.hop(source.id, "network-interface");
            const where = model.subnetAt(source.vpcId, address)?.SubnetId;
            explainNobodyAt({ model, trace }, text, source.vpcId, where);
            return trace;
        }
        const to: Outside = { label: text, ranges: [address], skipGatewayEndpoints: false };
        const traffic = requestOf(use.protocol, use.ports, address.family);
        walkOut({ model, trace }, source, to, traffic, partsFor(model, source.subnetId, to));
        const owner = address.family === 4 ? model.interfaceWithPublicAddress(text) : undefined;
        if (owner !== undefined) this.backIn(trace, source, owner, use);
        return trace;
    }

    /** One interface to a service, or to "internet". */
    toService(source: Interface, service: string, use: Use): Trace {
        const { model } = this;
        const trace = new Trace();
        if (this.neverInitiates(source, trace)) return trace;
        this.explainStates(trace, source);
        if (service === "internet") {
            this.walkToInternet({ model, trace }, source, "the internet", use);
            return trace;
        }
        trace.need(model, "VpcEndpoints");
        const { interfaceEndpoint, gatewayEndpoint } = endpointsOf(model, service, source.vpcId);
        if (interfaceEndpoint === undefined) explainUnreadNames({ model, trace }, service, source.vpcId);
        const direct = new Trace();
        if (interfaceEndpoint !== undefined)
            explainPrivateDns({ model, trace: direct }, interfaceEndpoint, service, source.vpcId);
        if (interfaceEndpoint !== undefined && !leadsElsewhere(direct)) {
            // The name leads to the endpoint: whatever keeps the flow from it, there is no other way.
            trace.append(direct);
            this.toInterfacesOf(trace, interfaceEndpoint, source, service, use);
            return trace;
        }
        const open = new Trace();
        explainDnsSupport({ model, trace: open }, service, source.vpcId);
        this.walkToPublicService({ model, trace: open }, source, service, use);
        if (!open.isBlocked) {
            trace.append(open);
            // It works, but not through the endpoint that somebody made for it.
            trace.append(direct, () => "warning");
        } else if (interfaceEndpoint !== undefined) {
            trace.append(direct);
            const behind = new Trace();
            this.toInterfacesOf(behind, interfaceEndpoint, source, service, use);
            trace.append(behind);
        } else this.explainMissing(trace, open, source, service, gatewayEndpoint !== undefined);
        return trace;
    }

    /** One interface to an interface endpoint, by the service's name and never past it: what a declared endpoint is for. */
    toEndpoint(source: Interface, endpoint: VpcEndpoint, service: string, use: Use): Trace {
        const trace = new Trace();
        explainPrivateDns({ model: this.model, trace }, endpoint, service, source.vpcId);
        this.toInterfacesOf(trace, endpoint, source, service, use);
        return trace;
    }

    /**
     * The ways from one interface to the internet, or to the published addresses of a service: one for each route that is taken
     * there. Names play no part.
     *
     * @returns nothing when the addresses are not known.
     */
    waysOut(source: Interface, service: string, use: Use): readonly Trace[] | undefined {
        const { model } = this;
        const family = addressOf(source, 4) === undefined ? 6 : 4;
        const to =
            service === "internet"
                ? this.internetFrom(source.vpcId, family, "the internet")
                : this.publicAddressesOf(service, family);
        if (to === undefined) return undefined;
        const traffic = requestOf(use.protocol, use.ports, family);
        const parts = this.cachedParts(source.subnetId, `${source.vpcId} ${family}`, to);
        const ways = parts.map((part): [readonly IpRange[], readonly Part[]] => [part.ranges, [part]]);
        return (ways.length === 0 ? [[to.ranges, parts] as const] : ways).map(([ranges, taken]) => {
            const trace = new Trace();
            walkOut({ model, trace }, source, { ...to, ranges }, traffic, taken);
            return trace;
        });
    }

    /** One interface to addresses of the internet; nothing when all of them are those of services with gateway endpoints. */
    toOutside(source: Interface, to: Outside, use: Use): Trace | undefined {
        const { model } = this;
        const trace = new Trace();
        this.explainStates(trace, source);
        const parts = this.cachedParts(source.subnetId, source.vpcId, to);
        if (parts.length === 0 && model.tableOf(source.subnetId) !== undefined) return undefined;
        walkOut(
            { model, trace },
            source,
            to,
            requestOf(use.protocol, use.ports, to.ranges[0]?.family ?? 4),
            parts,
        );
        return trace;
    }

    /**
     * From outside addresses to one interface.
     *
     * @param asked the address that they ask for. @default the interface's public one, or its private one on a private way
     */
    fromOutside(from: Outside, destination: Interface, use: Use, asked?: IpRange): Trace {
        const { model } = this;
        const trace = new Trace();
        takesNothing(destination, trace);
        this.explainStates(trace, destination);
        const family = from.ranges[0]?.family ?? 4;
        walkIn({ model, trace }, from, destination, requestOf(use.protocol, use.ports, family), { asked });
        return trace;
    }

    /** The outside that an end is, seen from an interface; nothing for a service, which opens no connections. */
    outsideOf(end: Exclude<End, { interfaces: unknown }>, destination: Interface): Outside | undefined {
        if ("address" in end) return { label: end.text, ranges: [end.address], skipGatewayEndpoints: false };
        if (end.service !== "internet") return undefined;
        const family = addressOf(destination, 4) === undefined ? 6 : 4;
        return this.internetFrom(destination.vpcId, family, "the internet");
    }

    private internetFrom(vpcId: string, family: 4 | 6, label: string): Outside {
        const key = `${vpcId} ${family} ${label}`;
        const known = this.internet.get(key);
        if (known !== undefined) return known;
        const ranges = internetRanges(this.model, vpcId, family);
        const outside = { label, ranges, skipGatewayEndpoints: true };
        this.internet.set(key, outside);
        return outside;
    }

    private walkToInternet(walk: Walk, source: Interface, label: string, use: Use): void {
        const family = addressOf(source, 4) === undefined ? 6 : 4;
        this.walkTo(walk, source, this.internetFrom(source.vpcId, family, label), family, use);
    }

    private walkTo(walk: Walk, source: Interface, to: Outside, family: 4 | 6, use: Use): void {
        const parts = this.cachedParts(source.subnetId, `${source.vpcId} ${family}`, to);
        walkOut(walk, source, to, requestOf(use.protocol, use.ports, family), parts);
    }

    /** Where the addresses of a service are published as a prefix list, those; any of the internet's for others. */
    private walkToPublicService(walk: Walk, source: Interface, service: string, use: Use): void {
        const { model, trace } = walk;
        const name = fullName(model, service);
        const hasGatewayEndpoints = /\.(s3|dynamodb)$/.test(name);
        if (hasGatewayEndpoints) trace.need(model, "ManagedPrefixLists");
        const family = addressOf(source, 4) === undefined ? 6 : 4;
        const to = this.publicAddressesOf(service, family);
        if (to === undefined) {
            const { gatewayEndpoint } = endpointsOf(model, service, source.vpcId);
            if (gatewayEndpoint !== undefined)
                trace.add("UNKNOWN_RESOURCE", name, { args: { absence: { part: "entries", service } } });
            else this.walkToInternet(walk, source, service, use);
            return;
        }
        this.walkTo(walk, source, to, family, use);
    }

    /** Those that AWS publishes as a prefix list; nothing without one that has entries. */
    private publicAddressesOf(service: string, family: 4 | 6): Outside | undefined {
        const list = this.model.prefixListNamed(fullName(this.model, service));
        const ranges = list?.filter((block) => block.family === family) ?? [];
        return ranges.length === 0 ? undefined : { label: service, ranges, skipGatewayEndpoints: false };
    }

    private toInterfacesOf(
        trace: Trace,
        endpoint: VpcEndpoint,
        source: Interface,
        service: string,
        use: Use,
    ): void {
        const { model } = this;
        const interfaces = interfacesOfEndpoint(model, trace, endpoint);
        explainZones({ model, trace }, endpoint, interfaces, service, source.subnetId);
        this.toAll(trace, source, interfaces, use);
    }

    private cachedParts(subnetId: string, label: string, to: Outside): readonly Part[] {
        const key = `${this.model.tableOf(subnetId)?.id} ${label} ${to.label}`;
        const known = this.parts.get(key);
        if (known !== undefined) return known;
        const parts = partsFor(this.model, subnetId, to);
        this.parts.set(key, parts);
        return parts;
    }

    private toAll(trace: Trace, source: Interface, interfaces: readonly Interface[], use: Use): void {
        const traces = interfaces.map((one) => this.inside(source, one, use));
        const worst = traces.find((one) => one.isBlocked) ?? traces[0];
        if (worst !== undefined) trace.append(worst);
        for (const one of traces) if (one !== worst) trace.append(one);
    }

    /** No endpoint carries it, and neither does the internet: when there is no route at all, the endpoint is what is missing. */
    private explainMissing(
        trace: Trace,
        open: Trace,
        source: Interface,
        service: string,
        hasGatewayEndpoint: boolean,
    ): void {
        const table = this.model.tableOf(source.subnetId)?.id;
        const replaced = hasGatewayEndpoint
            ? 0
            : open.drop("NO_ROUTE_TO_DESTINATION", table ?? source.subnetId);
        trace.append(open);
        if (replaced > 0)
            trace.add("X_ENDPOINT_MISSING", source.vpcId, {
                args: { service, subnet: source.subnetId },
            });
    }

    /** To a public address of an interface that the snapshot has: out through one gateway, and in through the other. */
    private backIn(trace: Trace, source: Interface, owner: Interface, use: Use): void {
        const nat = this.model.natGateways.get(
            trace.hops.find(({ type }) => type === "nat-gateway")?.component ?? "",
        );
        // Behind a NAT gateway its own public address is not the one that it is known by.
        const own = nat === undefined ? publicAddressOf(source) : nat.NatGatewayAddresses?.[0]?.PublicIp;
        const range =
            nat === undefined ? publicRangeOf(source) : own === undefined ? undefined : parseIp(own);
        if (own === undefined || range === undefined) return;
        const from: Outside = { label: own, ranges: [range], skipGatewayEndpoints: true };
        const inbound = new Trace();
        takesNothing(owner, inbound);
        this.explainStates(inbound, owner);
        const clientPorts = nat === undefined ? clientPortsOf(source) : NAT_PORTS;
        const request = requestOf(use.protocol, use.ports, 4);
        walkIn({ model: this.model, trace: inbound }, from, owner, request, { clientPorts });
        trace.append(inbound);
    }

    private neverInitiates(source: Interface, trace: Trace): boolean {
        if (source.kind !== "endpoint" || !this.model.follows("endpoint-never-initiates")) return false;
        trace.hop(source.id, "network-interface");
        trace.add("VPCE_INTRA_VPC_TRAFFIC", source.id);
        return true;
    }

    /** An instance that does not run neither asks nor answers, and no more does an interface that is attached to nothing. */
    private explainStates(trace: Trace, ...ends: readonly Interface[]): void {
        const { model } = this;
        for (const { id, instanceId, detached, vpcId, subnetId } of ends) {
            if (detached !== undefined) trace.add("BAD_STATE", id, { args: { state: detached } });
            const missing = [
                ...(model.snapshot.Vpcs !== undefined && !model.vpcs.has(vpcId) ? [vpcId] : []),
                ...(model.snapshot.Subnets !== undefined && !model.subnets.has(subnetId) ? [subnetId] : []),
                ...(instanceId !== undefined && model.lacksInstance(instanceId) ? [instanceId] : []),
            ];
            for (const one of missing)
                trace.add("UNKNOWN_RESOURCE", one, { args: { absence: { need: { of: "member", id } } } });
            if (missing.some((one) => one !== instanceId)) trace.doubt();
            const state = instanceId === undefined ? undefined : model.stateOfInstance(instanceId);
            if (instanceId !== undefined && state !== undefined && !["running", "pending"].includes(state))
                trace.add("BAD_STATE", instanceId, { args: { state } });
        }
    }
}

function fullName(model: Model, service: string): string {
    return service.includes(".amazonaws.") ? service : endpointServiceName(model.snapshot.region, service);
}

/** Without private DNS the name leads to public addresses; other faults leave it leading to the endpoint. */
function leadsElsewhere(direct: Trace): boolean {
    return direct
        .of("error")
        .some(({ code }) =>
            ["X_ENDPOINT_PRIVATE_DNS_OFF", "X_DNS_HOSTNAMES_OFF", "BAD_STATE"].includes(code),
        );
}

/** A NAT gateway and a Lambda function take no connections, from the internet or from inside. */
function takesNothing({ kind, id }: Interface, trace: Trace): void {
    if (kind === "nat-gateway") trace.add("X_NAT_TAKES_NO_CONNECTIONS", id);
    if (kind === "function") trace.add("X_FUNCTION_TAKES_NO_CONNECTIONS", id);
}

function commonFamily(a: Interface, b: Interface): 4 | 6 | undefined {
    return ([4, 6] as const).find(
        (family) => addressOf(a, family) !== undefined && addressOf(b, family) !== undefined,
    );
}
