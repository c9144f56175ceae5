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

/** Whether permissions are missing, which a new role's policies also look like for a while. */
export function isAccessDenied(error: unknown): boolean {
  return error instanceof Error && /AccessDenied|UnauthorizedOperation|NotAuthorized/i.test(error.name);
}
