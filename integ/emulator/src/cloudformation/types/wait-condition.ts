import { done, failed } from './handler';
import type { Handler, Progress, Work } from './handler';
import { idFormat } from '../../kernel';
import type { Context } from '../../wire/operation';
import { isObject } from '../template/template';
import type { Value } from '../template/template';
import { text } from '../texts';

interface WaitSignal {
  readonly uniqueId: string;
  readonly status: string;
  readonly reason: string;
  readonly data: string;
}

interface Waiter {
  readonly stackId: string;
  readonly taskId: string;
  readonly token: string;
  readonly wanted: number;
}

/** Signals by handle, whether or not a condition waits already. */
const signals = (context: Context) => context.table<readonly WaitSignal[]>('cloudformation/wait-signals');
/** Who waits, by handle. */
const waiters = (context: Context) => context.table<Waiter>('cloudformation/waiters');

export const waitConditionHandle: Handler = {
  create: (work) => done(handleUrl(work)),
  update: (work) => done(work.physicalId!),
  delete: (work) => {
    signals(work.context).delete(keyOfUrl(work.physicalId!));
    return done(work.physicalId!);
  },
  resume: (work) => done(work.physicalId!),
};

export const waitCondition: Handler = {
  create: (work) => {
    const { context, stackId, taskId, token, logicalId } = work;
    const url = work.properties.Handle;
    const bytes = context.kernel.ids.named('cloudformation-wait-condition', stackId, logicalId, work.uid);
    const physicalId = `${stackId}/${logicalId}-${idFormat.upperAlphanumeric(bytes, 13)}`;
    // Without a handle a creation policy says what is waited for.
    if (typeof url !== 'string') return done(physicalId, { Data: '{}' });
    waiters(context).put(keyOfUrl(url), { stackId, taskId, token, wanted: Number(work.properties.Count ?? 1) });
    context.after(Number(work.properties.Timeout ?? 0) * 1000, { kind: 'wait-timeout', id: timeoutId(token), args: { key: keyOfUrl(url), token } });
    return look({ ...work, physicalId });
  },
  update: (work) => done(work.physicalId!, work.attributes),
  delete: (work) => done(work.physicalId!),
  resume: look,
  abandon: (work) => {
    work.context.cancel(timeoutId(work.token));
    return true;
  },
};

function look(work: Work): Progress {
  const { context, properties, physicalId } = work;
  const received = signals(context).get(keyOfUrl(String(properties.Handle))) ?? [];
  const bad = received.find(({ status }) => status !== 'SUCCESS');
  if (bad) {
    context.cancel(timeoutId(work.token));
    return failed(text(context, 'text-wait-condition-failed', { reason: bad.reason, uniqueId: bad.uniqueId }), physicalId);
  }
  const wanted = Number(properties.Count ?? 1);
  if (received.length < wanted) return { kind: 'wait', physicalId, forWhat: `${wanted - received.length} signal(s)` };
  context.cancel(timeoutId(work.token));
  return done(physicalId!, { Data: JSON.stringify(Object.fromEntries(received.map(({ uniqueId, data }) => [uniqueId, data]))) });
}

function handleUrl({ context, stackId, logicalId, uid }: Work): string {
  const key = `${stackId}/${logicalId}`;
  const signature = idFormat.hex(context.kernel.ids.named('cloudformation-handle', key, uid), 64);
  return `https://cloudformation-waitcondition-${context.region}.s3.${context.region}.amazonaws.com/${encodeURIComponent(key)}`
    + `?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-SignedHeaders=host&X-Amz-Expires=86399&X-Amz-Signature=${signature}`;
}

function keyOfUrl(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

function timeoutId(token: string): string {
  return `cloudformation/wait-timeout/${token}`;
}

export type Check = (context: Context, args: { stackId: string; taskId: string; token: string }) => void;
export type Report = (context: Context, stackId: string, taskId: string, token: string, progress: Progress) => void;

/** An object was put where a handle points to. */
export function waitSignalArrived(context: Context, { key, blob }: { key: string; blob: string }, check: Check): void {
  const name = key.includes('%') ? decodeURIComponent(key) : key;
  let body: Value;
  try {
    body = JSON.parse(context.kernel.blobs.get(blob).toString('utf8')) as Value;
  } catch {
    return;
  }
  if (!isObject(body)) return;
  const received = signals(context).get(name) ?? [];
  const uniqueId = String(body.UniqueId ?? '');
  if (received.some((each) => each.uniqueId === uniqueId)) return;
  const signal = { uniqueId, status: String(body.Status), reason: String(body.Reason ?? ''), data: String(body.Data ?? '') };
  signals(context).put(name, [...received, signal]);
  const waiter = waiters(context).get(name);
  if (waiter) check(context, waiter);
}

export function waitTimeout(context: Context, { key, token }: { key: string; token: string }, report: Report): void {
  const waiter = waiters(context).get(key);
  if (waiter?.token !== token) return;
  waiters(context).delete(key);
  const received = signals(context).get(key)?.length ?? 0;
  report(context, waiter.stackId, waiter.taskId, token, failed(text(context, 'text-wait-condition-timeout', { received, wanted: waiter.wanted })));
}
