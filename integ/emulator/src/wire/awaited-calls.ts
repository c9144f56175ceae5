import type { Kernel } from '../kernel';

/** Header by which a function's process names its calls, so that it can say which of them it is waiting for. */
export const CALL_HEADER = 'x-emulator-call';

/**
 * Calls of foreign code whose answers come later, by activity.
 *
 * A process that has such a call in flight may still be busy with others. So it says itself when it is at rest, and names what it
 * waits for; only when all of that is in here does time have to move for it to go on.
 */
export class AwaitedCalls {
  private readonly waits = new Map<string, { readonly activityId: string; readonly call?: string }>();
  private readonly listeners = new Set<(activityId: string) => void>();

  /** @param key of the answer; @param call its name, if the process names its calls */
  public add(key: string, activityId: string, call: string | undefined): void {
    this.waits.set(key, { activityId, call });
    this.listeners.forEach((listener) => listener(activityId));
  }

  /** The answer is there: returns the activity that may go on. From now on nobody waits for it any more. */
  public settle(key: string): string | undefined {
    const activityId = this.waits.get(key)?.activityId;
    this.waits.delete(key);
    return activityId;
  }

  /** Whether all of these calls are answered later. */
  public includes(activityId: string, calls: readonly string[]): boolean {
    const pending = new Set([...this.waits.values()].filter((wait) => wait.activityId === activityId).map(({ call }) => call));
    return calls.every((call) => pending.has(call));
  }

  public onAdd(listener: (activityId: string) => void): void {
    this.listeners.add(listener);
  }
}

const registries = new WeakMap<Kernel, AwaitedCalls>();

/** Host-side knowledge that belongs to a running kernel, and is gone with it. */
export function awaitedCalls(kernel: Kernel): AwaitedCalls {
  const registry = registries.get(kernel) ?? new AwaitedCalls();
  registries.set(kernel, registry);
  return registry;
}
