import * as pulumi from "@pulumi/pulumi";

import { readConfig } from "./stacks/config";
import { foundation } from "./stacks/foundation";

const outputs = foundation(readConfig(), {
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    startedAt: new Date().toISOString(),
});

export = outputs;
