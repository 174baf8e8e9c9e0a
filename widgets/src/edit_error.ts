/** An edit that does not fit the film; the message is for people, and the same as Python's. */
export class EditError extends Error {}
