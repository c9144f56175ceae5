import type { EventSpec, Json, Kernel } from '../kernel';
import { awaitedCalls } from '../wire/awaited-calls';
import type { Output } from '../wire/operation';

/** What came of a call that is answered later. */
export type Outcome = { readonly output: Output } | { readonly error: { readonly code: string; readonly message: string } };

/** The event to schedule once a later answer is there; part of the state, so that it survives a restart. */
interface Wait {
  readonly then: EventSpec;
}

/** Notes who is to be told. In a transaction. */
export function awaitAnswer(kernel: Kernel, key: string, then: EventSpec): void {
  kernel.store.table<Wait>('kernel/waits').put(key, { then });
}

/** Gives a later answer: to the event that awaits it and to a caller on the wire. In a transaction. */
export function answer(kernel: Kernel, key: string, outcome: Outcome): void {
  const waits = kernel.store.table<Wait>('kernel/waits');
  const wait = waits.get(key);
  waits.delete(key);
  if (wait) kernel.after(0, { ...wait.then, args: { ...wait.then.args, ...(outcome as unknown as { [name: string]: Json }) } });
  // Foreign code that waits on the wire queues for its turn here and now: time must not move on before it has been told.
  const activityId = awaitedCalls(kernel).settle(key);
  if (activityId !== undefined) kernel.release(activityId);
  kernel.signal(`answer:${key}`, outcome);
}
