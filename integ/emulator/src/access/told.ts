import { hasModel, loadModel } from '../wire/model';
import type { Member, Shape } from '../wire/model';
import type { Output } from '../wire/operation';

/** What CloudTrail writes in the place of a value that is nobody's business. */
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** Input and output of a call as plain JSON by their model: names in lower camel case, what is sensitive hidden, blobs left out. */
export function toldOf(service: string, operation: string, input: object, output: object): { input: Output; output: Output } {
  const model = hasModel(service) ? loadModel(service).operations.get(operation) : undefined;
  return { input: (plain(model?.input, input) ?? {}) as Output, output: (plain(model?.output, output) ?? {}) as Output };
}

function plain(shape: Shape | undefined, value: unknown): unknown {
  // What the model does not know is not told.
  if (shape === undefined || value === undefined || value === null) return undefined;
  if (shape.sensitive) return HIDDEN;
  switch (shape.type) {
    case 'structure': return structure(shape.members, value as Record<string, unknown>);
    case 'list': return (value as unknown[]).map((each) => plain(shape.member.shape, each));
    case 'map': return Object.fromEntries(Object.entries(value as object).map(([key, each]) => [key, plain(shape.value.shape, each)]));
    case 'blob': return undefined;
    case 'timestamp': return value instanceof Date ? value.toISOString() : value;
    default: return value;
  }
}

function structure(members: ReadonlyMap<string, Member>, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const told = [...members].map(([name, { shape }]): [string, unknown] => [name.charAt(0).toLowerCase() + name.slice(1), plain(shape, value[name])]);
  return Object.fromEntries(told.filter(([, each]) => each !== undefined));
}
