import { readUserData } from './boot-scripts';
import { notBuilt } from './host';
import { dropInterface } from './interface-records';
import { newPublicIp } from './operations/addresses';
import { addresses, instances, interfaces, volumes } from './state';
import type { Instance, InstanceState, NetworkInterface } from './state';
import { dropTags } from './tags';
import type { Context } from '../../wire/operation';

/**
 * The states of an instance and what happens between them.
 *
 * Every event carries the generation it belongs to: a stop and a new start make the earlier ones void.
 */
interface Moment {
  readonly id: string;
  readonly generation: number;
}

export const STATE_CODES: Readonly<Record<InstanceState, number>> = {
  'pending': 0, 'running': 16, 'shutting-down': 32, 'terminated': 48, 'stopping': 64, 'stopped': 80,
};

export function stateView(state: InstanceState): { Code: number; Name: InstanceState } {
  return { Code: STATE_CODES[state], Name: state };
}

function put(context: Context, instance: Instance): Instance {
  const before = instances(context).get(instance.id);
  const after = instances(context).put(instance.id, instance);
  if (before?.state !== after.state) {
    context.emit(after.state, after.id);
    context.after(0, { kind: 'autoscaling.instance-state', args: { instanceId: after.id, state: after.state } });
  }
  return after;
}

function then(context: Context, instance: Instance, delay: number, kind: string, daemon: boolean = false): void {
  context.after(delay, { kind, args: { id: instance.id, generation: instance.generation }, id: `${kind} ${instance.id}`, daemon });
}

/** The instance, if it is still what it was when the event was scheduled. */
function still(context: Context, { id, generation }: Moment, ...states: InstanceState[]): Instance | undefined {
  const instance = instances(context).get(id);
  return instance && instance.generation === generation && states.includes(instance.state) ? instance : undefined;
}

/** From nothing, or from stopped. */
export function begin(context: Context, instance: Instance): Instance {
  const pending = put(context, {
    ...instance, state: 'pending', generation: instance.generation + 1, launchedAt: context.now, transitionReason: '', transitionAt: context.now,
    stateReason: undefined, checked: false,
  });
  const delay = context.delay('instance-pending', instance.id);
  context.busy('instance pending', instance.id, delay);
  then(context, pending, delay, 'instance-running');
  return pending;
}

export function instanceRunning(context: Context, moment: Moment): void {
  const pending = still(context, moment, 'pending');
  if (!pending) return;
  const running = put(context, { ...pending, state: 'running' });
  then(context, running, context.delay('instance-status-checks', running.id), 'instance-checked');
  const scripts = running.booted ? [] : bootScripts(context, running);
  const afterScripts = scripts.length > 0 && context.row<string>('agent-starts') === 'after-user-data';
  instances(context).put(running.id, { ...running, booted: true, bootScripts: scripts });
  const boot = context.delay('instance-boot', running.id);
  if (scripts.length > 0) then(context, running, boot, 'instance-user-data');
  if (!afterScripts) scheduleAgent(context, running, boot);
}

export function instanceChecked(context: Context, moment: Moment): void {
  const instance = still(context, moment, 'running');
  if (instance) instances(context).put(instance.id, { ...instance, checked: true });
}

function bootScripts(context: Context, { id, userData }: Instance): string[] {
  if (userData === undefined) return [];
  const { scripts, others } = readUserData(userData);
  for (const type of others) notBuilt(context.kernel, `user data of type ${type} on ${id}`);
  if (scripts.length > 0 && !context.kernel.drives('instance-script')) {
    notBuilt(context.kernel, `user data of ${id}: nothing runs scripts here`);
    return [];
  }
  return scripts.map((script) => context.kernel.blobs.put(script));
}

/** One script after the other, as cloud-init does; each is an activity of its own. */
export function instanceUserData(context: Context, moment: Moment): void {
  const instance = still(context, moment, 'running');
  if (!instance || instance.bootScripts.length === 0) return;
  const [script] = instance.bootScripts;
  context.kernel.begin(bootActivity(instance), 'instance-script', {
    instanceId: instance.id,
    purpose: 'boot',
    script,
    timeoutSeconds: context.row<number>('user-data-timeout'),
    env: {},
    account: context.account,
    region: context.region,
  });
  context.emit('user data started', instance.id);
}

function bootActivity(instance: Instance): string {
  return `boot ${instance.id}`;
}

/** A script that fails does not keep the next from running, nor the agent from starting. */
export function bootScriptEnded(context: Context, { instanceId, exitCode }: { instanceId: string; exitCode: number }): void {
  const instance = instances(context).get(instanceId);
  if (instance?.state !== 'running') return;
  const rest = instance.bootScripts.slice(1);
  instances(context).put(instance.id, { ...instance, bootScripts: rest });
  context.emit(`user data ended with ${exitCode}`, instance.id);
  if (rest.length > 0) then(context, instance, 0, 'instance-user-data');
  else if (context.row<string>('agent-starts') === 'after-user-data') scheduleAgent(context, instance, 0);
}

