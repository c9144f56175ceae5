import { ServiceError } from '../wire/operation';
import type { Context } from '../wire/operation';
import { workOn } from './execute/work';
import type { Change } from './plan/plan';
import { specOf } from './spec';
import type { StackRecord, TaskRecord, Version } from './state';
import { KNOWN_AFTER_APPLY } from './template/evaluate';
import { handlerFor } from './types';

export interface Existing {
  readonly logicalId: string;
  /** The property that names it. */
  readonly property: string;
  readonly physicalId: string;
  readonly deletionPolicy: string;
}

/** Of what is to be made, that which is there already under the name that the template gives. */
export function existingAmong(context: Context, stack: StackRecord, changes: readonly Change[]): Existing[] {
  return changes.flatMap(({ action, logicalId, type, after }) => {
    const [property, ...more] = specOf(type)?.id ?? [];
    const name = property === undefined || more.length > 0 ? undefined : after?.properties[property];
    if (action !== 'Add' || !after || typeof name !== 'string' || name.includes(KNOWN_AFTER_APPLY)) return [];
    const version: Version = { ...after, uid: '', physicalId: name, attributes: {}, dependsOn: [] };
    return isThere(context, stack, logicalId, version) ? [{ logicalId, property, physicalId: name, deletionPolicy: after.deletionPolicy }] : [];
  });
}

function isThere(context: Context, stack: StackRecord, logicalId: string, version: Version): boolean {
  const { read } = handlerFor(context, version.type);
  const task = { id: logicalId, stackId: stack.stackId, logicalId } as TaskRecord;
  try {
    return read?.(workOn({ context, stack, task }, version)) !== undefined;
  } catch (error) {
    // Whoever may not look, or what cannot be looked at, is taken for absent: the creation will tell.
    if (error instanceof ServiceError) return false;
    throw error;
  }
}
