/** An answer as plain JSON, the way the CLI shows it. */
export function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return value.toISOString().replace(/\.000Z$|Z$/, (end) => (end === 'Z' ? '000+00:00' : '+00:00'));
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined).map(([key, inner]) => [key, plain(inner)]));
  }
  return value;
}

export function printJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 4)}\n`;
}

/** `--output text`: records on lines of their own, fields in the order of their names, parted by tabs. */
export function printText(value: unknown): string {
  const lines: string[] = [];
  write(value);
  return lines.map((line) => `${line}\n`).join('');

  function write(item: unknown, identifier?: string, scalarKeys?: readonly string[]): void {
    if (Array.isArray(item)) writeList(item, identifier);
    else if (isRecord(item)) writeRecord(item, identifier, scalarKeys);
    else lines.push(word(item));
  }

  function writeList(list: readonly unknown[], identifier?: string): void {
    if (list.length === 0) return;
    if (list.some(isRecord)) {
      const keys = [...new Set(list.filter(isRecord).flatMap((item) => Object.keys(item).filter((key) => !isNested(item[key]))))].sort();
      for (const item of list) write(item, identifier, keys);
      return;
    }
    const scalars = list.filter((item) => !isNested(item));
    if (scalars.length > 0 && identifier !== undefined) lines.push(...scalars.map((item) => `${identifier.toUpperCase()}\t${word(item)}`));
    else if (scalars.length > 0) lines.push(scalars.map(word).join('\t'));
    for (const item of list) if (isNested(item)) write(item, identifier);
  }

  function writeRecord(item: Record<string, unknown>, identifier?: string, scalarKeys?: readonly string[]): void {
    const keys = Object.keys(item).sort();
    const scalars = (scalarKeys ?? keys.filter((key) => !isNested(item[key]))).map((key) => (key in item ? word(item[key]) : ''));
    if (scalars.length > 0) lines.push([...identifier === undefined ? [] : [identifier.toUpperCase()], ...scalars].join('\t'));
    for (const key of keys) if (isNested(item[key])) write(item[key], key);
  }
}

function word(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
