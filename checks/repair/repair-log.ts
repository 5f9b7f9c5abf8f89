import { errorText } from "../../lib/aws/errors";
import { type Finding, finding } from "../messages";
import type { Edit } from "./edits";
import { type JournalEvent, NO_JOURNAL, type Unfinished, unfinished } from "./journal";
import type { Repair } from "./record";
import type { StageRun } from "./stage-run";

/** What a run has repaired so far, and what went wrong with it. Everything is in the journal as well. */
export class RepairLog {
    readonly repairs: Repair[] = [];
    readonly problems: Finding[] = [];

    constructor(private readonly run: Pick<StageRun, "intent" | "stage" | "ec2" | "journal">) {}

    /**
     * An edit is about to be made. The journal has it before AWS does, so that a run that is stopped in between has said what it was
     * going to do.
     *
     * @param repair As it will be recorded, without the ids that AWS is going to give.
     * @throws when the journal cannot be written; then the edit must not be made.
     */
    begin(edit: Edit, repair: Repair): void {
        this.write({ event: "begin", what: repair.what, edit, repair });
    }

    done(repair: Repair): void {
        this.repairs.push(repair);
        this.writeSafely({ event: "done", what: repair.what, repair });
    }

    /** The edit was not made. */
    failed({ what }: Repair, error: string): void {
        this.writeSafely({ event: "failed", what, error });
    }

    /** Nothing of the repair is in the network any more. */
    undone(repair: Repair): void {
        this.repairs.splice(this.repairs.indexOf(repair), 1);
        this.writeSafely({ event: "undone", what: repair.what });
    }

    /** The run is over: its repairs are on their way into Pulumi's state. */
    end(): void {
        if (this.repairs.length > 0) this.writeSafely({ event: "end" });
    }

    /** What earlier runs of this stage left unfinished. */
    unfinished(): Unfinished {
        const { journal = NO_JOURNAL, intent, stage } = this.run;
        return unfinished(journal.read(), intent.vpcId, stage);
    }

    /** After an edit the run goes on, whatever becomes of the journal: otherwise the edit would not be recorded at all. */
    private writeSafely(event: JournalEvent): void {
        try {
            this.write(event);
        } catch (error) {
            this.problems.push(finding("JOURNAL_UNREADABLE", "of the repairs", { error: errorText(error) }));
        }
    }

    private write(event: JournalEvent): void {
        const { journal = NO_JOURNAL, intent, stage, ec2 } = this.run;
        journal.write({ at: ec2.now().toISOString(), vpcId: intent.vpcId, stage, ...event });
    }
}
