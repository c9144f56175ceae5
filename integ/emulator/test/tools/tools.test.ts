import type { Caller, Service } from '../../src/wire/operation';
import { ServiceError } from '../../src/wire/operation';
import { ONE, Station, TWO } from '../instances/station';

const ARM = 'i-00000000000000003';
const UBUNTU = 'i-00000000000000004';
const FRESH = 'i-00000000000000006';
const NOBODY = 'i-00000000000000005';

const CLIENT = 'https://s3.amazonaws.com/cloudhsmv2-software/CloudHsmClient';

/** What the CloudHSM tools sent, and answers of the pseudo-service behind them. */
const runs: Array<Record<string, unknown>> = [];

const client: Service = {
  name: 'cloudhsm-client',
  operations: {
    Run: (_, input: { tool: string; argv: string[]; answers: string[]; files: Record<string, string> }) => {
      runs.push(input);
      if (input.tool === 'configure-cli') {
        return { exitCode: 0, stdout: '', stderr: '', chargeMs: 300, files: [{ path: '/opt/cloudhsm/etc/cloudhsm-cli.cfg', mode: 0o644, base64: Buffer.from('{"clusters":[{"cluster":{"hsm_ca_file":"/opt/cloudhsm/etc/customerCA.crt"}}]}').toString('base64') }] };
      }
      if (input.argv[0] === 'login' && input.answers.length < 2) return { exitCode: 0, stdout: '', stderr: '', prompt: { text: `Prompt ${input.answers.length}: `, echo: false }, chargeMs: 0 };
      if (input.argv[0] === 'fail') return { exitCode: 1, stdout: '{\n  "error_code": 1\n}\n', stderr: '', chargeMs: 1 };
      return { exitCode: 0, stdout: `{\n  "error_code": 0,\n  "data": "${input.answers.join('/')}"\n}\n`, stderr: '', chargeMs: 5_000 };
    },
  },
};

const objects = new Map<string, Buffer>([['bucket/folder/a b.txt', Buffer.from('an object\n')]]);
const callers: Caller[] = [];

const s3: Service = {
  name: 's3',
  operations: {
    GetObject: (context, { Bucket, Key }: { Bucket: string; Key: string }) => {
      callers.push(context.caller);
      const Body = objects.get(`${Bucket}/${Key}`);
      if (!Body) throw new ServiceError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
      return { Body };
    },
    PutObject: (_, { Bucket, Key, Body }: { Bucket: string; Key: string; Body: Buffer }) => {
      objects.set(`${Bucket}/${Key}`, Body);
      return {};
    },
  },
};

const sts: Service = {
  name: 'sts',
  operations: { GetCallerIdentity: ({ caller }) => ({ Account: caller.principal.account, Arn: caller.principal.arn, UserId: 'AROA' }) },
};

