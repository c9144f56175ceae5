import { deployDirectly } from './direct';
import { failures } from './failures';

import type { Build, Offline } from './offline';
import { without } from './without';
import type { Permissions } from './without';
import type { Report } from 'cloudhsm-emulator';

/** What came of a deploy that was short of permissions. */
export interface Removed {
  /** Of the stack. */
  readonly status: string;
  /** What its events say. */
  readonly why: string;
  /** Calls that were refused for want of the permissions. */
  readonly refusals: Report['denied'];
}

export interface Change {
  /** What is there. */
  readonly base: Build;
  /** What is deployed next. */
  readonly step: Build;
  /** What somebody does by hand before that. */
  readonly between?: (offline: Offline) => Promise<unknown>;
}

/**
 * Deploys a step on top of an app that is there, from which permissions were taken away before: in a deploy of their own, because what they allowed goes on
 * being allowed for a while.
 */
export async function deployWithout(offline: Offline, { base, step, between }: Change, permissions: Permissions): Promise<Removed> {
  await deployDirectly(offline, offline.synth(without(base, [permissions])));
  await between?.(offline);
  const { stacks } = await deployDirectly(offline, offline.synth(without(step, [permissions])));
  const { status } = stacks.find(({ name }) => name === 'Hsm')!;
  const refusals = offline.report().denied.filter(({ principal, action = '' }) => principal.includes(`-${permissions.role}`) && permissions.actions.includes(action));
  return { status, why: await failures(offline, 'Hsm'), refusals };
}