function scheduleAgent(context: Context, { id }: Instance, after: number): void {
  if (context.fault('boot', id)?.kind === 'never-online') {
    context.emit('agent never comes', id);
    return;
  }
  const delay = after + context.delay('agent-start', id);
  context.busy('agent starting', id, delay);
  context.after(delay, { kind: 'ssm.agent-started', args: { instanceId: id }, id: agentEvent(id) });
}

function agentEvent(id: string): string {
  return `ssm.agent-started ${id}`;
}

function quieten(context: Context, instance: Instance): void {
  context.cancel(agentEvent(instance.id));
  for (const kind of ['instance-running', 'instance-checked', 'instance-user-data']) context.cancel(`${kind} ${instance.id}`);
  context.kernel.abandon(bootActivity(instance));
  context.after(0, { kind: 'ssm.agent-stopped', args: { instanceId: instance.id } });
}

export function reboot(context: Context, instance: Instance): void {
  if (instance.state !== 'running') return;
  context.emit('rebooting', instance.id);
  context.after(0, { kind: 'ssm.agent-stopped', args: { instanceId: instance.id } });
  scheduleAgent(context, instance, context.delay('instance-boot', instance.id));
}

export function stop(context: Context, instance: Instance, why: string): Instance {
  if (instance.state === 'stopping' || instance.state === 'stopped') return instance;
  quieten(context, instance);
  const stopping = put(context, {
    ...instance,
    state: 'stopping',
    bootScripts: [],
    transitionReason: 'User initiated',
    transitionAt: context.now,
    stateReason: { code: 'Client.UserInitiatedShutdown', message: `Client.UserInitiatedShutdown: ${why}` },
  });
  const delay = context.delay('instance-stop', instance.id);
  context.busy('instance stopping', instance.id, delay);
  then(context, stopping, delay, 'instance-stopped');
  return stopping;
}

export function instanceStopped(context: Context, moment: Moment): void {
  const stopping = still(context, moment, 'stopping');
  if (!stopping) return;
  const stopped = put(context, { ...stopping, state: 'stopped' });
  for (const card of interfacesOf(context, stopped)) {
    const { publicIp: _released, ...rest } = card;
    interfaces(context).put(card.id, rest);
  }
}

export function start(context: Context, instance: Instance): Instance {
  const primary = interfacesOf(context, instance).find(({ attachment }) => attachment?.deviceIndex === 0);
  const elastic = primary && addresses(context).values().some(({ interfaceId }) => interfaceId === primary.id);
  if (primary && instance.publicAddress && !elastic) interfaces(context).put(primary.id, { ...primary, publicIp: newPublicIp(context) });
  return begin(context, instance);
}

export function terminate(context: Context, instance: Instance, why: string = 'User initiated shutdown'): Instance {
  if (instance.state === 'shutting-down' || instance.state === 'terminated') return instance;
  quieten(context, instance);
  context.cancel(`instance-stopped ${instance.id}`);
  const ending = put(context, {
    ...instance,
    state: 'shutting-down',
    bootScripts: [],
    transitionReason: 'User initiated',
    transitionAt: context.now,
    stateReason: { code: 'Client.UserInitiatedShutdown', message: `Client.UserInitiatedShutdown: ${why}` },
  });
  const delay = context.delay('instance-terminate', instance.id);
  context.busy('instance shutting down', instance.id, delay);
  then(context, ending, delay, 'instance-terminated');
  return ending;
}

/** Interfaces and volumes go with the instance as their attachments say; the record can be seen for about an hour. */
export function instanceTerminated(context: Context, moment: Moment): void {
  const ending = still(context, moment, 'shutting-down');
  if (!ending) return;
  for (const card of interfacesOf(context, ending)) {
    const { attachment, publicIp: _released, ...rest } = card;
    if (attachment?.deleteOnTermination) dropInterface(context, card);
    else interfaces(context).put(card.id, rest);
  }
  for (const volume of volumes(context).values()) {
    if (volume.attachment?.instanceId !== ending.id) continue;
    const { attachment, ...rest } = volume;
    if (attachment.deleteOnTermination) {
      volumes(context).delete(volume.id);
      dropTags(context, volume.id);
    } else {
      volumes(context).put(volume.id, rest);
    }
  }
  const terminated = put(context, { ...ending, state: 'terminated', devices: [], interfaceIds: [] });
  then(context, terminated, context.delay('deleted-visible', terminated.id), 'instance-forgotten', true);
}

export function instanceForgotten(context: Context, { id }: Moment): void {
  instances(context).delete(id);
  dropTags(context, id);
}

export function interfacesOf(context: Context, instance: Instance): NetworkInterface[] {
  return instance.interfaceIds.map((id) => interfaces(context).get(id)).filter((card) => card !== undefined);
}
