import { failed } from './handler';
import type { Progress, Work } from './handler';
import { text } from '../texts';

/** A creation under a name that another resource has: nothing of that other one is touched. */
export function alreadyExists({ context, type, token }: Work, identifier: string): Progress {
  return failed(text(context, 'text-resource-exists', { type, identifier, token }));
}
