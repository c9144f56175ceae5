import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Location, MemberDocument, MetadataDocument, ModelDocument, ModelIndexDocument, ModelIndexEntry, OperationDocument, ShapeDocument, ShapeType,
  TimestampFormat, XmlNamespaceDocument,
} from './model-document';
import { OVERRIDES } from './model-overrides';
import { PACKAGE_FOLDER } from '../kernel/package-folder';

/** The folder `models/`, seen from `src/wire` and from `lib/wire` alike. */
const MODELS = join(PACKAGE_FOLDER, 'models');

export interface ServiceModel {
  /** The emulator's name of the service, as in `models/<service>.json`. */
  readonly service: string;
  readonly metadata: MetadataDocument & { readonly signingName: string };
  readonly operations: ReadonlyMap<string, OperationModel>;
  /** Operations AWS has and this model does not: name to `METHOD /uri` for REST services, to '' for others. */
  readonly notKept: ReadonlyMap<string, string>;
  readonly shapes: ReadonlyMap<string, Shape>;
}

export interface OperationModel {
  readonly name: string;
  readonly method: string;
  readonly uri: string;
  readonly status: number;
  readonly input?: StructureShape;
  readonly output?: StructureShape;
  readonly resultWrapper?: string;
  readonly errors: readonly StructureShape[];
}

interface ShapeBase {
  readonly name: string;
  readonly type: ShapeType;
  readonly sensitive: boolean;
  readonly locationName?: string;
  readonly timestampFormat?: TimestampFormat;
}

export interface StructureShape extends ShapeBase {
  readonly type: 'structure';
  readonly members: ReadonlyMap<string, Member>;
  readonly required: readonly string[];
  /** The member that is the whole body. */
  readonly payload?: Member;
  readonly union: boolean;
  /** Any JSON value. */
  readonly document: boolean;
  readonly xmlNamespace?: XmlNamespaceDocument;
  readonly exception: boolean;
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number; readonly senderFault?: boolean };
  readonly fault: boolean;
}

export interface ListShape extends ShapeBase {
  readonly type: 'list';
  readonly member: Member;
  readonly min?: number;
  readonly max?: number;
}

export interface MapShape extends ShapeBase {
  readonly type: 'map';
  readonly key: Member;
  readonly value: Member;
  readonly min?: number;
  readonly max?: number;
}

export interface ScalarShape extends ShapeBase {
  readonly type: Exclude<ShapeType, 'structure' | 'list' | 'map'>;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
}

export type Shape = StructureShape | ListShape | MapShape | ScalarShape;

/** A use of a shape: in a structure, a list or a map. */
export interface Member {
  readonly name: string;
  readonly shape: Shape;
  /** `locationName`, or what the place has by default: the member's name, `member`, `key`, `value`. */
  readonly wireName: string;
  readonly locationName?: string;
  readonly queryName?: string;
  readonly location?: Location;
  readonly flattened: boolean;
  readonly streaming: boolean;
  readonly timestampFormat?: TimestampFormat;
  readonly xmlAttribute: boolean;
  readonly xmlNamespace?: XmlNamespaceDocument;
  readonly idempotencyToken: boolean;
}

let index: ModelIndexDocument | undefined;
const loaded = new Map<string, ServiceModel>();

/** Every service there is a model of. */
export function serviceNames(): string[] {
  return Object.keys(modelIndex());
}

/** What is known of each service without reading its model. */
export function modelIndex(): Readonly<Record<string, ModelIndexEntry>> {
  index ??= JSON.parse(readFileSync(join(MODELS, 'index.json'), 'utf8')) as ModelIndexDocument;
  return index.services;
}

export function hasModel(service: string): boolean {
  return Object.hasOwn(modelIndex(), service);
}

/** Reads a service's model the first time it is asked for. */
export function loadModel(service: string): ServiceModel {
  const known = loaded.get(service);
  if (known) return known;
  if (!hasModel(service)) throw new Error(`[emulator] there is no model of a service named ${service}`);
  const model = linkModel(JSON.parse(readFileSync(join(MODELS, `${service}.json`), 'utf8')) as ModelDocument);
  loaded.set(service, model);
  return model;
}

