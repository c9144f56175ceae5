import { TOKEN_VARIABLE } from './wire/token';

type Environment = Readonly<Record<string, string | undefined>>;

/** Of all that AWS's clients read, what leads nowhere else and shows nothing else: how often they try again, and how they print. */
const HARMLESS = /^AWS_(MAX_ATTEMPTS|RETRY_MODE|PAGER|DEFAULT_OUTPUT|CLI_\w+|SDK_UA_APP_ID)$/;

/** What is never asked of a proxy. */
const OWN_HOSTS = ['127.0.0.1', 'localhost'];

/**
 * What AWS's clients and the CDK CLI have to be told to take the emulator for AWS, and to leave the network alone.
 *
 * @param endpoint `http://127.0.0.1:<port>`: with an address instead of a name, S3 clients use path style
 * @param token what opens the emulator's own doors; AWS's clients do not look at it
 */
export function clientEnvironment(endpoint: string, region: string, account: string, token?: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    ...(token === undefined ? {} : { [TOKEN_VARIABLE]: token }),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // A key id of twelve digits names the account.
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'emulated',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    ...pastProxies(process.env),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DISABLE_VERSION_CHECK: 'true',
    CI: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

/** Variables of an environment that would lead AWS's clients past the emulator: profiles, sessions, endpoints of single services, whatever AWS thinks of next. */
export function misleading(environment: Environment, ours: Environment): string[] {
  return Object.keys(environment).filter((name) => /^AWS_/i.test(name) && !HARMLESS.test(name) && ours[name] === undefined);
}

/** An environment for a process that is to take the emulator for AWS: as it was, but for what would lead it elsewhere. */
export function environmentOver(environment: Environment, ours: Environment): Record<string, string | undefined> {
  const elsewhere = new Set(misleading(environment, ours));
  return { ...Object.fromEntries(Object.entries(environment).filter(([name]) => !elsewhere.has(name))), ...ours };
}

/** The Region that an environment chooses, as AWS's clients look for it. */
export function regionOf({ AWS_REGION, AWS_DEFAULT_REGION }: Environment): string | undefined {
  return AWS_REGION || AWS_DEFAULT_REGION || undefined;
}

/** A proxy knows nothing of this machine's own addresses. Some clients read the one name, some the other. */
function pastProxies({ NO_PROXY, no_proxy }: Environment): Record<string, string> {
  const hosts = (NO_PROXY || no_proxy || '').split(',').map((host) => host.trim()).filter((host) => host !== '');
  const all = [...new Set([...hosts, ...OWN_HOSTS])].join(',');
  return { NO_PROXY: all, no_proxy: all };
}
