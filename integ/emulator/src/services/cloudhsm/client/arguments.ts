import { UsageError } from './stop';

/** How an option is written: alone, with one value, or with all values that follow. */
export type OptionShape = 'flag' | 'one' | 'many';

export interface Options {
  readonly has: (name: string) => boolean;
  readonly one: (name: string) => string | undefined;
  readonly many: (name: string) => readonly string[];
}

/** Reads `--name value …` and `--name=value`; `aliases` are the short forms. */
export function parseOptions(
  argv: readonly string[],
  shapes: Readonly<Record<string, OptionShape>>,
  aliases: Readonly<Record<string, string>> = {},
): Options {
  const found = new Map<string, string[]>();
  for (let at = 0; at < argv.length;) {
    const [word, ...rest] = argv[at++].split('=');
    const name = aliases[word] ?? word.replace(/^--/, '');
    const shape = word.startsWith('-') ? shapes[name] : undefined;
    if (!shape) throw new UsageError(`unexpected argument '${argv[at - 1]}' found`);
    const values = rest.length > 0 ? [rest.join('=')] : [];
    const wanted = shape === 'flag' ? 0 : shape === 'one' ? 1 : Infinity;
    while (values.length < wanted && at < argv.length && !isOption(argv[at], shapes, aliases)) values.push(argv[at++]);
    if (shape !== 'flag' && values.length === 0) throw new UsageError(`a value is required for '--${name}'`);
    if (shape === 'flag' && values.length > 0) throw new UsageError(`unexpected value for '--${name}'`);
    if (shape !== 'many' && found.has(name)) throw new UsageError(`the argument '--${name}' cannot be used multiple times`);
    found.set(name, [...found.get(name) ?? [], ...values]);
  }
  return {
    has: (name) => found.has(name),
    one: (name) => found.get(name)?.[0],
    many: (name) => found.get(name) ?? [],
  };
}

/** A password may begin with a dash; only what is an option of this command ends a list of values. */
function isOption(word: string, shapes: Readonly<Record<string, OptionShape>>, aliases: Readonly<Record<string, string>>): boolean {
  const [name] = word.split('=');
  return name in aliases || (name.startsWith('--') && name.slice(2) in shapes);
}

export function demand(options: Options, ...names: readonly string[]): void {
  const missing = names.filter((name) => !options.has(name));
  if (missing.length > 0) throw new UsageError(`the following required arguments were not provided: ${missing.map((name) => `--${name}`).join(', ')}`);
}
