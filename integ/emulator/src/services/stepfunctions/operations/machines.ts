import { idFormat } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { machineDeleting, machineExists, missingParameter } from '../errors';
import { findMachine, wireTime } from '../find';
import { checkDefinition, checkLogging, checkName, checkRole, refuseVersions } from '../machine-input';
import { page } from '../paging';
import { tables } from '../state';
import type { MachineRecord } from '../state';

interface Settings {
  readonly definition?: string;
  readonly roleArn?: string;
  readonly loggingConfiguration?: MachineRecord['loggingConfiguration'];
  readonly tracingConfiguration?: MachineRecord['tracingConfiguration'];
  readonly encryptionConfiguration?: MachineRecord['encryptionConfiguration'];
  readonly publish?: boolean;
}

interface CreateInput extends Settings {
  readonly name: string;
  readonly definition: string;
  readonly roleArn: string;
  readonly type?: MachineRecord['type'];
  readonly tags?: ReadonlyArray<{ readonly key: string; readonly value: string }>;
}

const NO_LOG = { level: 'OFF', includeExecutionData: false };

export function createStateMachine(context: Context, input: CreateInput): Output {
  checkName(input.name);
  checkDefinition(input.definition);
  refuseVersions(input);
  const { name, definition, roleArn, type = 'STANDARD', loggingConfiguration = NO_LOG, tracingConfiguration = { enabled: false } } = input;
  const arn = context.arn('states', `stateMachine:${name}`);
  const existing = tables.machines(context).get(arn);
  if (existing?.status === 'DELETING') throw machineDeleting(arn);
  if (existing) {
    // Asked for twice, it is made once; the role and the tags are not compared.
    const essence = (one: object): string => JSON.stringify(Object.entries(one).sort());
    const same = essence({ definition, type, loggingConfiguration, tracingConfiguration }) === essence({
      definition: existing.definition, type: existing.type, loggingConfiguration: existing.loggingConfiguration,
      tracingConfiguration: existing.tracingConfiguration,
    });
    if (!same) throw machineExists(arn);
    return { stateMachineArn: arn, creationDate: wireTime(context, existing.createdAt) };
  }
  checkRole(context, roleArn);
  checkLogging(context, roleArn, name, loggingConfiguration);
  tables.machines(context).put(arn, {
    arn, name, definition, roleArn, type, status: 'ACTIVE', createdAt: context.now, updatedAt: context.now, loggingConfiguration, tracingConfiguration,
    encryptionConfiguration: input.encryptionConfiguration,
    tags: Object.fromEntries((input.tags ?? []).map(({ key, value }) => [key, value])),
  });
  context.emit('created', name);
  return { stateMachineArn: arn, creationDate: wireTime(context, context.now) };
}

export function updateStateMachine(context: Context, input: Settings & { readonly stateMachineArn: string }): Output {
  const machine = findMachine(context, input.stateMachineArn);
  if (machine.status === 'DELETING') throw machineDeleting(machine.arn);
  refuseVersions(input);
  const { definition, roleArn, loggingConfiguration, tracingConfiguration, encryptionConfiguration } = input;
  const changes = Object.entries({ definition, roleArn, loggingConfiguration, tracingConfiguration, encryptionConfiguration })
    .filter(([, value]) => value !== undefined);
  if (changes.length === 0) throw missingParameter();
  if (definition !== undefined) checkDefinition(definition);
  if (roleArn !== undefined) checkRole(context, roleArn);
  const revisionId = idFormat.uuid(context.id('revision', machine.name));
  tables.machines(context).put(machine.arn, { ...machine, ...Object.fromEntries(changes), revisionId, updatedAt: context.now });
  context.emit('updated', machine.name);
  return { updateDate: wireTime(context, context.now), revisionId };
}

/** Goes by and by; what does not exist is deleted already. */
export function deleteStateMachine(context: Context, { stateMachineArn }: { readonly stateMachineArn: string }): Output {
  const machine = tables.machines(context).get(stateMachineArn);
  if (machine?.status !== 'ACTIVE') return {};
  tables.machines(context).put(machine.arn, { ...machine, status: 'DELETING' });
  const delay = context.delay('delete-state-machine', machine.name);
  context.busy('state machine being deleted', machine.name, delay);
  context.after(delay, { kind: 'machine-deleted', args: { arn: machine.arn } });
  context.emit('DELETING', machine.name);
  return {};
}

export function describeStateMachine(context: Context, { stateMachineArn }: { readonly stateMachineArn: string }): Output {
  const { arn, createdAt, updatedAt: _, tags: __, ...machine } = findMachine(context, stateMachineArn);
  return { ...machine, stateMachineArn: arn, creationDate: wireTime(context, createdAt) };
}

export function listStateMachines(context: Context, input: { readonly maxResults?: number; readonly nextToken?: string }): Output {
  const all = tables.machines(context).values().sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, nextToken } = page(all, input);
  return {
    stateMachines: items.map(({ arn, name, type, createdAt }) => ({ stateMachineArn: arn, name, type, creationDate: wireTime(context, createdAt) })),
    nextToken,
  };
}
