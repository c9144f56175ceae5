import type { Kernel } from '../kernel';
import type { Context, Host } from '../wire/operation';

const hosts = new WeakMap<Kernel, Host>();

export function setHost(kernel: Kernel, host: Host): void {
  hosts.set(kernel, host);
}

export function endpointOf(context: Context): string | undefined {
  return hosts.get(context.kernel)?.endpoint();
}

/** Puts something on the report's list of what was not emulated. */
export function reportNotBuilt(context: Context, what: string): void {
  hosts.get(context.kernel)?.notBuilt(what);
}
