import { problemOf } from './problem';
import type { Running } from './running';
import { workOn } from './work';
import { idFormat } from '../../kernel';
import { ServiceError, wordsOf } from '../../wire/operation';
import type { Context } from '../../wire/operation';
import { nextOrdinal, patchTask } from '../state';
import type { TaskRecord, Version } from '../state';
import { text } from '../texts';
import { handlerFor } from '../types';
import type { Handler, Progress, Work } from '../types/handler';

export function begun(running: Running, action: TaskRecord['action'], replacing: boolean): Running {
  const { context, task } = running;
  const token = idFormat.uuid(context.kernel.ids.named('cloudformation-token', task.stackId, String(nextOrdinal(context, task.stackId))));
  const data = replacing ? { replacing: true } : undefined;
  return { ...running, task: patchTask(context, task, { state: 'running', action, token, startedAt: context.now, data }) };
}

export type Attempt = (handler: Handler, work: Work) => Progress;

/** Asks the handler; what it throws is a failure of the resource, and nothing it did stays. */
export function attempt(running: Running, version: Version, ask: Attempt, previous?: Version): Progress {
  const { context } = running;
  try {
    return context.kernel.store.transaction(() => {
      let work: Work;
      try {
        work = workOn(running, version, previous);
      } catch (error) {
        // What CloudFormation itself could not look up: no handler was asked.
        return { kind: 'failed', reason: problemOf(context, error) };
      }
      return ask(handlerFor(context, version.type), work);
    });
  } catch (error) {
    if (error instanceof ServiceError) return retried(running, error) ?? { kind: 'failed', reason: refusalText(running, error) };
    return { kind: 'failed', reason: problemOf(context, error) };
  }
}

/** Some refusals pass by themselves: the handlers of such types ask again. */
function retried({ context, task, record }: Running, error: ServiceError): Progress | undefined {
  const rows = context.row<Array<{ type: string; code: string; text: string; times: number; seconds: number; actions?: string[] }>>('retried-errors');
  const retries = task.retries ?? 0;
  const type = record.pending?.type ?? record.type;
  const row = rows.find((each) => (each.type === type || each.type === '*') && new RegExp(`^(${each.code})$`).test(error.code)
    && error.message.includes(each.text) && (each.actions ?? ['create', 'update', 'revert', 'delete']).includes(task.action));
  if (!row || retries >= row.times) return undefined;
  return { kind: 'wait', forWhat: `another try after ${error.code}`, ms: row.seconds * 1000, data: { retry: retries + 1 } };
}

/** How CloudFormation passes on what a service said. */
function refusalText({ context, task, record }: Running, error: ServiceError): string {
  if (error.code === 'ValidationError' && error.message.startsWith('[emulator]')) return error.message;
  const code = handlerErrorCode(error.code);
  const requestId = idFormat.uuid(context.kernel.ids.named('cloudformation-request', task.token ?? task.id));
  const name = serviceName(context, record.type);
  return text(context, 'text-handler-failed', {
    message: wordsOf(context, error), service: name, status: error.options.status ?? 400, requestId, token: task.token!, code,
  });
}

/** As the SDK of the handlers spells the service. */
function serviceName(context: Context, type: string): string {
  const [, name = 'AWS'] = type.split('::');
  return context.row<{ readonly [name: string]: string }>('service-names')[name] ?? name;
}

function handlerErrorCode(code: string): string {
  if (/AlreadyExists|AlreadyOwned|EntityAlreadyExists|ResourceExists|ResourceConflict|Duplicate/i.test(code)) return 'AlreadyExists';
  if (/NotFound|NoSuch|NonExistent/i.test(code)) return 'NotFound';
  if (/AccessDenied|Unauthorized/i.test(code)) return 'AccessDenied';
  if (/LimitExceeded|QuotaExceeded/i.test(code)) return 'ServiceLimitExceeded';
  if (/Throttl/i.test(code)) return 'Throttling';
  return /Validation|Invalid|BadRequest|Malformed|Missing/i.test(code) ? 'InvalidRequest' : 'GeneralServiceException';
}
