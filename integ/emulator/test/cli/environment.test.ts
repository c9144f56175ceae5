import { clientEnvironment, environmentOver, misleading, regionOf } from '../../src/environment';

const ours = clientEnvironment('http://127.0.0.1:1', 'eu-west-1', '123456789012', 'token');

test.each([
  ['AWS_PROFILE', 'prod'], ['AWS_DEFAULT_PROFILE', 'prod'], ['AWS_SESSION_TOKEN', 'x'], ['AWS_SECURITY_TOKEN', 'x'], ['AWS_ENDPOINT_URL_STS', 'https://x'],
  ['AWS_ENDPOINT_URL_SOMETHING_NEW', 'https://x'], ['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'true'], ['AWS_USE_FIPS_ENDPOINT', 'true'], ['AWS_USE_DUALSTACK_ENDPOINT', 'true'],
  ['AWS_ROLE_ARN', 'x'], ['AWS_WEB_IDENTITY_TOKEN_FILE', 'x'], ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'http://x'], ['AWS_CA_BUNDLE', 'x'],
])('%s does not lead a command past the emulator', (name, value) => {
  expect(misleading({ [name]: value, HOME: '/root' }, ours)).toEqual([name]);
  expect(environmentOver({ [name]: value, HOME: '/root' }, ours)).toEqual({ ...ours, HOME: '/root' });
});

test('what leads nowhere else stays', () => {
  const environment = { PATH: '/bin', AWS_MAX_ATTEMPTS: '9', AWS_PAGER: '' };

  expect(environmentOver(environment, ours)).toEqual({ ...environment, ...ours });
});

test('whatever proxy there is, the emulator is not asked for through it', () => {
  const before = process.env.NO_PROXY;
  process.env.NO_PROXY = 'intern.example';
  try {
    expect(clientEnvironment('http://127.0.0.1:1', 'eu-west-1', '1')).toMatchObject({ NO_PROXY: 'intern.example,127.0.0.1,localhost', no_proxy: 'intern.example,127.0.0.1,localhost' });
  } finally {
    if (before === undefined) delete process.env.NO_PROXY;
    else process.env.NO_PROXY = before;
  }
});

test.each([
  [{ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' }, 'eu-west-1'], [{ AWS_DEFAULT_REGION: 'eu-west-2' }, 'eu-west-2'], [{ AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-2' }, 'eu-west-2'],
  [{}, undefined],
])('the Region that %j chooses stays', (environment, region) => {
  expect(regionOf(environment)).toBe(region);
});
