/** Remedies that several messages share. */

export const CREATED_AGAIN =
    "Run `pulumi up --refresh`: Pulumi then sees that it is gone and creates it again.";

export const REPLACED_BY_PULUMI =
    "Let Pulumi replace it: run `pulumi up --refresh` when it is gone, `pulumi up --replace <its URN>` when it failed.";

export const DELETE_ROUTE =
    "Find out who created it. If nothing needs it, delete it: aws ec2 delete-route --route-table-id {component} --destination-cidr-block {cidr}";

export const AUTHORIZE =
    "authorize it: aws ec2 authorize-security-group-{rule:direction} --group-id {component} --ip-permissions {rule:permission}";

export const REVOKE =
    "aws ec2 revoke-security-group-ingress --group-id {component} --ip-permissions {rule:permission}";

export const ALLOW_IN_ACL =
    "Allow it by an entry with a lower number than {rule}: aws ec2 create-network-acl-entry --network-acl-id {component}. Do so only if the network ACL is ours: for the default one and for those of others, ask the owner of the entry.";
