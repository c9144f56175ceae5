import { scheduleStep } from './begin';
import { addedTo } from './leftovers';
import { workOn } from './work';
import { idFormat } from '../../kernel';
import type { Json } from '../../kernel';
import type { Context } from '../../wire/operation';
import { ServiceError, wordsOf } from '../../wire/operation';
import { reportNotBuilt } from '../hosts';
import { decide } from '../plan/decide';
import type { Desired } from '../plan/decide';
import { isCustomResource, specOf } from '../spec';
import { nextOrdinal, operations, patchResource, patchTask, resources, stacks, tasks } from '../state';
import type { Leftover, OperationRecord, ResourceRecord, StackRecord, TaskRecord, Version } from '../state';
import { environmentFor, liveResources, stackCaller, templateOf } from '../surroundings';
import { signalTimeoutId, signalsWanted, waitForSignals } from './creation-policy';
import { resourceStatus } from './stack-events';
import { desiredOf } from '../template/desired';
import { hasSecureParameter } from '../template/dynamic';
import { Evaluator } from '../template/evaluate';
import { dependencies } from '../template/references';
import { isObject } from '../template/template';
import { refused, text } from '../texts';
import { handlerFor } from '../types';
import type { Handler, Progress } from '../types/handler';

interface Running {
  readonly context: Context;
  readonly stack: StackRecord;
  readonly operation: OperationRecord;
  readonly record: ResourceRecord;
  readonly task: TaskRecord;
}


/** A task's turn has come. */
export function start(context: Context, { stackId, taskId, operationId }: { stackId: string; taskId: string; operationId: string }): void {
  const operation = operations(context).get(stackId);
  const task = tasks(context, stackId).get(taskId);
  if (operation?.id !== operationId || task?.state !== 'queued') return;
  const stack = stacks(context).get(stackId)!;
  const record = resources(context, stackId).get(task.logicalId) ?? newRecord(context, stack, task.logicalId);
  const running = { context, stack, operation, record, task };
  if (task.action === 'forward') forward(running);
  else if (task.action === 'revert') revert(running);
  else remove(running);
}

function newRecord(context: Context, stack: StackRecord, logicalId: string): ResourceRecord {
  const { Type: type } = templateOf(context, stack.target!).Resources[logicalId];
  return resources(context, stack.stackId).put(logicalId, {
    stackId: stack.stackId, logicalId, type, status: 'CREATE_IN_PROGRESS', host: context.kernel.hostTime(), leftovers: [],
  });
}

/** Another look at a task that waits. */
export function check(context: Context, { stackId, taskId, token }: { stackId: string; taskId: string; token: string }): void {
  const running = runningTask(context, stackId, taskId, token);
  if (!running) return;
  const { task, record } = running;
  if (task.signals) return;
  const version = versionOf(running);
  const action = task.action === 'delete' ? 'delete' : task.action === 'create' ? 'create' : 'update';
  apply(running, attempt(running, version, (handler, work) => handler.resume(work, action), before(running)), record);
}

/** What a change starts from. */
function before({ task, record }: Running): Version | undefined {
  return task.action === 'update' ? record.current : task.action === 'revert' ? record.pending : undefined;
}

/** What a handler was waiting for has come from outside. */
export function report(context: Context, stackId: string, taskId: string, token: string, progress: Progress): void {
  const running = runningTask(context, stackId, taskId, token);
  if (running) apply(running, progress, running.record);
}

export function runningTask(context: Context, stackId: string, taskId: string, token: string): Running | undefined {
  const operation = operations(context).get(stackId);
  const task = tasks(context, stackId).get(taskId);
  if (!operation || !task || task.token !== token || (task.state !== 'running' && task.state !== 'settling')) return undefined;
  return { context, stack: stacks(context).get(stackId)!, operation, record: resources(context, stackId).get(task.logicalId)!, task };
}

// --- forward

