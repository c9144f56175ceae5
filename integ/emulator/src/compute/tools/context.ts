import type { TimerDesk } from './timer';
import type { CallPlace, ToolContext } from './tool';
import type { Calls } from '../../access/call';
import type { Way } from '../../access/reach';
import type { Sessions } from '../../access/sessions';
import type { Kernel } from '../../kernel';
import { Held, Later } from '../../wire/operation';
import type { Caller } from '../../wire/operation';
import type { InstanceFacts } from '../instances/facts';

export interface ToolParts {
  readonly kernel: Kernel;
  readonly calls: Calls;
  readonly sessions: Sessions;
  readonly timers: TimerDesk;
}

/** Where and when a tool is run. */
export interface ToolMoment {
  readonly facts: InstanceFacts;
  readonly now: number;
  readonly wallTime: number;
}

/** What a tool works with on an instance. */
export function toolContext({ kernel, calls, sessions, timers }: ToolParts, { facts, now, wallTime }: ToolMoment, caller: Caller): ToolContext {
  const { account } = caller.principal;
  const region = regionOf(facts);
  return {
    caller,
    account,
    region,
    instance: facts,
    now,
    wallTime,
    timers: timers.on({ account, region, instanceId: facts.instanceId }),
    row: (id) => kernel.tables.value('instances', id),
    call: <O>(service: string, operation: string, input: object, place: CallPlace = {}) => {
      const as = place.as ?? caller;
      const target = { service, account: as.principal.account, region: place.region ?? region };
      // Whoever has signed it, it leaves from here.
      const output = calls.arrive(target, operation, input, { ...as, position: caller.position }, undefined, place.host);
      if (output instanceof Later) return { later: output.key };
      return (output instanceof Held ? output.output : output) as O;
    },
    session: (accessKeyId, sessionToken) => sessions.resolve(accessKeyId, sessionToken),
    isExpired: (sessionToken) => sessions.isExpired(sessionToken),
    credentials: () => sessions.issue(caller),
    unreachable: (host) => blockedWay(calls.reach.toHost(caller, host, { account, region })),
  };
}

function regionOf({ availabilityZone }: InstanceFacts): string {
  return availabilityZone.replace(/[a-z]$/, '');
}

function blockedWay(way: Way | undefined): Way | undefined {
  return way?.allowed === false ? way : undefined;
}
