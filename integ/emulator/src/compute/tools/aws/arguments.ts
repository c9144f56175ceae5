/** Options of the CLI itself, with whether they take a value. */
const GLOBAL: Readonly<Record<string, boolean>> = {
  'region': true, 'output': true, 'query': true, 'profile': true, 'endpoint-url': true, 'color': true, 'ca-bundle': true, 'cli-read-timeout': true,
  'cli-connect-timeout': true, 'cli-binary-format': true, 'cli-input-json': true, 'max-items': true, 'page-size': true, 'starting-token': true,
  'no-cli-pager': false, 'no-paginate': false, 'debug': false, 'no-verify-ssl': false, 'no-sign-request': false, 'version': false, 'no-cli-auto-prompt': false,
  'cli-auto-prompt': false,
};

export interface Arguments {
  /** `ssm`, `get-parameter` and what else stands before and between options. */
  readonly words: readonly string[];
  readonly global: Readonly<Record<string, string>>;
  /** Everything that belongs to the operation: an option and the words up to the next. */
  readonly options: ReadonlyArray<readonly [name: string, values: readonly string[]]>;
}

/** Takes a command line apart without knowing the operation: an option owns the words that follow it. */
export function parseArguments(argv: readonly string[]): Arguments {
  const words: string[] = [];
  const global: Record<string, string> = {};
  const options: Array<[string, string[]]> = [];
  let current: string[] | undefined;
  for (let at = 0; at < argv.length; at++) {
    const [, name, value] = /^--([\w-]+)(?:=([^]*))?$/.exec(argv[at]) ?? [];
    if (name === undefined) {
      (current ?? words).push(argv[at]);
    } else if (Object.hasOwn(GLOBAL, name)) {
      global[name] = GLOBAL[name] ? value ?? argv[++at] ?? '' : 'true';
      // What follows belongs to no option of the operation any more.
      current = undefined;
    } else {
      current = value === undefined ? [] : [value];
      options.push([name, current]);
    }
  }
  return { words, global, options };
}

/** Files that values name: `file://path`, `fileb://path`. */
export function fileReference(value: string): { readonly path: string; readonly binary: boolean } | undefined {
  const found = /^file(b?):\/\/([^]+)$/.exec(value);
  return found ? { path: found[2], binary: found[1] === 'b' } : undefined;
}
