import type { Protocol, WireError } from '../exchange';
import { response } from '../exchange';
import { header } from '../http';
import { JSON_SCALARS, fromJsonMembers, toJson, toJsonMembers } from '../json';
import type { ServiceModel } from '../model';
import type { ModelledError } from '../modelled-error';
import { errorMembers, modelledError } from '../modelled-error';
import { ServiceError } from '../operation';
import { unknownOperation } from '../unknown-operation';

/** Services whose `__type` carries a namespace. Clients cut it off; others send the bare name as far as is known. */
const TYPE_PREFIX: Readonly<Record<string, string>> = { sqs: 'com.amazonaws.sqs#' };

/** AWS JSON 1.0 and 1.1: the operation in X-Amz-Target, JSON in and out. */
export const jsonRpc: Protocol = {
  name: 'json',

  decode(model, http) {
    const target = header(http.headers, 'x-amz-target') ?? '';
    const name = target.slice(target.lastIndexOf('.') + 1);
    if (!target.startsWith(`${model.metadata.targetPrefix}.`)) throw unknownOperation(model, target);
    const operation = model.operations.get(name);
    if (!operation) throw unknownOperation(model, name);
    const document = parseJson(http.body);
    return { operation, input: operation.input ? fromJsonMembers(operation.input, document, JSON_SCALARS) : {} };
  },

  encode(model, operation, output, requestId) {
    // An operation without a modelled output answers with no body at all.
    const body = operation.output ? JSON.stringify(toJsonMembers(operation.output, output, `${model.service}.${operation.name}`)) : '';
    return response(200, headers(model, requestId), body);
  },

  encodeError(model, operation, error, requestId) {
    const modelled = modelledError(model, operation, error);
    const type = `${TYPE_PREFIX[model.service] ?? ''}${modelled.name}`;
    const body = JSON.stringify({ __type: type, ...errorJson(modelled, error) });
    return response(modelled.status, {
      ...headers(model, requestId), 'x-amzn-errortype': modelled.name, ...queryErrorHeader(model, modelled),
    }, body);
  },
};

/** @throws ServiceError when the body is not JSON; nothing at all is an empty object */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ServiceError('SerializationException', 'Could not parse the request body as JSON', { status: 400 });
  }
}

/** The members of an error, each in its own form. */
export function errorJson(modelled: ModelledError, error: WireError): Record<string, unknown> {
  const { shape } = modelled;
  const inBody = Object.entries(errorMembers(modelled, error)).filter(([name]) => !shape?.members.get(name)?.location);
  return Object.fromEntries(inBody.map(([name, value]) => {
    const member = shape?.members.get(name);
    return [member?.wireName ?? name, member ? toJson(member.shape, member.timestampFormat, value, `${modelled.name}.${name}`) : value];
  }));
}

/** Services that once spoke awsQuery keep their old codes in a header (SQS, CloudWatch). */
export function queryErrorHeader(model: ServiceModel, { code, sender }: ModelledError): Record<string, string> {
  return model.metadata.awsQueryCompatible ? { 'x-amzn-query-error': `${code};${sender ? 'Sender' : 'Receiver'}` } : {};
}

function headers(model: ServiceModel, requestId: string): Record<string, string> {
  return { 'content-type': `application/x-amz-json-${model.metadata.jsonVersion ?? '1.1'}`, 'x-amzn-requestid': requestId };
}
