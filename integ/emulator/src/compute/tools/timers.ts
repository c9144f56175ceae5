import { toolContext } from './context';
import type { ToolParts } from './context';
import { printAnswer } from './frames';
import type { InstancePlace as Place, InstanceTimers, Timer, TimerDesk, TimerSettings, UnitEnd } from './timer';
import type { ToolRegistry } from './tool';
import type { Json, Table } from '../../kernel';
import type { Host } from '../../wire/operation';
import { ServiceError } from '../../wire/operation';
import type { InstanceScripts } from '../instances/driver';
import { UNIT_ENDED } from '../instances/driver';
import { instanceCaller, instanceFacts } from '../instances/facts';
import type { InstanceFacts } from '../instances/facts';
import type { MadeToolCall, UnitRun } from '../instances/unit-runs';

/** The kernel's event for a timer that elapses. */
const ELAPSED = 'instances.timer-elapsed';

interface TimersParts extends Omit<ToolParts, 'timers'> {
  readonly host: Host;
  readonly registry: ToolRegistry;
  readonly scripts: InstanceScripts;
}

/**
 * systemd's timers on all instances: each starts its service's command when it elapses, as root, like any other script.
 *
 * Most runs find everything as it was. The host starts no process for those: see `UnitRuns`.
 */
export class Timers implements TimerDesk {
  private readonly table: Table<Timer>;

  public constructor(private readonly parts: TimersParts) {
    const { kernel } = parts;
    this.table = kernel.store.table('instances/timers');
    kernel.on(ELAPSED, (args) => this.elapsed(args as unknown as Place & { name: string }));
    kernel.on(UNIT_ENDED, (args) => this.ended(args as unknown as Place & { unit: string } & UnitEnd));
  }

  public on(place: Place): InstanceTimers {
    const find = (name: string) => this.table.get(keyOf(place, name));
    const put = (timer: Timer) => this.table.put(keyOf(timer, timer.name), timer);
    const made = (settings: TimerSettings): Timer => ({ enabled: false, active: false, elapsed: 0, ...find(settings.name), ...place, ...settings });
    const { kernel } = this.parts;
    const change = (work: () => void) => kernel.transaction(work);
    const { account, region, instanceId } = place;
    return {
      find,
      all: () => this.table.values().filter((timer) => timer.account === account && timer.region === region && timer.instanceId === instanceId),
      enable: (settings) => change(() => put({ ...made(settings), enabled: true })),
      disable: (name) => change(() => {
        const timer = find(name);
        if (timer) put({ ...timer, enabled: false });
      }),
      start: (settings) => change(() => {
        const timer = put({ ...made(settings), active: true });
        if (timer.first !== undefined) this.schedule(timer, timer.first);
      }),
      stop: (name) => change(() => {
        const timer = find(name);
        if (timer) put({ ...timer, active: false });
        kernel.cancel(eventOf(place, name));
      }),
    };
  }

  private schedule(timer: Timer, after: number): void {
    const { account, region, instanceId, name, elapsed, randomDelay } = timer;
    const random = randomDelay * this.parts.kernel.ids.draw('instances', `${instanceId} ${name}`, String(elapsed));
    this.parts.kernel.after(after + random, { kind: ELAPSED, args: { account, region, instanceId, name }, id: eventOf(timer, name), daemon: true });
  }

  /** In an event. */
  private elapsed({ name, ...place }: Place & { name: string }): void {
    const timer = this.table.get(keyOf(place, name));
    if (!timer?.active) return;
    const facts = this.factsOf(place);
    if (!facts || ['shutting-down', 'terminated'].includes(facts.state)) {
      this.table.delete(keyOf(place, name));
      return;
    }
    const isRunning = facts.state === 'running';
    const next = this.table.put(keyOf(place, name), { ...timer, elapsed: timer.elapsed + 1, active: timer.enabled || isRunning });
    // One that is enabled starts with its instance, whenever that is.
    const again = timer.every ?? (isRunning ? undefined : timer.first);
    if (next.active && again !== undefined) this.schedule(next, again);
    if (isRunning) this.runService(next, facts);
  }

  /** Undefined when there is no such instance. */
  private factsOf({ account, region, instanceId }: Place): InstanceFacts | undefined {
    try {
      return instanceFacts(this.parts.host.context({ service: 'instances', account, region }), instanceId);
    } catch (error) {
      if (error instanceof ServiceError) return undefined;
      throw error;
    }
  }

  private runService(timer: Timer, facts: InstanceFacts): void {
    const { account, region, instanceId, service, command, env } = timer;
    const { kernel, scripts } = this.parts;
    const id = `unit ${instanceId} ${service}`;
    // What still runs is not started again.
    if (kernel.activities.get(id)) return;
    const steady = scripts.units.steady(id, instanceId);
    if (steady && this.wouldBeTheSame(id, timer, facts, steady)) return;
    kernel.begin(id, 'instance-script', {
      account,
      region,
      instanceId,
      purpose: 'unit',
      unit: service,
      script: kernel.blobs.put(Buffer.from(`#!/bin/bash\nexec ${command.map(quoted).join(' ')}\n`)),
      path: `/var/lib/cloudhsm-emulator/units/${service}`,
      env: env as Record<string, Json>,
    });
  }

  /** Makes the calls of a run that would be like the last one. Those that were made are not made again when it comes to something else. */
  private wouldBeTheSame(id: string, { account, region }: Place, facts: InstanceFacts, steady: UnitRun): boolean {
    const { kernel, host, registry, scripts } = this.parts;
    const caller = instanceCaller(host.context({ service: 'instances', account, region }), facts, id);
    const moment = { facts, now: kernel.now, wallTime: kernel.hostTime() };
    const made: MadeToolCall[] = [];
    for (const { call, answer } of steady.calls) {
      const result = registry.get(call.tool)!.run(toolContext({ ...this.parts, timers: this }, moment, caller), call);
      // What is answered later, and what asks for more, was not so the last time.
      if (!('exitCode' in result)) return false;
      made.push({ call, answer: printAnswer(result) });
      if (made.at(-1)!.answer !== answer) {
        scripts.units.prepare(id, made);
        return false;
      }
    }
    return true;
  }

  /** In an event. */
  private ended({ account, region, instanceId, unit, exitCode, output }: Place & { unit: string } & UnitEnd): void {
    const place = { account, region, instanceId };
    for (const timer of this.on(place).all().filter(({ service }) => service === unit)) {
      this.table.put(keyOf(place, timer.name), { ...timer, last: { exitCode, output } });
    }
    if (exitCode !== 0) this.parts.host.context({ service: 'instances', account, region }).emit(`${unit} ended with ${exitCode}`, instanceId);
  }
}

function keyOf({ account, region, instanceId }: Place, name: string): string {
  return `${account} ${region} ${instanceId} ${name}`;
}

function eventOf(place: Place, name: string): string {
  return `${ELAPSED} ${keyOf(place, name)}`;
}

function quoted(word: string): string {
  return `'${word.replaceAll('\'', '\'\\\'\'')}'`;
}
