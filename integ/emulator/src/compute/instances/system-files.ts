import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { InstanceFacts } from './facts';

/** Puts into an instance's folder, once, what its image has and the host has not: what the system calls itself, and its users. */
export function seedSystemFiles(folder: string, { platform, hostname, address }: InstanceFacts): void {
  if (existsSync(join(folder, 'etc', 'os-release'))) return;
  const files: Readonly<Record<string, string>> = {
    'etc/os-release': osRelease(platform),
    'etc/hostname': `${hostname}\n`,
    'etc/hosts': `127.0.0.1 localhost\n${address} ${hostname} ${hostname.split('.')[0]}\n`,
    ...users(platform.startsWith('u') ? 'ubuntu' : 'ec2-user'),
    ...platform === 'amzn2023' ? { 'etc/system-release': 'Amazon Linux release 2023 (Amazon Linux)\n' } : {},
    ...platform === 'el7' ? { 'etc/system-release': 'Amazon Linux release 2 (Karoo)\n' } : {},
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: /shadow-?$/.test(name) ? 0o600 : 0o644 });
  }
}

/** The host's own are nobody's business, and those with secrets belong to a group that means nothing in an instance: `useradd` could not open them. */
function users(name: string): Readonly<Record<string, string>> {
  const files = {
    'etc/passwd': `root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n${name}:x:1000:1000::/home/${name}:/bin/bash\n`,
    'etc/group': `root:x:0:\nnobody:x:65534:\nadm:x:4:${name}\nwheel:x:10:${name}\n${name}:x:1000:\n`,
    'etc/shadow': `root:*:19000:0:99999:7:::\nnobody:*:19000:0:99999:7:::\n${name}:!!:19000:0:99999:7:::\n`,
    'etc/gshadow': `root:::\nnobody:::\nadm:::${name}\nwheel:::${name}\n${name}:!::\n`,
  };
  // Before it writes one of them anew, `useradd` puts the old one beside it.
  const older = Object.entries(files).map(([path, content]): [string, string] => [`${path}-`, content]);
  return { ...files, ...Object.fromEntries(older) };
}

function osRelease(platform: string): string {
  if (platform.startsWith('u')) {
    const version = platform.slice(1);
    return lines({ NAME: 'Ubuntu', VERSION_ID: version, ID: 'ubuntu', ID_LIKE: 'debian', PRETTY_NAME: `Ubuntu ${version} LTS` });
  }
  if (platform === 'el7') {
    return lines({ NAME: 'Amazon Linux', VERSION: '2', ID: 'amzn', ID_LIKE: 'centos rhel fedora', VERSION_ID: '2', PRETTY_NAME: 'Amazon Linux 2' });
  }
  if (platform.startsWith('el')) {
    const version = platform.slice(2);
    return lines({ NAME: 'Red Hat Enterprise Linux', ID: 'rhel', ID_LIKE: 'fedora', VERSION_ID: version, PRETTY_NAME: `Red Hat Enterprise Linux ${version}` });
  }
  return lines({
    NAME: 'Amazon Linux', VERSION: '2023', ID: 'amzn', ID_LIKE: 'fedora', VERSION_ID: '2023', PLATFORM_ID: 'platform:al2023', PRETTY_NAME: 'Amazon Linux 2023',
  });
}

function lines(values: Readonly<Record<string, string>>): string {
  return Object.entries(values).map(([name, value]) => `${name}="${value}"\n`).join('');
}
