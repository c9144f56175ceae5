import type { Timer, TimerSettings } from './timer';
import { fileText, missing } from './tool';
import type { Tool, ToolAnswer, ToolCall, ToolContext } from './tool';
import { commandWords, parseTimeSpan, parseUnitFile } from '../instances/unit-file';

const QUIET = ['start', 'stop', 'restart', 'reload', 'enable', 'disable', 'daemon-reload', 'mask', 'unmask', 'try-restart', 'reset-failed'];

/** Where an administrator's units are; the system's own are not looked at. */
const FOLDER = '/etc/systemd/system';

/** What a timer may say here; of the rest nothing would come. */
const TIMES = ['OnActiveSec', 'OnBootSec', 'OnStartupSec', 'OnUnitActiveSec', 'OnUnitInactiveSec', 'RandomizedDelaySec'];
const WITHOUT_EFFECT = ['AccuracySec', 'Unit', 'Persistent', 'RemainAfterElapse'];

/**
 * There is no init system. Timers of the administrator's own run; every other unit is there and does as it is told, as far as a script can see.
 */
export const systemctl: Tool = {
  needs: (call) => {
    const timers = unitsOf(call).filter(isTimer);
    const first = missing(call, ...timers.map(pathOf));
    if (first.length > 0) return first;
    return missing(call, ...timers.filter((name) => isOurs(call, name)).map((name) => pathOf(serviceOf(call, name))));
  },
  run: (context, call) => {
    const { argv } = call;
    const [verb, ...units] = argv.filter((argument) => !argument.startsWith('-'));
    const timers = units.filter((name) => isTimer(name) && (isOurs(call, name) || context.timers.find(name)));
    const known = units.map((name) => context.timers.find(name) ?? context.timers.all().find(({ service }) => service === withEnding(name)));
    if (verb === 'list-timers') return { exitCode: 0, stdout: context.timers.all().map(({ name, service }) => `${name} ${service}\n`).join('') };
    if (timers.length > 0) {
      const answer = tellTimers(context, call, verb, timers);
      if (answer) return answer;
    }
    if (known[0]) {
      const answer = askTimer(known[0], verb, isTimer(units[0]), argv);
      if (answer) return answer;
    }
    return answerFor(verb, units[0] ?? '', argv);
  },
};

function unitsOf({ argv }: ToolCall): string[] {
  return argv.filter((argument) => !argument.startsWith('-')).slice(1);
}

function isTimer(name: string | undefined): boolean {
  return name?.endsWith('.timer') ?? false;
}

function withEnding(name: string): string {
  return name.includes('.') ? name : `${name}.service`;
}

function pathOf(name: string): string {
  return `${FOLDER}/${name}`;
}

function isOurs(call: ToolCall, name: string): boolean {
  return fileText(call, pathOf(name)) !== undefined;
}

function serviceOf(call: ToolCall, name: string): string {
  return parseUnitFile(fileText(call, pathOf(name))!).get('Timer')?.get('Unit')?.at(-1) ?? name.replace(/timer$/, 'service');
}

/** Undefined for what asks and does not tell. */
function tellTimers({ timers }: ToolContext, call: ToolCall, verb: string, names: readonly string[]): ToolAnswer | undefined {
  const now = call.argv.includes('--now');
  const isStart = ['start', 'restart', 'try-restart'].includes(verb) || (verb === 'enable' && now);
  const isStop = verb === 'stop' || (verb === 'disable' && now);
  if (!isStart && !isStop && !['enable', 'disable'].includes(verb)) return undefined;
  for (const name of names) {
    if (isStop) timers.stop(name);
    if (verb === 'disable') timers.disable(name);
    if (!isStart && verb !== 'enable') continue;
    const settings = settingsOf(call, name);
    if (typeof settings === 'string') return { exitCode: 1, stderr: `${settings}\n` };
    if (verb === 'enable') timers.enable(settings);
    if (isStart) timers.start(settings);
  }
  return { exitCode: 0 };
}

