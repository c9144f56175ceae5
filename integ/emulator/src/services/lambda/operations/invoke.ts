import { idFormat } from '../../../kernel';
import { Later } from '../../../wire/operation';
import type { Context, Output } from '../../../wire/operation';
import { enqueue } from '../asynchronous';
import { conflict, functionNotFound, invalidContent, recursive, requestTooLarge } from '../errors';
import { answerKey, deployed, dispatch } from '../invocations';
import { arnOf, parseName, resolve } from '../names';
import type { Target } from '../names';
import { qualified, tables } from '../state';
import type { Invocation } from '../state';

interface InvokeInput {
  readonly FunctionName: string;
  readonly Qualifier?: string;
  readonly InvocationType?: string;
  readonly LogType?: string;
  readonly ClientContext?: string;
  readonly Payload?: Uint8Array | string;
}

export function invoke(context: Context, input: InvokeInput): Output | Later {
  const named = parseName(context, input.FunctionName, input.Qualifier);
  const bytes = context.id('invocation', named.name);
  const target = resolve(context, named, bytes.readUIntBE(0, 6) / 2 ** 48);
  const type = input.InvocationType ?? 'RequestResponse';
  const event = eventOf(context, input.Payload, type);
  checkState(context, target);
  if (type === 'DryRun') return { StatusCode: 204 };

  const functionArn = arnOf(context, named.name);
  const lineage = lineageOf(context);
  const invocation: Invocation = {
    id: idFormat.uuid(bytes),
    functionName: named.name,
    version: target.version,
    invokedArn: arnOf(context, named.name, named.qualifier),
    qualifier: named.qualifier ?? '$LATEST',
    type: type === 'Event' ? 'Event' : 'RequestResponse',
    event,
    clientContext: input.ClientContext && Buffer.from(input.ClientContext, 'base64').toString('utf8'),
    wantsTail: input.LogType === 'Tail',
    acceptedAt: context.now,
    failures: 0,
    throttles: 0,
    lineage: { ...lineage, [functionArn]: (lineage[functionArn] ?? 0) + 1 },
  };
  if (invocation.lineage[functionArn] > context.row<number>('recursion-limit')) throw recursive();

  if (invocation.type === 'Event') {
    enqueue(context, invocation, context.delay('async-queue', invocation.id));
    return { StatusCode: 202, Payload: '' };
  }
  dispatch(context, invocation);
  return new Later(answerKey(invocation.id));
}

/** The old way to send an event. */
export function invokeAsync(context: Context, input: { readonly FunctionName: string; readonly InvokeArgs: Uint8Array | string }): Output {
  invoke(context, { FunctionName: input.FunctionName, InvocationType: 'Event', Payload: input.InvokeArgs });
  return { Status: 202 };
}

function eventOf(context: Context, payload: Uint8Array | string | undefined, type: string): string {
  const limit = context.row<number>(type === 'Event' ? 'async-payload-limit' : 'sync-payload-limit');
  const bytes = Buffer.from((payload ?? '') as Uint8Array);
  if (bytes.length > limit) throw requestTooLarge(limit);
  const text = bytes.toString('utf8');
  if (text === '') return '{}';
  try {
    JSON.parse(text);
  } catch (error) {
    throw invalidContent((error as Error).message);
  }
  return text;
}

function checkState(context: Context, { record, version }: Target): void {
  const pending = version === '$LATEST' ? record.state === 'Pending' : tables.versions(context).get(qualified(record.name, version))?.state === 'Pending';
  if (pending) throw conflict('The operation cannot be performed at this time. The function is currently in the following state: Pending');
  if (!deployed(context, record, version)) throw functionNotFound(arnOf(context, record.name, version));
}

/** The chain of invocations behind a call that a function makes. */
function lineageOf(context: Context): Invocation['lineage'] {
  const { activityId } = context.caller;
  const running = activityId && tables.environments(context).get(activityId)?.invocationId;
  return (running && tables.invocations(context).get(running)?.lineage) || {};
}