function forward(running: Running): void {
  const { context, stack, operation, record, task } = running;
  const { stackId, logicalId } = task;
  const template = templateOf(context, stack.target!);
  const base = standing(record);
  let desired: Desired;
  try {
    const environment = environmentFor(context, stack, stack.target!, stackCaller(context, stack));
    desired = desiredOf(template.Resources[logicalId], new Evaluator(template, environment, liveResources(context, stackId)), stack.target!.tags);
    refuseSecureParameters(context, desired);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    resourceStatus(context, stackId, logicalId, base ? 'UPDATE_FAILED' : 'CREATE_FAILED', { reason: wordsOf(context, error), physicalId: base?.physicalId });
    finish(running, 'failed');
    return;
  }
  const version: Version = {
    ...desired,
    uid: String(nextOrdinal(context, stackId)),
    attributes: {},
    dependsOn: [...dependencies(template).get(logicalId)!],
  };
  if (operation.imports[logicalId] !== undefined) return adopt(running, { ...version, physicalId: operation.imports[logicalId] });
  if (!base) {
    dropHalfMade(running);
    return create(running, version, undefined);
  }
  const decision = decide(base, desired);
  if (!decision.touches && !base.failed) {
    if (decision.policies.length > 0 || !sameNeeds(base, version)) {
      const kept = { ...base, ...desired, dependsOn: version.dependsOn };
      patchResource(context, stackId, logicalId, { pending: kept });
    }
    finish(running, 'done');
    return;
  }
  if (isCustomResource(version.type) && decision.properties.some(({ name }) => name === 'ServiceToken')
    && context.row<string>('service-token-change') === 'refused') {
    resourceStatus(context, stackId, logicalId, 'UPDATE_FAILED', { reason: text(context, 'text-service-token-changed'), physicalId: base.physicalId });
    finish(running, 'failed');
    return;
  }
  const policy = isObject(desired.updatePolicy) ? desired.updatePolicy : {};
  const willReplace = isObject(policy.AutoScalingReplacingUpdate) && String(policy.AutoScalingReplacingUpdate.WillReplace) === 'true'
    && decision.properties.some(({ name }) => ['LaunchTemplate', 'LaunchConfigurationName', 'MixedInstancesPolicy', 'VPCZoneIdentifier'].includes(name));
  const replaces = decision.replacement === 'Always' || willReplace
    || (decision.replacement === 'Conditionally' && mayReplace(running, base, version));
  if (replaces) {
    const name = takenName(context, base, version);
    if (name === undefined) return create(running, version, base);
    resourceStatus(context, stackId, logicalId, 'UPDATE_FAILED', {
      reason: text(context, 'text-custom-name', { name }),
      physicalId: base.physicalId,
    });
    finish(running, 'failed');
    return;
  }
  update(running, { ...version, physicalId: base.physicalId, attributes: base.attributes, memory: base.memory }, base);
}

/** Secure parameters are for a few properties only. */
function refuseSecureParameters(context: Context, { type, properties }: Desired): void {
  if (context.row<string[]>('ssm-secure-types').includes(type)) return;
  const names = Object.keys(properties).filter((name) => hasSecureParameter(properties[name] ?? null));
  if (names.length > 0) {
    throw refused('text-ssm-secure-not-supported', { properties: names.map((name) => `${type}/Properties/${name}`).join(', ') });
  }
}

/** A name that the template gives cannot be there twice, so the new resource cannot be made beside the old one. */
function takenName(context: Context, base: Version, next: Version): string | undefined {
  const [property, ...more] = specOf(next.type)?.id ?? [];
  if (property === undefined || more.length > 0 || context.row<{ [type: string]: unknown }>('physical-names')[next.type] === undefined) return undefined;
  const name = next.properties[property];
  return typeof name === 'string' && name === base.physicalId ? name : undefined;
}

/** The version that stands: a failed creation is none. */
function standing({ current, pending }: ResourceRecord): Version | undefined {
  if (pending && !(pending.failed && (!current || pending.physicalId !== current.physicalId))) return pending;
  return current;
}

