import { attempt, begun } from './attempt';
import { addedTo } from './leftovers';
import { apply } from './outcome';
import { problemOf } from './problem';
import { finish } from './running';
import type { Running } from './running';
import { resourceStatus } from './stack-events';
import { workOn } from './work';
import type { Context } from '../../wire/operation';
import { decide } from '../plan/decide';
import type { Desired } from '../plan/decide';
import { isCustomResource, specOf } from '../spec';
import { nextOrdinal, patchResource, resources } from '../state';
import type { ResourceRecord, Version } from '../state';
import { environmentFor, liveResources, stackCaller, templateOf } from '../surroundings';
import { desiredOf } from '../template/desired';
import { hasSecureParameter } from '../template/dynamic';
import { Evaluator } from '../template/evaluate';
import { propertyProblems } from '../template/properties';
import { dependencies } from '../template/references';
import { isObject, own } from '../template/template';
import { refused, text } from '../texts';
import { handlerFor } from '../types';

/** What the template asks for: made, changed, replaced, imported, or left as it is. */
export function forward(running: Running): void {
  const { context, stack, operation, record, task } = running;
  const { stackId, logicalId } = task;
  const template = templateOf(context, stack.target!);
  const base = standing(record);
  let desired: Desired;
  try {
    const environment = environmentFor(context, stack, stack.target!, stackCaller(context, stack));
    desired = desiredOf(template.Resources[logicalId], new Evaluator(template, environment, liveResources(context, stackId)), stack.target!.tags);
    refuseSecureParameters(context, desired);
    refuseProperties(logicalId, desired);
  } catch (error) {
    resourceStatus(context, stackId, logicalId, base ? 'UPDATE_FAILED' : 'CREATE_FAILED', { reason: problemOf(context, error), physicalId: base?.physicalId });
    finish(running, 'failed');
    return;
  }
  const version: Version = {
    ...desired,
    uid: String(nextOrdinal(context, stackId)),
    attributes: {},
    dependsOn: [...dependencies(template).get(logicalId)!],
  };
  const adopted = own(operation.imports, logicalId);
  if (adopted !== undefined) return adopt(running, { ...version, physicalId: adopted });
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

/** What the type's schema does not allow is refused before the type's handler is asked. */
function refuseProperties(logicalId: string, { type, properties }: Desired): void {
  const problems = propertyProblems(type, properties, specOf);
  if (problems.length > 0) throw refused('text-properties-invalid', { logicalId, problems: problems.join('\n') });
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
