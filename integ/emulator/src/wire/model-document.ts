/** The files in `models/`: what `npm run models` writes and `model.ts` reads. The words are botocore's. */

export interface ModelDocument {
  readonly service: string;
  readonly source: { readonly package: string; readonly version: string; readonly file: string; readonly sha256: string };
  readonly metadata: MetadataDocument;
  readonly operations: Readonly<Record<string, OperationDocument>>;
  /** Operations AWS has and the emulator does not know the shape of; for REST services with method and path, else ''. */
  readonly notKept: Readonly<Record<string, string>>;
  readonly shapes: Readonly<Record<string, ShapeDocument>>;
}

export type ProtocolName = 'query' | 'ec2' | 'json' | 'rest-json' | 'rest-xml' | 'smithy-rpc-v2-cbor';

export interface MetadataDocument {
  readonly apiVersion: string;
  readonly endpointPrefix: string;
  /** The one botocore would choose; AWS answers all of `protocols`. */
  readonly protocol: ProtocolName;
  readonly protocols: readonly ProtocolName[];
  readonly serviceId: string;
  readonly signingName?: string;
  readonly targetPrefix?: string;
  readonly jsonVersion?: '1.0' | '1.1';
  readonly xmlNamespace?: string;
  readonly globalEndpoint?: string;
  readonly awsQueryCompatible?: object;
}

export interface OperationDocument {
  readonly method: string;
  readonly uri: string;
  readonly status?: number;
  readonly input?: string;
  readonly output?: string;
  readonly resultWrapper?: string;
  readonly errors?: readonly string[];
}

export type ShapeType =
  | 'structure' | 'list' | 'map' | 'string' | 'character' | 'boolean' | 'integer' | 'long' | 'float' | 'double' | 'blob' | 'timestamp';

export type Location = 'uri' | 'querystring' | 'header' | 'headers' | 'statusCode';

export interface MemberDocument {
  readonly shape: string;
  readonly location?: Location;
  readonly locationName?: string;
  readonly queryName?: string;
  readonly flattened?: boolean;
  readonly streaming?: boolean;
  readonly timestampFormat?: TimestampFormat;
  readonly xmlAttribute?: boolean;
  readonly xmlNamespace?: XmlNamespaceDocument;
  readonly idempotencyToken?: boolean;
  readonly jsonvalue?: boolean;
  readonly hostLabel?: boolean;
  readonly eventpayload?: boolean;
}

export type TimestampFormat = 'iso8601' | 'rfc822' | 'unixTimestamp';

export interface XmlNamespaceDocument {
  readonly uri: string;
  readonly prefix?: string;
}

export interface ShapeDocument {
  readonly type: ShapeType;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, string | MemberDocument>>;
  readonly member?: string | MemberDocument;
  readonly key?: string | MemberDocument;
  readonly value?: string | MemberDocument;
  readonly payload?: string;
  readonly locationName?: string;
  readonly flattened?: boolean;
  readonly streaming?: boolean;
  readonly timestampFormat?: TimestampFormat;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly sensitive?: boolean;
  readonly union?: boolean;
  readonly document?: boolean;
  readonly eventstream?: boolean;
  readonly event?: boolean;
  readonly xmlNamespace?: XmlNamespaceDocument;
  readonly exception?: boolean;
  readonly fault?: boolean;
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number; readonly senderFault?: boolean };
}

/** `models/index.json`: enough of each service to find it without reading its model. */
export interface ModelIndexDocument {
  readonly botocore: string;
  readonly services: Readonly<Record<string, ModelIndexEntry>>;
}

export interface ModelIndexEntry {
  readonly endpointPrefix: string;
  readonly signingName: string;
  readonly targetPrefix?: string;
  readonly apiVersion: string;
  readonly protocols: readonly ProtocolName[];
  /** Answers from one place for all regions. */
  readonly global?: boolean;
  readonly operations: number;
}
