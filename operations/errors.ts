/** The options do not fit together: exit code 2, with the help of the command. */
export class UsageError extends Error {}

/** Something that the command line names, such as a file, is wrong: exit code 2, with the place. */
export class BadInputError extends Error {}
