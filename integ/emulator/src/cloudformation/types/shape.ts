import { loadModel } from '../../wire/model';
import type { Member, Shape, StructureShape } from '../../wire/model';
import { isObject } from '../template/template';
import type { Value, ValueMap } from '../template/template';

/**
 * Cuts properties to an operation's input: members are found whatever their capitals, text becomes the number or boolean
 * that the model wants, and what the operation does not know is left out.
 */
export function fitInput(service: string, operation: string, value: ValueMap): { [name: string]: unknown } {
  const shape = loadModel(service).operations.get(operation)?.input;
  return shape ? structure(shape, value) : {};
}

function fit(shape: Shape, value: Value | undefined): unknown {
  if (value === undefined || value === null) return undefined;
  switch (shape.type) {
    case 'structure': return shape.document ? value : isObject(value) ? structure(shape, value) : value;
    case 'list': return Array.isArray(value) ? value.map((item) => fit(shape.member.shape, item as Value)) : [fit(shape.member.shape, value)];
    case 'map': return isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fit(shape.value.shape, inner)]))
      : value;
    case 'integer': case 'long': case 'float': case 'double': return typeof value === 'string' && value !== '' ? Number(value) : value;
    case 'boolean': return typeof value === 'string' ? value.toLowerCase() === 'true' : value;
    case 'string': case 'character': return typeof value === 'object' ? JSON.stringify(value) : String(value);
    case 'timestamp': return new Date(typeof value === 'number' ? value * 1000 : String(value));
    case 'blob': return typeof value === 'string' ? value : JSON.stringify(value);
  }
}

function structure(shape: StructureShape, value: ValueMap): { [name: string]: unknown } {
  const names = new Map(Object.keys(value).map((name) => [name.toLowerCase(), name]));
  const result: { [name: string]: unknown } = {};
  for (const [name, member] of shape.members as ReadonlyMap<string, Member>) {
    const source = Object.hasOwn(value, name) ? name : names.get(name.toLowerCase());
    if (source === undefined) continue;
    const fitted = fit(member.shape, value[source]);
    if (fitted !== undefined) result[name] = fitted;
  }
  return result;
}
