import type { Kernel } from '../../kernel';
import type { Host } from '../../wire/operation';

/** The process each kernel lives in; several emulators may live in one process. */
const hosts = new WeakMap<Kernel, Host>();

export function setHost(kernel: Kernel, host: Host): void {
  hosts.set(kernel, host);
}

export function endpointOf(kernel: Kernel): string | undefined {
  return hosts.get(kernel)?.endpoint();
}
