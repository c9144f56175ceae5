import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkedOrganization } from '../access/organization';
import type { Organization } from '../access/organization';
import { checkedQualifier } from '../bootstrap';
import type { EmulatorOptions } from '../emulator';
import { LONGEST_ADVANCE_MS } from '../kernel';
import type { ClockMode } from '../kernel';

export class UsageError extends Error {}

/** Options of `start` and `run`. */
export const EMULATOR_FLAGS = {
  'port': { type: 'string' },
  'state': { type: 'string' },
  'clock': { type: 'string' },
  'seed': { type: 'string' },
  'quota': { type: 'string', multiple: true },
  'variants': { type: 'string', multiple: true },
  'bootstrap': { type: 'string', multiple: true },
  'fault': { type: 'string', multiple: true },
  'organization': { type: 'string' },
  'from': { type: 'string' },
  'report': { type: 'string' },
  'key-reserve': { type: 'string' },
  'allow-scripts': { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof EMULATOR_FLAGS }>>['values'];

/** Splits the arguments of `run` at `--`: ours, and the command. */
export function splitCommand(args: readonly string[]): { own: string[]; command: string[] } {
  const at = args.indexOf('--');
  return at < 0 ? { own: [...args], command: [] } : { own: args.slice(0, at), command: args.slice(at + 1) };
}

export function parseFlags(args: readonly string[]): Values {
  try {
    return parseArgs({ args: withFaults(args), options: EMULATOR_FLAGS, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** A fault is spelled in options of its own, in one argument: Node would take that for the next option. */
function withFaults(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    if (joined.at(-1) === '--fault') joined[joined.length - 1] = `--fault=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

export function emulatorOptions(values: Values): EmulatorOptions {
  return {
    port: values.port === undefined ? undefined : wholeNumber('port', values.port, 65_535),
    state: values.state,
    from: values.from,
    clock: values.clock === undefined ? undefined : clockMode(values.clock),
    seed: values.seed === undefined ? undefined : wholeNumber('seed', values.seed),
    quotas: Object.fromEntries((values.quota ?? []).flatMap((list) => list.split(',')).map(quota)),
    variants: values.variants?.flatMap((list) => list.split(',')),
    bootstrap: values.bootstrap?.flatMap((list) => list.split(',')).map(qualifier),
    organization: values.organization === undefined ? undefined : organization(values.organization),
    keyReserve: values['key-reserve'],
    allowScripts: values['allow-scripts'],
  };
}

function qualifier(text: string): string {
  try {
    return checkedQualifier(text);
  } catch (error) {
    throw new UsageError(`--bootstrap: ${(error as Error).message}`);
  }
}

function organization(file: string): Organization {
  try {
    return checkedOrganization(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new UsageError(`--organization ${file}: ${(error as Error).message}`);
  }
}

export function clockMode(text: string): ClockMode {
  if (text === 'warp' || text === 'manual') return { kind: text };
  if (text === 'real') return { kind: 'real', factor: 1 };
  const factor = /^x(\d+(?:\.\d+)?)$/.exec(text);
  if (factor && Number(factor[1]) > 0) return { kind: 'real', factor: Number(factor[1]) };
  throw new UsageError(`--clock must be warp, manual, real or x<factor>, got ${text}`);
}

/** `90s`, `15m`, `2h`, `35d`. */
export function duration(text: string): number {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  if (!parts) throw new UsageError(`a duration is a number with ms, s, m, h or d, got ${text}`);
  const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[parts[2] as 'ms' | 's' | 'm' | 'h' | 'd'];
  const milliseconds = Math.round(Number(parts[1]) * unit);
  if (milliseconds > LONGEST_ADVANCE_MS) throw new UsageError(`time is moved by at most ${LONGEST_ADVANCE_MS / 86_400_000}d at once, got ${text}`);
  return milliseconds;
}

export function wholeNumber(name: string, text: string, most: number = Number.MAX_SAFE_INTEGER): number {
  const isRight = /^\d+$/.test(text) && Number(text) <= most;
  if (!isRight) throw new UsageError(`--${name} must be a whole number${most === Number.MAX_SAFE_INTEGER ? '' : ` up to ${most}`}, got ${text}`);
  return Number(text);
}

function quota(pair: string): [string, number] {
  const parts = /^([a-z][a-z0-9/-]*)=(\d+)$/.exec(pair);
  if (!parts) throw new UsageError(`--quota must be name=number, for instance hsms=28, got ${pair}`);
  return [parts[1], Number(parts[2])];
}
