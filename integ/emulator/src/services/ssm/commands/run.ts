import { keepOutput } from './output';
import { commands, invocationKey, invocations, isOver, stepKey } from './state';
import type { CommandRecord, InvocationRecord, Status, StepResult } from './state';
import type { Fault } from '../../../kernel';
import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { parseContent } from '../documents/content';
import { requireDocument, requireDocumentVersion } from '../documents/state';
import { commandLines, resolveReferences, substitute } from '../documents/substitute';
import type { DocumentContent, Step } from '../documents/types';
import { resolveValues } from '../documents/values';
import type { Values } from '../documents/values';
import { findParameter } from '../parameters/find';
import { text } from '../text';

/** What came of a step's script. `reason` is there when the script did not end by itself. */
export interface ScriptEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly reason?: 'timeout' | 'turn' | 'lost' | 'cancelled';
}

/** A document's steps, those of schema 1.2 in the shape of 2.2. */
export function stepsOf(content: DocumentContent): Step[] {
  if (content.mainSteps) return [...content.mainSteps];
  return Object.entries(content.runtimeConfig ?? {}).map(([action, { properties }]) => ({
    action, name: action, inputs: (Array.isArray(properties) ? properties[0] : properties) as Step['inputs'],
  }));
}

/** Begins the step that is next, or ends the invocation after the last. */
export function runNextStep(context: Context, invocation: InvocationRecord): void {
  const command = commands(context).get(invocation.commandId)!;
  const { content, values } = documentOf(context, command);
  const steps = stepsOf(content);
  const step = steps[invocation.at];
  if (!step) {
    endInvocation(context, invocation);
    return;
  }
  if (invocation.skipRest && !step.finallyStep) {
    settleStep(context, invocation, { status: 'Success', details: 'Skipped', code: 0, stdout: '', stderr: '' });
    return;
  }
  const skipped = unmetPrecondition(step, values);
  if (skipped) {
    settleStep(context, invocation, { status: 'Success', details: 'Skipped', code: 0, stdout: skipped, stderr: '' });
    return;
  }
  if (step.action !== 'aws:runShellScript') {
    const stderr = `[emulator] action ${step.action} is not built`;
    settleStep(context, invocation, { status: 'Failed', details: 'Failed', code: 1, stdout: '', stderr });
    return;
  }
  beginScript(context, command, invocation, step, values);
}

function beginScript(context: Context, command: CommandRecord, invocation: InvocationRecord, step: Step, values: Values): void {
  const { commandId, instanceId, at } = invocation;
  let inputs: Record<string, unknown>;
  try {
    inputs = resolveReferences(substitute(step.inputs ?? {}, values), (name) => plainParameter(context, name), {
      'global:INSTANCE_ID': instanceId,
      'global:REGION': context.region,
      'global:DATE': new Date(context.kernel.hostTime()).toISOString().slice(0, 10),
      'global:DATE_TIME': new Date(context.kernel.hostTime()).toISOString(),
    }) as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    settleStep(context, invocation, { status: 'Failed', details: 'Failed', code: 1, stdout: '', stderr: error.message });
    return;
  }
  const timeoutSeconds = executionTimeout(context, inputs.timeoutSeconds ?? step.timeoutSeconds);
  updateStep(context, invocation, {
    status: 'InProgress', details: context.row<string>('details-in-progress'), startedAt: context.now, deadline: context.now + timeoutSeconds * 1000,
  });
  const key = stepKey(commandId, instanceId, at);
  const fault = context.fault('command', command.documentName);
  if (fault) {
    failByFault(context, key, fault, timeoutSeconds);
    return;
  }
  const lines = commandLines(inputs.runCommand);
  context.kernel.begin(key, 'instance-script', {
    account: context.account,
    region: context.region,
    instanceId,
    purpose: 'command',
    invocationId: key,
    script: context.kernel.blobs.put(Buffer.from(`${lines.join('\n')}\n`, 'utf8')),
    timeoutSeconds,
    workingDirectory: typeof inputs.workingDirectory === 'string' && inputs.workingDirectory !== ''
      ? inputs.workingDirectory
      : context.row<string>('working-directory'),
    // As the agent lays it out under its data folder.
    path: `/var/lib/amazon/ssm/${instanceId}/document/orchestration/${commandId}/${step.name.replace(/:/g, '')}/_script.sh`,
    env: {},
  });
}

function outcomeOf(context: Context, invocation: InvocationRecord, { reason, exitCode }: ScriptEnd): { status: Status; details: string } {
  if (invocation.status === 'Cancelling' || reason === 'cancelled') return { status: 'Cancelled', details: 'Cancelled' };
  // The agent takes a script that ends with this code for one it had to stop.
  const stopped = reason === 'timeout' || reason === 'turn' || exitCode === context.row<number>('stopped-exit-code');
  if (stopped) return { status: 'TimedOut', details: context.row<string>('details-execution-timed-out') };
  return exitCode !== 0 || reason === 'lost' ? { status: 'Failed', details: 'Failed' } : { status: 'Success', details: 'Success' };
}

