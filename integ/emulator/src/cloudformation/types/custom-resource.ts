import { failed } from './handler';
import type { Handler, Progress, Work } from './handler';
import { idFormat } from '../../kernel';
import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';
import { stringsOf } from '../plan/wire';
import { isObject } from '../template/template';
import type { Value, ValueMap } from '../template/template';
import { text } from '../texts';

/** A request that a function has not answered yet, by the key of the object that it is to write. */
interface CustomRequest {
  readonly stackId: string;
  readonly logicalId: string;
  readonly taskId: string;
  readonly token: string;
  readonly requestType: 'Create' | 'Update' | 'Delete';
  readonly physicalId?: string;
}

/** Tells an operation what came of a request; kept apart from the engine, which imports the handlers. */
export type Report = (context: Context, stackId: string, taskId: string, token: string, progress: Progress) => void;

const requests = (context: Context): Table<CustomRequest> => context.table('cloudformation/custom-requests');

/** Bytes of a response that CloudFormation reads. */
const MAX_RESPONSE_BYTES = 4096;

export const customResource: Handler = {
  create: (work) => send(work, 'Create'),
  update: (work) => send(work, 'Update'),
  delete: (work) => send(work, 'Delete'),
  resume: (work) => ({ kind: 'wait', forWhat: waitingFor(work) }),
  abandon: (work) => {
    requests(work.context).delete(keyOf(work));
    work.context.cancel(timeoutId(keyOf(work)));
    return true;
  },
  madeUpId: (work) => {
    const bytes = work.context.kernel.ids.named('cloudformation-made-up', work.stackId, work.logicalId, work.uid);
    return `${work.stackName}-${work.logicalId}-${idFormat.upperAlphanumeric(bytes, 12)}`;
  },
};

function send(work: Work, requestType: CustomRequest['requestType']): Progress {
  const { context, stackId, logicalId, taskId, token, physicalId } = work;
  const serviceToken = work.properties.ServiceToken;
  if (typeof serviceToken !== 'string' || !serviceToken.startsWith('arn:')) return failed(text(context, 'text-service-token'), physicalId);
  if (serviceToken.split(':')[2] === 'sns') return failed('[emulator] an SNS topic as ServiceToken is not built', physicalId);
  const key = keyOf(work);
  requests(context).put(key, { stackId, logicalId, taskId, token, requestType, physicalId });
  const event = {
    RequestType: requestType,
    ServiceToken: serviceToken,
    ResponseURL: responseUrl(context, key),
    StackId: stackId,
    RequestId: token,
    LogicalResourceId: logicalId,
    ...(physicalId === undefined ? {} : { PhysicalResourceId: physicalId }),
    ResourceType: work.type,
    ResourceProperties: stringsOf(work.properties),
    ...(requestType === 'Update' ? { OldResourceProperties: stringsOf(work.previous ?? {}) } : {}),
  };
  const args = { key };
  context.after(timeoutSeconds(work) * 1000, { kind: 'custom-timeout', id: timeoutId(key), args });
  context.callLater('lambda', 'Invoke', {
    FunctionName: serviceToken, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(event), 'utf8'),
  }, { kind: 'custom-invoked', args }, work.caller);
  return { kind: 'wait', forWhat: waitingFor(work), memory: { ...(isObject(work.memory as Value) ? work.memory as object : {}), requestId: token } };
}

function keyOf({ stackId, logicalId, token }: Work): string {
  return `${stackId}|${logicalId}|${token}`;
}

function timeoutId(key: string): string {
  return `cloudformation/custom-timeout/${key}`;
}

function timeoutSeconds({ context, properties }: Work): number {
  const given = Number(properties.ServiceTimeout);
  const longest = context.row<number>('custom-resource-timeout');
  return Number.isFinite(given) && given > 0 ? Math.min(given, longest) : longest;
}

function waitingFor({ properties }: Work): string {
  return `the response of ${String(properties.ServiceToken)}`;
}

