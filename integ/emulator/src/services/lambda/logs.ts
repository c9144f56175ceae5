import type { LogLine, LogTarget } from '../../wire/function-job';
import { ServiceError, type Caller, type Context } from '../../wire/operation';

/** Most events and bytes of one PutLogEvents. */
const BATCH_EVENTS = 1000;
const BATCH_BYTES = 900_000;
const EVENT_BYTES = 256_000;

/**
 * Writes lines as the function's role would. A function without the permission, or an emulator without the log service,
 * loses them silently, as on AWS.
 */
export function writeLog(context: Context, { group, stream, caller }: LogTarget, lines: readonly LogLine[]): void {
  const names = { logGroupName: group, logStreamName: stream };
  for (const batch of batches(lines)) {
    const logEvents = batch.map(({ at, text }) => ({ timestamp: Math.round(context.kernel.hostTime(at)), message: text }));
    const put = (): unknown => context.call('logs', 'PutLogEvents', { ...names, logEvents }, { ...caller, activityId: undefined });
    try {
      put();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (error.name !== 'ResourceNotFoundException') return;
      create(context, names, { ...caller, activityId: undefined });
      quietly(put);
    }
  }
}

/** The stream; and its group first, where that is not there either. */
function create(context: Context, names: { readonly logGroupName: string; readonly logStreamName: string }, as: Caller): void {
  const stream = (): unknown => context.call('logs', 'CreateLogStream', names, as);
  try {
    stream();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.name !== 'ResourceNotFoundException') return;
    quietly(() => context.call('logs', 'CreateLogGroup', { logGroupName: names.logGroupName }, as));
    quietly(stream);
  }
}

function quietly(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
  }
}

function batches(lines: readonly LogLine[]): LogLine[][] {
  const result: LogLine[][] = [];
  let bytes = Infinity;
  for (const { at, text } of lines) {
    const line = { at, text: text.slice(0, EVENT_BYTES) };
    bytes += line.text.length + 26;
    if (bytes > BATCH_BYTES || result.at(-1)!.length >= BATCH_EVENTS) {
      result.push([]);
      bytes = line.text.length + 26;
    }
    result.at(-1)!.push(line);
  }
  return result;
}
