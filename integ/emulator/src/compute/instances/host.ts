import type { InstanceFacts } from './facts';

/** A script to run on the host as on an instance. */
export interface HostScript {
  readonly instance: InstanceFacts;
  /** What lies at `path` in the instance. */
  readonly content: Buffer;
  readonly path: string;
  /** Given to `sh -c`, as agent and cloud-init do: the path, so that the script's own shebang counts. */
  readonly command: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string>>;
  /** How the stubs of tools find the emulator, and as whom. */
  readonly door: { readonly port: number; readonly token: string };
}

export interface ScriptExit {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningScript {
  readonly ended: Promise<ScriptExit>;
  /** Kills every process of it. */
  kill(): void;
  /** What its processes have done so far, the same as long as all of them wait; undefined while one is at work on the host. */
  trace(): string | undefined;
}

/** Where instances' scripts run. */
export interface InstanceHost {
  readonly kind: 'confined' | 'rooted' | 'none';
  /** Why it is not the better kind, or what it cannot do: one sentence for the report. */
  readonly reason?: string;
  /** User data, too, and not only commands' scripts. */
  readonly runsUserData: boolean;
  start(script: HostScript): Promise<RunningScript>;
  /** Another text whenever a file of the instance was written, made or deleted in between; a script that was laid down does not count. Undefined when some cannot be seen. */
  fingerprint?(instanceId: string): string | undefined;
}

/** Bytes of a stream that are kept; what comes after is read and dropped. */
export const KEPT_OUTPUT = 4 * 1024 * 1024;
