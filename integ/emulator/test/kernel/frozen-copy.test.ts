import fc from 'fast-check';
import { frozenCopy, frozenInPlace } from '../../src/kernel/frozen-copy';

const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constantFrom(null, undefined, -0, NaN, () => 0, new Date(0), Buffer.from('a'))),
    fc.array(tie('value')),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '1', 'toString')), tie('value')),
  ),
})).value;

function isFrozen(value: unknown): boolean {
  return typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isFrozen));
}

/** As the journal would give it back. */
const readBack = (value: unknown): unknown => {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : JSON.parse(text);
};

test('a copy is what the journal would give back, in the same order, and frozen all the way down', () => {
  fc.assert(fc.property(values, (value) => {
    const copied = frozenCopy(value);

    expect(copied).toEqual(readBack(value));
    expect(JSON.stringify(copied)).toBe(JSON.stringify(value));
    expect(isFrozen(copied)).toBe(true);
  }), { numRuns: 500 });
});

test('the original stays as it was and may be changed', () => {
  const original = { list: [{ name: 'a' }] };
  const copied = frozenCopy(original);
  original.list[0].name = 'b';

  expect(copied).toEqual({ list: [{ name: 'a' }] });
});

test('parts of an earlier copy, or of what was read, are taken over as they are', () => {
  const first = frozenCopy({ rules: [{ port: 1 }], name: 'a' });
  const read = frozenInPlace({ rules: [{ port: 2 }] });

  expect(frozenCopy({ ...first, name: 'b' }).rules).toBe(first.rules);
  expect(frozenCopy({ ...read, name: 'b' }).rules).toBe(read.rules);
});

test('what somebody else has frozen is copied: only its surface may be', () => {
  const surface = Object.freeze({ inner: { port: 1 } });
  const copied = frozenCopy({ surface });
  surface.inner.port = 2;

  expect(copied).toEqual({ surface: { inner: { port: 1 } } });
});

test('a key named __proto__ is a key', () => {
  const copied = frozenCopy(JSON.parse('{"__proto__": {"admin": true}}') as Record<string, unknown>);

  expect(Object.keys(copied)).toEqual(['__proto__']);
  expect((copied as { admin?: boolean }).admin).toBeUndefined();
});

test('a bigint is refused, as JSON refuses it', () => {
  expect(() => frozenCopy({ at: 1n })).toThrow(TypeError);
});