/** Turns names of shapes into the shapes themselves, so that a codec only follows references. */
function linkModel(document: ModelDocument): ServiceModel {
  const { shapeDocuments, operationDocuments } = withOverrides(document);
  const shapes = new Map<string, Shape>();
  // Shapes refer to each other in circles: all exist before any is filled.
  for (const name of Object.keys(shapeDocuments)) shapes.set(name, {} as Shape);
  const find = (name: string): Shape => {
    const shape = shapes.get(name);
    if (!shape) throw new Error(`[emulator] the model of ${document.service} has no shape ${name}`);
    return shape;
  };
  for (const [name, shapeDocument] of Object.entries(shapeDocuments)) Object.assign(find(name), linkShape(name, shapeDocument, shapeDocuments, find));

  const structure = (name: string | undefined): StructureShape | undefined => (name ? (find(name) as StructureShape) : undefined);
  const operations = Object.entries(operationDocuments).map(([name, operation]): [string, OperationModel] => [name, {
    name,
    method: operation.method,
    uri: operation.uri,
    status: operation.status ?? 200,
    input: structure(operation.input),
    output: structure(operation.output),
    resultWrapper: operation.resultWrapper,
    errors: (operation.errors ?? []).map((error) => find(error) as StructureShape),
  }]);
  return {
    service: document.service,
    metadata: { ...document.metadata, signingName: document.metadata.signingName ?? document.metadata.endpointPrefix },
    operations: new Map(operations),
    notKept: new Map(Object.entries(document.notKept)),
    shapes,
  };
}

interface Overridden {
  readonly shapeDocuments: Readonly<Record<string, ShapeDocument>>;
  readonly operationDocuments: Readonly<Record<string, OperationDocument>>;
}

function withOverrides(document: ModelDocument): Overridden {
  const shapeDocuments = { ...document.shapes };
  const operationDocuments = { ...document.operations };
  for (const override of OVERRIDES[document.service] ?? []) {
    for (const [name, change] of Object.entries(override.shapes ?? {})) {
      if (shapeDocuments[name]) shapeDocuments[name] = { ...shapeDocuments[name], ...change };
    }
    for (const [name, change] of Object.entries(override.operations ?? {})) {
      if (operationDocuments[name]) operationDocuments[name] = { ...operationDocuments[name], ...change };
    }
  }
  return { shapeDocuments, operationDocuments };
}

type ShapeDocuments = Readonly<Record<string, ShapeDocument>>;

function linkShape(name: string, document: ShapeDocument, all: ShapeDocuments, find: (name: string) => Shape): Shape {
  const { type, locationName, timestampFormat, min, max } = document;
  const base = { name, locationName, timestampFormat, sensitive: document.sensitive ?? false };
  const link = (memberName: string, member: string | MemberDocument | undefined): Member => linkMember(memberName, member as string, all, find);
  switch (type) {
    case 'structure': {
      const members = new Map(Object.entries(document.members ?? {}).map(([key, member]) => [key, link(key, member)]));
      return {
        ...base,
        type,
        members,
        required: document.required ?? [],
        payload: document.payload ? members.get(document.payload) : undefined,
        union: document.union ?? false,
        document: document.document ?? false,
        xmlNamespace: document.xmlNamespace,
        exception: document.exception ?? false,
        error: document.error,
        fault: document.fault ?? false,
      };
    }
    case 'list':
      return { ...base, type, min, max, member: link('member', document.member) };
    case 'map':
      return { ...base, type, min, max, key: link('key', document.key), value: link('value', document.value) };
    default:
      return { ...base, type, min, max, enum: document.enum, pattern: document.pattern };
  }
}

function linkMember(name: string, document: string | MemberDocument, all: ShapeDocuments, find: (name: string) => Shape): Member {
  const member: MemberDocument = typeof document === 'string' ? { shape: document } : document;
  const target = all[member.shape];
  return {
    name,
    shape: find(member.shape),
    wireName: member.locationName ?? name,
    locationName: member.locationName,
    queryName: member.queryName,
    location: member.location,
    flattened: member.flattened ?? target.flattened ?? false,
    streaming: member.streaming ?? target.streaming ?? false,
    timestampFormat: member.timestampFormat ?? target.timestampFormat,
    xmlAttribute: member.xmlAttribute ?? false,
    xmlNamespace: member.xmlNamespace,
    idempotencyToken: member.idempotencyToken ?? false,
  };
}