function sameNeeds(a: Version, b: Version): boolean {
  return a.dependsOn.join() === b.dependsOn.join();
}

/** A creation that failed in an earlier operation is deleted at the end of this one. */
function dropHalfMade({ context, record }: Running): void {
  const { stackId, logicalId, pending, leftovers } = record;
  if (!pending?.failed) return;
  const kept = addedTo(leftovers, { version: pending, policy: 'Delete', created: true });
  patchResource(context, stackId, logicalId, { pending: undefined, leftovers: kept });
}

function mayReplace(running: Running, base: Version, next: Version): boolean {
  const handler = handlerFor(running.context, next.type);
  return handler.replaces?.(workOn(running, { ...next, physicalId: base.physicalId }, base)) ?? false;
}

function create(running: Running, version: Version, replaced: Version | undefined): void {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  let record = resources(context, stackId).get(logicalId)!;
  // A second replacement within one operation: the first one's result is left over.
  if (replaced && record.pending && record.current && record.pending.physicalId !== record.current.physicalId) {
    record = patchResource(context, stackId, logicalId, {
      leftovers: addedTo(record.leftovers, { version: record.pending, policy: 'Delete', created: true }),
    });
  }
  record = patchResource(context, stackId, logicalId, { pending: version, type: version.type });
  resourceStatus(context, stackId, logicalId, replaced ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS', {
    reason: replaced ? text(context, 'text-replacing') : undefined, physicalId: replaced?.physicalId, properties: version.properties,
  });
  const started = begun(running, 'create', replaced !== undefined);
  apply(started, attempt(started, version, (handler, work) => handler.create(work)), record);
}

/** After a change that failed, the last one that did not is what counts as before. */
function update(running: Running, version: Version, base: Version): void {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  const record = patchResource(context, stackId, logicalId, { pending: version });
  resourceStatus(context, stackId, logicalId, 'UPDATE_IN_PROGRESS', { physicalId: version.physicalId, properties: version.properties });
  const started = begun(running, 'update', false);
  apply(started, attempt(started, version, (handler, work) => handler.update(work), base.failed ? record.current : base), record);
}

function adopt(running: Running, version: Version): void {
  const { context, task } = running;
  const record = patchResource(context, task.stackId, task.logicalId, { pending: version, type: version.type });
  resourceStatus(context, task.stackId, task.logicalId, 'IMPORT_IN_PROGRESS', {
    reason: text(context, 'text-import-started'), physicalId: version.physicalId, properties: version.properties,
  });
  const started = begun(running, 'import', false);
  apply(started, attempt(started, version, (handler, work) => handler.adopt?.(work) ?? {
    kind: 'failed', reason: text(context, 'text-import-not-supported', { type: version.type }),
  }), record);
}

// --- back

/** What was changed comes back as it was; what was replaced was never touched. */
function revert(running: Running): void {
  const { context, operation, record, task } = running;
  const { stackId, logicalId } = task;
  const current = record.current!;
  const pending = record.pending!;
  const replaced = pending.physicalId !== current.physicalId;
  if (operation.skip.includes(logicalId)) {
    patchResource(context, stackId, logicalId, { pending: undefined });
    resourceStatus(context, stackId, logicalId, 'UPDATE_COMPLETE', { physicalId: current.physicalId });
    finish(running, 'done');
    return;
  }
  const provider = replaced && pending.physicalId !== undefined && isProviderReplacement(pending);
  const asUpdate = provider && context.row<string>('rollback-of-provider-replacement') === 'update';
  if (!asUpdate && replaced) {
    // A policy alone may have changed with the replacement; the old resource goes on under the old policy.
    const leftovers = addedTo(record.leftovers, { version: pending, policy: pending.deletionPolicy, created: true });
    patchResource(context, stackId, logicalId, { pending: undefined, leftovers });
    resourceStatus(context, stackId, logicalId, 'UPDATE_IN_PROGRESS', { physicalId: current.physicalId });
    resourceStatus(context, stackId, logicalId, 'UPDATE_COMPLETE', { physicalId: current.physicalId });
    finish(running, 'done');
    return;
  }
  if (!pending.failed && !decide(current, pending).touches) {
    patchResource(context, stackId, logicalId, { pending: undefined });
    finish(running, 'done');
    return;
  }
  resourceStatus(context, stackId, logicalId, 'UPDATE_IN_PROGRESS', { physicalId: pending.physicalId, properties: current.properties });
  const started = begun(running, 'revert', false);
  const back = { ...current, physicalId: pending.physicalId ?? current.physicalId, memory: pending.memory ?? current.memory };
  apply(started, attempt(started, back, (handler, work) => handler.update(work), pending), record);
}

