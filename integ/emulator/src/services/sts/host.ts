import type { Kernel } from '../../kernel';
import type { Host } from '../../wire/operation';

/** The process each kernel lives in; several emulators may live in one process. */
const hosts = new WeakMap<Kernel, Host>();

export function setHost(kernel: Kernel, host: Host): void {
  hosts.set(kernel, host);
}

export function hostOf(kernel: Kernel): Host {
  const host = hosts.get(kernel);
  if (!host) throw new Error('sts was not started');
  return host;
}
