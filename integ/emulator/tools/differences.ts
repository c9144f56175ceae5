import { isDeepStrictEqual } from 'node:util';
import type { ModelDocument } from '../src/wire/model-document';

type Words = Readonly<Record<string, unknown>>;

/** What a newer model of a service has more, less and otherwise than an older one, in its own words. */
export function differences(older: ModelDocument, newer: ModelDocument): string[] {
  const shared = (name: string): boolean => name in older.shapes && name in newer.shapes;
  return [
    ...compared('operation', { ...older.notKept, ...older.operations }, { ...newer.notKept, ...newer.operations }),
    ...Object.keys(newer.operations).filter((name) => name in older.operations)
      .flatMap((name) => words(name, older.operations[name] as unknown as Words, newer.operations[name] as unknown as Words)),
    ...compared('shape', older.shapes, newer.shapes),
    ...Object.keys(newer.shapes).filter(shared)
      .flatMap((name) => words(name, older.shapes[name] as unknown as Words, newer.shapes[name] as unknown as Words)),
    ...words('the service', older.metadata as unknown as Words, newer.metadata as unknown as Words),
  ];
}

function compared(what: string, older: object, newer: object): string[] {
  return [
    ...Object.keys(newer).filter((name) => !(name in older)).map((name) => `new ${what} ${name}`),
    ...Object.keys(older).filter((name) => !(name in newer)).map((name) => `no ${what} ${name} any more`),
  ];
}

/** Members, values of enumerations, errors one by one; everything else as from what to what. */
function words(owner: string, older: Words, newer: Words): string[] {
  const changed = [...new Set([...Object.keys(older), ...Object.keys(newer)])].filter((word) => !isDeepStrictEqual(older[word], newer[word]));
  return changed.flatMap((word) => {
    const [before, after] = [older[word], newer[word]];
    if (isList(before ?? []) && isList(after ?? [])) return lists(`${owner} ${word}`, (before ?? []) as unknown[], (after ?? []) as unknown[]);
    if (word === 'members') return members(owner, before as Words ?? {}, after as Words ?? {});
    return [`${owner} ${word}: ${JSON.stringify(before) ?? 'nothing'} is now ${JSON.stringify(after) ?? 'nothing'}`];
  });
}

const isList = (value: unknown): boolean => Array.isArray(value);

function members(owner: string, older: Words, newer: Words): string[] {
  const changed = Object.keys(newer).filter((name) => name in older && !isDeepStrictEqual(older[name], newer[name]));
  return [
    ...compared(`member of ${owner}:`, older, newer),
    ...changed.map((name) => `${owner}.${name}: ${JSON.stringify(older[name])} is now ${JSON.stringify(newer[name])}`),
  ];
}

function lists(what: string, older: readonly unknown[], newer: readonly unknown[]): string[] {
  const found = [
    ...newer.filter((item) => !older.includes(item)).map((item) => `${what}: new ${String(item)}`),
    ...older.filter((item) => !newer.includes(item)).map((item) => `${what}: no ${String(item)} any more`),
  ];
  return found.length > 0 ? found : [`${what}: another order`];
}