function isProviderReplacement({ memory }: Version): boolean {
  return isObject(memory) && memory.replacedByProvider === true;
}

// --- deletion

function remove(running: Running): void {
  const { context, operation, record, task } = running;
  const { stackId, logicalId } = task;
  const found = toDelete(record, task.uid!);
  if (!found) {
    finish(running, 'done');
    return;
  }
  const { version, policy, created } = found;
  const handler = handlerFor(context, version.type);
  const physicalId = version.physicalId ?? handler.madeUpId?.(workOn(running, version));
  if (physicalId === undefined) {
    // It never came into being; CloudFormation says it is deleted.
    forget(running, task.uid!);
    resourceStatus(context, stackId, logicalId, 'DELETE_COMPLETE');
    finish(running, 'done');
    return;
  }
  if (isKept(operation, policy, created) || operation.skip.includes(logicalId)) {
    forget(running, task.uid!);
    resourceStatus(context, stackId, logicalId, 'DELETE_SKIPPED', { physicalId });
    finish(running, 'done');
    return;
  }
  if (policy === 'Snapshot') reportNotBuilt(context, `${version.type}: the snapshot that DeletionPolicy asks for`);
  resourceStatus(context, stackId, logicalId, 'DELETE_IN_PROGRESS', { physicalId, properties: version.properties });
  const started = begun(running, 'delete', false);
  apply(started, attempt(started, { ...version, physicalId }, (each, work) => each.delete(work)), record);
}

function isKept(operation: OperationRecord, policy: string, created: boolean): boolean {
  if (policy === 'Retain') return !(created && operation.retainExceptOnCreate);
  return policy === 'RetainExceptOnCreate' && !created;
}

function toDelete(record: ResourceRecord, uid: string): Leftover | undefined {
  const leftover = record.leftovers.find(({ version }) => version.uid === uid);
  if (leftover) return leftover;
  const version = [record.pending, record.current].find((each) => each?.uid === uid);
  return version && { version, policy: version.deletionPolicy, created: false };
}

/** Drops a version, and with it the other one of the same physical resource. */
function forget({ context, task }: Running, uid: string): void {
  const { stackId, logicalId } = task;
  const { current, pending, leftovers } = resources(context, stackId).get(logicalId)!;
  const gone = [current, pending].find((version) => version?.uid === uid);
  const stays = (version: Version | undefined): Version | undefined =>
    (version && gone && (version.uid === uid || (version.physicalId !== undefined && version.physicalId === gone.physicalId)) ? undefined : version);
  patchResource(context, stackId, logicalId, {
    leftovers: leftovers.filter(({ version }) => version.uid !== uid), current: stays(current), pending: stays(pending),
  });
}

// --- carrying out

function begun(running: Running, action: TaskRecord['action'], replacing: boolean): Running {
  const { context, task } = running;
  const token = idFormat.uuid(context.kernel.ids.named('cloudformation-token', task.stackId, String(nextOrdinal(context, task.stackId))));
  const data = replacing ? { replacing: true } : undefined;
  return { ...running, task: patchTask(context, task, { state: 'running', action, token, startedAt: context.now, data }) };
}

