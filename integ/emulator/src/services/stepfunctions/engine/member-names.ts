import type { Json } from '../../../kernel';

/**
 * Services whose members begin with a small letter. In the states language every parameter begins with a capital one, and so do
 * the members of results.
 */
const SMALL = new Set(['logs', 'stepfunctions']);

export function toService(service: string, parameters: Json): Json {
  return SMALL.has(service) ? renamed(parameters, (name) => name[0].toLowerCase() + name.slice(1)) : parameters;
}

export function fromService(service: string, output: Json): Json {
  return SMALL.has(service) ? renamed(output, (name) => name[0].toUpperCase() + name.slice(1)) : output;
}

function renamed(value: Json, rename: (name: string) => string): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => renamed(item, rename));
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value as { readonly [name: string]: Json });
  return Object.fromEntries(members.map(([name, member]) => [rename(name), renamed(member, rename)]));
}
