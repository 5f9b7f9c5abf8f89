import type { Problem } from "../validation";
import type { PackageSource } from "./lifecycle-script";

/** How users sign in: through IAM, or through IAM Identity Center. */
export const AUTH_MODES = ["IAM", "SSO"] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

/** What becomes of the users' home directories when the domain is destroyed. */
export const HOME_RETENTIONS = ["Retain", "Delete"] as const;
export type HomeRetention = (typeof HOME_RETENTIONS)[number];

/** The limits of SageMaker's API for idle shutdown (IdleSettings), in minutes. */
export const IDLE_MINUTES = { least: 60, most: 525_600 };

/** The limits of SageMaker's API for a space's volume (DefaultEbsStorageSettings), in GB. */
export const SPACE_VOLUME_GB = { least: 5, most: 16_384 };

/** SageMaker adds a group of its own to each interface, which takes one of the five (UserSettings, SecurityGroups). */
export const MOST_SECURITY_GROUPS = 4;

/** The plain settings of a domain, of which it can be said before anything is created whether they can work. */
export interface SageMakerSettings {
    readonly domainName: string;
    readonly subnetIds?: unknown;
    readonly securityGroupIds?: unknown;
    readonly userProfiles: readonly {
        readonly name: string;
        readonly securityGroupIds: unknown;
        readonly singleSignOnUserName?: string | undefined;
    }[];
    readonly authMode?: string | undefined;
    readonly homeRetention?: string | undefined;
    readonly idleTimeoutMinutes?: number | undefined;
    readonly maxIdleTimeoutMinutes?: number | undefined;
    readonly allowedInstanceTypes?: readonly string[] | undefined;
    readonly spaceVolumeSizeGb?: { readonly default: number; readonly maximum: number } | undefined;
    readonly repository?: { readonly url: string; readonly branch?: string | undefined } | undefined;
    readonly packageSource?: PackageSource | undefined;
}

/** SageMaker's pattern of names: of domains, user profiles and most else. */
const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

/** Everything about a domain's arguments that cannot work; pure, so that a stack can ask before it begins. */
export function sageMakerDomainProblems(settings: SageMakerSettings): Problem[] {
    return [
        ...nameProblems("domainName", settings.domainName),
        ...listProblems("subnetIds", settings.subnetIds, { least: 1, most: 16 }, "subnets of the VPC"),
        ...groupProblems("securityGroupIds", settings.securityGroupIds),
        ...profileProblems(settings),
        ...oneOf("authMode", settings.authMode ?? "IAM", AUTH_MODES),
        ...oneOf("homeRetention", settings.homeRetention ?? "Retain", HOME_RETENTIONS),
        ...idleProblems(settings),
        ...instanceTypeProblems(settings.allowedInstanceTypes),
        ...volumeProblems(settings.spaceVolumeSizeGb),
        ...repositoryProblems(settings.repository),
        ...packageSourceProblems(settings.packageSource ?? { kind: "pypi" }),
    ];
}

function nameProblems(key: string, value: string): Problem[] {
    return NAME.test(value)
        ? []
        : [
              {
                  key,
                  value,
                  allowed: "1 to 63 letters, digits and hyphens, with a letter or digit at either end",
              },
          ];
}

/** A list that may come from a resource is judged only where it is plain. */
function listProblems(
    key: string,
    value: unknown,
    { least, most }: { least: number; most: number },
    what: string,
): Problem[] {
    if (!Array.isArray(value) || (value.length >= least && value.length <= most)) return [];
    return [{ key, value: value as unknown[], allowed: `${least} to ${most} ${what}` }];
}

function groupProblems(key: string, value: unknown): Problem[] {
    const what = "security groups (SageMaker takes five and adds one of its own for NFS)";
    return listProblems(key, value, { least: 1, most: MOST_SECURITY_GROUPS }, what);
}

function profileProblems({ userProfiles, authMode }: SageMakerSettings): Problem[] {
    const names = userProfiles.map(({ name }) => name);
    return userProfiles.flatMap(({ name, securityGroupIds, singleSignOnUserName }, index) => {
        const key = `userProfiles[${index}]`;
        const problems = [
            ...nameProblems(`${key}.name`, name),
            ...groupProblems(`${key}.securityGroupIds`, securityGroupIds),
        ];
        if (names.indexOf(name) < index) {
            problems.push({ key: `${key}.name`, value: name, allowed: "each name once in a domain" });
        }
        if (authMode === "SSO" && singleSignOnUserName === undefined) {
            const allowed = "the user's name in IAM Identity Center, as authMode is SSO";
            problems.push({ key: `${key}.singleSignOnUserName`, value: undefined, allowed });
        }
        if (authMode !== "SSO" && singleSignOnUserName !== undefined) {
            const allowed = "only with authMode SSO; leave it out";
            problems.push({ key: `${key}.singleSignOnUserName`, value: singleSignOnUserName, allowed });
        }
        return problems;
    });
}