type Attempt = (handler: Handler, work: ReturnType<typeof workOn>) => Progress;

/** Asks the handler; what it throws is a failure of the resource, and nothing it did stays. */
function attempt(running: Running, version: Version, ask: Attempt, previous?: Version): Progress {
  const { context } = running;
  try {
    return context.kernel.store.transaction(() => ask(handlerFor(context, version.type), workOn(running, version, previous)));
  } catch (error) {
    if (error instanceof ServiceError) return retried(running, error) ?? { kind: 'failed', reason: refusalText(running, error) };
    return { kind: 'failed', reason: `[emulator] internal error: ${(error as Error).stack ?? String(error)}` };
  }
}

/** Some refusals pass by themselves: the handlers of such types ask again. */
function retried({ context, task, record }: Running, error: ServiceError): Progress | undefined {
  const rows = context.row<Array<{ type: string; code: string; text: string; times: number; seconds: number; actions?: string[] }>>('retried-errors');
  const retries = task.retries ?? 0;
  const type = record.pending?.type ?? record.type;
  const row = rows.find((each) => (each.type === type || each.type === '*') && new RegExp(`^(${each.code})$`).test(error.code)
    && error.message.includes(each.text) && (each.actions ?? ['create', 'update', 'revert', 'delete']).includes(task.action));
  if (!row || retries >= row.times) return undefined;
  return { kind: 'wait', forWhat: `another try after ${error.code}`, ms: row.seconds * 1000, data: { retry: retries + 1 } };
}

/** How CloudFormation passes on what a service said. */
function refusalText({ context, task, record }: Running, error: ServiceError): string {
  if (error.code === 'ValidationError' && error.message.startsWith('[emulator]')) return error.message;
  const code = handlerErrorCode(error.code);
  const requestId = idFormat.uuid(context.kernel.ids.named('cloudformation-request', task.token ?? task.id));
  const name = serviceName(context, record.type);
  return text(context, 'text-handler-failed', {
    message: wordsOf(context, error), service: name, status: error.options.status ?? 400, requestId, token: task.token!, code,
  });
}

/** As the SDK of the handlers spells the service. */
function serviceName(context: Context, type: string): string {
  const [, name = 'AWS'] = type.split('::');
  return context.row<{ readonly [name: string]: string }>('service-names')[name] ?? name;
}

function handlerErrorCode(code: string): string {
  if (/AlreadyExists|AlreadyOwned|EntityAlreadyExists|ResourceExists|ResourceConflict|Duplicate/i.test(code)) return 'AlreadyExists';
  if (/NotFound|NoSuch|NonExistent/i.test(code)) return 'NotFound';
  if (/AccessDenied|Unauthorized/i.test(code)) return 'AccessDenied';
  if (/LimitExceeded|QuotaExceeded/i.test(code)) return 'ServiceLimitExceeded';
  if (/Throttl/i.test(code)) return 'Throttling';
  return /Validation|Invalid|BadRequest|Malformed|Missing/i.test(code) ? 'InvalidRequest' : 'GeneralServiceException';
}

function versionOf({ task, record }: Running): Version {
  if (task.action === 'delete') {
    const { version } = toDelete(record, task.uid!)!;
    return { ...version, physicalId: version.physicalId ?? record.physicalId };
  }
  return task.action === 'revert' ? { ...record.current!, physicalId: record.pending!.physicalId ?? record.current!.physicalId } : record.pending!;
}

function apply(running: Running, progress: Progress, record: ResourceRecord): void {
  const { context, task } = running;
  if (progress.kind === 'wait') {
    wait(running, progress);
    return;
  }
  if (task.state === 'settling') return settled(running, progress);
  switch (task.action) {
    case 'create': return afterCreate(running, progress);
    case 'update': return afterUpdated(running, progress, record);
    case 'import': return afterAdopted(running, progress);
    case 'revert': return afterReverted(running, progress);
    case 'delete': return afterDeleted(running, progress);
    case 'forward': throw new Error(`${context.service}: nothing was begun for ${task.id}`);
  }
}

