import type { Service } from '../../wire/operation';

/** CloudTrail: nothing is recorded, as in the first quarter of an hour after a call. */
export const cloudtrail: Service = { name: 'cloudtrail', operations: { LookupEvents: () => ({ Events: [] }) } };
