import { isIntrinsic } from './intrinsics';
import { isReference, parsePath } from './json-path';
import type { State } from './types';
import type { Json } from '../../../kernel';

/** A field of a state and what is wrong with the path in it. */
export interface PathProblem {
  readonly field: string;
  readonly message: string;
}

const PATHS = ['InputPath', 'OutputPath', 'ItemsPath', 'SecondsPath', 'TimestampPath', 'TimeoutSecondsPath', 'HeartbeatSecondsPath', 'MaxConcurrencyPath'] as const;
const TEMPLATES = ['Parameters', 'ResultSelector', 'ItemSelector'] as const;

/** Paths and intrinsic functions that cannot be read. What they lead to is only known when they run. */
export function pathProblems(state: State): PathProblem[] {
  const problems: PathProblem[] = [];
  for (const field of PATHS) {
    const path = state[field];
    if (typeof path === 'string' && !isPath(path)) problems.push({ field, message: 'Value is not a valid JSONPath' });
  }
  if (typeof state.ResultPath === 'string' && !isReference(state.ResultPath)) {
    problems.push({ field: 'ResultPath', message: 'Value is not a Reference Path' });
  }
  for (const [at, { ResultPath }] of (state.Catch ?? []).entries()) {
    if (typeof ResultPath === 'string' && !isReference(ResultPath)) {
      problems.push({ field: `Catch[${at}]/ResultPath`, message: 'Value is not a Reference Path' });
    }
  }
  for (const field of TEMPLATES) problems.push(...templateProblems(state[field], field));
  return problems;
}

function isPath(text: string): boolean {
  try {
    parsePath(text.startsWith('$$') ? text.slice(1) : text);
    return true;
  } catch {
    return false;
  }
}

function templateProblems(template: Json | undefined, field: string): PathProblem[] {
  if (template === null || typeof template !== 'object') return [];
  return Object.entries(template as { readonly [name: string]: Json }).flatMap(([name, value]) => {
    if (!name.endsWith('.$')) return templateProblems(value, `${field}/${name}`);
    if (typeof value === 'string' && (isPath(value) || isIntrinsic(value))) return [];
    return [{ field, message: `The value for the field '${name}' must be a valid JSONPath or a valid intrinsic function call` }];
  });
}