function wait(running: Running, progress: Extract<Progress, { kind: 'wait' }>): void {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  const retry = isObject(progress.data as Json as never) ? (progress.data as { retry?: number }).retry : undefined;
  if (progress.physicalId !== undefined) initiated(running, progress.physicalId);
  if (progress.memory !== undefined) {
    const { pending } = resources(context, stackId).get(logicalId)!;
    if (pending && task.action !== 'delete') patchResource(context, stackId, logicalId, { pending: { ...pending, memory: progress.memory } });
  }
  const timedOut = retry === undefined && progress.ms !== undefined && context.now - task.startedAt! >= context.row<number>('handler-timeout') * 1000;
  if (timedOut) {
    apply(running, {
      kind: 'failed', reason: text(context, 'text-never-stable', { token: task.token! }),
    }, running.record);
    return;
  }
  patchTask(context, tasks(context, stackId).get(task.id)!, {
    forWhat: progress.forWhat,
    ...(retry === undefined
      ? { data: { ...(isReplacing(task) ? { replacing: true } : {}), handler: progress.data ?? null } }
      : { retries: retry }),
  });
  const kind = retry === undefined ? 'check' : 'retry';
  if (progress.ms !== undefined) context.after(progress.ms, { kind, id: nextLookId(task), args: { stackId, taskId: task.id, token: task.token } });
}

/** The same again, after a refusal that may have passed. */
export function tryAgain(context: Context, args: { stackId: string; taskId: string; token: string }): void {
  const running = runningTask(context, args.stackId, args.taskId, args.token);
  if (!running) return;
  const { task, record } = running;
  // While it settles, nothing is begun again.
  if (task.state === 'settling') return settled(running, { kind: 'failed', reason: '' });
  const version = versionOf(running);
  const begin: Attempt = (handler, work) => (task.action === 'create' ? handler.create(work)
    : task.action === 'delete' ? handler.delete(work) : handler.update(work));
  apply(running, attempt(running, version, begin, before(running)), record);
}

/** Name of the event that looks at a task again. */
function nextLookId({ stackId, id }: TaskRecord): string {
  return `cloudformation/look/${stackId}/${id}`;
}

function isReplacing({ data }: TaskRecord): boolean {
  return isObject(data as never) && (data as { replacing?: boolean }).replacing === true;
}

/** The physical resource has an id from now on. */
function initiated({ context, task }: Running, physicalId: string): void {
  const { stackId, logicalId } = task;
  if (task.action !== 'create' || task.state === 'settling') return;
  const { pending } = resources(context, stackId).get(logicalId)!;
  if (!pending || pending.physicalId === physicalId) return;
  patchResource(context, stackId, logicalId, { pending: { ...pending, physicalId } });
  resourceStatus(context, stackId, logicalId, isReplacing(task) ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS', {
    reason: text(context, 'text-creation-initiated'), physicalId, properties: pending.properties,
  });
}

function made(running: Running, progress: Extract<Progress, { kind: 'done' }>): Version {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  const { pending } = resources(context, stackId).get(logicalId)!;
  const version: Version = {
    ...pending!,
    physicalId: progress.physicalId,
    attributes: progress.attributes ?? {},
    failed: undefined,
    memory: progress.memory ?? pending!.memory,
  };
  patchResource(context, stackId, logicalId, { pending: version, physicalId: version.physicalId });
  return version;
}

function afterCreate(running: Running, progress: Exclude<Progress, { kind: 'wait' }>): void {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  if (progress.kind === 'failed') {
    if (progress.physicalId !== undefined) initiated(running, progress.physicalId);
    failVersion(running, isReplacing(task) ? 'UPDATE_FAILED' : 'CREATE_FAILED', progress.reason);
    return;
  }
  initiated(running, progress.physicalId);
  const version = made(running, progress);
  const signals = signalsWanted(version);
  if (signals && !isReplacing(task)) {
    waitForSignals(context, task, signals);
    return;
  }
  completeCreation(context, stackId, logicalId, isReplacing(task), version);
  finish(running, 'done');
}

