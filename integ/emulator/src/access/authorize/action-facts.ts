import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../../kernel/package-folder';

/** `models/actions/<prefix>.json`: what AWS publishes about the actions of a service. */
export interface ActionsDocument {
  readonly prefix: string;
  readonly source: { readonly package: string; readonly version: string };
  readonly types: { [type: string]: TypeDocument };
  readonly actions: { [action: string]: ActionDocument };
}

export interface TypeDocument {
  /** With `${Placeholders}`. */
  readonly arn: string;
  readonly keys: readonly string[];
}

export interface ActionDocument {
  /** Resource types; those with an exclamation mark are always asked for. */
  readonly types: readonly string[];
  readonly keys: readonly string[];
}

export interface ResourceType {
  readonly name: string;
  readonly required: boolean;
  readonly arn: string;
}

export interface ActionFacts {
  readonly types: readonly ResourceType[];
  /** Lower-cased condition keys beside the global ones; `aws:requesttag/` stands for every tag. */
  readonly keys: ReadonlySet<string>;
}

const FOLDER = join(PACKAGE_FOLDER, 'models', 'actions');

const documents = new Map<string, ActionsDocument | undefined>();
const facts = new Map<string, ActionFacts | undefined>();

/** What is known of an action; undefined for one that AWS does not list. */
export function factsOf(action: string): ActionFacts | undefined {
  if (!facts.has(action)) facts.set(action, read(action));
  return facts.get(action);
}

function read(action: string): ActionFacts | undefined {
  const [prefix, name] = action.split(':');
  const document = documentOf(prefix);
  const found = document?.actions[name];
  if (!document || !found) return undefined;
  const types = found.types.map((written) => ({ name: written.replace('!', ''), required: written.endsWith('!') }))
    .filter((type) => document.types[type.name] !== undefined)
    .map((type) => ({ ...type, arn: document.types[type.name].arn }));
  const keys = [...found.keys, ...types.flatMap((type) => document.types[type.name].keys)];
  return { types, keys: new Set(keys.map((key) => key.toLowerCase().replace(/(\$\{.*|<key>|tag-key)$/, ''))) };
}

function documentOf(prefix: string): ActionsDocument | undefined {
  if (!documents.has(prefix)) {
    const path = join(FOLDER, `${prefix}.json`);
    documents.set(prefix, existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) as ActionsDocument : undefined);
  }
  return documents.get(prefix);
}
