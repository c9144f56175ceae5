import type { HttpRequest, HttpResponse } from './http';
import type { OperationModel, ServiceModel } from './model';
import type { ProtocolName } from './model-document';

/** An error as a service throws it; `ServiceError` is one. */
export interface WireError {
  /** A modelled error's shape name or its wire code, or a code of AWS's front ends. */
  readonly code: string;
  readonly message: string;
  readonly status?: number;
  /** Further members of the modelled error. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** One operation of a request, decoded. */
export interface Decoded {
  readonly operation: OperationModel;
  readonly input: Record<string, unknown>;
}

/** One of AWS's protocols, from the server's side. Stateless. */
export interface Protocol {
  readonly name: ProtocolName;
  /** @throws ServiceError for what AWS would refuse before the operation is reached */
  decode(model: ServiceModel, http: HttpRequest): Decoded;
  /** @throws EncodeError when the output is not of the model */
  encode(model: ServiceModel, operation: OperationModel, output: Readonly<Record<string, unknown>>, requestId: string): HttpResponse;
  encodeError(model: ServiceModel, operation: OperationModel | undefined, error: WireError, requestId: string): HttpResponse;
}

export function response(status: number, headers: Readonly<Record<string, string>>, body: Buffer | string): HttpResponse {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
  return { status, headers: { ...headers, 'content-length': String(bytes.length) }, body: bytes };
}
