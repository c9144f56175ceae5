import * as fc from 'fast-check';
import type { Member, Shape, StructureShape } from '../../src/wire/model';

/** Deep enough for every shape that differs from those around it, shallow enough for models that refer to themselves. */
const DEPTH = 4;

/** Characters every protocol can carry; what XML cannot write has a test of its own. */
const text = fc.string({ unit: fc.constantFrom(...'aZ09 ._-/:&<>"\'+%=ä€'), maxLength: 8 });

/** Any output the model allows, short of the constraints that only inputs are held to. */
export function arbitraryOf(shape: StructureShape): fc.Arbitrary<Record<string, unknown>> {
  return structure(shape, 0, (member) => member.location === undefined && member.name !== shape.payload?.name);
}

function structure(shape: StructureShape, depth: number, take: (member: Member) => boolean): fc.Arbitrary<Record<string, unknown>> {
  const members = [...shape.members.values()].filter((member) => take(member) && (depth < DEPTH || isScalar(member.shape)));
  const choices = Object.fromEntries(members.map((member) => [member.name, value(member.shape, depth + 1, member.flattened)]));
  if (shape.union) {
    const ones = members.map(({ name }) => choices[name].map((chosen) => ({ [name]: chosen })));
    return ones.length === 0 ? fc.constant({}) : fc.oneof(...ones);
  }
  return fc.record(choices, { requiredKeys: [] }) as fc.Arbitrary<Record<string, unknown>>;
}

/** An empty flattened list leaves no trace in XML: there is none to find on the other side. */
function value(shape: Shape, depth: number, flattened = false): fc.Arbitrary<unknown> {
  switch (shape.type) {
    case 'structure': return structure(shape, depth, () => true);
    case 'list': return fc.array(value(shape.member.shape, depth + 1), { minLength: flattened ? 1 : 0, maxLength: 3 });
    case 'map': return fc.dictionary(text.filter((key) => key !== ''), value(shape.value.shape, depth + 1), { maxKeys: 3 });
    case 'boolean': return fc.boolean();
    case 'integer': return fc.integer();
    case 'long': return fc.maxSafeInteger();
    case 'float': case 'double': return fc.integer({ min: -1e6, max: 1e6 }).map((thousandths) => thousandths / 1000);
    case 'timestamp': return fc.integer({ min: 0, max: 4e12 }).map((milliseconds) => new Date(milliseconds));
    case 'blob': return fc.uint8Array({ maxLength: 8 });
    default: return shape.enum ? fc.constantFrom(...shape.enum) : text;
  }
}

function isScalar(shape: Shape): boolean {
  return shape.type !== 'structure' && shape.type !== 'list' && shape.type !== 'map';
}
