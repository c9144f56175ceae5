/** Whether a log event's message fits a filter pattern. */
export type Matches = (message: string) => boolean;
