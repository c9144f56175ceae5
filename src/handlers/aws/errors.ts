/** The members of an SDK error that decisions are made on. */
interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Whether the service said this; by its exact error name. */
export function isNamed(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

/**
 * Whether the service answered and said no: the call had no effect. Anything else (time-out, cut connection, 5xx,
 * throttling) leaves open whether it was carried out.
 */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = (error as SdkError).$metadata?.httpStatusCode;
  return status !== undefined && status >= 400 && status < 500 && status !== 429 && !/Throttl|TooManyRequests|Timeout/i.test(error.name);
}

/** A new role's policies take effect within this time; until then a denial is waited out. */
export const PERMISSIONS_SETTLE_MS = 60_000;

/** Whether permissions are missing, which a new role's policies also look like for a while. */
export function isAccessDenied(error: unknown): boolean {
  return error instanceof Error && isDenialName(error.name);
}

export function isDenialName(name: string): boolean {
  return /AccessDenied|UnauthorizedOperation|NotAuthorized/i.test(name);
}

/** Whether no connection came about. By the name alone it may also be an answer that did not come: the call may have been carried out. */
export function isUnconnected(name: string | undefined, text: string): boolean {
  return name === 'TimeoutError' && /establish(ing)? a connection|connect E[A-Z]+/.test(text);
}

/** The client does not say to which service. */
export const NO_WAY = 'the lifecycle function gets no connection to a service of AWS; '
  + 'its subnets need NAT or an endpoint for each service it calls, its group a rule for 443, and the endpoints one that lets it in';

/** What a service said, fit to be kept and shown: it may quote what it was sent, which may be a certificate. */
export function refusalOf(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: 'Error', message: 'unknown' };
  return { code: error.name, message: isUnconnected(error.name, error.message) ? NO_WAY : withoutPem(error.message).slice(0, MESSAGE_LENGTH) };
}

/** Certificates and keys, cut short or not, by a mark in their place. */
export function withoutPem(text: string): string {
  return text.replace(/-----BEGIN [\s\S]*?(-----END [A-Z0-9 ]+-----|$)/g, '[PEM]');
}

const MESSAGE_LENGTH = 500;
