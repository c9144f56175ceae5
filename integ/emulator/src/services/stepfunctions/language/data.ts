import { failure } from './failure';
import { callIntrinsic } from './intrinsics';
import { PathSyntaxError, isReference, replaced, select } from './json-path';
import type { State } from './types';
import type { Json } from '../../../kernel';

/** What a state sees beside its input. */
export interface Surroundings {
  /** The context object, `$$`. */
  readonly context: Json;
  random(): number;
  uuid(): string;
}

/** The value of a path in a field; there must be one. */
export function valueAt(path: string, field: string, input: Json, { context }: Surroundings): Json {
  const [text, root] = path.startsWith('$$') ? [path.slice(1), context] : [path, input];
  const value = selected(text, root);
  if (value === undefined) {
    throw failure('States.Runtime', 'text-no-value', { path, field, input: JSON.stringify(root) });
  }
  return value;
}

/** Like `valueAt`, where a missing value is an answer. */
export function valueIfAny(path: string, input: Json, { context }: Surroundings): Json | undefined {
  return path.startsWith('$$') ? selected(path.slice(1), context) : selected(path, input);
}

function selected(path: string, root: Json): Json | undefined {
  try {
    return select(path, root);
  } catch (error) {
    if (error instanceof PathSyntaxError) throw failure('States.Runtime', 'text-path', { path: error.path, at: error.at });
    throw error;
  }
}

/** Fills a payload template: members that end in `.$` are paths or intrinsic functions. */
export function filled(template: Json, input: Json, surroundings: Surroundings): Json {
  if (Array.isArray(template)) return (template as readonly Json[]).map((item) => filled(item, input, surroundings));
  if (template === null || typeof template !== 'object') return template;
  return Object.fromEntries(Object.entries(template as { readonly [name: string]: Json }).map(([name, value]) => {
    if (!name.endsWith('.$')) return [name, filled(value, input, surroundings)];
    return [name.slice(0, -2), computed(String(value), name, input, surroundings)];
  }));
}

function computed(text: string, field: string, input: Json, surroundings: Surroundings): Json {
  if (text.startsWith('$')) return valueAt(text, field, input, surroundings);
  return callIntrinsic(text, { ...surroundings, path: (path) => valueAt(path, field, input, surroundings) });
}

/** What a state works with: InputPath, then Parameters. */
export function effectiveInput(state: Pick<State, 'InputPath' | 'Parameters'>, raw: Json, surroundings: Surroundings): Json {
  const input = pathed(state.InputPath, 'InputPath', raw, surroundings);
  return state.Parameters === undefined ? input : filled(state.Parameters, input, surroundings);
}

/** `null` stands for nothing, that is an empty object. */
export function pathed(path: string | null | undefined, field: string, value: Json, surroundings: Surroundings): Json {
  if (path === undefined || path === '$') return value;
  return path === null ? {} : valueAt(path, field, value, surroundings);
}

/** Puts a result into the input of its state. */
export function withResult(path: string | null | undefined, raw: Json, result: Json): Json {
  if (path === undefined || path === '$') return result;
  if (path === null) return raw;
  const output = isReference(path) ? replaced(path, raw, result) : undefined;
  if (output === undefined) {
    throw failure('States.ResultPathMatchFailure', 'text-result-path', { path, input: JSON.stringify(raw) });
  }
  return output;
}
