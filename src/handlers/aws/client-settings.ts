/**
 * Settings of every client. Without them a client waits as long as its system does, two minutes and more, where no endpoint or NAT leads to the service: longer
 * than a step may take. With them it gives up connecting after three seconds, and says so.
 */
export const SETTINGS = { defaultsMode: 'standard' } as const;
