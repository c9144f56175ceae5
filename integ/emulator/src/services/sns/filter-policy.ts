/** What a filter looks at: values by name, each a list. */
export type Fields = ReadonlyMap<string, readonly unknown[]>;

type Condition = string | number | boolean | null | { readonly [operator: string]: unknown };

/**
 * Whether a message passes a filter policy: for every name one of the conditions holds.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export function passes(policy: { readonly [name: string]: unknown }, fields: Fields, prefix: string = ''): boolean {
  return Object.entries(policy).every(([name, conditions]) => {
    if (name === '$or' && Array.isArray(conditions)) return conditions.some((each) => passes(each as Record<string, unknown>, fields, prefix));
    if (!Array.isArray(conditions)) return passes(conditions as Record<string, unknown>, fields, `${prefix}${name}.`);
    const values = fields.get(prefix + name);
    return (conditions as Condition[]).some((condition) => holds(condition, values));
  });
}

function holds(condition: Condition, values: readonly unknown[] | undefined): boolean {
  if (condition !== null && typeof condition === 'object' && 'exists' in condition) return condition.exists === (values !== undefined);
  return (values ?? []).some((value) => fits(condition, value));
}

function fits(condition: Condition, value: unknown): boolean {
  if (condition === null || typeof condition !== 'object') return condition === value;
  const [[operator, operand]] = Object.entries(condition);
  switch (operator) {
    case 'prefix': return typeof value === 'string' && value.startsWith(String(operand));
    case 'suffix': return typeof value === 'string' && value.endsWith(String(operand));
    case 'equals-ignore-case': return typeof value === 'string' && value.toLowerCase() === String(operand).toLowerCase();
    case 'anything-but': return ![operand].flat().some((each) => fits(each as Condition, value));
    case 'numeric': return typeof value === 'number' && inRange(operand as Array<string | number>, value);
    default: return false;
  }
}

/** `['>=', 1, '<', 5]` */
function inRange(pairs: ReadonlyArray<string | number>, value: number): boolean {
  for (let at = 0; at < pairs.length; at += 2) {
    const limit = Number(pairs[at + 1]);
    const holdsHere = { '=': value === limit, '<': value < limit, '<=': value <= limit, '>': value > limit, '>=': value >= limit }[String(pairs[at])];
    if (!holdsHere) return false;
  }
  return true;
}

/** The leaves of a JSON body by their paths. */
export function fieldsOfBody(body: unknown, prefix: string = '', fields: Map<string, unknown[]> = new Map()): Map<string, unknown[]> {
  if (Array.isArray(body)) {body.forEach((each) => fieldsOfBody(each, prefix, fields));} else if (body !== null && typeof body === 'object') {
    for (const [name, value] of Object.entries(body)) fieldsOfBody(value, prefix === '' ? name : `${prefix}.${name}`, fields);
  } else {fields.set(prefix, [...fields.get(prefix) ?? [], body]);}
  return fields;
}
