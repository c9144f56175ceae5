import { ClientPackages, ClientPlatform, ClientSoftware } from '../../src';

const PLATFORMS = [
  ClientPlatform.AMAZON_LINUX_2023, ClientPlatform.UBUNTU_22_04, ClientPlatform.UBUNTU_24_04,
  ClientPlatform.RHEL_8, ClientPlatform.RHEL_9, ClientPlatform.RHEL_10,
];
const SOFTWARE = [
  ClientSoftware.CLI, ClientSoftware.PKCS11, ClientSoftware.JCE, ClientSoftware.OPENSSL_DYNAMIC_ENGINE, ClientSoftware.OPENSSL_PROVIDER,
];
const CLI_FILE = 'cloudhsm-cli-5.18.0-1.amzn2023.aarch64.rpm';

describe('packages of version 5.18.0', () => {
  const packages = ClientPackages.pinned('5.18.0');

  test.each(PLATFORMS.map((platform): [string, ClientPlatform] => [platform.name, platform]))('have a sum for everything on %s, on both architectures', (_, platform) => {
    for (const software of SOFTWARE.filter((one) => one.isAvailableOn(platform))) {
      const sums = packages._checksumsFor(platform, [software]);

      const name = `${software.packageName}[-_]5.18.0-1[._]${platform.packagePlatform}[._](x86_64.rpm|aarch64.rpm|amd64.deb|arm64.deb)`;
      expect(sums).toEqual([0, 1].map(() => expect.stringMatching(new RegExp(`^[0-9a-f]{64} ${name}$`)) as string));
    }
  });

  test('have a sum of their own each', () => {
    const sums = Object.values(packages.checksums);

    expect(new Set(sums).size).toBe(sums.length);
  });

  test('are given only the sums that a script needs', () => {
    expect(packages._checksumsFor(ClientPlatform.AMAZON_LINUX_2023, [ClientSoftware.CLI])).toHaveLength(2);
    expect(packages._checksumsFor(ClientPlatform.UBUNTU_24_04, [ClientSoftware.OPENSSL_PROVIDER])).toEqual([]);
  });

  test('take sums of the user\'s before those', () => {
    const own = ClientPackages.pinned('5.18.0', { checksums: { [CLI_FILE]: '00ff' } });

    expect(own._checksumsFor(ClientPlatform.AMAZON_LINUX_2023, [ClientSoftware.CLI])).toContain(`00ff ${CLI_FILE}`);
  });
});

test.each([['the newest version', ClientPackages.latest()], ['a version whose sums are not known', ClientPackages.pinned('5.16.2')]])('%s is not checked', (_, packages) => {
  expect(packages.checksums).toEqual({});
});
