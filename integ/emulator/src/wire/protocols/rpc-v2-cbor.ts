import { CborFloat, decodeCbor, encodeCbor } from '../cbor';
import { refuseUnknownMembers } from '../encode-error';
import type { Protocol } from '../exchange';
import { response } from '../exchange';
import { fromJsonMembers } from '../json';
import type { ScalarReader } from '../json';
import type { Shape, StructureShape } from '../model';
import { errorMembers, modelledError } from '../modelled-error';
import { ServiceError } from '../operation';
import { blobOf, wrongType } from '../scalar';
import { unknownOperation } from '../unknown-operation';
import { queryErrorHeader } from './json-rpc';

const SCALARS: ScalarReader = {
  timestamp: (value) => (typeof value === 'number' ? new Date(Math.round(value * 1000)) : undefined),
  blob: (value) => (Buffer.isBuffer(value) ? value : undefined),
};

/** Smithy RPC v2 with CBOR: the operation in the path, CBOR in and out. */
export const rpcV2Cbor: Protocol = {
  name: 'smithy-rpc-v2-cbor',

  decode(model, http) {
    const name = /\/service\/[^/]+\/operation\/([^/]+)\/?$/.exec(http.path)?.[1] ?? http.path;
    const operation = model.operations.get(name);
    if (!operation) throw unknownOperation(model, name);
    return { operation, input: operation.input ? fromJsonMembers(operation.input, parse(http.body), SCALARS) : {} };
  },

  encode(model, operation, output, requestId) {
    const body = operation.output ? encodeCbor(members(operation.output, output, `${model.service}.${operation.name}`)) : Buffer.alloc(0);
    return response(200, headers(requestId), body);
  },

  encodeError(model, operation, error, requestId) {
    const modelled = modelledError(model, operation, error);
    const fields = errorMembers(modelled, error);
    const body = { __type: modelled.name, ...(modelled.shape ? members(modelled.shape, fields, modelled.name) : fields) };
    return response(modelled.status, { ...headers(requestId), ...queryErrorHeader(model, modelled) }, encodeCbor(body));
  },
};

function parse(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return decodeCbor(body);
  } catch (error) {
    throw new ServiceError('SerializationException', `Could not parse the request body as CBOR: ${(error as Error).message}`, { status: 400 });
  }
}

/** CBOR keeps the model's names, knows bytes and moments, and tells integers from floats. */
function members(shape: StructureShape, value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(shape, value, path);
  const fields = value as Readonly<Record<string, unknown>>;
  refuseUnknownMembers(path, fields, shape.members);
  const result: Record<string, unknown> = {};
  for (const member of shape.members.values()) {
    const field = fields[member.name];
    if (field !== undefined && field !== null) result[member.name] = toCbor(member.shape, field, `${path}.${member.name}`);
  }
  return result;
}

function toCbor(shape: Shape, value: unknown, path: string): unknown {
  switch (shape.type) {
    case 'structure':
      return members(shape, value, path);
    case 'list':
      if (!Array.isArray(value)) throw wrongType(shape, value, path);
      return value.map((item: unknown, at) => toCbor(shape.member.shape, item, `${path}[${at}]`));
    case 'map':
      if (typeof value !== 'object' || value === null) throw wrongType(shape, value, path);
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, toCbor(shape.value.shape, entry, `${path}.${key}`)]));
    case 'boolean':
      if (typeof value === 'boolean') return value;
      break;
    case 'integer':
    case 'long':
      if (typeof value === 'number' && Number.isInteger(value)) return value;
      break;
    case 'float':
    case 'double':
      if (typeof value === 'number') return new CborFloat(value);
      break;
    case 'timestamp':
      if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
      break;
    case 'blob':
      return blobOf(value, path);
    default:
      if (typeof value === 'string') return value;
  }
  throw wrongType(shape, value, path);
}

function headers(requestId: string): Record<string, string> {
  return { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor', 'x-amzn-requestid': requestId };
}
