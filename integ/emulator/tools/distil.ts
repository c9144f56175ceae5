import { createHash } from 'node:crypto';
import type { ServiceSelection } from './operations';
import type { Wheel } from './wheel';
import type { ModelDocument, OperationDocument } from '../src/wire/model-document';

/** JSON of which only the parts named here are looked into. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

interface BotocoreModel {
  readonly metadata: JsonObject;
  readonly operations: Readonly<Record<string, JsonObject>>;
  readonly shapes: Readonly<Record<string, JsonObject>>;
}

/** What no part of the emulator reads: texts for people, and hints for clients. */
const DROPPED = new Set([
  'documentation', 'deprecated', 'deprecatedMessage', 'deprecatedSince', 'contextParam', 'synthetic', 'xmlOrder', 'retryable', 'box',
]);

const METADATA = [
  'apiVersion', 'awsQueryCompatible', 'endpointPrefix', 'globalEndpoint', 'jsonVersion', 'protocol', 'protocols', 'serviceId',
  'signingName', 'targetPrefix', 'xmlNamespace',
];

/** Keeps what is listed of a service, and every shape that is reached from there. */
export function distil(service: string, selection: ServiceSelection, wheel: Wheel): ModelDocument {
  const { path, stored, text } = wheel.model(selection.folder ?? service);
  const source = JSON.parse(text) as BotocoreModel;
  const kept = keptOperations(service, selection.keep, Object.keys(source.operations));
  const isRest = String(source.metadata.protocol).startsWith('rest-');

  const operations: Record<string, OperationDocument> = {};
  const notKept: Record<string, string> = {};
  for (const name of Object.keys(source.operations).sort()) {
    const operation = source.operations[name];
    const http = operation.http as { method: string; requestUri: string; responseCode?: number };
    if (kept.has(name)) operations[name] = operationDocument(operation);
    else if (!operation.deprecated) notKept[name] = isRest ? `${http.method} ${http.requestUri}` : '';
  }

  const shapes: Record<string, JsonObject> = {};
  const reach = (name: string): void => {
    if (shapes[name]) return;
    const shape = source.shapes[name];
    if (!shape) throw new Error(`${service} names a shape it does not have: ${name}`);
    shapes[name] = shapeDocument(shape);
    for (const reference of references(shape)) reach(reference);
  };
  for (const operation of Object.values(operations)) {
    for (const name of [operation.input, operation.output, ...(operation.errors ?? [])]) if (name) reach(name);
  }

  return {
    service,
    source: { package: 'botocore', version: wheel.version, file: path, sha256: createHash('sha256').update(stored).digest('hex') },
    metadata: Object.fromEntries(METADATA.filter((key) => key in source.metadata).map((key) => [key, source.metadata[key]])),
    operations,
    notKept,
    shapes: Object.fromEntries(Object.keys(shapes).sort().map((name) => [name, shapes[name]])),
  } as unknown as ModelDocument;
}

function keptOperations(service: string, patterns: readonly string[], names: readonly string[]): Set<string> {
  const kept = new Set<string>();
  for (const pattern of patterns) {
    const matches = (name: string): boolean => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern);
    const found = names.filter(matches);
    if (found.length === 0) throw new Error(`tools/operations.ts lists ${service} ${pattern}, which the model does not have`);
    for (const name of found) kept.add(name);
  }
  return kept;
}

function operationDocument(operation: JsonObject): OperationDocument {
  const http = operation.http as { method: string; requestUri: string; responseCode?: number };
  const input = operation.input as { shape: string } | undefined;
  const output = operation.output as { shape: string; resultWrapper?: string } | undefined;
  const errors = (operation.errors ?? []) as { shape: string }[];
  return {
    method: http.method,
    uri: http.requestUri,
    ...(http.responseCode ? { status: http.responseCode } : {}),
    ...(input ? { input: input.shape } : {}),
    ...(output ? { output: output.shape } : {}),
    ...(output?.resultWrapper ? { resultWrapper: output.resultWrapper } : {}),
    ...(errors.length > 0 ? { errors: errors.map((error) => error.shape) } : {}),
  };
}

/** A member that says nothing but its shape is written as the shape's name. */
function memberDocument(member: Json): Json {
  const rest = without(member as JsonObject);
  return Object.keys(rest).length === 1 ? rest.shape : rest;
}

function shapeDocument(shape: JsonObject): JsonObject {
  const document = without(shape);
  // A required list that is empty says nothing.
  if ((document.required as Json[] | undefined)?.length === 0) delete document.required;
  if (document.members) {
    document.members = Object.fromEntries(Object.entries(document.members as JsonObject).map(([name, member]) => [name, memberDocument(member)]));
  }
  for (const key of ['member', 'key', 'value']) if (document[key]) document[key] = memberDocument(document[key]);
  return document;
}

function without(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key, entry]) => !DROPPED.has(key) && entry !== false));
}

function references(shape: JsonObject): string[] {
  const members = [...Object.values((shape.members ?? {}) as JsonObject), shape.member, shape.key, shape.value];
  return members.filter((member) => member !== undefined).map((member) => (member as { shape: string }).shape);
}

/** One line per operation and per shape: small, and a change of the model shows as the lines that changed. */
export function printModel(model: ModelDocument): string {
  const lines = (entries: object): string => Object.entries(entries).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',\n');
  return [
    '{',
    `"service":${JSON.stringify(model.service)},`,
    `"source":${JSON.stringify(model.source)},`,
    `"metadata":${JSON.stringify(model.metadata)},`,
    `"operations":{\n${lines(model.operations)}\n},`,
    `"notKept":${JSON.stringify(model.notKept)},`,
    `"shapes":{\n${lines(model.shapes)}\n}`,
    '}',
    '',
  ].join('\n');
}
