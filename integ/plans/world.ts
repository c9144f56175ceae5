import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStackEventsCommand, RollbackStackCommand } from '@aws-sdk/client-cloudformation';
import { App } from 'aws-cdk-lib';
import { placesIn } from './places';
import type { Place } from './places';
import { DEEDS } from './plan';
import type { Deed } from './plan';
import { thrownAway } from '../apps/thrown-away';
import { deleteDirectly, deployTemplate, publish, templatesOf } from '../cases/_harness/direct';
import type { DirectStack, Template } from '../cases/_harness/direct';
import { Offline } from '../cases/_harness/offline';

const REGION = 'eu-west-1';

/** KMS deletes a key after a week at the earliest. */
const KEYS_ARE_GONE_MS = 8 * 86_400_000;

/** How many HSMs there are after a deed that went well. */
export const HSMS: Readonly<Record<Deed, number>> = { deploy: 2, grow: 3, shrink: 2, destroy: 0 };

/** Templates and beginnings of lives: for each seed the states before each deed, made by a life in which nothing went wrong. */
export class World {
  private readonly home = mkdtempSync(join(tmpdir(), 'cloudhsm-plans-'));
  private readonly templates: Readonly<Record<2 | 3, Template>>;
  private readonly found = new Map<number, readonly Place[]>();

  public constructor() {
    this.templates = { 2: this.synth(2), 3: this.synth(3) };
  }

  /** Where something can go wrong: the calls of the first seed's life. */
  public async places(): Promise<readonly Place[]> {
    await this.prepare(1);
    return this.found.get(1)!;
  }

  /** An emulator as it is right before a deed. */
  public async before(deed: Deed, seed: number): Promise<Offline> {
    await this.prepare(seed);
    return Offline.start({ region: REGION, keyReserve: join(this.home, 'keys'), from: this.folder(deed, seed) });
  }

  /** Does it, and says what became of the stack. */
  public async carryOut(offline: Offline, deed: Deed): Promise<DirectStack> {
    switch (deed) {
      case 'deploy': return deployTemplate(offline, this.templates[2], 'CREATE');
      case 'grow': return deployTemplate(offline, this.templates[3], 'UPDATE');
      case 'shrink': return deployTemplate(offline, this.templates[2], 'UPDATE');
      case 'destroy': return this.destroy(offline);
    }
  }

  public remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  /** As the library documents it: the store stays as long as a key is in it. */
  private async destroy(offline: Offline): Promise<DirectStack> {
    const first = await deleteDirectly(offline, 'Hsm');
    if (first.status !== 'DELETE_FAILED' || !(await whyFailed(offline)).includes('KeyStoreHasKeys')) return first;
    await offline.emulator.advance(KEYS_ARE_GONE_MS);
    return deleteDirectly(offline, 'Hsm');
  }

  private async prepare(seed: number): Promise<void> {
    if (this.found.has(seed)) return;
    const offline = await Offline.start({ region: REGION, seed, keyReserve: join(this.home, 'keys') });
    try {
      const network = templatesOf(join(this.home, 'assembly-2')).find(({ name }) => name === 'Network')!;
      await publish(offline, join(this.home, 'assembly-2'));
      await deployTemplate(offline, network, 'CREATE');
      const places: Place[] = [];
      for (const deed of DEEDS) {
        const seen = offline.emulator.calls.records.length;
        offline.emulator.snapshot(this.folder(deed, seed));
        const { status, reason = '' } = await this.carryOut(offline, deed);
        if (!/^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(status)) throw new Error(`${deed} with nothing wrong came to ${status}: ${reason}`);
        places.push(...placesIn(deed, offline.emulator.calls.records.slice(seen)));
      }
      this.found.set(seed, places);
    } finally {
      await offline.stop();
    }
  }

  private folder(deed: Deed, seed: number): string {
    return join(this.home, `before-${deed}-${seed}`);
  }

  private synth(hsmCount: 2 | 3): Template {
    const outdir = join(this.home, `assembly-${hsmCount}`);
    if (existsSync(outdir)) throw new Error(`${outdir} exists`);
    const app = new App({ outdir, analyticsReporting: false });
    thrownAway(hsmCount)(app);
    app.synth();
    return templatesOf(outdir).find(({ name }) => name === 'Hsm')!;
  }
}

/** Why resources failed in the stack's last operation, the first failure first. */
export async function whyFailed({ client }: Offline): Promise<string> {
  const { StackEvents = [] } = await new CloudFormationClient(client).send(new DescribeStackEventsCommand({ StackName: 'Hsm' }));
  const last = StackEvents.findIndex(({ ResourceType, ResourceStatus, ResourceStatusReason }) => ResourceType === 'AWS::CloudFormation::Stack'
    && /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/.test(ResourceStatus!) && ResourceStatusReason === 'User Initiated');
  return StackEvents.slice(0, last + 1).reverse().filter(({ ResourceStatus }) => ResourceStatus!.endsWith('_FAILED'))
    .map(({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`).join('\n');
}

/** Goes on with a rollback that failed. */
export async function rollBackAgain(offline: Offline): Promise<void> {
  await new CloudFormationClient(offline.client).send(new RollbackStackCommand({ StackName: 'Hsm' }));
  await offline.emulator.idle();
}
