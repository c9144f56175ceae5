import type { Problem } from './errors';

export interface ScheduleWishes {
  /** Of the cluster; `undefined` where synth does not know it. */
  readonly hsmCount: number | undefined;
  /** What keeps the cluster from becoming ACTIVE in this deploy; `undefined`: nothing. */
  readonly notActivated: string | undefined;
  readonly pauses: boolean;
  readonly resumes: boolean;
  /** Whether it is in the stack of the cluster. */
  readonly isInStack: boolean;
}

export function scheduleProblems({ hsmCount, notActivated, pauses, resumes, isInStack }: ScheduleWishes): Problem[] {
  const problems: Problem[] = [];
  if (notActivated !== undefined) {
    problems.push({ code: 'ClusterNotActivated', text: `a schedule needs an ACTIVE cluster, and this one ${notActivated}` });
  }
  if (!isInStack) {
    problems.push({ code: 'ScheduleInOtherStack', text: 'a schedule knows what the cluster is to have only in the stack of the cluster; make it there' });
  }
  if (hsmCount === 0 && (pauses || resumes)) {
    problems.push({
      code: 'ScheduleOfPausedCluster',
      text: 'pause and resume go between hsmCount and none, and hsmCount is 0: nothing would ever come back; set hsmCount to what is wanted while it is not paused',
    });
  }
  return problems;
}

/** It would be refused each time. */
export function pausedStoreProblem(store: string): Problem {
  return {
    code: 'KeyStoreNotPaused',
    text: `the schedule pauses a cluster on which key store ${store} rests, and pauseKeyStores of the cluster is not set: each pause would be refused; `
      + 'set pauseKeyStores to have the store disconnected meanwhile, or leave pause out',
  };
}
