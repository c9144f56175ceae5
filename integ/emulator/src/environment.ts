import { TOKEN_VARIABLE } from './wire/token';

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
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DISABLE_VERSION_CHECK: 'true',
    CI: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
