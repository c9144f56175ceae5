import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { text } from '../text';

/** A reference to a parameter: its name and, after a colon, a version or a label. */
export interface Reference {
  readonly name: string;
  readonly selector?: string;
}

const NAME = /^\/?[\w.-]+(\/[\w.-]+)*$/;

/** Takes a name, `name:version`, `name:label` or an ARN apart. */
export function parseReference(reference: string, exists: (name: string) => boolean = () => false): Reference {
  let rest = reference;
  if (reference.startsWith('arn:')) {
    rest = reference.slice(reference.indexOf(':parameter') + ':parameter'.length);
    // An ARN has one slash after `parameter`, whether the name starts with one or not.
    const bare = rest.slice(1);
    if (!exists(rest.split(':')[0]) && exists(bare.split(':')[0])) rest = bare;
  }
  const colon = rest.indexOf(':');
  return colon < 0 ? { name: rest } : { name: rest.slice(0, colon), selector: rest.slice(colon + 1) };
}

export function parameterArn(context: Context, name: string): string {
  return context.arn('ssm', `parameter${name.startsWith('/') ? '' : '/'}${name}`);
}

/** @throws ServiceError when a new parameter may not have this name */
export function checkName(context: Context, name: string): void {
  const bare = name.replace(/^\//, '').toLowerCase();
  if (bare.startsWith('aws')) throw new ServiceError('AccessDeniedException', text(context, 'text-reserved-name', { name }));
  if (bare.includes('/') && !name.startsWith('/')) throw new ServiceError('ValidationException', text(context, 'text-not-qualified'));
  if (bare.startsWith('ssm') || !NAME.test(name)) throw new ServiceError('ValidationException', text(context, 'text-bad-name'));
  if (bare.split('/').length > context.row<number>('max-hierarchy-levels')) {
    throw new ServiceError('HierarchyLevelLimitExceededException', text(context, 'text-hierarchy'));
  }
}
