import { DescribeManagedPrefixListsCommand, paginateGetManagedPrefixListEntries } from "@aws-sdk/client-ec2";
import type {
    GetManagedPrefixListArgs,
    GetManagedPrefixListResult,
} from "@pulumi/aws/ec2/getManagedPrefixList";

import { fn } from "../resource";
import { ec2, filters, tagFilters, tagsFrom } from "./support";

export const getManagedPrefixList = fn<GetManagedPrefixListArgs, GetManagedPrefixListResult>({
    args: ["filters", "id", "name", "tags"],
    async invoke(args, context) {
        const { PrefixLists = [] } = await ec2(context).send(
            new DescribeManagedPrefixListsCommand({
                PrefixListIds: args.id ? [args.id] : undefined,
                Filters: filters({ "prefix-list-name": args.name, ...tagFilters(args.tags) }, args.filters),
            }),
        );
        const [found, ...others] = PrefixLists;
        if (!found) throw new Error("no matching EC2 Managed Prefix List found");
        if (others.length > 0)
            throw new Error(
                "multiple EC2 Managed Prefix Lists matched; use additional constraints to reduce them to one",
            );
        const id = found.PrefixListId ?? "";
        const entries = [];
        for await (const page of paginateGetManagedPrefixListEntries(
            { client: ec2(context) },
            { PrefixListId: id },
        ))
            for (const { Cidr = "", Description = "" } of page.Entries ?? [])
                entries.push({ cidr: Cidr, description: Description });
        return {
            ...args,
            addressFamily: found.AddressFamily ?? "",
            arn: found.PrefixListArn ?? "",
            entries,
            id,
            maxEntries: found.MaxEntries ?? 0,
            name: found.PrefixListName ?? "",
            ownerId: found.OwnerId ?? "",
            region: context.region,
            tags: tagsFrom(found.Tags),
            version: found.Version ?? 0,
        };
    },
});
