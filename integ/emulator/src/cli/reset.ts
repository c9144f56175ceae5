import { ask } from './control';

/** How long the next emulator may take to listen. */
const LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 50;

interface Health {
  readonly instance: string;
}

/** Resolves when another emulator has taken the place of the one that was asked, at the same address. */
export async function reset(port?: number): Promise<Health> {
  const { instance } = await health(port);
  await ask('reset', {}, port);
  const limit = Date.now() + LIMIT_MS;
  for (;;) {
    const now = await health(port).catch(() => undefined);
    if (now && now.instance !== instance) return now;
    if (Date.now() > limit) throw new Error('[emulator] it did not begin anew; look at the output of `start`');
    await new Promise((soon) => setTimeout(soon, LOOK_EVERY_MS));
  }
}

async function health(port?: number): Promise<Health> {
  return await ask('health', {}, port) as Health;
}
