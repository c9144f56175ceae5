import { checkConcurrency } from './concurrency';
import { sessionOf, takeEnvironment } from './environments';
import { throttled } from './errors';
import { findFunction } from './names';
import { qualified, tables } from './state';
import type { Configuration, FunctionRecord, Invocation } from './state';
import type { Json } from '../../kernel';
import type { FunctionJob } from '../../wire/function-job';
import { ServiceError, type Context } from '../../wire/operation';

/** Names the answer of a synchronous invocation. */
export function answerKey(invocationId: string): string {
  return `lambda/invocation/${invocationId}`;
}

/** The code that a version of a function runs now. */
export function deployed(context: Context, record: FunctionRecord, version: string): Configuration | undefined {
  return version === '$LATEST' ? record.deployed : tables.versions(context).get(qualified(record.name, version))?.configuration;
}

/**
 * Gives an invocation an environment and queues it for its turn.
 *
 * @throws TooManyRequestsException when there is none to be had
 */
export function dispatch(context: Context, invocation: Invocation): void {
  const record = findFunction(context, { name: invocation.functionName });
  const configuration = deployed(context, record, invocation.version);
  if (!configuration) throw new ServiceError('ResourceNotFoundException', `Function not found: ${invocation.invokedArn}`, { status: 404 });
  const fault = context.fault('invoke', record.name);
  if (fault?.kind === 'throttle') throw throttled('ConcurrentInvocationLimitExceeded');
  checkConcurrency(context, record);

  const { environment, cold } = takeEnvironment(context, configuration, invocation.version, invocation.id);
  tables.invocations(context).put(invocation.id, { ...invocation, environmentId: environment.id });
  const coldMs = cold ? context.delay('cold-start', environment.id) : 0;
  if (cold) context.busy('cold start', record.name, coldMs);
  const caller = sessionOf(context, configuration, environment.subnetId);
  const { LoggingConfig, Environment } = configuration;
  const job: FunctionJob = {
    account: context.account,
    region: context.region,
    invocationId: invocation.id,
    functionArn: context.arn('lambda', `function:${record.name}`),
    functionName: record.name,
    version: invocation.version,
    invokedArn: invocation.invokedArn,
    runtime: configuration.Runtime,
    handler: configuration.Handler,
    timeoutSeconds: configuration.Timeout,
    memoryMb: configuration.MemorySize,
    initLimitMs: context.row<number>('init-limit') * 1000,
    code: configuration.code,
    variables: Environment?.Variables ?? {},
    caller,
    log: { group: LoggingConfig.LogGroup, stream: environment.logStream, caller },
    logFormat: LoggingConfig.LogFormat,
    logLevel: LoggingConfig.LogFormat === 'JSON' ? LoggingConfig.ApplicationLogLevel ?? 'INFO' : undefined,
    event: invocation.event,
    clientContext: invocation.clientContext,
    traceId: traceId(context, invocation.id),
    ordinal: environment.ordinal,
    coldMs,
    chargeMs: Math.max(1, context.delay('invoke', invocation.id)),
    fault: faultOf(fault?.kind, fault?.params.afterCalls),
  };
  context.emit(cold ? 'invocation begins, cold' : 'invocation begins', record.name);
  context.kernel.begin(environment.id, 'function', { invocationId: invocation.id, functionArn: job.functionArn, job: job as unknown as Json }, coldMs);
}

function faultOf(kind: string | undefined, afterCalls: Json | undefined): FunctionJob['fault'] {
  if (kind === 'kill') return { kind, afterCalls: Number(afterCalls ?? 0) };
  return kind === 'timeout' ? { kind } : undefined;
}

function traceId(context: Context, invocationId: string): string {
  const hex = context.kernel.ids.named('trace', invocationId).toString('hex');
  const seconds = Math.floor(context.kernel.hostTime() / 1000).toString(16);
  return `Root=1-${seconds}-${hex.slice(0, 24)};Parent=${hex.slice(24, 40)};Sampled=0`;
}