function completeCreation(context: Context, stackId: string, logicalId: string, replacing: boolean, version: Version): void {
  resourceStatus(context, stackId, logicalId, replacing ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE', {
    physicalId: version.physicalId, properties: version.properties,
  });
}

/** All signals are there, or too few. */
export function signalled(context: Context, stackId: string, taskId: string, problem: string | undefined): void {
  const task = tasks(context, stackId).get(taskId);
  const running = task?.token ? runningTask(context, stackId, taskId, task.token) : undefined;
  if (!running) return;
  const { pending } = running.record;
  patchTask(context, running.task, { signals: undefined });
  if (problem !== undefined) {
    failVersion(running, 'CREATE_FAILED', problem);
    return;
  }
  completeCreation(context, stackId, running.task.logicalId, false, pending!);
  finish(running, 'done');
}

function failVersion(running: Running, status: string, reason: string): void {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  const { pending } = resources(context, stackId).get(logicalId)!;
  if (pending) patchResource(context, stackId, logicalId, { pending: { ...pending, failed: true } });
  resourceStatus(context, stackId, logicalId, status, { reason, physicalId: pending?.physicalId, properties: pending?.properties });
  finish(running, 'failed');
}

function afterUpdated(running: Running, progress: Exclude<Progress, { kind: 'wait' }>, earlier: ResourceRecord): void {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  if (progress.kind === 'failed') return failVersion(running, 'UPDATE_FAILED', progress.reason);
  const old = earlier.pending?.physicalId;
  const moved = old !== undefined && old !== progress.physicalId;
  const memory = moved ? { ...(isObject(progress.memory as never) ? progress.memory as object : {}), replacedByProvider: true } : progress.memory;
  const version = made(running, { ...progress, memory });
  // A second change within one operation: the id in between is nobody's.
  const { current, leftovers } = resources(context, stackId).get(logicalId)!;
  if (moved && current && old !== current.physicalId) {
    patchResource(context, stackId, logicalId, {
      leftovers: addedTo(leftovers, { version: { ...earlier.pending!, physicalId: old }, policy: 'Delete', created: true }),
    });
  }
  resourceStatus(context, stackId, logicalId, 'UPDATE_COMPLETE', {
    physicalId: version.physicalId,
    properties: version.properties,
    reason: moved ? text(context, 'text-provider-replacement') : undefined,
  });
  finish(running, 'done');
}

function afterAdopted(running: Running, progress: Exclude<Progress, { kind: 'wait' }>): void {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  if (progress.kind === 'failed') return failVersion(running, 'IMPORT_FAILED', progress.reason);
  const { physicalId } = made(running, progress);
  resourceStatus(context, stackId, logicalId, 'IMPORT_COMPLETE', { reason: text(context, 'text-import-completed'), physicalId });
  resourceStatus(context, stackId, logicalId, 'UPDATE_IN_PROGRESS', {
    reason: text(context, 'text-import-tags'), physicalId,
  });
  resourceStatus(context, stackId, logicalId, 'UPDATE_COMPLETE', { physicalId });
  finish(running, 'done');
}

function afterReverted(running: Running, progress: Exclude<Progress, { kind: 'wait' }>): void {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  const record = resources(context, stackId).get(logicalId)!;
  if (progress.kind === 'failed') {
    resourceStatus(context, stackId, logicalId, 'UPDATE_FAILED', { reason: progress.reason, physicalId: record.current!.physicalId });
    finish(running, 'failed');
    return;
  }
  const current = { ...record.current!, physicalId: progress.physicalId, attributes: progress.attributes ?? record.current!.attributes };
  const other = record.pending!.physicalId !== undefined && record.pending!.physicalId !== progress.physicalId;
  const leftovers = other
    ? addedTo(record.leftovers, { version: record.pending!, policy: record.pending!.deletionPolicy, created: true })
    : record.leftovers;
  patchResource(context, stackId, logicalId, { current, pending: undefined, leftovers });
  resourceStatus(context, stackId, logicalId, 'UPDATE_COMPLETE', { physicalId: current.physicalId, properties: current.properties });
  finish(running, 'done');
}

