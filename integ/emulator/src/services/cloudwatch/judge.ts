export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** How an alarm's points are looked at. */
export interface Rule {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: string;
  readonly isBreaching: (value: number) => boolean;
}

/**
 * State of an alarm by the points of its evaluation range, newest first; undefined where a period has none. No answer: the state stays.
 *
 * Real points come first. Only where there are fewer than the evaluation periods are missing ones filled in.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function judge(rule: Rule, points: ReadonlyArray<number | undefined>): AlarmState | undefined {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData, isBreaching } = rule;
  const real = points.filter((point) => point !== undefined).slice(0, evaluationPeriods);
  const breaching = real.filter(isBreaching).length;
  const filled = evaluationPeriods - real.length;
  const reached = (count: number): AlarmState => count >= datapointsToAlarm ? 'ALARM' : 'OK';
  if (filled === 0) return reached(breaching);
  switch (treatMissingData) {
    case 'breaching': return reached(breaching + filled);
    case 'notBreaching': return reached(breaching);
    case 'ignore':
      if (breaching >= datapointsToAlarm) return 'ALARM';
      return breaching < real.length ? 'OK' : undefined;
    default: {
      if (real.length === 0) return 'INSUFFICIENT_DATA';
      if (breaching >= datapointsToAlarm) return 'ALARM';
      if (breaching < real.length) return 'OK';
      // Nothing but breaching points, and the oldest of them is as old as it takes: too early rather than too late.
      const oldest = points.reduce<number>((last, point, at) => point === undefined ? last : at + 1, 0);
      return oldest >= datapointsToAlarm ? 'ALARM' : undefined;
    }
  }
}
