import { accessSync, constants, lstatSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ONE, Station, TWO } from './station';
import { chooseHost, copyInstanceFolders } from '../../src/compute/instances';
import { removeTree } from '../../src/compute/instances/confined';
import { toolsOnPath } from '../../src/compute/tools';

/** Names, sizes and times of what lies in some of the host's folders. */
function listing(): string[] {
  const folders = ['/opt', '/etc', '/usr/bin', '/usr/local/bin', '/usr', '/var', '/home', '/root'].filter(isReadable);
  return folders.flatMap((folder) => readdirSync(folder).map((name) => {
    const { size, mtimeMs } = lstatSync(join(folder, name));
    return `${folder}/${name} ${size} ${mtimeMs}`;
  }));
}

function isReadable(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

describe('scripts on a confined instance', () => {
  let station: Station;

  beforeAll(async () => {
    station = await Station.open({ instances: [{ id: ONE }, { id: TWO }] });
  });
  afterAll(() => station.close());

  /** Runs a script and says how much emulated time that took, in milliseconds. */
  async function timed(script: string, parameters: object = {}) {
    const id = station.send(script, { Parameters: { commands: [script], ...parameters } });
    await station.idle();
    const { ExecutionStartDateTime, ExecutionEndDateTime, ...invocation } = station.world.call<Record<string, string>>('ssm', 'GetCommandInvocation', { CommandId: id, InstanceId: ONE });
    return { ...invocation, took: Date.parse(ExecutionEndDateTime) - Date.parse(ExecutionStartDateTime) };
  }

  test('run as the agent runs them: shebang, environment, working directory', async () => {
    const { Status, StandardOutputContent } = await station.run('#!/bin/bash\necho "$AWS_SSM_INSTANCE_ID $AWS_SSM_REGION_NAME $PWD"; id -u; [[ -n $BASH_VERSION ]] && echo bash');

    expect(StandardOutputContent).toBe(`${ONE} us-east-1 /usr/bin\n0\nbash\n`);
    expect(Status).toBe('Success');
  });

  test('see nothing of the host\'s environment', async () => {
    process.env.HOST_SECRET = 'do not tell';
    const { StandardOutputContent } = await station.run('env | cut -d= -f1 | sort | tr "\\n" " "');

    expect(StandardOutputContent).toBe('AWS_SSM_INSTANCE_ID AWS_SSM_REGION_NAME HOME PATH PWD SHLVL _ ');
  });

  test('add users, name services and write to /etc, as a machine is set up, and the host has none of it', async () => {
    const before = { listing: listing(), users: readFileSync('/etc/passwd', 'utf8') };

    const { Status, StandardOutputContent, StandardErrorContent } = await station.run(`#!/bin/bash -e
if command -v useradd >/dev/null; then useradd --system --no-create-home hsm-app; else echo 'hsm-app:x:990:990::/:/bin/false' >>/etc/passwd; fi
mkdir -p /etc/hsm-app && echo 'port = 2223' >/etc/hsm-app/app.conf
printf '[Service]\\nExecStart=/opt/app\\n' >/etc/systemd/system/hsm-app.service 2>/dev/null || { mkdir -p /etc/systemd/system; touch /etc/systemd/system/hsm-app.service; }
systemctl daemon-reload; systemctl enable --now hsm-app
grep -c '^hsm-app:' /etc/passwd; cat /etc/hsm-app/app.conf`);

    expect([Status, StandardOutputContent, StandardErrorContent]).toEqual(['Success', '1\nport = 2223\n', '']);
    expect({ listing: listing(), users: readFileSync('/etc/passwd', 'utf8') }).toEqual(before);
  });

  test('sleep for ten minutes of emulated time, and not of the host\'s', async () => {
    const { Status, took } = await timed('sleep 600') as { Status: string; took: number };

    expect(Status).toBe('Success');
    expect(Math.abs(took - 601_001)).toBeLessThan(3);
  });

  test('sleep by the absolute path of sleep as well', async () => {
    const { took } = await timed('/bin/sleep 5m; /usr/bin/sleep 1') as { took: number };

    expect(Math.abs(took - 302_002)).toBeLessThan(3);
  });

  test('see the clock move by what they slept', async () => {
    const { StandardOutputContent } = await station.run(`a=$(date +%s%3N); sleep 100; b=$(date +%s%3N)
date -u -d @0 +%Y; date -u -d 2020-02-03 +%d; c=$(date -d '100 seconds ago' +%s%3N); d=$(date -d tomorrow +%s%3N); echo $((b - a)) $((c - a)) $((d - a))`);
    const [year, day, differences] = StandardOutputContent.split('\n');
    const [slept, ago, tomorrow] = differences.split(' ').map(Number);

    expect([year, day]).toEqual(['1970', '03']);
    expect(Math.abs(slept - 100_000)).toBeLessThan(20);
    expect(Math.abs(ago)).toBeLessThan(20);
    expect(Math.abs(tomorrow - 86_500_000)).toBeLessThan(20);
  });

  test('sleep side by side: the longest counts, and the order is that of emulated time', async () => {
    const { StandardOutputContent, took } = await timed('(sleep 60; echo late) & (sleep 30; echo early) & sleep 45; echo middle; wait') as { StandardOutputContent: string; took: number };

    expect(StandardOutputContent).toBe('early\nmiddle\nlate\n');
    expect(Math.abs(took - 61_002)).toBeLessThan(5);
  });

  test('take as long whichever of their processes gets ahead on the host', async () => {
    const work = 'i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done';
    const calls = 'for n in 1 2 3 4 5 6 7 8 9; do systemctl status x > /dev/null; done';
    const first = await timed(`sleep 5 & ${work}; ${calls}; wait`) as { took: number };
    const last = await timed(`(${work}; sleep 5) & ${calls}; wait`) as { took: number };

    expect(Math.abs(first.took - last.took)).toBeLessThan(3);
  });

  test('are not overtaken by emulated time while they work on the host', async () => {
    const { StandardOutputContent } = await station.run('(sleep 3600; echo too early) & i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo done; kill %1; wait');

    expect(StandardOutputContent.startsWith('done\n')).toBe(true);
  });

  test('have commands stopped by timeout after emulated time', async () => {
    const { StandardOutputContent, took } = await timed('timeout 20 sleep 100; echo $?; timeout 100 sleep 10; echo $?; timeout 5 sh -c "exit 3"; echo $?; echo in | timeout 5 cat') as { StandardOutputContent: string; took: number };

    expect(StandardOutputContent).toBe('124\n0\n3\nin\n');
    expect(Math.abs(took - 31_004)).toBeLessThan(10);
  });

  test('are stopped when their execution timeout has passed', async () => {
    const { took, ...rest } = await timed('echo before; sleep 100; echo after', { executionTimeout: ['30'] }) as { took: number };

    expect(rest).toMatchObject({ Status: 'TimedOut', StatusDetails: 'ExecutionTimedOut', ResponseCode: 137, StandardOutputContent: 'before\n' });
    expect(Math.abs(took - 30_000)).toBeLessThan(3);
  });

  test('fail with their exit code', async () => {
    const invocation = await station.run('echo no >&2; exit 7');

    expect(invocation).toMatchObject({ Status: 'Failed', ResponseCode: 7, StandardErrorContent: 'no\nfailed to run commands: exit status 7' });
  });

  test('fail in a working directory that is not there', async () => {
    const invocation = await station.run('true', ONE, { workingDirectory: ['/nowhere'] });

    expect(invocation).toMatchObject({ Status: 'Failed', ResponseCode: 1 });
    expect(invocation.StandardErrorContent).toContain('chdir /nowhere: no such file or directory');
  });

  test('take their background processes with them', async () => {
    await station.run('sleep 1000 & echo $! >/tmp/pid');
    const { StandardOutputContent } = await station.run('cat /proc/[0-9]*/cmdline | tr "\\0" " "');

    expect(StandardOutputContent).not.toContain('sleep 1000');
  });

  test('have a terminal when they ask for one', async () => {
    const { StandardOutputContent } = await station.run('script -qec "tty" /dev/null');

    expect(StandardOutputContent).toMatch(/^\/dev\/pts\/\d+\r?\n/);
  });

  test('keep their files on the instance, apart from other instances, and leave the host as it was', async () => {
    const before = listing();

    await station.run('mkdir -p /opt/app && echo one >/opt/app/x; echo one >/etc/app.conf; echo one >/usr/local/bin/app; echo one >/usr/bin/app; echo one >/var/app; echo one >/root/app; echo one >/home/app; echo one >/tmp/app; rm /usr/bin/env');
    const again = await station.run('cat /opt/app/x /etc/app.conf /usr/local/bin/app /usr/bin/app /var/app /root/app /home/app /tmp/app | tr -d "\\n"; [ -e /usr/bin/env ] || echo gone');
    const other = await station.run('ls -d /opt/app /etc/app.conf /usr/local/bin/app /usr/bin/app /var/app /root/app /home/app /tmp/app 2>/dev/null; [ -e /usr/bin/env ] && echo there', TWO);

    expect(again.StandardOutputContent).toBe('oneoneoneoneoneoneoneonegone\n');
    expect(other.StandardOutputContent).toBe('there\n');
    expect(listing()).toEqual(before);
  });

  test('cannot reach the host\'s devices, processes and kernel settings', async () => {
    const before = statSync('/dev/null').mode;

    const { StandardOutputContent } = await station.run(`chmod 600 /dev/null 2>&1 | grep -c Read-only; curl -s -o /dev/null http://169.254.169.254/latest/meta-data/mac; echo $?; echo x >/dev/null && echo written; kill -0 ${process.pid} 2>/dev/null || echo unseen; [ -w /proc/sys/vm/swappiness ] || echo fixed`);

    expect(StandardOutputContent).toBe('1\n0\nwritten\nunseen\nfixed\n');
    expect(statSync('/dev/null').mode).toBe(before);
  });

  test('share their instance while they run at the same time', async () => {
    const first = station.send('echo hello >/tmp/letter; sleep 60; cat /tmp/answer');
    const second = station.send('sleep 30; cat /tmp/letter; echo world >/tmp/answer');
    await station.idle();

    expect(station.invocation(second).StandardOutputContent).toBe('hello\n');
    expect(station.invocation(first).StandardOutputContent).toBe('world\n');
  });

  test('call themselves by the instance\'s name and system', async () => {
    const { StandardOutputContent } = await station.run('uname -n; . /etc/os-release; echo $ID $VERSION_ID; uname -m; readlink -f /bin/sh');

    expect(StandardOutputContent).toBe('ip-10-0-1-5.ec2.internal\namzn 2023\nx86_64\n/usr/bin/bash\n');
  });

  test('are stopped by CancelCommand', async () => {
    const id = station.send('echo started; sleep 100000');
    while (!station.world.call<{ Commands: Array<{ Status: string }> }>('ssm', 'ListCommands', { CommandId: id }).Commands.some(({ Status }) => Status === 'InProgress')) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    station.world.call('ssm', 'CancelCommand', { CommandId: id });
    await station.idle();

    expect(station.invocation(id)).toMatchObject({ Status: 'Cancelled', StatusDetails: 'Cancelled' });
  });

  test('are stopped and named when they hold their turn without end', async () => {
    const id = station.send('while :; do :; done');
    while (!station.world.kernel.activities.all().some(({ state }) => state === 'RUNNING')) await new Promise((resolve) => setTimeout(resolve, 1));
    station.overstay();
    await station.idle();

    expect(station.invocation(id)).toMatchObject({ Status: 'TimedOut', ResponseCode: 137 });
    expect(station.invocation(id).StandardErrorContent).toContain('[emulator] the script held its turn too long');
  });

  test('run as user data, with a log, before any agent', async () => {
    const { kernel, account, region } = station.world;
    const script = kernel.blobs.put(Buffer.from('#!/bin/bash\necho booting\nsleep 20\nexit 4\n'));
    kernel.transaction(() => kernel.begin('boot one', 'instance-script', { account, region, instanceId: TWO, purpose: 'boot', script, timeoutSeconds: 100, env: {} }));
    await station.idle();
    const { StandardOutputContent } = await station.run('cat /var/log/cloud-init-output.log', TWO);

    expect(StandardOutputContent).toBe('booting\n');
    expect(kernel.timeline.entries().filter(({ event }) => event === 'boot ended 4')).toHaveLength(1);
  });
});

describe('a state folder that is opened again', () => {
  test('has failed the command that was in the middle of its script', async () => {
    const first = await Station.open({ folder: mkdtempSync(join(tmpdir(), 'emulator-reopen-')) });
    const id = first.send('sleep 10; until [ -e /tmp/never ]; do :; done');
    while (!first.world.kernel.activities.all().some(({ started }) => started)) await new Promise((resolve) => setTimeout(resolve, 1));
    await first.close();

    const second = await Station.open({ folder: first.world.folder });
    const invocation = second.invocation(id);
    await second.close();
    removeTree(first.world.folder);

    expect(invocation).toMatchObject({ Status: 'Failed', ResponseCode: -1 });
    expect(invocation.StandardErrorContent).toContain('[emulator] the emulator was stopped while this script ran');
  });
});

test('the files of instances can be copied, deletions included', async () => {
  const first = await Station.open();
  await first.run('echo mine >/etc/mine; rm /etc/passwd; echo app >/opt/app');
  const folder = mkdtempSync(join(tmpdir(), 'emulator-copy-'));
  copyInstanceFolders(first.folder, join(folder, 'instances'));
  await first.close();
  const second = await Station.open({ folder });
  const { StandardOutputContent } = await second.run('cat /etc/mine /opt/app; [ -e /etc/passwd ] || echo gone');
  await second.close();
  removeTree(folder);

  expect(StandardOutputContent).toBe('mine\napp\ngone\n');
});

describe('a machine without namespaces', () => {
  const without = (allowScripts: boolean) => Station.open({
    host: (folder) => chooseHost({ folder, tools: toolsOnPath, sums: '', allowScripts, neverConfine: true }),
  });

  test('runs no script unless it is allowed to, and says so', async () => {
    const station = await without(false);
    const invocation = await station.run('echo hi');
    await station.close();

    expect(invocation).toMatchObject({ Status: 'Failed', StandardOutputContent: '' });
    expect(invocation.StandardErrorContent).toContain('scripts of instances do not run, because confinement is switched off');
    expect(station.notBuilt).toHaveLength(1);
  });

  test('runs commands\' scripts in the instance\'s folder when it is allowed to', async () => {
    const station = await without(true);
    const invocation = await station.run('sleep 600; echo "$PWD"; curl -s http://169.254.169.254/latest/meta-data/instance-id');
    const folder = join(station.folder, ONE);
    await station.close();

    expect(invocation).toMatchObject({ Status: 'Success', StandardOutputContent: `${folder}\n${ONE}` });
  });
});
