import type { Inventory } from './inventory';
import type { Deed } from './plan';
import { HSMS } from './world';
import type { DirectStack } from '../cases/_harness/direct';
import type { Report } from 'cloudhsm-emulator';

/** CloudFormation waits so long for a custom resource. */
const LONGEST_SECONDS = 3_600;

/** Each says what is wrong; nothing when all is as it must be. */
export type Problems = readonly string[];

const GOOD: Readonly<Record<Deed, string>> = { deploy: 'CREATE_COMPLETE', grow: 'UPDATE_COMPLETE', shrink: 'UPDATE_COMPLETE', destroy: 'DELETE_COMPLETE' };

const BACK: Readonly<Record<Deed, string | undefined>> = {
  deploy: 'ROLLBACK_COMPLETE', grow: 'UPDATE_ROLLBACK_COMPLETE', shrink: 'UPDATE_ROLLBACK_COMPLETE', destroy: undefined,
};

export function isGood(deed: Deed, { status }: DirectStack): boolean {
  return status === GOOD[deed];
}

export function isBack(deed: Deed, { status }: DirectStack): boolean {
  return status === BACK[deed];
}

/**
 * CloudHSM may not let go of an HSM that it is still creating, and of one that never comes it never does. Then a rollback cannot end, and a
 * shrinking is rolled back as often as it is tried: all that is left is to say which HSM is billed, and how to be rid of it.
 */
export function isHeldByService(deed: Deed, stack: DirectStack, why: readonly string[]): boolean {
  const isSaid = (reason: string): boolean => /HSMs? .*hsm-\w+ \(CREATE_IN_PROGRESS\).* (is|are) billed;.*aws cloudhsmv2 delete-hsm/.test(reason);
  return (stack.status.endsWith('ROLLBACK_FAILED') || (deed === 'shrink' && isBack(deed, stack))) && why.length > 0 && why.every(isSaid);
}

/**
 * Lambda tries an event three times, and whoever dies each time has answered nobody. A create or an update that comes to this is rolled back; a delete has no way
 * back, and all that is left is in the stack for the next one. Each resource that failed must have lost its request so.
 */
function isGivenUpByLambda(deed: Deed, stack: DirectStack, why: readonly string[], timeline: Report['timeline']): boolean {
  const givenUp = timeline.filter(({ service, event }) => service === 'lambda' && event === 'event given up: RetriesExhausted').length;
  return deed === 'destroy' && stack.status === 'DELETE_FAILED' && why.length > 0 && why.length <= givenUp
    && why.every((reason) => reason.includes('CloudFormation did not receive a response from your Custom Resource'));
}

/** It ends well, or as it was before. */
export function statusProblems(deed: Deed, stack: DirectStack, why: readonly string[], timeline: Report['timeline']): Problems {
  if (isGood(deed, stack) || isBack(deed, stack) || isHeldByService(deed, stack, why) || isGivenUpByLambda(deed, stack, why, timeline)) return [];
  return [`${deed} came to ${stack.status}: ${why.join('; ')}`];
}

/** What must be there after a deed, whatever became of it. */
export function inventoryProblems(deed: Deed, stack: DirectStack, before: Inventory, after: Inventory): Problems {
  const good = isGood(deed, stack);
  const problems: string[] = [];
  const same = (what: string, is: readonly string[], was: readonly string[]) => {
    if (JSON.stringify(is) !== JSON.stringify(was)) problems.push(`${what}: ${is.join(', ') || 'none'}, not ${was.join(', ') || 'none'}`);
  };
  if (good) {
    const wanted = HSMS[deed];
    if (after.interfaces.length !== wanted) problems.push(`HSMs: ${after.interfaces.length} (${after.hsmStates.join(', ')}), not ${wanted}`);
    if (deed === 'destroy') {
      same('clusters', after.clusters, []);
      same('stores', after.stores, []);
    } else {
      if (deed === 'deploy') same('clusters', after.clusters.map(() => 'one'), ['one']);
      else same('clusters', after.clusters, before.clusters);
      same('stores', after.stores, deed === 'deploy' ? ['orders: CONNECTED'] : before.stores);
    }
  } else if (isBack(deed, stack)) {
    // What a shrinking has taken away already its rollback buys again.
    if (deed === 'shrink') same('number of HSMs', [String(after.interfaces.length)], [String(before.interfaces.length)]);
    else same('HSMs by interface', withStandIns(after.interfaces, before.interfaces), before.interfaces);
    same('clusters', after.clusters, before.clusters);
    same('stores', leftBehindRemoved(after.stores), before.stores);
  }
  if (good || isBack(deed, stack)) same('secrets of kmsuser', after.kmsUserSecrets, []);
  problems.push(...after.troubledUsers.map((user) => `user ${user}`));
  return problems;
}

/** An HSM that the service is making in the place of another is listed by its id until its interface is shown. */
function withStandIns(is: readonly string[], was: readonly string[]): string[] {
  const missing = was.filter((one) => !is.includes(one));
  return is.map((one) => (one.startsWith('hsm-') && !was.includes(one) ? missing.shift() ?? one : one)).sort();
}

/** A rollback leaves a store behind that cannot be deleted yet, disconnected, under another name. */
function leftBehindRemoved(stores: readonly string[]): string[] {
  return stores.filter((store) => !/ \(rolled back: .*: DISCONNECTED$/.test(store));
}

const BEGINS = /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/;
const ENDS = /^(CREATE|UPDATE|DELETE)_(COMPLETE|FAILED)$/;

/** No resource takes longer than CloudFormation waits, and at no time are there more HSMs than anybody asked for. */
export function timelineProblems(timeline: Report['timeline'], before: Inventory, most: number): Problems {
  const problems: string[] = [];
  const begun = new Map<string, number>();
  const hsms = new Set(before.hsms);
  let peak = hsms.size;
  for (const { at, service, event, resource } of timeline) {
    if (service === 'cloudformation' && BEGINS.test(event)) begun.set(resource, at);
    if (service === 'cloudformation' && ENDS.test(event) && resource.includes('/')) {
      const seconds = at - (begun.get(resource) ?? at);
      if (seconds > LONGEST_SECONDS + 5) problems.push(`${resource} took ${Math.round(seconds)} s until ${event}`);
    }
    if (service === 'cloudhsmv2' && resource.includes('/hsm-')) {
      if (event === 'CREATE_IN_PROGRESS') hsms.add(resource);
      if (['DELETE_IN_PROGRESS', 'DELETED', 'DEGRADED'].includes(event)) hsms.delete(resource);
      peak = Math.max(peak, hsms.size);
    }
  }
  if (peak > most) problems.push(`there were ${peak} HSMs at once, and ${most} were asked for`);
  return problems;
}