describe('tools on an instance', () => {
  let station: Station;

  beforeAll(async () => {
    station = await Station.open({
      instances: [{ id: ONE }, { id: TWO, tokens: 'required' }, { id: ARM, architecture: 'arm64', image: 'ami-00000000000000002' }, { id: FRESH }, { id: UBUNTU, image: 'ami-00000000000000003' }],
      services: [client, s3, sts],
      cutOff: ['kms.us-east-1.amazonaws.com', 'far.s3.us-east-1.amazonaws.com', 's3.eu-west-1.amazonaws.com'],
    });
  });
  afterAll(() => station.close());

  async function output(script: string, instance: string = ONE): Promise<string> {
    const { StandardOutputContent, StandardErrorContent } = await station.run(script, instance);
    return StandardOutputContent + StandardErrorContent;
  }

  describe('curl', () => {
    test('reaches the instance metadata', async () => {
      expect(await output(`t=$(curl -sS -X PUT http://169.254.169.254/latest/api/token -H 'X-aws-ec2-metadata-token-ttl-seconds: 60')
for p in instance-id placement/region placement/availability-zone local-ipv4 iam/security-credentials/; do curl -s -H "X-aws-ec2-metadata-token: $t" http://169.254.169.254/latest/meta-data/$p; echo; done`, TWO))
        .toBe(`${TWO}\nus-east-1\nus-east-1b\n10.0.1.5\nweb\n`);
    });

    test('is refused by the metadata without a token where tokens are required', async () => {
      expect(await output('curl -s -o /dev/null -w "%{http_code}\\n" http://169.254.169.254/latest/meta-data/instance-id', TWO)).toBe('401\n');
      expect(await output('curl -s http://169.254.169.254/latest/meta-data/instance-id')).toBe(ONE);
    });

    test('is refused outside of AWS', async () => {
      expect(await output('curl -sS https://example.com/x; echo $?')).toBe('6\ncurl: (6) Could not resolve host: example.com ([emulator] example.com is outside)\n');
    });

    test('runs into a timeout where there is no way', async () => {
      const before = station.world.kernel.now;

      expect(await output('curl -sS --connect-timeout 7 https://kms.us-east-1.amazonaws.com; echo $?')).toContain('28\ncurl: (28) Failed to connect');
      expect(station.world.kernel.now - before).toBeGreaterThan(7_000);
    });

    test('tries again as often as it is told, and gives up after all of it', async () => {
      const before = station.world.kernel.now;

      expect(await output('curl -sS --connect-timeout 10 --retry 2 https://kms.us-east-1.amazonaws.com; echo $?')).toContain('28\n');
      expect(station.world.kernel.now - before).toBeGreaterThan(33_000);
    });

    test('gets objects by signed addresses only, as the signer', async () => {
      const url = '"https://bucket.s3.us-east-1.amazonaws.com/folder/a%20b.txt';
      callers.length = 0;

      expect(await output(`curl -sf ${url}"; echo $?`)).toBe('22\n');
      expect(await output(`curl -sf ${url}?X-Amz-Credential=123456789012/20300101/us-east-1/s3/aws4_request&X-Amz-Date=20990101T000000Z&X-Amz-Expires=60" -o /tmp/x; cat /tmp/x`)).toBe('an object\n');
      expect(callers[0].principal.kind).toBe('user');
    });
  });

  describe('packages', () => {
    test('are downloaded, checked, installed and queried', async () => {
      expect(await output(`cd /tmp; curl -sO ${CLIENT}/Amzn2023/cloudhsm-cli-5.17.1-1.amzn2023.x86_64.rpm
echo "3b2f966c05690c14c325ea37cf9799bad477b2573f1077a5319d92933af9e590  cloudhsm-cli-5.17.1-1.amzn2023.x86_64.rpm" | sha256sum -c -
sha256sum cloudhsm-cli-5.17.1-1.amzn2023.x86_64.rpm | cut -c1-8
echo | sha256sum | cut -c1-8
dnf install -y ./cloudhsm-cli-5.17.1-1.amzn2023.x86_64.rpm jq >/dev/null; echo $?
ls /opt/cloudhsm/bin; ls -d /opt/cloudhsm/etc /opt/cloudhsm/run; rpm -q cloudhsm-cli`)).toBe([
        'cloudhsm-cli-5.17.1-1.amzn2023.x86_64.rpm: OK', '3b2f966c', '01ba4719', '0', 'cloudhsm-cli', 'configure-cli', '/opt/cloudhsm/etc', '/opt/cloudhsm/run',
        'cloudhsm-cli-5.17.1-1.amzn2023.x86_64', '',
      ].join('\n'));
    });

    test('whose address nobody answers are not downloaded', async () => {
      expect(await output('dnf install -y https://far.s3.us-east-1.amazonaws.com/x.rpm; echo $?')).toBe(`1
[MIRROR] x.rpm: Curl error (28): Timeout was reached for https://far.s3.us-east-1.amazonaws.com/x.rpm [Failed to connect to far.s3.us-east-1.amazonaws.com port 443 after 30000 ms: Timeout was reached]
[FAILED] x.rpm: No more mirrors to try - All mirrors were already tried without success
Error: Could not open: x.rpm
`);
    });

    test('that were changed have another sum', async () => {
      const invocation = await station.run(`cd /tmp; curl -so c.rpm ${CLIENT}/Amzn2023/cloudhsm-cli-5.17.1-1.amzn2023.x86_64.rpm; echo >>c.rpm
echo "3b2f966c05690c14c325ea37cf9799bad477b2573f1077a5319d92933af9e590  c.rpm" | sha256sum -c - || dnf install -y ./c.rpm`);

      expect(invocation.StandardOutputContent).toBe('c.rpm: FAILED\n');
      expect(invocation.StandardErrorContent).toContain('is no package of the emulator\'s catalogue');
    });

    test('of the wrong architecture are refused', async () => {
      const script = (architecture: string) => `cd /tmp; curl -so c.rpm ${CLIENT}/Amzn2023/cloudhsm-cli-latest.amzn2023.${architecture}.rpm; dnf install -y ./c.rpm; echo $?; ls /opt/cloudhsm/bin 2>/dev/null; uname -m`;

      expect(await output(script('x86_64'), ARM)).toContain('does not have a compatible architecture');
      expect(await output(script('aarch64'), ARM)).toMatch(/0\ncloudhsm-cli\nconfigure-cli\naarch64\n$/);
    });

    test('of Debian\'s kind go onto Ubuntu', async () => {
      expect(await output(`cd /tmp; wget -q ${CLIENT}/Noble/cloudhsm-cli_latest_u24.04_amd64.deb; apt-get install -y ./cloudhsm-cli_latest_u24.04_amd64.deb >/dev/null; dpkg -s cloudhsm-cli | grep Status; dpkg --print-architecture`, UBUNTU))
        .toBe('Status: install ok installed\namd64\n');
    });

    test('that AWS has not are refused by the download site', async () => {
      expect(await output(`curl -sf -o /dev/null -w '%{http_code}\\n' ${CLIENT}/Amzn2023/cloudhsm-cli-4.0.0-1.amzn2023.x86_64.rpm; dnf install -y nonsense; echo $?`)).toContain('403\n1\n');
    });
  });

  describe('CloudHSM\'s', () => {
    beforeAll(() => station.run(`cd /tmp; curl -so c.rpm ${CLIENT}/Amzn2023/cloudhsm-cli-latest.amzn2023.x86_64.rpm; dnf install -y ./c.rpm`, TWO));
    beforeEach(() => void (runs.length = 0));

    test('are not there before their package is', async () => {
      expect(await output('/opt/cloudhsm/bin/cloudhsm-cli --version; echo $?', FRESH)).toContain('127\n');
    });

    test('are sent with configuration, trust anchor and credentials, and write what they are told', async () => {
      await station.run('/opt/cloudhsm/bin/configure-cli -a 10.0.0.9; echo PEM >/opt/cloudhsm/etc/customerCA.crt; CLOUDHSM_ROLE=admin CLOUDHSM_PIN=\'admin:pass word\' /opt/cloudhsm/bin/cloudhsm-cli user list --filter "a  b"', TWO);

      expect(runs).toHaveLength(2);
      expect(runs[0]).toMatchObject({ tool: 'configure-cli', argv: ['-a', '10.0.0.9'], files: {}, version: '5.18.0' });
      expect(runs[1]).toMatchObject({
        tool: 'cloudhsm-cli',
        argv: ['user', 'list', '--filter', 'a  b'],
        env: { CLOUDHSM_ROLE: 'admin', CLOUDHSM_PIN: 'admin:pass word' },
        files: { '/opt/cloudhsm/etc/customerCA.crt': 'PEM\n' },
      });
    });

    test('ask on the terminal, without echo', async () => {
      expect((await output('{ sleep 1; echo first; sleep 1; echo second; } | script -qec "/opt/cloudhsm/bin/cloudhsm-cli login" /dev/null', TWO)).replace(/\r/g, ''))
        .toContain('Prompt 0: \nPrompt 1: \n{\n  "error_code": 0,\n  "data": "first/second"\n}\n');
    });

    test('read answers from a pipe when there is no terminal', async () => {
      expect(await output('printf "one\\ntwo\\n" | /opt/cloudhsm/bin/cloudhsm-cli login 2>/dev/null', TWO)).toContain('"one/two"');
    });

    test('have their exit code and take their time', async () => {
      const before = station.world.kernel.now;

      expect(await output('/opt/cloudhsm/bin/cloudhsm-cli fail; echo $?; /opt/cloudhsm/bin/cloudhsm-cli x | jq -r .error_code', TWO)).toBe('{\n  "error_code": 1\n}\n1\n0\n');
      expect(station.world.kernel.now - before).toBeGreaterThan(6_000);
    });
  });

  describe('aws', () => {
    test('calls as the instance\'s role', async () => {
      expect(await output('aws sts get-caller-identity --query Arn --output text')).toBe(`arn:aws:sts::123456789012:assumed-role/web/${ONE}\n`);
    });

    test('writes and reads with files and queries', async () => {
      expect(await output('printf "line 1\\nline 2\\n" >/tmp/v; aws ssm put-parameter --name /tools/a --type String --value file:///tmp/v --region us-east-1; aws ssm get-parameter --name /tools/a --query "Parameter.Value" --output text'))
        .toBe('{\n    "Version": 1,\n    "Tier": "Standard"\n}\nline 1\nline 2\n\n');
    });

    test('shows errors and exit codes as the CLI does', async () => {
      expect(await output('aws ssm get-parameter --name /nope; echo $?; aws ssm nonsense; echo $?; aws kms list-keys; echo $?'))
        .toMatch(/^254\n252\n255\n\nAn error occurred \(ParameterNotFound\) when calling the GetParameter operation: \n/);
    });

    const failing = (kind: string, times: number, params = {}) => station.world.kernel.faults.add({ service: 'sts', operation: 'GetCallerIdentity', kind, times, params });
    const WHO = 'aws sts get-caller-identity --query Account --output text; echo $?';

    test.each<[string, () => unknown]>([
      ['throttled', () => failing('error', 2, { code: 'Throttling', status: 400 })],
      ['failed by the service', () => failing('error', 2, { code: 'InternalFailure', status: 500 })],
      ['never answered', () => failing('lost-answer', 2)],
    ])('makes a call that was %s twice a third time', async (_, fail) => {
      fail();

      expect(await output(WHO)).toBe('123456789012\n0\n');
    });

    test.each<[string, () => unknown, string]>([
      ['after the third attempt', () => failing('error', 3, { code: 'Throttling', message: 'Rate exceeded', status: 400 }), '(Throttling) when calling the GetCallerIdentity operation: Rate exceeded'],
      ['at once when it is refused', () => failing('error', 1, { code: 'ExpiredToken', message: 'no', status: 403 }), '(ExpiredToken) when calling the GetCallerIdentity operation: no'],
    ])('gives up %s', async (_, fail, text) => {
      fail();

      expect(await output(WHO)).toContain(`254\n\nAn error occurred ${text}`);
    });

    test.each([
      ['aws kms list-keys', 255, '\nConnect timeout on endpoint URL: "https://kms.us-east-1.amazonaws.com/"\n', 180],
      ['aws kms list-keys --cli-connect-timeout 2', 255, '\nConnect timeout on endpoint URL: "https://kms.us-east-1.amazonaws.com/"\n', 6],
      ['aws s3 ls s3://bucket --region eu-west-1', 255, '\nConnect timeout on endpoint URL: "https://s3.eu-west-1.amazonaws.com/"\n', 180],
      ['aws s3 cp s3://bucket/x /tmp/x --region eu-west-1', 1, 'fatal error: Connect timeout on endpoint URL: "https://s3.eu-west-1.amazonaws.com/"\n', 180],
    ])('gives up as the CLI does where nobody answers: %s', async (command, exitCode, text, seconds) => {
      const before = station.world.kernel.now;

      expect(await output(`${command}; echo $?`)).toBe(`${exitCode}\n${text}`);
      expect((station.world.kernel.now - before) / 1000).toBeGreaterThan(seconds);
      expect((station.world.kernel.now - before) / 1000).toBeLessThan(seconds + 20);
    });

    test('follows pages by itself', async () => {
      await station.run('for i in 1 2 3 4 5 6 7 8 9 10 11 12; do aws ssm put-parameter --name /pages/$i --type String --value v$i >/dev/null; done');

      expect(await output('aws ssm get-parameters-by-path --path /pages --query "length(Parameters)"')).toBe('12\n');
    });

    test('copies objects', async () => {
      expect(await output('aws s3 cp "s3://bucket/folder/a b.txt" /tmp/o --quiet; cat /tmp/o; aws s3 cp /tmp/o s3://bucket/new/ --quiet; aws s3 cp s3://bucket/nope - ; echo $?'))
        .toContain('an object\n254\n');
      expect(objects.get('bucket/new/o')?.toString()).toBe('an object\n');
    });

    test('copies a file up wherever its flags stand', async () => {
      expect(await output('echo up >/tmp/up; aws s3 cp --no-progress /tmp/up s3://bucket/up; aws s3 cp --only-show-errors /tmp/up s3://bucket/again; echo $?')).toMatch(/0\n$/);
      expect([objects.get('bucket/up'), objects.get('bucket/again')].map(String)).toEqual(['up\n', 'up\n']);
    });

    test('finds no credentials where there is no role', async () => {
      const bare = await Station.open({ instances: [{ id: NOBODY, profile: false }] });
      const { kernel, account, region } = bare.world;
      const script = kernel.blobs.put(Buffer.from('#!/bin/bash\naws sts get-caller-identity\nexit $?\n'));
      kernel.transaction(() => kernel.begin('boot', 'instance-script', { account, region, instanceId: NOBODY, purpose: 'boot', script, timeoutSeconds: 100, env: {} }));
      await bare.idle();
      await bare.close();

      expect(kernel.timeline.entries().map(({ event }) => event)).toContain('boot ended 253');
    });
  });
});
