/**
 * Programs that a client host has, as far as our scripts use them. Each writes its words to `$FAKE/calls`; what they know is in `$FAKE/state.json`.
 */

/** Answers in text, as `--output text` does. In bash, for it is called often: what it knows is in files beside the state. */
export const FAKE_AWS = `#!/bin/bash
words=()
while [ $# -gt 0 ]; do
  case "$1" in
    --region | --output) shift ;;
    *) words[\${#words[@]}]=$1 ;;
  esac
  shift
done
set -- "\${words[@]}"
echo "aws $*" >> "$FAKE/calls"
deny() {
  echo "An error occurred (AccessDeniedException) when calling the $1 operation" >&2
  exit 254
}
if grep -qx "$1" "$FAKE/denied"; then deny "$2"; fi
case "$1" in
  secretsmanager)
    asked=$6 pending=
    case "$*" in
      *--version-stage*) pending=#pending ;;
      *--version-id*) asked=\${8} ;;
    esac
    # By its id a version is found with whatever label.
    [ -f "$FAKE/secrets/\${4##*:}.$asked" ] || pending=#pending
    [ -f "$FAKE/secrets/\${4##*:}$pending.$asked" ] || deny "$2"
    cat "$FAKE/secrets/\${4##*:}$pending.$asked" ;;
  ssm) printf '%s\\n' '-----BEGIN CERTIFICATE-----' MIIBanchor '-----END CERTIFICATE-----' '' ;;
  cloudhsmv2) cat "$FAKE/addresses" ;;
  s3) printf package > "\${@: -1}" ;;
esac
`;

/** The client: users on HSMs, logins that lock, prompts that echo as a terminal does. */
export const FAKE_CLI = `#!node
const fs = require('fs');
const { FAKE, CLOUDHSM_ROLE, CLOUDHSM_PIN } = process.env;
const words = process.argv.slice(2);
fs.appendFileSync(FAKE + '/calls', ['cloudhsm-cli', ...words].join(' ') + '\\n');
const file = FAKE + '/state.json';
const state = JSON.parse(fs.readFileSync(file));
// In one go: two of us may be at work at the same time.
const save = () => {
  fs.writeFileSync(file + process.pid, JSON.stringify(state));
  fs.renameSync(file + process.pid, file);
};
const all = state.addresses.length;
const option = (name) => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined);
const end = (code, data) => {
  save();
  fs.writeSync(1, JSON.stringify({ error_code: code, data }, null, 2) + '\\n');
  process.exit(code);
};
if (!state.reachable) end(1, 'Unable to connect');

const login = (role) => {
  const [name, ...rest] = (CLOUDHSM_PIN || '').split(':');
  const user = state.users[name];
  fs.appendFileSync(FAKE + '/logins', name + ' ' + (user && user.password === rest.join(':')) + '\\n');
  if (!user || user.role !== CLOUDHSM_ROLE || (role && role !== CLOUDHSM_ROLE)) end(1, 'CKR_USER_UNKNOWN');
  if ((user.refusals || 0) >= 5) end(1, 'CKR_PIN_LOCKED');
  if (user.password !== rest.join(':')) {
    user.refusals = (user.refusals || 0) + 1;
    end(1, 'CKR_PIN_INCORRECT');
  }
  user.refusals = 0;
};
/** At the prompts; or from the argument. */
const newPassword = () => {
  const given = option('--password');
  if (given !== undefined) {
    if (!state.argumentWorks) end(1, 'no');
    return given;
  }
  if (!state.promptsWork) end(1, 'not a terminal');
  if (state.otherPrompt) {
    fs.writeSync(1, 'Confirm with your token: ');
    fs.appendFileSync(FAKE + '/typed', fs.readFileSync(0));
    end(1, 'no token');
  }
  const ask = (prompt) => {
    fs.writeSync(1, prompt);
    const byte = Buffer.alloc(1);
    let line = '';
    for (;;) {
      let count = 0;
      try { count = fs.readSync(0, byte); } catch (error) { if (error.code !== 'EAGAIN') throw error; continue; }
      if (count === 0) end(1, 'no input');
      const character = byte.toString();
      if (character === '\\n' || character === '\\r') break;
      line += character;
    }
    // What a terminal does until it is told not to.
    fs.writeSync(1, line + '\\n');
    return line;
  };
  const password = ask('Enter password:\\n');
  if (ask('Confirm password:\\n') !== password) end(1, 'not the same');
  return password;
};

const name = option('--username');
switch (words.slice(0, 2).join(' ')) {
  case 'user list': {
    const users = Object.entries(state.users).map(([username, { role, on = all }]) => ({
      username, 'role': role, 'locked': 'false', 'mfa': [], 'quorum': [], 'cluster-coverage': on === all ? 'full' : 'inconsistent',
    }));
    end(0, { users });
  }
  case 'key list':
    login();
    end(0, { matched_keys: [], total_key_count: (state.keysSeen || {})[CLOUDHSM_PIN.split(':')[0]] || 0 });
  case 'cluster activate':
    if (state.users.admin.role !== 'unactivated-admin') end(1, 'already');
    state.users.admin = { role: 'admin', password: newPassword() };
    end(0, 'Cluster activation successful');
  case 'user create': {
    login('admin');
    if (state.users[name] && (state.users[name].on ?? all) === all) end(1, 'CKR_USER_EXISTS');
    const asked = newPassword();
    state.users[name] = { role: option('--role'), password: state.createSets ?? asked, on: Math.min(all, state.createReaches ?? all) };
    end(0, {});
  }
  case 'user change-password':
    login();
    if (CLOUDHSM_ROLE !== 'admin' && CLOUDHSM_PIN.split(':')[0] !== name) end(1, 'not permitted');
    if (state.users[name].kept) end(1, 'user is logged in');
    state.users[name] = { ...state.users[name], password: newPassword(), refusals: 0 };
    if (state.changeAnswerLost) end(1, 'connection lost');
    end(0, {});
  case 'quorum token-sign':
    // Looked up while others are at work: the state is theirs.
    fs.writeSync(1, JSON.stringify({ error_code: 0, data: { user: state.quorum ?? 1, quorum: 1, cluster: 1 } }) + '\\n');
    process.exit(0);
  case 'user delete':
    login('admin');
    if (state.users[name].kept) end(1, 'user owns keys');
    delete state.users[name];
    end(0, {});
  default:
    end(1, 'unknown command');
}
`;

