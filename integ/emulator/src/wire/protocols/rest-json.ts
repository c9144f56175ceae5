import type { Protocol } from '../exchange';
import { response } from '../exchange';
import { header, parseQuery } from '../http';
import type { HttpRequest } from '../http';
import { JSON_SCALARS, fromJsonMembers, toJsonMembers } from '../json';
import type { StructureShape } from '../model';
import { errorMembers, modelledError } from '../modelled-error';
import { ServiceError } from '../operation';
import { readBindings, writeBindings } from '../rest-bindings';
import { route } from '../rest-router';
import { blobOf } from '../scalar';
import { unknownOperation } from '../unknown-operation';
import { errorJson, parseJson } from './json-rpc';

/** Lambda: paths and verbs, JSON bodies. */
export const restJson: Protocol = {
  name: 'rest-json',

  decode(model, http) {
    const query = parseQuery(http.rawQuery);
    const found = route(model, http.method, http.path, query, (name) => header(http.headers, name) !== undefined);
    if (!found) throw new ServiceError('UnknownOperationException', 'Unable to determine service/operation name to be authorized', { status: 403 });
    if (!found.operation) throw unknownOperation(model, found.name);
    const shape = found.operation.input;
    const input = shape ? { ...readBindings(shape, found.labels, query, http.headers), ...readBody(shape, http) } : {};
    return { operation: found.operation, input };
  },

  encode(model, operation, output, requestId) {
    const shape = operation.output;
    const path = `${model.service}.${operation.name}`;
    if (!shape) return response(operation.status, headers(requestId), '');
    const bindings = writeBindings(shape, output, path);
    const status = bindings.status ?? operation.status;
    const all = { ...headers(requestId), ...bindings.headers };
    // No body may follow a 204, not even an empty object.
    return response(status, all, status === 204 ? '' : writeBody(shape, output, path));
  },

  encodeError(model, operation, error, requestId) {
    const modelled = modelledError(model, operation, error);
    const hasType = modelled.shape?.members.has('Type');
    const type = { Type: modelled.sender ? 'User' : 'Service' };
    const body = { ...(hasType ? type : {}), ...errorJson(modelled, error) };
    const bound = modelled.shape ? writeBindings(modelled.shape, errorMembers(modelled, error), modelled.name).headers : {};
    return response(modelled.status, { ...headers(requestId), ...bound, 'x-amzn-errortype': modelled.name }, JSON.stringify(body));
  },
};

function readBody(shape: StructureShape, http: HttpRequest): Record<string, unknown> {
  const { payload } = shape;
  if (!payload) return fromJsonMembers(shape, parseJson(http.body), JSON_SCALARS);
  if (http.body.length === 0) return {};
  switch (payload.shape.type) {
    case 'blob': return { [payload.name]: http.body };
    case 'string': return { [payload.name]: http.body.toString('utf8') };
    default: return { [payload.name]: fromJsonMembers(payload.shape as StructureShape, parseJson(http.body), JSON_SCALARS) };
  }
}

function writeBody(shape: StructureShape, output: Readonly<Record<string, unknown>>, path: string): Buffer | string {
  const { payload } = shape;
  if (!payload) return JSON.stringify(toJsonMembers(shape, output, path));
  const value = output[payload.name];
  if (value === undefined || value === null) return '';
  if (payload.shape.type === 'blob' || payload.shape.type === 'string') return blobOf(value, `${path}.${payload.name}`);
  return JSON.stringify(toJsonMembers(payload.shape as StructureShape, value, `${path}.${payload.name}`));
}

function headers(requestId: string): Record<string, string> {
  return { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
}
