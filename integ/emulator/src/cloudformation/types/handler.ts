import type { Json } from '../../kernel';
import type { Caller, Context } from '../../wire/operation';
import type { ValueMap } from '../template/template';

/** What came of asking a type's handler. */
export type Progress =
  | { readonly kind: 'done'; readonly physicalId: string; readonly attributes?: ValueMap; readonly memory?: Json }
  /** Look again after `ms`; without `ms` somebody will tell. */
  | { readonly kind: 'wait'; readonly physicalId?: string; readonly data?: Json; readonly memory?: Json; readonly forWhat: string; readonly ms?: number }
  | { readonly kind: 'failed'; readonly reason: string; readonly physicalId?: string };

/** One piece of work on one physical resource. */
export interface Work {
  readonly context: Context;
  readonly caller: Caller;
  readonly stackId: string;
  readonly stackName: string;
  readonly taskId: string;
  readonly logicalId: string;
  readonly type: string;
  /** Names this piece of work; what comes with another token is stale. */
  readonly token: string;
  /** A number that belongs to this version of the resource. */
  readonly uid: string;
  /** Of the resource as it is; absent before a creation. */
  readonly physicalId?: string;
  /** Secrets are in it: never stored. */
  readonly properties: ValueMap;
  readonly previous?: ValueMap;
  readonly attributes: ValueMap;
  /** Tags of the stack, then those of CloudFormation itself. */
  readonly stackTags: ValueMap;
  readonly systemTags: ValueMap;
  readonly updatePolicy?: ValueMap;
  readonly data?: Json;
  readonly memory?: Json;
  readonly startedAt: number;
}

/** How CloudFormation deals with resources of one type. */
export interface Handler {
  create(work: Work): Progress;
  update(work: Work): Progress;
  delete(work: Work): Progress;
  /** Looks again; `action` says at what. */
  resume(work: Work, action: 'create' | 'update' | 'delete'): Progress;
  /** Adopts a resource that is there already. */
  adopt?(work: Work): Progress;
  /** What the resource looks like now, in the words of its properties; `undefined` when it is gone. */
  read?(work: Work): ValueMap | undefined;
  /** Whether a change that may replace does. */
  replaces?(work: Work): boolean;
  /** Given up before its end: true when nothing more is owed. */
  abandon?(work: Work): boolean;
  /** The id under which a creation that never answered is deleted. */
  madeUpId?(work: Work): string;
}

export function done(physicalId: string, attributes: ValueMap = {}, memory?: Json): Progress {
  return { kind: 'done', physicalId, attributes, memory };
}

export function failed(reason: string, physicalId?: string): Progress {
  return { kind: 'failed', reason, physicalId };
}