/** Fails while the file `configure-fails` is there. */
export const FAKE_CONFIGURE = '#!/bin/bash\necho "configure-cli $*" >> "$FAKE/calls"\n[ ! -f "$FAKE/configure-fails" ] || { echo refused; exit 1; }\n';

/** Starts units while the file `no-systemd` is not there. */
export const FAKE_SYSTEMCTL = '#!/bin/bash\necho "systemctl $*" >> "$FAKE/calls"\n[ ! -f "$FAKE/no-systemd" ] || { echo "not booted with systemd"; exit 1; }\n';

/** As far as `script -q -e -c <command> /dev/null` goes. */
export const FAKE_SCRIPT = '#!/bin/bash\necho "script $*" >> "$FAKE/calls"\nexec bash -c "$4"\n';

export const FAKE_DNF = '#!/bin/bash\necho "dnf $*" >> "$FAKE/calls"\ncp "$FAKE/cloudhsm-cli" "$FAKE/configure-cli" "$CLOUDHSM_ROOT/bin/"\n';

/** Brings the AWS CLI. */
export const FAKE_SNAP = `#!/bin/bash
echo "snap $*" >> "$FAKE/calls"
if [ ! -f "$FAKE/aws" ]; then
  echo 'error: cannot reach the store'
  exit 1
fi
if [ "$1" = install ]; then cp "$FAKE/aws" "$FAKE/bin/aws"; fi
`;

/** What a package needs is found only in lists of packages. */
export const FAKE_APT = `#!/bin/bash
echo "apt-get $*" >> "$FAKE/calls"
case "$1" in
  update) rm -f "$FAKE/no-lists" ;;
  install) [ ! -f "$FAKE/no-lists" ] && cp "$FAKE/cloudhsm-cli" "$FAKE/configure-cli" "$CLOUDHSM_ROOT/bin/" ;;
esac
`;

export const FAKE_CURL = `#!/bin/bash
echo "curl $*" >> "$FAKE/calls"
while [ $# -gt 1 ]; do
  if [ "$1" = --output ]; then printf package > "$2"; fi
  shift
done
`;
