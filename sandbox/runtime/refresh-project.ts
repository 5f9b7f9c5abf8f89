/** Run by the `pulumi` wrapper when the project has changed: refresh-project.ts <state folder> <project>. */
import { refreshProject } from "./project";
import { statePaths } from "./state";

const [stateFolder, project] = process.argv.slice(2);
if (stateFolder === undefined || project === undefined) {
    throw new Error("usage: refresh-project.ts <state folder> <project>");
}
refreshProject(project, statePaths(stateFolder), (line) => process.stderr.write(`${line}\n`));