/** A failure that was asked for: the script does not run. */
function failByFault(context: Context, key: string, fault: Fault, timeoutSeconds: number): void {
  const never = fault.kind === 'never';
  const { exitCode = 1, stderr = '[emulator] asked for by a fault' } = fault.params as { exitCode?: number; stderr?: string };
  context.after(never ? timeoutSeconds * 1000 : 1, {
    kind: 'script-ended',
    args: never
      ? { invocationId: key, exitCode: context.row<number>('stopped-exit-code'), stdout: '', stderr: '', reason: 'timeout' }
      : { invocationId: key, exitCode, stdout: '', stderr },
    id: `ssm-fault/${key}`,
  });
}

/** Notes what a script came to and goes on with the document. */
export function stepEnded(context: Context, invocation: InvocationRecord, end: ScriptEnd): void {
  const outcome = outcomeOf(context, invocation, end);
  const failed = outcome.status === 'Failed' && end.reason !== 'lost';
  const separator = end.stderr === '' || end.stderr.endsWith('\n') ? '' : '\n';
  const stderr = failed ? end.stderr + separator + text(context, 'failed-suffix', { code: end.exitCode }) : end.stderr;
  settleStep(context, invocation, { ...outcome, code: end.exitCode, stdout: end.stdout, stderr });
}

function settleStep(context: Context, invocation: InvocationRecord, result: Omit<StepResult, 'name' | 'startedAt' | 'endedAt' | 'deadline'>): void {
  const command = commands(context).get(invocation.commandId)!;
  const step = stepsOf(documentOf(context, command).content)[invocation.at];
  const startedAt = invocation.steps[invocation.at].startedAt ?? context.now;
  const updated = updateStep(context, invocation, { ...result, startedAt, endedAt: context.now });
  keepOutput(context, command, updated, updated.steps[invocation.at]);
  const bad = result.status !== 'Success';
  const ends = (bad && (step.onFailure === 'exit' || step.onFailure === 'successAndExit' || result.status !== 'Failed'))
    || (!bad && (step.onSuccess === 'exit' || step.isEnd === true) && result.details !== 'Skipped');
  const next = invocations(context).put(invocationKey(updated.commandId, updated.instanceId), {
    ...updated,
    at: updated.at + 1,
    skipRest: updated.skipRest || ends,
    steps: bad && step.onFailure === 'successAndExit'
      ? updated.steps.map((one, at) => (at === updated.at ? { ...one, status: 'Success' as const } : one))
      : updated.steps,
  });
  runNextStep(context, next);
}

function updateStep(context: Context, invocation: InvocationRecord, change: Partial<StepResult>): InvocationRecord {
  const steps = invocation.steps.map((step, at) => (at === invocation.at ? { ...step, ...change } : step));
  return invocations(context).put(invocationKey(invocation.commandId, invocation.instanceId), { ...invocation, steps });
}

function endInvocation(context: Context, invocation: InvocationRecord): void {
  if (isOver(invocation)) return;
  const first = (status: Status) => invocation.steps.find((step) => step.status === status);
  const worst = first('Failed') ?? first('TimedOut') ?? first('Cancelled');
  const ended = invocations(context).put(invocationKey(invocation.commandId, invocation.instanceId), {
    ...invocation, status: worst?.status ?? 'Success', details: worst?.details ?? 'Success',
  });
  context.emit(ended.details, `${ended.commandId}/${ended.instanceId}`);
}

function documentOf(context: Context, command: CommandRecord): { content: DocumentContent; values: Values } {
  const document = requireDocument(context, command.documentName);
  const version = requireDocumentVersion(context, document, String(command.documentVersion));
  const content = parseContent(version.content, version.format);
  const values = resolveValues(context, content, command.parameters);
  if (typeof values === 'string') throw new Error(`command ${command.commandId} was accepted but ${values}`);
  return { content, values };
}

/** A parameter named in a document. Secrets are not put into scripts. */
function plainParameter(context: Context, name: string): string {
  const { record } = findParameter(context, name);
  if (record.type === 'SecureString') {
    throw new ServiceError('InvalidParameters', `Parameter ${name} is a SecureString: it can't be referenced in a command document.`);
  }
  return record.value;
}

function executionTimeout(context: Context, given: unknown): number {
  const [least, most] = context.row<[number, number]>('execution-timeout-range');
  const number = Math.trunc(Number(given));
  const fits = given !== undefined && given !== '' && Number.isFinite(number) && number >= least && number <= most;
  return fits ? number : context.row<number>('default-execution-timeout');
}

/** Why a step is left out; only StringEquals exists. */
function unmetPrecondition(step: Step, values: Values): string | undefined {
  const pair = (substitute(step.precondition ?? {}, values) as { StringEquals?: unknown[] }).StringEquals;
  if (!pair) return undefined;
  const [left, right] = pair.map((side) => (side === 'platformType' ? 'Linux' : side));
  if (left === right) return undefined;
  return `Step execution skipped due to unsatisfied preconditions: '"StringEquals": [${pair.map(String).join(', ')}]'. Step name: ${step.name}`;
}
