import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Offline } from './offline';
import type { EmulatorOptions } from 'cloudhsm-emulator';

/** What several cases begin with, made once. */
export class Snapshot {
  /** Starts an emulator, lets `make` bring it to where the cases begin, and keeps that. `open` starts it where there is something to begin with. */
  public static async of<T>(
    options: EmulatorOptions, make: (offline: Offline) => Promise<T>, open: () => Promise<Offline> = () => Offline.start(options),
  ): Promise<{ snapshot: Snapshot; made: T }> {
    const offline = await open();
    try {
      const made = await make(offline);
      const folder = mkdtempSync(join(tmpdir(), 'cloudhsm-snapshot-'));
      offline.emulator.snapshot(join(folder, 'state'));
      return { snapshot: new Snapshot(folder, options), made };
    } finally {
      await offline.stop();
    }
  }

  private constructor(private readonly folder: string, private readonly options: EmulatorOptions) {}

  public async start(options: EmulatorOptions = {}): Promise<Offline> {
    return Offline.start({ ...this.options, ...options, from: join(this.folder, 'state') });
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
