/** What a systemd unit file says, and the times in it. Pure. */
export type UnitFile = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** @see https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html */
export function parseUnitFile(text: string): UnitFile {
  const sections = new Map<string, Map<string, string[]>>();
  let section = new Map<string, string[]>();
  for (const line of text.replace(/\\\n/g, ' ').split('\n').map((one) => one.trim())) {
    const name = /^\[(.+)\]$/.exec(line)?.[1];
    const [, key, value] = /^([A-Za-z]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      section = sections.get(name) ?? new Map<string, string[]>();
      sections.set(name, section);
    } else if (key !== undefined && !/^[#;]/.test(line)) {
      // Nothing after the sign takes back what was said before.
      section.set(key, value === '' ? [] : [...section.get(key) ?? [], value]);
    }
  }
  return sections;
}

const UNITS: ReadonlyArray<readonly [names: RegExp, milliseconds: number]> = [
  [/^(us|usec|µs)$/, 0.001], [/^(ms|msec)$/, 1], [/^(|s|sec|second|seconds)$/, 1000], [/^(m|min|minute|minutes)$/, 60_000], [/^(h|hr|hour|hours)$/, 3_600_000],
  [/^(d|day|days)$/, 86_400_000], [/^(w|week|weeks)$/, 604_800_000],
];

/**
 * Milliseconds of `300`, `5min`, `1h 30min`; undefined for what is no time span.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.time.html
 */
export function parseTimeSpan(text: string): number | undefined {
  const parts = [...text.matchAll(/\s*(\d+(?:\.\d+)?)\s*([a-zµ]*)/gy)];
  if (parts.length === 0 || parts.map(([part]) => part).join('').length !== text.trimEnd().length) return undefined;
  const values = parts.map(([, count, name]) => {
    const unit = UNITS.find(([names]) => names.test(name));
    return unit && Number(count) * unit[1];
  });
  return values.reduce<number | undefined>((sum, value) => (sum === undefined || value === undefined ? undefined : sum + value), 0);
}

/** The words of a command, as systemd parts them: by blanks, but for those in quotes. */
export function commandWords(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare);
}
