import { loadModel } from './model';
import { ServiceError } from './operation';

/** Refusals every service has, each under its own name. */
export type CommonErrorKind = 'access-denied' | 'throttled' | 'internal' | 'expired-token' | 'bad-token' | 'missing-token';

type Row = readonly [code: string, status: number, message: string];
type Table = Readonly<Record<CommonErrorKind, Row>>;

const BAD_TOKEN = 'The security token included in the request is invalid.';
const EXPIRED = 'The security token included in the request is expired';
const MISSING = 'Missing Authentication Token';

/** Source: "Common Error Types" of each service's API reference, by protocol. */
const BY_PROTOCOL: Readonly<Record<string, Table>> = {
  'json': {
    'access-denied': ['AccessDeniedException', 400, 'You do not have sufficient access to perform this action.'],
    'throttled': ['ThrottlingException', 400, 'Rate exceeded'],
    'internal': ['InternalFailure', 500, 'The request processing has failed because of an unknown error.'],
    'expired-token': ['ExpiredTokenException', 400, EXPIRED],
    'bad-token': ['UnrecognizedClientException', 400, BAD_TOKEN],
    'missing-token': ['MissingAuthenticationTokenException', 400, MISSING],
  },
  'query': {
    'access-denied': ['AccessDenied', 403, 'You do not have sufficient access to perform this action.'],
    'throttled': ['Throttling', 400, 'Rate exceeded'],
    'internal': ['InternalFailure', 500, 'The request processing has failed because of an unknown error.'],
    'expired-token': ['ExpiredToken', 403, EXPIRED],
    'bad-token': ['InvalidClientTokenId', 403, BAD_TOKEN],
    'missing-token': ['MissingAuthenticationToken', 403, 'Request is missing Authentication Token'],
  },
  'ec2': {
    'access-denied': ['UnauthorizedOperation', 403, 'You are not authorized to perform this operation.'],
    'throttled': ['RequestLimitExceeded', 503, 'Request limit exceeded.'],
    'internal': ['InternalError', 500, 'An internal error has occurred'],
    'expired-token': ['RequestExpired', 400, 'Request has expired.'],
    'bad-token': ['AuthFailure', 401, 'AWS was not able to validate the provided access credentials'],
    'missing-token': ['MissingParameter', 400, 'The request must contain the parameter AWSAccessKeyId'],
  },
  'rest-json': {
    'access-denied': ['AccessDeniedException', 403, 'You do not have sufficient access to perform this action.'],
    'throttled': ['TooManyRequestsException', 429, 'Rate exceeded'],
    'internal': ['ServiceException', 500, 'An internal error occurred.'],
    'expired-token': ['ExpiredTokenException', 403, EXPIRED],
    'bad-token': ['UnrecognizedClientException', 403, BAD_TOKEN],
    'missing-token': ['MissingAuthenticationTokenException', 403, MISSING],
  },
  'rest-xml': {
    'access-denied': ['AccessDenied', 403, 'Access Denied'],
    'throttled': ['SlowDown', 503, 'Please reduce your request rate.'],
    'internal': ['InternalError', 500, 'We encountered an internal error. Please try again.'],
    'expired-token': ['ExpiredToken', 400, 'The provided token has expired.'],
    'bad-token': ['InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.'],
    'missing-token': ['AccessDenied', 403, 'Access Denied'],
  },
};

const CLOUDHSM_DENIED = 'The request was rejected because the requester does not have permission to perform the requested operation.';
const CLOUDHSM_FAILURE = 'The request was rejected because of an AWS CloudHSM internal failure. The request can be retried.';

/** Services with names of their own. Source: their API references; CloudHSM: botocore cloudhsmv2/2017-04-28/service-2. */
const BY_SERVICE: Readonly<Record<string, Partial<Table>>> = {
  cloudhsmv2: {
    'access-denied': ['CloudHsmAccessDeniedException', 400, CLOUDHSM_DENIED],
    'internal': ['CloudHsmInternalFailureException', 500, CLOUDHSM_FAILURE],
  },
  sns: { 'access-denied': ['AuthorizationError', 403, 'You do not have sufficient access to perform this action.'] },
};

/** A service's own form of a refusal; the message is the usual one if none is given. */
export function commonError(service: string, kind: CommonErrorKind, message?: string): ServiceError {
  const { protocol, protocols } = loadModel(service).metadata;
  const family = protocol === 'smithy-rpc-v2-cbor' ? (protocols.includes('json') ? 'json' : 'query') : protocol;
  const [code, status, usual] = BY_SERVICE[service]?.[kind] ?? BY_PROTOCOL[family][kind];
  return new ServiceError(code, message ?? usual, { status });
}
