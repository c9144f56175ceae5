import { unchunk } from '../aws-chunked';
import type { Protocol } from '../exchange';
import { response } from '../exchange';
import type { HttpHeaders } from '../http';
import { header, parseQuery } from '../http';
import type { OperationModel, StructureShape } from '../model';
import { modelledError } from '../modelled-error';
import { ServiceError } from '../operation';
import { readBindings, writeBindings } from '../rest-bindings';
import { route } from '../rest-router';
import { pathWithBucket } from '../s3-host';
import { ERROR_STATUS, ROOT_ELEMENTS } from '../s3-words';
import { blobOf } from '../scalar';
import { unknownOperation } from '../unknown-operation';
import { readXml } from '../xml-reader';
import { XML_DECLARATION, element, escapeText, namespaceAttribute, textElement, writeMembers } from '../xml-writer';

const NAMESPACE = namespaceAttribute({ uri: 'http://s3.amazonaws.com/doc/2006-03-01/' });

/** S3: paths and verbs, XML or plain bytes. */
export const restXml: Protocol = {
  name: 'rest-xml',

  decode(model, http) {
    const query = parseQuery(http.rawQuery);
    const found = route(model, http.method, pathWithBucket(http), query, (name) => header(http.headers, name) !== undefined);
    if (!found) throw new ServiceError('MethodNotAllowed', 'The specified method is not allowed against this resource.', { status: 405 });
    if (!found.operation) throw unknownOperation(model, found.name);
    const shape = found.operation.input;
    if (!shape) return { operation: found.operation, input: {} };
    const unchunked = unchunk(http.body, http.headers);
    const input = { ...readBindings(shape, found.labels, query, unchunked.headers), ...readBody(shape, unchunked.body) };
    return { operation: found.operation, input };
  },

  encode(model, operation, output, requestId) {
    const shape = operation.output;
    if (!shape) return response(operation.status, { ...headers(requestId) }, '');
    const path = `${model.service}.${operation.name}`;
    const bindings = writeBindings(shape, output, path);
    const body = operation.method === 'HEAD' ? Buffer.alloc(0) : writeBody(operation, shape, output, path);
    const isXml = body.length > 0 && (!shape.payload || shape.payload.shape.type === 'structure');
    const answer = response(statusOf(operation, bindings.headers), {
      ...headers(requestId), ...(isXml ? { 'content-type': 'application/xml' } : {}), ...bindings.headers,
    }, body);
    // What HEAD says of the length is what GET would have sent.
    const length = operation.method === 'HEAD' ? bindings.headers['content-length'] : undefined;
    return length === undefined ? answer : { ...answer, headers: { ...answer.headers, 'content-length': length } };
  },

  encodeError(model, operation, error, requestId) {
    const { code, status: modelledStatus } = modelledError(model, operation, error);
    const status = error.status ?? ERROR_STATUS[code] ?? modelledStatus;
    // HEAD and 304 have no body: such clients see the status alone.
    if (operation?.method === 'HEAD' || status === 304) return response(status, headers(requestId), '');
    const fields = Object.entries(error.fields ?? {}).map(([name, value]) => textElement(name, String(value)));
    const content = [textElement('Code', code), textElement('Message', error.message), ...fields];
    const xml = element('Error', [...content, textElement('RequestId', requestId), textElement('HostId', hostId(requestId))].join(''));
    return response(status, { ...headers(requestId), 'content-type': 'application/xml' }, XML_DECLARATION + xml);
  },
};

function readBody(shape: StructureShape, body: Buffer): Record<string, unknown> {
  const { payload } = shape;
  if (payload) {
    if (payload.shape.type === 'blob') return { [payload.name]: body };
    if (body.length === 0) return {};
    if (payload.shape.type === 'string') return { [payload.name]: body.toString('utf8') };
    return { [payload.name]: readXml(payload.shape as StructureShape, body) };
  }
  const hasBody = [...shape.members.values()].some((member) => !member.location);
  return hasBody && body.length > 0 ? readXml(shape, body) : {};
}

function writeBody(operation: OperationModel, shape: StructureShape, output: Readonly<Record<string, unknown>>, path: string): Buffer {
  const { payload } = shape;
  if (payload) {
    const value = output[payload.name];
    const place = `${path}.${payload.name}`;
    if (value === undefined || value === null) return Buffer.alloc(0);
    if (payload.shape.type !== 'structure') return blobOf(value, place);
    const name = ROOT_ELEMENTS[operation.name] ?? payload.locationName ?? payload.shape.name;
    return document(name, writeMembers(payload.shape, value, place));
  }
  // The one answer of S3 whose root element is the value itself.
  if (operation.name === 'GetBucketLocation') {
    const location = output.LocationConstraint;
    return document('LocationConstraint', typeof location === 'string' ? escapeText(location) : '');
  }
  const hasBody = [...shape.members.values()].some((member) => !member.location);
  return hasBody ? document(ROOT_ELEMENTS[operation.name] ?? `${operation.name}Result`, writeMembers(shape, output, path)) : Buffer.alloc(0);
}

function document(name: string, content: string): Buffer {
  return Buffer.from(`${XML_DECLARATION}${element(name, content, NAMESPACE)}`, 'utf8');
}

/** A part of an object is partial content. */
function statusOf(operation: OperationModel, outputHeaders: HttpHeaders): number {
  return outputHeaders['content-range'] === undefined ? operation.status : 206;
}

function headers(requestId: string): Record<string, string> {
  return { 'server': 'AmazonS3', 'x-amz-request-id': requestId, 'x-amz-id-2': hostId(requestId) };
}

function hostId(requestId: string): string {
  return Buffer.from(`emulator ${requestId}`).toString('base64');
}