/** Text for what cannot be done. */
function settingsOf(call: ToolCall, name: string): TimerSettings | string {
  if (!isOurs(call, name)) return `Failed to start ${name}: Unit ${name} not found.`;
  const timer = parseUnitFile(fileText(call, pathOf(name))!).get('Timer') ?? new Map<string, string[]>();
  const service = serviceOf(call, name);
  const text = fileText(call, pathOf(service));
  if (text === undefined) return `Failed to start ${name}: Unit ${service} not found.`;
  const strange = [...timer.keys()].find((key) => !TIMES.includes(key) && !WITHOUT_EFFECT.includes(key));
  if (strange !== undefined) return `[emulator] ${strange} of ${name} is not built`;
  const times = new Map<string, number>();
  for (const key of TIMES) {
    for (const value of timer.get(key) ?? []) {
      const milliseconds = parseTimeSpan(value);
      if (milliseconds === undefined) return `[emulator] ${key}=${value} of ${name} is no time span`;
      times.set(key, Math.min(times.get(key) ?? Infinity, milliseconds));
    }
  }
  const section = parseUnitFile(text).get('Service') ?? new Map<string, string[]>();
  const commands = section.get('ExecStart') ?? [];
  if (commands.length !== 1) return `[emulator] ${service} has ${commands.length} commands; services with one are built`;
  const type = section.get('Type')?.at(-1) ?? 'simple';
  if (!['oneshot', 'simple', 'exec'].includes(type)) return `[emulator] Type=${type} of ${service} is not built`;
  const user = section.get('User')?.at(-1) ?? 'root';
  if (user !== 'root') return `[emulator] User=${user} of ${service} is not built`;
  const pairs = (section.get('Environment') ?? []).flatMap(commandWords);
  return {
    name,
    service,
    command: commandWords(commands[0]),
    env: Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])),
    first: earliest(times, 'OnActiveSec', 'OnBootSec', 'OnStartupSec'),
    every: earliest(times, 'OnUnitActiveSec', 'OnUnitInactiveSec'),
    randomDelay: times.get('RandomizedDelaySec') ?? 0,
  };
}

function earliest(times: ReadonlyMap<string, number>, ...keys: readonly string[]): number | undefined {
  const known = keys.map((key) => times.get(key)).filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** What a script may learn of a timer, and of a service that one starts. */
function askTimer(timer: Timer, verb: string, asksTimer: boolean, argv: readonly string[]): ToolAnswer | undefined {
  const { name, service, enabled, active, last } = timer;
  const said = (exitCode: number, text: string): ToolAnswer => ({ exitCode, stdout: argv.includes('--quiet') || argv.includes('-q') ? '' : `${text}\n` });
  const isFailed = last !== undefined && last.exitCode !== 0;
  const state = asksTimer ? active ? 'active' : 'inactive' : isFailed ? 'failed' : 'inactive';
  const ended = asksTimer || !last ? '' : ` (status=${last.exitCode})\n\n${last.output.trimEnd()}`;
  switch (verb) {
    case 'is-active': return said(state === 'active' ? 0 : 3, state);
    case 'is-enabled': return asksTimer ? said(enabled ? 0 : 1, enabled ? 'enabled' : 'disabled') : said(0, 'static');
    case 'is-failed': return said(state === 'failed' ? 0 : 1, state);
    case 'status': return said(state === 'active' ? 0 : 3, `● ${asksTimer ? name : service}\n     Active: ${state}${ended}`);
    default: return undefined;
  }
}

function answerFor(verb: string | undefined, unit: string, argv: readonly string[]): ToolAnswer {
  if (verb === undefined || QUIET.includes(verb)) return { exitCode: 0 };
  switch (verb) {
    case 'is-active': return { exitCode: 0, stdout: argv.includes('--quiet') || argv.includes('-q') ? '' : 'active\n' };
    case 'is-enabled': return { exitCode: 0, stdout: argv.includes('--quiet') ? '' : 'enabled\n' };
    case 'is-failed': return { exitCode: 1, stdout: 'active\n' };
    case 'status': return { exitCode: 0, stdout: `● ${unit.replace(/(\.service)?$/, '.service')}\n     Loaded: loaded\n     Active: active (running)\n` };
    case 'show': return { exitCode: 0, stdout: 'ActiveState=active\nSubState=running\n' };
    case 'list-units':
    case 'list-unit-files': return { exitCode: 0, stdout: '' };
    default: return { exitCode: 1, stderr: `[emulator] systemctl ${verb} is not built\n` };
  }
}
