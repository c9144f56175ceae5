import type { WireError } from './exchange';
import type { OperationModel, ServiceModel, StructureShape } from './model';

/** What the model says about an error. */
export interface ModelledError {
  /** Absent for codes of AWS's front ends (AccessDenied, Throttling), which no model has. */
  readonly shape?: StructureShape;
  /** The shape's name: `__type` of the JSON protocols. */
  readonly name: string;
  /** The code of the XML protocols. */
  readonly code: string;
  readonly status: number;
  readonly sender: boolean;
  /** `message` or `Message`, as the shape spells it. */
  readonly messageMember: string;
}

/** Codes no model has whose status is not 400. */
const STATUS: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  AuthFailure: 401,
  ExpiredToken: 403,
  IncompleteSignature: 403,
  InternalError: 500,
  InternalFailure: 500,
  InternalServerError: 500,
  InvalidClientTokenId: 403,
  MissingAuthenticationToken: 403,
  NotImplemented: 501,
  RequestLimitExceeded: 503,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
  UnauthorizedOperation: 403,
};

/** Some refusals have one status in the JSON services (400) and another where the protocol is REST (403, 404). */
const REST_STATUS: Readonly<Record<string, number>> = {
  AccessDeniedException: 403,
  ExpiredTokenException: 403,
  IncompleteSignatureException: 403,
  InvalidSignatureException: 403,
  MissingAuthenticationTokenException: 403,
  UnknownOperationException: 404,
  UnrecognizedClientException: 403,
};

export function modelledError(model: ServiceModel, operation: OperationModel | undefined, error: WireError): ModelledError {
  const shape = findShape(model, operation, error.code);
  const name = shape?.name ?? error.code;
  const isRest = model.metadata.protocol.startsWith('rest-');
  const status = error.status ?? shape?.error?.httpStatusCode ?? (shape?.fault ? 500 : undefined)
    ?? STATUS[error.code] ?? (isRest ? REST_STATUS[error.code] : undefined) ?? 400;
  return {
    shape,
    name,
    code: shape?.error?.code ?? error.code,
    status,
    sender: status < 500,
    messageMember: [...shape?.members.keys() ?? []].find((member) => member.toLowerCase() === 'message') ?? 'message',
  };
}

/** Services name errors by shape or by wire code; the operation's own errors come first, since codes repeat in a model. */
function findShape(model: ServiceModel, operation: OperationModel | undefined, code: string): StructureShape | undefined {
  const named = model.shapes.get(code);
  if (named?.type === 'structure' && named.exception) return named;
  const byCode = (shape: StructureShape): boolean => shape.error?.code === code;
  return operation?.errors.find(byCode) ?? errorsOf(model).find(byCode);
}

const errorShapes = new WeakMap<ServiceModel, readonly StructureShape[]>();

function errorsOf(model: ServiceModel): readonly StructureShape[] {
  let shapes = errorShapes.get(model);
  if (!shapes) {
    shapes = [...model.shapes.values()].filter((shape): shape is StructureShape => shape.type === 'structure' && shape.exception);
    errorShapes.set(model, shapes);
  }
  return shapes;
}

/** The error's members as its shape has them; what the shape does not have is left out rather than refused. */
export function errorMembers({ shape, messageMember }: ModelledError, error: WireError): Record<string, unknown> {
  const fields = Object.entries(error.fields ?? {}).filter(([name]) => shape?.members.has(name));
  // Some models (CloudWatch Logs) leave the message out, which the service sends all the same.
  return { ...Object.fromEntries(fields), [messageMember]: error.message };
}