function afterDeleted(running: Running, progress: Exclude<Progress, { kind: 'wait' }>): void {
  const { context, task, operation, record } = running;
  const { stackId, logicalId } = task;
  const physicalId = versionOf(running).physicalId ?? record.physicalId;
  if (progress.kind === 'failed' && !operation.force) {
    resourceStatus(context, stackId, logicalId, 'DELETE_FAILED', { reason: progress.reason, physicalId });
    finish(running, 'failed');
    return;
  }
  forget(running, task.uid!);
  resourceStatus(context, stackId, logicalId, progress.kind === 'failed' ? 'DELETE_SKIPPED' : 'DELETE_COMPLETE', { physicalId });
  finish(running, 'done');
}

// --- giving up

/** The operation turns back: what is under way is called off; a type that cannot be interrupted settles first. */
export function giveUp(context: Context, operation: OperationRecord, task: TaskRecord): void {
  const { stackId, logicalId } = task;
  if (task.state === 'queued') {
    patchTask(context, task, { state: 'waiting' });
    return;
  }
  const record = resources(context, stackId).get(logicalId)!;
  const creating = task.action === 'create' && !isReplacing(task);
  const { pending } = record;
  if (pending) patchResource(context, stackId, logicalId, { pending: { ...pending, failed: true } });
  resourceStatus(context, stackId, logicalId, creating ? 'CREATE_FAILED' : 'UPDATE_FAILED', {
    reason: text(context, creating ? 'text-creation-cancelled' : 'text-update-cancelled'), physicalId: pending?.physicalId, properties: pending?.properties,
  });
  const stack = stacks(context).get(stackId)!;
  const running = { context, stack, operation, record, task };
  if (task.signals) context.cancel(signalTimeoutId(task));
  const owed = pending && !task.signals && handlerFor(context, record.type).abandon?.(workOn(running, pending)) !== true;
  if (!owed) context.cancel(nextLookId(task));
  patchTask(context, task, { state: owed ? 'settling' : 'cancelled', signals: undefined });
}

/** Another operation takes the place of this one: nothing that it waits for is owed any more. */
export function callOff(context: Context, operation: OperationRecord): void {
  const { stackId } = operation;
  const stack = stacks(context).get(stackId)!;
  for (const task of tasks(context, stackId).values()) {
    if (task.state !== 'running' && task.state !== 'settling') continue;
    const record = resources(context, stackId).get(task.logicalId)!;
    const running = { context, stack, operation, record, task };
    handlerFor(context, record.type).abandon?.(workOn(running, versionOf(running)));
    context.cancel(nextLookId(task));
    context.cancel(signalTimeoutId(task));
  }
}

/** It is through at last; what it made is known, whatever the operation thinks of it. */
function settled(running: Running, progress: Exclude<Progress, { kind: 'wait' }>): void {
  const { context, task } = running;
  const { stackId, logicalId } = task;
  const { pending } = resources(context, stackId).get(logicalId)!;
  if (pending && progress.physicalId !== undefined) {
    patchResource(context, stackId, logicalId, { pending: { ...pending, physicalId: progress.physicalId } });
  }
  finish(running, 'cancelled');
}

function finish({ context, task }: Running, state: TaskRecord['state']): void {
  patchTask(context, tasks(context, task.stackId).get(task.id)!, { state });
  scheduleStep(context, task.stackId);
}

/** Data that a handler left with its task. */
export function handlerData({ data }: TaskRecord): Json | undefined {
  return isObject(data as never) ? (data as { handler?: Json }).handler : undefined;
}
