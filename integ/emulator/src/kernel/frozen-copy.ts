/** Objects that are frozen all the way down and hold only what JSON has: a copy of theirs would be the same. */
const done = new WeakSet<object>();

/**
 * What a journal would give back of a value, frozen all the way down: members that are `undefined` are dropped.
 *
 * Parts that come from an earlier copy are taken over as they are, for most records are put back with little changed.
 */
export function frozenCopy<T>(value: T): T {
  return copy(value) as T;
}

/** Freezes what nobody else holds, as what was just read. */
export function frozenInPlace<T>(value: T): T {
  if (isObject(value) && !done.has(value)) {
    Object.values(value).forEach(frozenInPlace);
    done.add(Object.freeze(value));
  }
  return value;
}

function copy(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (!isObject(value)) return isOfJson(value) ? value : undefined;
  if (done.has(value)) return value;
  const made = copyOfObject(value);
  if (isObject(made)) done.add(Object.freeze(made));
  return made;
}

function copyOfObject(value: object): unknown {
  if (Array.isArray(value)) return value.map((each) => copy(each) ?? null);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null || 'toJSON' in value) return frozenInPlace(JSON.parse(JSON.stringify(value)) as unknown);
  const made: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) {
    const member = copy(each);
    if (member === undefined) continue;
    if (key === '__proto__') Object.defineProperty(made, key, { value: member, enumerable: true });
    else made[key] = member;
  }
  return made;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isOfJson(value: unknown): boolean {
  if (typeof value === 'bigint') throw new TypeError('a bigint cannot be put into a record');
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}
