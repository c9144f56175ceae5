import { createRequire } from 'node:module';
import { pathProblems } from './path-problems';
import type { Scope, State } from './types';
import { isNestedTooDeeply } from '../../../kernel/nesting';
import { integrationOf } from '../engine/integrations';

/** The schemas take a third of a second to load: not before a definition is there to check. */
let validator: Validator | undefined;
const load = createRequire(__filename);

/** asl-validator, which has no types of its own. */
type Validator = (definition: object, options: { readonly checkPaths: boolean; readonly checkArn: boolean }) => {
  readonly errors: ReadonlyArray<{ readonly 'Error code': string; readonly 'Message': string; readonly 'schemaError'?: { readonly instancePath: string } }>;
};

export interface Problem {
  readonly code: string;
  readonly message: string;
  /** `/States/Name`, or absent. */
  readonly location?: string;
  /** Nothing AWS would say: it is not emulated. */
  readonly ours?: boolean;
}

const parsed = new Map<string, Scope>();

/** A definition that was accepted, read once. */
export function definitionOf(text: string): Scope {
  let scope = parsed.get(text);
  if (!scope) {
    scope = JSON.parse(text) as Scope;
    parsed.set(text, scope);
  }
  return scope;
}

/** The states at a place of a definition: the whole, a branch, an iterator. */
export function scopeAt(definition: Scope, path: readonly string[]): Scope {
  return path.reduce<unknown>((value, member) => (value as { [name: string]: unknown })[member], definition) as Scope;
}

/** What is wrong with a definition; empty when it can run here. */
export function problemsOf(text: string): Problem[] {
  let definition: Scope;
  try {
    definition = JSON.parse(text) as Scope;
  } catch (error) {
    return [{ code: 'INVALID_JSON_DESCRIPTION', message: (error as Error).message }];
  }
  if (definition === null || typeof definition !== 'object') return [{ code: 'INVALID_JSON_DESCRIPTION', message: 'the definition is not an object' }];
  if (isNestedTooDeeply(definition)) return [{ code: 'INVALID_JSON_DESCRIPTION', message: '[emulator] the definition is nested too deeply' }];
  const unsupported = notEmulated(definition);
  if (unsupported.length > 0) return unsupported;
  validator ??= load('asl-validator') as Validator;
  // The validator writes into what it checks. Its idea of paths is narrower than AWS's: those are checked here.
  const { errors } = validator(JSON.parse(text) as object, { checkPaths: false, checkArn: true });
  const shape = errors
    .map((error) => ({ code: error['Error code'], message: error.Message, location: error.schemaError?.instancePath }))
    // One of the things it writes, and then finds fault with.
    .filter(({ location }) => !location?.endsWith('/QueryLanguage'));
  if (shape.length > 0) return shape;
  return [...states(definition, '')].flatMap(([location, state]) =>
    pathProblems(state).map(({ field, message }) => ({ code: 'SCHEMA_VALIDATION_FAILED', message, location: `${location}/${field}` })));
}

/** Every state, with where it stands. */
function* states(scope: Scope, location: string): Generator<[string, State]> {
  for (const [name, state] of Object.entries(scope.States ?? {})) {
    yield [`${location}/States/${name}`, state];
    for (const [at, branch] of (state.Branches ?? []).entries()) yield* states(branch, `${location}/States/${name}/Branches[${at}]`);
    for (const member of ['ItemProcessor', 'Iterator'] as const) {
      if (state[member]) yield* states(state[member], `${location}/States/${name}/${member}`);
    }
  }
}

function notEmulated(definition: Scope): Problem[] {
  const problems: Problem[] = [];
  const add = (location: string, what: string): void =>
    void problems.push({ code: 'NOT_EMULATED', message: `[emulator] ${what} is not emulated at ${location || '/'}`, location, ours: true });
  const check = (location: string, part: object): void => {
    if ('QueryLanguage' in part && part.QueryLanguage !== 'JSONPath') add(location, `the query language ${String(part.QueryLanguage)}`);
    for (const member of ['Assign', 'ItemReader', 'ItemBatcher', 'ResultWriter']) {
      if (member in part) add(location, member);
    }
  };
  check('', definition);
  for (const [location, state] of states(definition, '')) {
    check(location, state);
    if (state.ItemProcessor?.ProcessorConfig?.Mode === 'DISTRIBUTED') add(location, 'a distributed Map');
    if (typeof state.Resource === 'string' && state.Resource.startsWith('arn:') && !integrationOf(state.Resource)) add(location, state.Resource);
  }
  return problems;
}
