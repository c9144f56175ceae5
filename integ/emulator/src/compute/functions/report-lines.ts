import type { FunctionJob } from '../../wire/function-job';

export interface Figures {
  readonly durationMs: number;
  readonly initMs?: number;
  readonly memoryMb: number;
  readonly status?: string;
}

/** What the platform itself writes around an invocation. */
export function startLine(job: FunctionJob, time: string): string {
  if (job.logFormat === 'JSON') return platform('start', time, { requestId: job.invocationId, version: job.version });
  return `START RequestId: ${job.invocationId} Version: ${job.version}`;
}

export function endLines(job: FunctionJob, time: string, figures: Figures): string[] {
  const { durationMs, initMs, memoryMb, status } = figures;
  const billed = Math.ceil(durationMs + (initMs ?? 0));
  if (job.logFormat === 'JSON') {
    const metrics = { durationMs, billedDurationMs: billed, memorySizeMB: job.memoryMb, maxMemoryUsedMB: memoryMb, initDurationMs: initMs };
    return [platform('report', time, { requestId: job.invocationId, metrics, status: status ?? 'success' })];
  }
  const fields = [
    `REPORT RequestId: ${job.invocationId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billed} ms`,
    `Memory Size: ${job.memoryMb} MB`,
    `Max Memory Used: ${memoryMb} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    ...(status ? [`Status: ${status}`] : []),
    '',
  ];
  return [`END RequestId: ${job.invocationId}`, fields.join('\t')];
}

function platform(event: string, time: string, record: object): string {
  return JSON.stringify({ time, type: `platform.${event}`, record });
}
