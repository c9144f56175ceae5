/**
 * A year in the life of a cluster: created with the company's own authority, scaled, paused and resumed twenty times, every HSM replaced once, passwords
 * rotated every month, backed up and copied every day, its key store moved to a cluster made from the oldest backup, restored in another Region, destroyed.
 * After every step the first day's key and ciphertext must be usable, and nothing may run that nobody asked for.
 *
 * Run: npm run year [-- --variants other] [--months 12]
 */
import { parseArgs } from 'node:util';
import { lastProblemsOf, problemsOf } from './checks';
import type { Expected, FirstDay } from './checks';
import { Life } from './life';
import { DAY } from '../cases/_harness/key-stores';
import { Offline } from '../cases/_harness/offline';

process.env.CDK_VALIDATION ??= 'false';

const { values } = parseArgs({ options: { variants: { type: 'string', default: 'default' }, months: { type: 'string', default: '12' } } });

const PAUSES = 20;
const MONTH = 30 * DAY;
/** Months in which the fleet has three HSMs, and in which the service replaces them all. */
const GROWN = [3, 4];
const REPLACED = 5;

/** Carries out the steps of a year, and looks after each whether all is well. */
class Year {
  public readonly problems: string[] = [];
  private readonly startedAt = performance.now();
  private steps = 0;
  private first!: FirstDay;

  public constructor(private readonly life: Life, private readonly months: number) {}

  public async run(): Promise<void> {
    const { life } = this;
    await life.begin();
    this.first = { checkValue: await life.makeKey(), decrypt: await life.encrypt() };
    await this.look('created with an external authority', { hsms: 2, isStoreConnected: true });
    for (let month = 1; month <= this.months; month += 1) await this.month(month);
    await this.moveToOldest();
    await this.restoreElsewhere();
    this.problems.push(...await lastProblemsOf(life));
    await this.end();
  }

  public get summary(): Record<string, unknown> {
    return { steps: this.steps, problems: this.problems, hostSeconds: Math.round((performance.now() - this.startedAt) / 1000) };
  }

  private async month(month: number): Promise<void> {
    const { life } = this;
    const hsms = GROWN.includes(month) ? 3 : 2;
    await life.deploy({ hsmCount: hsms });
    await this.look(`month ${month}: ${hsms} HSMs`, { hsms, isStoreConnected: true });
    if (month === REPLACED) {
      for (const { hsmId } of life.clusters[0].hsms) {
        await life.replace(hsmId);
        await this.look(`month ${month}: ${hsmId} replaced`, { hsms, isStoreConnected: true });
      }
    }
    for (let pause = pausesUntil(month - 1, this.months); pause < pausesUntil(month, this.months); pause += 1) {
      await life.deploy({ hsmCount: 0 });
      await this.look(`month ${month}: pause ${pause + 1}`, { hsms: 0, isStoreConnected: false });
      await life.offline.emulator.advance(2 * DAY);
      await life.deploy({ hsmCount: hsms });
      await this.look(`month ${month}: resumed`, { hsms, isStoreConnected: true });
    }
    await life.offline.emulator.advance(MONTH);
    await life.offline.emulator.idle();
    await this.look(`month ${month}: over`, { hsms, isStoreConnected: true });
  }

  /** The oldest backup's admin password and `kmsuser` password are not in force any more. */
  private async moveToOldest(): Promise<void> {
    const [oldest] = await this.life.backups();
    await this.life.deploy({ hsmCount: 2, backupId: oldest.BackupId! });
    await this.look(`the store on a cluster made from the backup of ${oldest.CreateTimestamp!.toISOString()}`, { hsms: 4, isStoreConnected: true });
    await this.life.deploy({ hsmCount: 0, backupId: oldest.BackupId! });
    await this.look('the original paused', { hsms: 2, isStoreConnected: true });
  }

  /** The original is switched off, and what it held comes to life in another Region. */
  private async restoreElsewhere(): Promise<void> {
    await this.life.offline.emulator.advance(2 * DAY);
    const checkValue = await this.life.restoreElsewhere();
    if (checkValue !== this.first.checkValue) this.problems.push(`elsewhere the first key has the check value ${checkValue}, not ${this.first.checkValue}`);
    await this.look('restored in another Region', { hsms: 4, isStoreConnected: true });
  }

  /** A store's keys have to be gone before it: their window passes first. */
  private async end(): Promise<void> {
    const statuses = await this.life.destroy();
    if (statuses.some((status) => status !== 'DELETE_COMPLETE')) {
      await this.life.offline.emulator.advance(31 * DAY);
      statuses.push(...await this.life.destroy());
    }
    if (statuses.slice(-2).join() !== 'DELETE_COMPLETE,DELETE_COMPLETE') this.problems.push(`destroyed: ${statuses.join()}`);
    const left = this.life.clusters.map(({ clusterId }) => clusterId);
    if (left.length > 0) this.problems.push(`clusters are left: ${left.join()}`);
    this.steps += 1;
  }

  private async look(step: string, expected: Expected): Promise<void> {
    this.steps += 1;
    const found = await problemsOf(this.life, this.first, expected);
    console.error(`${Math.round((performance.now() - this.startedAt) / 1000)} s  ${step}${found.length > 0 ? `: ${found.join('; ')}` : ''}`);
    this.problems.push(...found.map((problem) => `${step}: ${problem}`));
  }
}

/** Pauses are spread over the months. */
function pausesUntil(month: number, months: number): number {
  return Math.round((PAUSES * month) / months);
}

async function main(): Promise<number> {
  const offline = await Offline.start({ region: 'eu-west-1', variants: [values.variants] });
  const life = new Life(offline);
  try {
    const year = new Year(life, Number(values.months));
    await year.run();
    console.log(JSON.stringify({ variants: values.variants, ...year.summary }));
    return year.problems.length === 0 ? 0 : 1;
  } finally {
    life.end();
    await offline.stop();
  }
}

void main().then((exitCode) => {
  process.exitCode = exitCode;
});
