import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { placesIn } from './places';
import type { Place } from './places';
import { DEEDS } from './plan';
import type { Deed } from './plan';
import { thrownAway } from '../apps/thrown-away';
import { deleteDirectly, deployTemplate, publish, templatesOf } from '../cases/_harness/direct';
import type { DirectStack, Template } from '../cases/_harness/direct';
import { failures } from '../cases/_harness/failures';

import { Offline } from '../cases/_harness/offline';
import type { Build } from '../cases/_harness/offline';

const REGION = 'eu-west-1';

/** KMS deletes a key after a week at the earliest. */
const KEYS_ARE_GONE_MS = 8 * 86_400_000;

/** How many HSMs there are after a deed that went well. */
export const HSMS: Readonly<Record<Deed, number>> = { deploy: 2, grow: 3, shrink: 2, destroy: 0 };

export interface WorldOptions {
  /** An app of a network's stack and one named Hsm. @default a cluster with a user and a key store, thrown away with its stack */
  readonly app?: (hsmCount: number) => Build;
  /** An emulator in which that app is deployed. @default one that begins with nothing */
  readonly deployed?: () => Promise<Offline>;
}

/** Templates and beginnings of lives: for each seed the states before each deed, made by a life in which nothing went wrong. */
export class World {
  private readonly home = mkdtempSync(join(tmpdir(), 'cloudhsm-plans-'));
  private readonly app: (hsmCount: number) => Build;
  private readonly templates: Readonly<Record<2 | 3, Template>>;
  private readonly found = new Map<number, readonly Place[]>();

  public constructor(private readonly options: WorldOptions = {}) {
    this.app = options.app ?? thrownAway;
    this.templates = { 2: this.synth(2), 3: this.synth(3) };
  }

  /** Where something can go wrong: the calls of a life. */
  public async places(seed: number = 1): Promise<readonly Place[]> {
    await this.prepare(seed);
    return this.found.get(seed)!;
  }

  /** An emulator as it is right before a deed. */
  public async before(deed: Deed, seed: number): Promise<Offline> {
    await this.prepare(seed);
    return Offline.start({ region: REGION, keyReserve: join(this.home, 'keys'), from: this.folder(deed, seed) });
  }

  /** Does it, and says what became of the stack. */
  public async carryOut(offline: Offline, deed: Deed): Promise<DirectStack> {
    switch (deed) {
      case 'deploy': return deployTemplate(offline, this.templates[2]);
      case 'grow': return deployTemplate(offline, this.templates[3]);
      case 'shrink': return deployTemplate(offline, this.templates[2]);
      case 'destroy': return destroy(offline);
    }
  }

  public remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  private async prepare(seed: number): Promise<void> {
    if (this.found.has(seed)) return;
    const { deployed } = this.options;
    const offline = await (deployed ? deployed() : this.network(seed));
    try {
      const places: Place[] = [];
      for (const deed of deployed ? DEEDS.filter((one) => one !== 'deploy') : DEEDS) {
        const seen = offline.emulator.calls.records.length;
        offline.emulator.snapshot(this.folder(deed, seed));
        // A life that begins deployed may be kept when its stack goes, and then has no end.
        if (deployed && deed === 'destroy') continue;
        const { status, reason = '' } = await this.carryOut(offline, deed);
        if (!/^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(status)) throw new Error(`${deed} with nothing wrong came to ${status}: ${reason}`);
        places.push(...placesIn(deed, offline.emulator.calls.records.slice(seen)));
      }
      this.found.set(seed, places);
    } finally {
      await offline.stop();
    }
  }

  private async network(seed: number): Promise<Offline> {
    const offline = await Offline.start({ region: REGION, seed, keyReserve: join(this.home, 'keys') });
    const assembly = this.assembly(2);
    await publish(offline, assembly);
    await deployTemplate(offline, templatesOf(assembly).find(({ name }) => name === 'Network')!);
    return offline;
  }

  private folder(deed: Deed, seed: number): string {
    return join(this.home, `before-${deed}-${seed}`);
  }

  private assembly(hsmCount: number): string {
    return join(this.home, `assembly-${hsmCount}`);
  }

  private synth(hsmCount: number): Template {
    const app = new App({ outdir: this.assembly(hsmCount), analyticsReporting: false });
    this.app(hsmCount)(app);
    return templatesOf(app.synth().directory).find(({ name }) => name === 'Hsm')!;
  }
}

/** As the library documents it: a store stays as long as a key is in it. */
async function destroy(offline: Offline): Promise<DirectStack> {
  const first = await deleteDirectly(offline, 'Hsm');
  if (first.status !== 'DELETE_FAILED' || !(await failures(offline, 'Hsm')).includes('KeyStoreHasKeys')) return first;
  await offline.emulator.advance(KEYS_ARE_GONE_MS);
  return deleteDirectly(offline, 'Hsm');
}
