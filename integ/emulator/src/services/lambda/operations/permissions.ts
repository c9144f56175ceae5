import { idFormat } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { conflict, invalid, notFound, preconditionFailed } from '../errors';
import { arnOf, parseName, resolve } from '../names';
import { qualified, tables } from '../state';
import type { Statement } from '../state';

interface PolicyInput {
  readonly FunctionName: string;
  readonly Qualifier?: string;
  readonly StatementId: string;
  readonly RevisionId?: string;
}

interface AddPermissionInput extends PolicyInput {
  readonly Action: string;
  readonly Principal: string;
  readonly SourceArn?: string;
  readonly SourceAccount?: string;
  readonly EventSourceToken?: string;
  readonly PrincipalOrgID?: string;
  readonly FunctionUrlAuthType?: string;
}

export function addPermission(context: Context, input: AddPermissionInput): Output {
  const { name, qualifier } = parseName(context, input.FunctionName, input.Qualifier);
  resolve(context, { name, qualifier });
  if (qualifier === '$LATEST') {
    throw invalid('We currently do not support adding policies for $LATEST.');
  }
  const key = qualified(name, qualifier ?? '$LATEST');
  const policy = tables.policies(context).get(key);
  if (input.RevisionId !== undefined && input.RevisionId !== policy?.RevisionId) throw preconditionFailed();
  if (policy?.statements.some(({ Sid }) => Sid === input.StatementId)) {
    throw conflict(`The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`);
  }
  const statement = statementOf(context, input, arnOf(context, name, qualifier));
  tables.policies(context).put(key, { statements: [...policy?.statements ?? [], statement], RevisionId: idFormat.uuid(context.id('policy', key)) });
  return { Statement: JSON.stringify(statement) };
}

function statementOf(context: Context, input: AddPermissionInput, resource: string): Statement {
  const { SourceArn, SourceAccount, PrincipalOrgID, EventSourceToken, FunctionUrlAuthType } = input;
  const conditions = Object.entries({
    StringEquals: {
      ...(SourceAccount ? { 'AWS:SourceAccount': SourceAccount } : {}),
      ...(PrincipalOrgID ? { 'aws:PrincipalOrgID': PrincipalOrgID } : {}),
      ...(EventSourceToken ? { 'lambda:EventSourceToken': EventSourceToken } : {}),
      ...(FunctionUrlAuthType ? { 'lambda:FunctionUrlAuthType': FunctionUrlAuthType } : {}),
    },
    ArnLike: SourceArn ? { 'AWS:SourceArn': SourceArn } : {},
  }).filter(([, condition]) => Object.keys(condition).length > 0);
  return {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: principalOf(context, input.Principal),
    Action: input.Action,
    Resource: resource,
    ...(conditions.length > 0 ? { Condition: Object.fromEntries(conditions) } : {}),
  };
}

function principalOf(context: Context, principal: string): unknown {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:${context.partition}:iam::${principal}:root` };
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}

export function removePermission(context: Context, input: PolicyInput): void {
  const { name, qualifier } = parseName(context, input.FunctionName, input.Qualifier);
  resolve(context, { name, qualifier });
  const key = qualified(name, qualifier ?? '$LATEST');
  const policy = tables.policies(context).get(key);
  if (!policy) throw notFound('No policy is associated with the given resource.');
  if (input.RevisionId !== undefined && input.RevisionId !== policy.RevisionId) throw preconditionFailed();
  const statements = policy.statements.filter(({ Sid }) => Sid !== input.StatementId);
  if (statements.length === policy.statements.length) throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
  if (statements.length === 0) tables.policies(context).delete(key);
  else tables.policies(context).put(key, { statements, RevisionId: idFormat.uuid(context.id('policy', key)) });
}

export function getPolicy(context: Context, input: { readonly FunctionName: string; readonly Qualifier?: string }): Output {
  const { name, qualifier } = parseName(context, input.FunctionName, input.Qualifier);
  resolve(context, { name, qualifier });
  const policy = tables.policies(context).get(qualified(name, qualifier ?? '$LATEST'));
  if (!policy) throw notFound('The resource you requested does not exist.');
  return { Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: policy.statements }), RevisionId: policy.RevisionId };
}
