import { deployDirectly } from './_harness/direct';
import { HostLoad } from './_harness/host-load';
import { Offline } from './_harness/offline';
import { firstDifference } from './_harness/whole-life';
import { quickStart } from '../apps/quick-start';
import type { Report } from 'cloudhsm-emulator';

/** Without the CLI, which takes most of the time; `npm run lives` compares whole lives by the CLI. */
async function deployed(load: number): Promise<Report> {
  const offline = await Offline.start({ region: 'eu-west-1' });
  const hostLoad = new HostLoad(load);
  try {
    await deployDirectly(offline, offline.synth(quickStart({ hsmCount: 1 })));
    return offline.report();
  } finally {
    hostLoad.stop();
    await offline.stop();
  }
}

test('on a quiet host and on a busy one a deploy has one timeline', async () => {
  const quiet = await deployed(0);
  const busy = await deployed(2);

  expect(firstDifference(quiet, busy)).toBeUndefined();
  expect([quiet, busy].map(({ deterministic }) => deterministic)).toEqual([true, true]);
  expect(quiet.timeline.length).toBeGreaterThan(500);
  expect(busy.timelineHash).toBe(quiet.timelineHash);
});
