import "./lib/promise-traces";

import * as pulumi from "@pulumi/pulumi";

import { readConfig } from "./stacks/config";
import { foundation, isFoundation } from "./stacks/foundation";
import { lab } from "./stacks/lab";

const config = readConfig();
const deployment = {
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    startedAt: new Date().toISOString(),
};

export = isFoundation(config) ? foundation(config, deployment) : lab(config, deployment);
