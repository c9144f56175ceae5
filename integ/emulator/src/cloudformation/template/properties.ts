import { isObject } from './template';
import type { Value, ValueMap } from './template';
import { isCustomResource } from '../spec';
import type { Specs } from '../spec';

/**
 * What a resource's properties have that its type does not, lack of what it must have, or have in another form: in the words of the
 * schema's validator. What lies deeper than the properties themselves is not known here and not looked at.
 */
export function propertyProblems(type: string, properties: ValueMap, specs: Specs): string[] {
  const spec = isCustomResource(type) ? undefined : specs(type);
  if (!spec) return [];
  const known = spec.properties ?? {};
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  return [
    ...given.filter(([name]) => !Object.hasOwn(known, name)).map(([name]) => `#: extraneous key [${name}] is not permitted`),
    ...(spec.required ?? []).filter((name) => properties[name] === undefined).map((name) => `#: required key [${name}] not found`),
    ...given.flatMap(([name, value]) => (Object.hasOwn(known, name) ? formProblems(`#/${name}`, known[name], value!) : [])),
  ];
}

const SCALARS: { readonly [kind: string]: { readonly name: string; readonly fits: (text: string) => boolean } } = {
  string: { name: 'String', fits: () => true },
  integer: { name: 'Integer', fits: (text) => /^[+-]?\d+(\.0*)?$/.test(text) },
  number: { name: 'Number', fits: (text) => text.trim() !== '' && Number.isFinite(Number(text)) },
  boolean: { name: 'Boolean', fits: (text) => /^(true|false)$/i.test(text) },
};

/** Text that reads as a number or truth value is one; a list may be given as its only item. */
function formProblems(path: string, kind: string, value: Value): string[] {
  const plain = kind.replace(/\([^)]*\)/g, '');
  const item = /^\[(string|integer|number|boolean)\]$/.exec(plain);
  if (item && Array.isArray(value)) return (value as readonly Value[]).flatMap((each, at) => formProblems(`${path}/${at}`, item[1], each));
  const wanted = item ? undefined : SCALARS[plain];
  if (!wanted || (typeof value !== 'object' && wanted.fits(String(value)))) return [];
  return [`${path}: expected type: ${wanted.name}, found: ${formOf(value)}`];
}

function formOf(value: Value): string {
  if (Array.isArray(value)) return 'JSONArray';
  if (isObject(value)) return 'JSONObject';
  return typeof value === 'string' ? 'String' : typeof value === 'boolean' ? 'Boolean' : value === null ? 'Null' : 'Number';
}