/** A place that looks presigned: only its host and path matter. */
function responseUrl(context: Context, key: string): string {
  const bucket = `cloudformation-custom-resource-response-${context.region.replace(/-/g, '')}`;
  const bytes = context.kernel.ids.named('cloudformation-signature', key);
  const date = new Date(context.kernel.hostTime()).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const credential = `AKIA${idFormat.upperAlphanumeric(bytes, 16)}/${date.slice(0, 8)}/${context.region}/s3/aws4_request`;
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256', 'X-Amz-Date': date, 'X-Amz-SignedHeaders': 'host', 'X-Amz-Expires': '7200', 'X-Amz-Credential': credential,
    'X-Amz-Signature': idFormat.hex(bytes, 64),
  });
  const suffix = context.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://${bucket}.s3.${context.region}.${suffix}/${encodeURIComponent(key)}?${query.toString()}`;
}

// --- events

/** The function was called, or could not be. */
export function customInvoked(context: Context, args: { key: string; error?: { code: string; message: string } }, report: Report): void {
  if (!args.error) return;
  const request = close(context, args.key);
  if (!request) return;
  report(context, request.stackId, request.taskId, request.token, failed(args.error.message, request.physicalId));
}

export function customTimeout(context: Context, { key }: { key: string }, report: Report): void {
  const request = close(context, key);
  if (!request) return;
  report(context, request.stackId, request.taskId, request.token, failed(
    text(context, 'text-no-response', { token: request.token }), request.physicalId));
}

/** An object was written where a response is expected. What nobody waits for any more is ignored. */
export function responseArrived(context: Context, { key, blob }: { key: string; blob: string }, report: Report): boolean {
  const request = close(context, decoded(key));
  if (!request) return false;
  const body = context.kernel.blobs.get(blob);
  report(context, request.stackId, request.taskId, request.token, outcome(context, request, body));
  return true;
}

function decoded(key: string): string {
  try {
    return key.includes('%') ? decodeURIComponent(key) : key;
  } catch {
    return key;
  }
}

function close(context: Context, key: string): CustomRequest | undefined {
  const request = requests(context).get(key);
  requests(context).delete(key);
  context.cancel(timeoutId(key));
  return request;
}

function outcome(context: Context, request: CustomRequest, body: Buffer): Progress {
  if (body.length > MAX_RESPONSE_BYTES) return failed(text(context, 'text-response-too-long'), request.physicalId);
  let response: Value;
  try {
    response = JSON.parse(body.toString('utf8')) as Value;
  } catch {
    return failed(text(context, 'text-response-not-json'), request.physicalId);
  }
  if (!isObject(response)) return failed(text(context, 'text-response-not-an-object'), request.physicalId);
  const { Status: status, Reason: reason, PhysicalResourceId: physical, Data: data } = response;
  if (response.RequestId !== request.token) return failed(text(context, 'text-response-request-id'), request.physicalId);
  if (response.StackId !== request.stackId) return failed(text(context, 'text-response-stack-id'), request.physicalId);
  if (response.LogicalResourceId !== request.logicalId) return failed(text(context, 'text-response-logical-id'), request.physicalId);
  if (status !== 'SUCCESS' && status !== 'FAILED') {
    return failed(text(context, 'text-response-status', { status: String(status) }), request.physicalId);
  }
  const named = typeof physical === 'string' && physical !== '' && Buffer.byteLength(physical) <= 1024 ? physical : undefined;
  if (status === 'FAILED') {
    return failed(text(context, 'text-response-failed', { reason: String(reason ?? ''), token: request.token }),
      request.physicalId ?? named);
  }
  if (named === undefined && request.requestType !== 'Delete') return failed(text(context, 'text-response-physical-id'), request.physicalId);
  const physicalId = request.requestType === 'Delete' ? request.physicalId! : named!;
  return {
    kind: 'done',
    physicalId,
    attributes: isObject(data) ? data as ValueMap : {},
    memory: { requestId: request.token, noEcho: String(response.NoEcho) === 'true' },
  };
}
