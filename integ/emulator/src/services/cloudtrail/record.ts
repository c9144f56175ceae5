import { idFormat } from '../../kernel';
import type { Json } from '../../kernel';
import type { Context, Output, Principal } from '../../wire/operation';

interface CallMade {
  readonly called: string;
  readonly operation: string;
  readonly requestId: string;
  readonly principal: Principal;
  readonly error?: { readonly code: string; readonly message: string };
  readonly input: Output;
  readonly output: Output;
}

/** Event: a call was made that somebody wants to hear of. Its record is handed on some time later. */
export function callMade(context: Context, call: CallMade): void {
  const isData = context.row<string[]>('cloudtrail/data-events').includes(`${call.called}:${call.operation}`);
  if (isData || context.row<string[]>('cloudtrail/read-only').includes(`${call.called}:${call.operation}`)) return;
  const eventSource = context.row<Record<string, string>>('cloudtrail/event-sources')[call.called] ?? `${call.called}.amazonaws.com`;
  const detail = recordOf(context, call, eventSource);
  const source = `aws.${eventSource.replace(/\.amazonaws\.com$/, '')}`;
  context.after(context.delay('event-delay', call.requestId), { kind: 'events.from-trail', args: { source, detail: detail as Json }, daemon: true });
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
function recordOf(context: Context, { called, operation, requestId, principal, error, input, output }: CallMade, eventSource: string): object {
  const nullIfEmpty = (told: Output) => Object.keys(told).length > 0 ? told : null;
  return {
    eventVersion: context.row<string>('cloudtrail/event-version'),
    userIdentity: identityOf(principal),
    eventTime: new Date(context.kernel.hostTime(context.now)).toISOString().replace(/\.\d+Z$/, 'Z'),
    eventSource,
    eventName: operation,
    awsRegion: context.region,
    sourceIPAddress: principal.service ?? context.row<string>('cloudtrail/source-address'),
    userAgent: principal.service ?? context.row<string>('cloudtrail/user-agent'),
    ...error && { errorCode: error.code, errorMessage: error.message },
    requestParameters: nullIfEmpty(input),
    responseElements: error ? null : nullIfEmpty(output),
    requestID: requestId,
    eventID: idFormat.uuid(context.id('event', called)),
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: context.account,
    eventCategory: 'Management',
  };
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
function identityOf({ kind, account, arn, roleArn, sessionName, service }: Principal): object {
  switch (kind) {
    case 'service': return { type: 'AWSService', invokedBy: service };
    // As the trail's own page has it of requests without keys.
    case 'anonymous': return { type: 'AWSAccount', principalId: '', accountId: 'anonymous' };
    case 'user': return { type: 'IAMUser', arn, accountId: account, userName: arn.replace(/^.*\//, '') };
    case 'role': return {
      type: 'AssumedRole',
      arn,
      accountId: account,
      sessionContext: { sessionIssuer: { type: 'Role', arn: roleArn, accountId: account, userName: roleArn?.replace(/^.*\//, '') }, attributes: { sessionName } },
    };
  }
}
