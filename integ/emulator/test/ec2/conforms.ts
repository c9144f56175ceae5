import { loadModel } from '../../src/wire/model';
import type { Shape } from '../../src/wire/model';

/** What of an answer its model does not know: each member by its path. An encoder would leave such things out without a word. */
export function strays(service: string, operation: string, output: unknown): string[] {
  const shape = loadModel(service).operations.get(operation)?.output;
  if (!loadModel(service).operations.has(operation)) return [];
  if (!shape) return Object.keys(output as object).map((name) => `${operation}.${name}`);
  return walk(shape, output, operation);
}

function walk(shape: Shape, value: unknown, path: string): string[] {
  if (value === undefined) return [];
  switch (shape.type) {
    case 'structure': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is no structure`];
      return Object.entries(value).flatMap(([name, inner]) => {
        const member = shape.members.get(name);
        return member ? walk(member.shape, inner, `${path}.${name}`) : [`${path}.${name}`];
      });
    }
    case 'list':
      return Array.isArray(value) ? value.flatMap((inner) => walk(shape.member.shape, inner, `${path}[]`)) : [`${path} is no list`];
    case 'map':
      return Object.values(value as object).flatMap((inner) => walk(shape.value.shape, inner, `${path}{}`));
    case 'timestamp':
      return value instanceof Date ? [] : [`${path} is no date`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${path} is no boolean`];
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return typeof value === 'number' ? [] : [`${path} is no number`];
    case 'string':
      if (typeof value !== 'string') return [`${path} is no text`];
      // Some models write in capitals what the service answers in small letters (states of endpoints).
      return shape.enum && !shape.enum.some((one) => one.toLowerCase() === value.toLowerCase()) ? [`${path} is ${value}, none of the enumeration`] : [];
    default:
      return [];
  }
}
