import { setTimeout } from 'node:timers/promises';
import { CloudFormationClient, ExecuteChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { beginWith } from './_harness/beginning';
import { mustDeployDirectly } from './_harness/direct';
import type { Build, CliResult, Offline } from './_harness/offline';
import { usersElsewhere } from '../apps/users-elsewhere';
import type { Report } from 'cloudhsm-emulator';

let offline: Offline;

beforeEach(async () => {
  offline = await beginWith({ name: 'users-elsewhere', region: 'eu-west-1', build: usersElsewhere(2, ['one']) });
});

afterEach(() => offline.stop());

type Timeline = Report['timeline'];

interface Interval {
  readonly what: 'HSM' | 'script';
  readonly from: number;
  readonly to: number;
}

/** A generation of the lease: when it was taken, when it was last written (given back, as a rule), and when the next one was taken. */
interface Generation {
  readonly number: number;
  readonly taken: number;
  readonly lastWritten: number;
  readonly next: number;
}

/** One stack, by a CLI of its own. */
async function deployOnly(build: Build, stack: string, ...args: string[]): Promise<CliResult> {
  return offline.cdk(build, ['deploy', stack, '--exclusively', '--require-approval', 'never', '--progress', 'events', ...args]);
}

/** When HSMs were changing, and when scripts were at work on the HSMs' users. */
function changes(timeline: Timeline): Interval[] {
  const ends = (resource: string, events: readonly string[], from: number) =>
    timeline.find(({ at, event, resource: other }) => at >= from && other === resource && events.includes(event))?.at ?? Infinity;
  return timeline.flatMap(({ at, service, event, resource }): Interval[] => {
    if (service === 'cloudhsmv2' && /\/hsm-/.test(resource) && event === 'CREATE_IN_PROGRESS') return [{ what: 'HSM', from: at, to: ends(resource, ['ACTIVE'], at) }];
    if (service === 'cloudhsmv2' && /\/hsm-/.test(resource) && event === 'DELETE_IN_PROGRESS') return [{ what: 'HSM', from: at, to: ends(resource, ['DELETED'], at) }];
    if (service === 'ssm' && event === 'Pending') return [{ what: 'script', from: at, to: ends(resource, ['Success', 'Failed', 'TimedOut'], at) }];
    return [];
  });
}

function generations(timeline: Timeline): Generation[] {
  const writes = timeline.filter(({ service, event, resource }) => service === 'ssm' && /\/lease\/\d+$/.test(resource) && event !== 'Deleted');
  const taken = writes.filter(({ event }) => event === 'Created');
  return taken.map(({ at, resource }, index): Generation => ({
    number: Number(resource.split('/').pop()),
    taken: at,
    lastWritten: writes.filter((write) => write.resource === resource).pop()!.at,
    next: taken[index + 1]?.at ?? Infinity,
  }));
}

/** The one generation under which a change began and ended. */
function generationOf({ from, to }: Interval, all: readonly Generation[]): number | undefined {
  return all.find(({ taken, next }) => taken <= from && to <= next)?.number;
}

function statusOf(stack: string): string {
  return offline.report().stacks.find(({ name }) => name === stack)!.status;
}

test('a stack that grows the cluster and one that adds users to it, deployed at once, take turns by the lease', async () => {
  const before = offline.report().timeline.length;
  const next = usersElsewhere(3, ['one', 'two', 'three']);

  const deployed = await Promise.all([deployOnly(next, 'Hsm'), deployOnly(next, 'Users')]);

  const { clusters: [cluster], timeline } = offline.report();
  const intervals = changes(timeline.slice(before));
  const leases = generations(timeline.slice(before));
  expect(deployed.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  expect(cluster.hsms.map(({ state }) => state)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
  expect(cluster.users.filter(({ coverage }) => coverage === 'full').map(({ username }) => username)).toEqual(expect.arrayContaining(['one', 'two', 'three']));
  expect(intervals.map(({ what }) => what).sort()).toEqual(['HSM', 'script', 'script']);
  expect(new Set(intervals.map((interval) => generationOf(interval, leases)))).toEqual(new Set(leases.map(({ number }) => number)));
  expect(leases.map(({ number }) => number - leases[0].number)).toEqual([0, 1, 2]);
  // Given back before the next one is taken, every time.
  expect(leases.filter(({ lastWritten, next: after }) => lastWritten > after)).toEqual([]);
});

test('a holder that died is waited for until its lease has expired, and then the cluster grows', async () => {
  const before = offline.report().timeline.length;
  const next = usersElsewhere(3, ['one', 'two']);
  for (const stack of ['Users', 'Hsm']) await deployOnly(next, stack, '--method', 'prepare-change-set', '--change-set-name', 'prepared');
  // Its first step takes the lease; every later one is killed, and so is the answer that would have given it back.
  offline.emulator.addFault({ service: 'lambda', operation: 'invoke', kind: 'kill', resource: 'Users-', nth: 3, times: 12 });

  const startedAt = performance.now();
  const cloudFormation = new CloudFormationClient(offline.client);
  await cloudFormation.send(new ExecuteChangeSetCommand({ StackName: 'Users', ChangeSetName: 'prepared' }));
  while (generations(offline.report().timeline.slice(before)).length === 0) await setTimeout(20);
  await cloudFormation.send(new ExecuteChangeSetCommand({ StackName: 'Hsm', ChangeSetName: 'prepared' }));
  await offline.emulator.idle();
  const hostSeconds = (performance.now() - startedAt) / 1000;

  const { timeline } = offline.report();
  const [dead, growth] = generations(timeline.slice(before));
  const [hsm] = changes(timeline.slice(before));
  expect([statusOf('Users'), statusOf('Hsm')]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'UPDATE_COMPLETE']);
  expect(dead.lastWritten).toBe(dead.taken);
  // An execution's clock begins with the host's when it starts: its lease is over by that, and it sees the host's time go by, too.
  const begun = timeline.slice(before).find(({ event, resource }) => event === 'UPDATE_IN_PROGRESS' && resource === 'Hsm')!.at;
  expect(growth.taken - dead.taken + hostSeconds).toBeGreaterThanOrEqual(LEASE_SECONDS);
  expect(growth.taken - begun).toBeLessThan(LEASE_SECONDS + 10);
  expect(hsm.what).toBe('HSM');
  expect(generationOf(hsm, generations(timeline.slice(before)))).toBe(growth.number);
  const { clusters: [cluster] } = await mustDeployDirectly(offline, next);
  expect(cluster.hsms).toHaveLength(3);
  expect(cluster.users).toContainEqual({ username: 'two', role: 'crypto-user', coverage: 'full' });
});

/** How long a lease lasts, as the README says. */
const LEASE_SECONDS = 300;
