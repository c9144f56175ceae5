import type { Protocol, WireError } from './exchange';
import { header } from './http';
import type { HttpRequest, HttpResponse } from './http';
import type { OperationModel, ServiceModel } from './model';
import type { ProtocolName } from './model-document';
import { ServiceError } from './operation';
import { awsQuery } from './protocols/aws-query';
import { ec2Query } from './protocols/ec2-query';
import { jsonRpc } from './protocols/json-rpc';
import { restJson } from './protocols/rest-json';
import { restXml } from './protocols/rest-xml';
import { rpcV2Cbor } from './protocols/rpc-v2-cbor';

const PROTOCOLS: Readonly<Record<ProtocolName, Protocol>> = {
  'query': awsQuery,
  'ec2': ec2Query,
  'json': jsonRpc,
  'rest-json': restJson,
  'rest-xml': restXml,
  'smithy-rpc-v2-cbor': rpcV2Cbor,
};

/**
 * One request and its answer. A service may speak several protocols at once, and the answer is always in the request's,
 * so the two stay together.
 */
export class Exchange {
  public readonly protocol: ProtocolName;
  private readonly codec: Protocol;
  private decoded?: OperationModel;

  /** Never throws, so that there is always a form in which to refuse. */
  public constructor(public readonly model: ServiceModel, private readonly http: HttpRequest) {
    this.protocol = protocolOf(model, http);
    this.codec = PROTOCOLS[this.protocol];
  }

  /** The operation's name, once it is decoded. */
  public get operation(): string | undefined {
    return this.decoded?.name;
  }

  /** @throws ServiceError for what AWS refuses before the operation is reached */
  public decode(): { operation: string; input: Record<string, unknown> } {
    if (!this.model.metadata.protocols.includes(this.protocol)) {
      throw new ServiceError('UnknownOperationException', `[emulator] ${this.model.service} does not speak ${this.protocol}`, { status: 404 });
    }
    const { operation, input } = this.codec.decode(this.model, this.http);
    this.decoded = operation;
    return { operation: operation.name, input };
  }

  /** @throws EncodeError when the output is not what the model allows */
  public encode(output: Readonly<Record<string, unknown>>, requestId: string): HttpResponse {
    if (!this.decoded) throw new Error('[emulator] an answer was given before the request was decoded');
    return this.codec.encode(this.model, this.decoded, output, requestId);
  }

  public encodeError(error: WireError, requestId: string): HttpResponse {
    const answer = this.codec.encodeError(this.model, this.decoded, error, requestId);
    return this.http.method === 'HEAD' ? { ...answer, headers: { ...answer.headers, 'content-length': '0' }, body: Buffer.alloc(0) } : answer;
  }
}

/** The protocol a request is in, whether or not the service speaks it. */
function protocolOf(model: ServiceModel, { headers, rawQuery }: HttpRequest): ProtocolName {
  const { protocol, protocols } = model.metadata;
  if (protocol.startsWith('rest-')) return protocol;
  if (header(headers, 'smithy-protocol') === 'rpc-v2-cbor') return 'smithy-rpc-v2-cbor';
  if (header(headers, 'x-amz-target') !== undefined) return 'json';
  const isForm = /(^|&)Action=/.test(rawQuery) || header(headers, 'content-type')?.startsWith('application/x-www-form-urlencoded');
  if (isForm && protocols.includes('query')) return 'query';
  return protocol === 'smithy-rpc-v2-cbor' ? 'json' : protocol;
}
