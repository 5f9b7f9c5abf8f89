/** A mistake in the command line: it exits with 2 and shows the usage. */
export class UsageError extends Error {}

/** Something wrong in what the command line names, such as a file: it exits with 2 and says where. */
export class BadInputError extends Error {}