function idleProblems({ idleTimeoutMinutes, maxIdleTimeoutMinutes }: SageMakerSettings): Problem[] {
    const { least, most } = IDLE_MINUTES;
    const idle = idleTimeoutMinutes ?? least;
    const valid = (minutes: number) => Number.isInteger(minutes) && minutes >= least && minutes <= most;
    if (!valid(idle)) {
        const allowed = `a whole number of minutes from ${least} to ${most}`;
        return [{ key: "idleTimeoutMinutes", value: idle, allowed }];
    }
    if (
        maxIdleTimeoutMinutes === undefined ||
        (valid(maxIdleTimeoutMinutes) && maxIdleTimeoutMinutes >= idle)
    )
        return [];
    const allowed = `a whole number of minutes from idleTimeoutMinutes (${idle}) to ${most}`;
    return [{ key: "maxIdleTimeoutMinutes", value: maxIdleTimeoutMinutes, allowed }];
}

function instanceTypeProblems(types: readonly string[] | undefined): Problem[] {
    const key = "allowedInstanceTypes";
    if (types === undefined) return [];
    if (types.length === 0)
        return [
            {
                key,
                value: types,
                allowed: "at least one type, such as ml.t3.medium; the first is the default",
            },
        ];
    return types.flatMap((value, index) => {
        const known = /^ml\.[a-z0-9-]+\.[a-z0-9]+$/.test(value);
        if (!known) {
            const allowed = "an instance type of SageMaker without wildcards, such as ml.t3.medium";
            return [{ key: `${key}[${index}]`, value, allowed }];
        }
        return types.indexOf(value) < index
            ? [{ key: `${key}[${index}]`, value, allowed: "each type once" }]
            : [];
    });
}

function volumeProblems(size: SageMakerSettings["spaceVolumeSizeGb"]): Problem[] {
    if (size === undefined) return [];
    const { least, most } = SPACE_VOLUME_GB;
    const valid = (gb: number) => Number.isInteger(gb) && gb >= least && gb <= most;
    if (!valid(size.default)) {
        const allowed = `a whole number of GB from ${least} to ${most}`;
        return [{ key: "spaceVolumeSizeGb.default", value: size.default, allowed }];
    }
    if (valid(size.maximum) && size.maximum >= size.default) return [];
    const allowed = `a whole number of GB from spaceVolumeSizeGb.default (${size.default}) to ${most}`;
    return [{ key: "spaceVolumeSizeGb.maximum", value: size.maximum, allowed }];
}

function repositoryProblems(repository: SageMakerSettings["repository"]): Problem[] {
    if (repository === undefined) return [];
    const problems = urlProblems("repository.url", repository.url, "https://example.com/team/notebooks.git");
    if (repository.branch !== undefined && !/^[^ ~^:?*[\\]+$/.test(repository.branch)) {
        const allowed = "the name of a branch, without blanks and ~ ^ : ? * [";
        problems.push({ key: "repository.branch", value: repository.branch, allowed });
    }
    return problems;
}

function packageSourceProblems(source: PackageSource): Problem[] {
    switch (source.kind) {
        case "index":
            return urlProblems("packageSource.url", source.url, "https://packages.example.com/simple");
        case "codeArtifact": {
            const problems: Problem[] = [];
            if (!/^\d{12}$/.test(source.domainOwner)) {
                const allowed = "the account that owns the CodeArtifact domain, 12 digits";
                problems.push({ key: "packageSource.domainOwner", value: source.domainOwner, allowed });
            }
            for (const key of ["domain", "repository"] as const) {
                if (/^[A-Za-z0-9][A-Za-z0-9._-]{1,99}$/.test(source[key])) continue;
                const allowed = `the name of a CodeArtifact ${key}: 2 to 100 letters, digits, dots, hyphens and underscores`;
                problems.push({ key: `packageSource.${key}`, value: source[key], allowed });
            }
            return problems;
        }
        default:
            return oneOf("packageSource.kind", source.kind, ["pypi", "index", "codeArtifact", "none"]);
    }
}

/** The value ends up in plain text in the notebooks, so no credentials may be in it; they are left out of the error too. */
function urlProblems(key: string, value: string, example: string): Problem[] {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (url !== undefined && url.username + url.password !== "") {
        return [{ key, value: "a URL with credentials", allowed: `a URL without them, such as ${example}` }];
    }
    return url?.protocol === "https:" && value.length <= 1024 && !/[\s']/.test(value)
        ? []
        : [{ key, value, allowed: `a URL that begins with https://, such as ${example}` }];
}

function oneOf(key: string, value: string, allowed: readonly string[]): Problem[] {
    return allowed.includes(value) ? [] : [{ key, value, allowed: `one of ${allowed.join(", ")}` }];
}
