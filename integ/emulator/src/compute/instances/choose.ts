import { ConfinedHost, probe } from './confined';
import type { InstanceHost } from './host';
import { RootedHost } from './rooted';

export interface HostOptions {
  readonly folder: string;
  readonly tools: readonly string[];
  readonly sums: string;
  /** Scripts may run without confinement where there is none. */
  readonly allowScripts: boolean;
  /** For tests: do not even try to confine. */
  readonly neverConfine?: boolean;
}

/** The best there is on this machine. */
export function chooseHost(options: HostOptions): InstanceHost {
  const programs = options.neverConfine ? 'confinement is switched off' : probe(options.folder);
  if (typeof programs !== 'string') return new ConfinedHost(options, programs);
  if (options.allowScripts) {
    return new RootedHost({
      ...options,
      reason: `instances are not confined, because ${programs}: commands' scripts run as ordinary processes of this user, user data does not run`,
    });
  }
  const reason = `scripts of instances do not run, because ${programs}; --allow-scripts runs commands' scripts unconfined`;
  return { kind: 'none', runsUserData: false, reason, start: () => Promise.reject(new Error(`[emulator] ${reason}`)) };
}
