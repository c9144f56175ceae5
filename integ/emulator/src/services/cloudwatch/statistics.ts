import type { DatumRecord } from './state';

/** A statistic over the data of one period. Percentiles are taken from what each datum kept: its mean. */
export function valueOf(statistic: string, data: readonly DatumRecord[]): number {
  const count = data.reduce((sum, datum) => sum + datum.count, 0);
  const total = data.reduce((sum, datum) => sum + datum.sum, 0);
  switch (statistic) {
    case 'SampleCount': return count;
    case 'Sum': return total;
    case 'Minimum': return Math.min(...data.map(({ min }) => min));
    case 'Maximum': return Math.max(...data.map(({ max }) => max));
    case 'Average': return total / count;
    default: {
      const percent = Number(/^p([\d.]+)$/.exec(statistic)?.[1] ?? 50);
      const means = data.map(({ sum, count: of }) => sum / of).sort((a, b) => a - b);
      return means[Math.min(means.length - 1, Math.floor((percent / 100) * means.length))];
    }
  }
}
