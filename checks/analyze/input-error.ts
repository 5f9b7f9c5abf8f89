/** What stands in a file is not what is expected there. */
export class InputError extends Error {}
