import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Offline } from './offline';
import type { Build } from './offline';
import type { EmulatorOptions } from 'cloudhsm-emulator';

/** Host milliseconds between two looks at whether another process has finished. */
const LOOK_AGAIN_MS = 200;

/** What several cases begin with: an app, deployed by the stock CLI. */
export interface Beginning {
  /** Of its own among all beginnings of a run. */
  readonly name: string;
  readonly region: string;
  readonly build: Build;
}

/**
 * An emulator in which an app is deployed: by whichever process needs it first, once in a run; all others begin with a copy of that state. `options` hold for
 * what comes after.
 */
export async function beginWith({ name, region, build }: Beginning, options: EmulatorOptions = {}): Promise<Offline> {
  const folder = join(process.env.CASES_SHARED_FOLDER!, name);
  const lock = `${folder}.lock`;
  while (!existsSync(folder)) {
    if (isTaken(lock)) await setTimeout(LOOK_AGAIN_MS);
    else await make(folder, region, build).finally(() => rmSync(lock, { recursive: true }));
  }
  return Offline.start({ region, ...options, from: folder });
}

function isTaken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return true;
  }
}

async function make(folder: string, region: string, build: Build): Promise<void> {
  // Between the first look and the lock another process may have come and gone.
  if (existsSync(folder)) return;
  const offline = await Offline.start({ region });
  try {
    await offline.mustDeploy(build);
    offline.emulator.snapshot(`${folder}.new`);
    renameSync(`${folder}.new`, folder);
  } finally {
    await offline.stop();
  }
}
