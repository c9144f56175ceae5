import { RemovalPolicy } from 'aws-cdk-lib';
import { HostLoad } from './host-load';
import { Offline } from './offline';
import { quickStart } from '../../apps/quick-start';
import type { EmulatorOptions, Report } from 'cloudhsm-emulator';

export interface WholeLifeOptions extends EmulatorOptions {
  /** Processes that keep the host busy meanwhile. */
  readonly load?: number;
}

/** The quick start from nothing to nothing by the stock CLI: deployed, grown by an HSM, destroyed. */
export async function wholeLife({ load = 0, ...options }: WholeLifeOptions = {}): Promise<Report> {
  const offline = await Offline.start({ region: 'eu-west-1', ...options });
  const hostLoad = new HostLoad(load);
  try {
    await offline.mustDeploy(quickStart({ removalPolicy: RemovalPolicy.DESTROY }));
    await offline.mustDeploy(quickStart({ removalPolicy: RemovalPolicy.DESTROY, hsmCount: 3 }));
    const { exitCode, output } = await offline.destroy(quickStart({ removalPolicy: RemovalPolicy.DESTROY }));
    if (exitCode !== 0) throw new Error(`cdk destroy ended with ${exitCode}:\n${output}`);
    return offline.report();
  } finally {
    hostLoad.stop();
    await offline.stop();
  }
}

/** Where two timelines part; undefined when they do not. */
export function firstDifference(one: Report, other: Report): string | undefined {
  const length = Math.max(one.timeline.length, other.timeline.length);
  const lines = [one, other].map(({ timeline }) => Array.from({ length }, (_, at) => JSON.stringify(timeline[at])));
  const at = lines[0].findIndex((line, index) => line !== lines[1][index]);
  return at < 0 ? undefined : `entry ${at + 1} of ${length}: ${lines[0][at]} and ${lines[1][at]}`;
}
